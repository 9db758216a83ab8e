using System.Net.Http.Json;
using System.Text.Json;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>The mails that the platform wrote, read from the outbox that it has in Development.</summary>
internal static class Mailbox
{
    /// <summary>The newest mail to an address whose subject says this.</summary>
    public static async Task<Mail> ReadAsync(Uri api, string email, string subject)
    {
        using var client = new HttpClient { BaseAddress = api };
        return (await Eventually.ValueAsync(() => FindAsync(client, email, subject), found => found is not null))!;
    }

    private static async Task<Mail?> FindAsync(HttpClient client, string email, string subject)
    {
        var answer = await client.GetFromJsonAsync<JsonElement>("/api/dev/outbox");
        return answer.GetProperty("mails").EnumerateArray()
            .Where(mail => mail.GetProperty("to").GetString() == email
                && mail.GetProperty("subject").GetString()!.Contains(subject, StringComparison.OrdinalIgnoreCase))
            .Select(mail => new Mail(mail.GetProperty("code").GetString(), mail.GetProperty("link").GetString()))
            .FirstOrDefault();
    }

    internal sealed record Mail(string? Code, string? Link);
}
