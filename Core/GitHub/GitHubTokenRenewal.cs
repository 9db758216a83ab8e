using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Platform.Core.GitHub;

/// <summary>What GitHub gave for a refresh token.</summary>
public sealed record GitHubRenewedToken(string AccessToken, string? RefreshToken, DateTimeOffset? ExpiresAt);

/// <summary>Takes a refresh token of the App for another token; those of an OAuth application do not run out.</summary>
public sealed class GitHubTokenRenewal(IHttpClientFactory clients, IOptions<GitHubAppOptions> options, TimeProvider time)
{
    internal const string ClientName = "github-renewal";

    public bool IsConfigured => !string.IsNullOrWhiteSpace(options.Value.ClientId) && !string.IsNullOrWhiteSpace(options.Value.ClientSecret);

    /// <summary>Null: GitHub does not take it any more.</summary>
    /// <exception cref="GitHubException">GitHub cannot be reached.</exception>
    public async Task<GitHubRenewedToken?> RenewAsync(string refreshToken, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ClientName);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Value.WebUrl, "login/oauth/access_token"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Autostack", "1.0"));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["client_id"] = options.Value.ClientId!,
            ["client_secret"] = options.Value.ClientSecret!,
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = refreshToken,
        });
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            // GitHub refuses with 200 and an error inside.
            var answer = await response.Content.ReadFromJsonAsync<Answer>(cancellationToken);
            return string.IsNullOrEmpty(answer?.AccessToken)
                ? null
                : new GitHubRenewedToken(answer.AccessToken, answer.RefreshToken, answer.ExpiresIn is { } seconds ? time.GetUtcNow().AddSeconds(seconds) : null);
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException || (exception is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new GitHubException(GitHubError.Unavailable, "GitHub cannot be reached.", null, exception);
        }
    }

    private sealed record Answer(
        [property: JsonPropertyName("access_token")] string? AccessToken,
        [property: JsonPropertyName("refresh_token")] string? RefreshToken,
        [property: JsonPropertyName("expires_in")] int? ExpiresIn);
}
