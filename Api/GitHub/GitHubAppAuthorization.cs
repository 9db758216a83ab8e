using System.Net.Http.Headers;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using Platform.Core.GitHub;

namespace Platform.Api.GitHub;

/// <summary>What the App may ask GitHub with in a person's name.</summary>
internal sealed record GitHubAppUserToken(string AccessToken, string? RefreshToken, DateTimeOffset? ExpiresAt);

/// <summary>Takes the code that comes with an installation for a token of the person who installed.</summary>
internal sealed class GitHubAppAuthorization(IHttpClientFactory clients, IOptions<GitHubAppOptions> options, TimeProvider time)
{
    public const string ClientName = "github-app";

    public bool IsConfigured => !string.IsNullOrWhiteSpace(options.Value.ClientId) && !string.IsNullOrWhiteSpace(options.Value.ClientSecret);

    /// <summary>Null: GitHub does not take the code.</summary>
    /// <exception cref="HttpRequestException">GitHub cannot be reached.</exception>
    public async Task<GitHubAppUserToken?> ExchangeAsync(string code, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ClientName);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Value.WebUrl, "login/oauth/access_token"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Autostack", "1.0"));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = options.Value.ClientId!,
            ["client_secret"] = options.Value.ClientSecret!,
            ["code"] = code,
        });
        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        // GitHub refuses with 200 and an error inside.
        var answer = await response.Content.ReadFromJsonAsync<TokenAnswer>(cancellationToken);
        return string.IsNullOrEmpty(answer?.AccessToken)
            ? null
            : new GitHubAppUserToken(answer.AccessToken, answer.RefreshToken, answer.ExpiresIn is { } seconds ? time.GetUtcNow().AddSeconds(seconds) : null);
    }

    private sealed record TokenAnswer(
        [property: JsonPropertyName("access_token")] string? AccessToken,
        [property: JsonPropertyName("refresh_token")] string? RefreshToken,
        [property: JsonPropertyName("expires_in")] int? ExpiresIn);
}
