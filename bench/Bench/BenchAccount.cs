using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.Bench;

/// <summary>A fresh account with a confirmed address, so that neither quotas nor what others left is measured. It is deleted in the end.</summary>
internal sealed class BenchAccount : IAsyncDisposable
{
    private static readonly TimeSpan MailTime = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly string _password;

    private BenchAccount(HttpClient http, string password, string token)
    {
        _http = http;
        _password = password;
        Token = token;
    }

    /// <summary>The access token, which the client sends from now on.</summary>
    public string Token { get; }

    public static async Task<BenchAccount> SignUpAsync(HttpClient http, CancellationToken cancellationToken)
    {
        var (email, password) = ($"bench-{Guid.NewGuid():N}@example.org", $"Bench-{Guid.NewGuid():N}");
        using var response = await http.PostAsJsonAsync("/api/auth/signup", new { name = "Bench", email, password }, cancellationToken);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var code = await FindCodeAsync(http, email, cancellationToken);
        using var verified = await http.PostAsJsonAsync("/api/auth/verify-email", new { email, code }, cancellationToken);
        verified.EnsureSuccessStatusCode();
        var account = new BenchAccount(http, password, answer.GetProperty("accessToken").GetString()!);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", account.Token);
        return account;
    }

    public async ValueTask DisposeAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/user/account") { Content = JsonContent.Create(new { password = _password }) };
        using var response = await _http.SendAsync(request);
        // The first account of an installation administers it and stays.
        if (!response.IsSuccessStatusCode) Console.Error.WriteLine($"the account of the bench stays: {(int)response.StatusCode}");
    }

    /// <summary>In Development the Api shows the mails that it sends.</summary>
    private static async Task<string> FindCodeAsync(HttpClient http, string email, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(MailTime);
        while (true)
        {
            var outbox = await http.GetFromJsonAsync<JsonElement>("/api/dev/outbox", limit.Token);
            foreach (var mail in outbox.GetProperty("mails").EnumerateArray())
            {
                if (mail.GetProperty("to").GetString() == email && mail.GetProperty("code").GetString() is { } code) return code;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), limit.Token);
        }
    }
}
