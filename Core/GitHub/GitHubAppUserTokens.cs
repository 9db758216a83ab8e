using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;

namespace Platform.Core.GitHub;

/// <summary>What the App may ask GitHub with in a person's name.</summary>
public sealed record GitHubAppUserToken(string AccessToken, string? RefreshToken, DateTimeOffset? ExpiresAt);

/// <summary>Gets tokens of persons for the App; those of an OAuth application come by signing in, and do not run out.</summary>
public sealed class GitHubAppUserTokens(IHttpClientFactory clients, IOptions<GitHubAppOptions> options, TimeProvider time)
{
    internal const string ClientName = "github-app";

    public bool IsConfigured => !string.IsNullOrWhiteSpace(options.Value.ClientId) && !string.IsNullOrWhiteSpace(options.Value.ClientSecret);

    /// <summary>For the code that comes with an installation. Null: GitHub does not take it.</summary>
    /// <exception cref="GitHubException">GitHub cannot be reached.</exception>
    public Task<GitHubAppUserToken?> ExchangeAsync(string code, CancellationToken cancellationToken) => AskAsync([new("code", code)], cancellationToken);

    /// <summary>For a refresh token, which is good once. Null: GitHub does not take it any more.</summary>
    /// <exception cref="GitHubException">GitHub cannot be reached.</exception>
    public Task<GitHubAppUserToken?> RenewAsync(string refreshToken, CancellationToken cancellationToken) =>
        AskAsync([new("grant_type", "refresh_token"), new("refresh_token", refreshToken)], cancellationToken);

    private async Task<GitHubAppUserToken?> AskAsync(KeyValuePair<string, string>[] proof, CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient(ClientName);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(options.Value.WebUrl, "login/oauth/access_token"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Autostack", "1.0"));
        request.Content = new FormUrlEncodedContent([new("client_id", options.Value.ClientId!), new("client_secret", options.Value.ClientSecret!), .. proof]);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            response.EnsureSuccessStatusCode();
            // GitHub refuses with 200 and an error inside.
            var answer = await response.Content.ReadFromJsonAsync<Answer>(cancellationToken);
            return string.IsNullOrEmpty(answer?.AccessToken)
                ? null
                : new GitHubAppUserToken(answer.AccessToken, answer.RefreshToken, answer.ExpiresIn is { } seconds ? time.GetUtcNow().AddSeconds(seconds) : null);
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
