using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Mail.Outbox;
using Platform.Testing;

namespace Platform.Api.Tests.Mail;

/// <summary>Reads the mails of a test's Api.</summary>
internal static class MailExtensions
{
    public static async Task<IReadOnlyList<OutboxMailResponse>> ReadMailsAsync(this WebApplicationFactory<Program> api, string to)
    {
        await using var scope = api.Services.CreateAsyncScope();
        var mails = await scope.ServiceProvider.GetRequiredService<MailOutbox>().ListAsync(CancellationToken.None);
        return [.. mails.Where(mail => mail.To == to)];
    }

    /// <summary>The newest mail to an address with this subject, once there are <paramref name="count"/> of them.</summary>
    public static async Task<OutboxMailResponse> WaitForMailAsync(this WebApplicationFactory<Program> api, string to, string subject, int count = 1)
    {
        var found = await Eventually.ValueAsync(
            async () => (await api.ReadMailsAsync(to)).Where(mail => mail.Subject == subject).ToList(), mails => mails.Count >= count);
        return found[0];
    }

    /// <summary>The secret in the mail's link.</summary>
    public static string Token(this OutboxMailResponse mail) => mail.Link.ShouldNotBeNull().Split("#token=")[1];
}
