using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Api.Common.Validation;
using Platform.Core.GitHub;

namespace Platform.Api.Auth.OAuth;

/// <summary>Asks a provider who a token belongs to.</summary>
internal sealed class ProviderProfiles(IGitHubClient gitHub)
{
    private const int LongestName = 255;

    /// <exception cref="HttpRequestException">The provider refuses or cannot be reached.</exception>
    /// <exception cref="GitHubException">GitHub does.</exception>
    /// <exception cref="JsonException">The answer is not understood.</exception>
    public Task<ExternalIdentity> ReadAsync(
        SignInProvider provider, string accessToken, HttpClient client, string userInfoUrl, CancellationToken cancellationToken) =>
        provider == SignInProvider.GitHub
            ? ReadGitHubAsync(accessToken, cancellationToken)
            : ReadOpenIdAsync(provider, accessToken, client, userInfoUrl, cancellationToken);

    private async Task<ExternalIdentity> ReadGitHubAsync(string accessToken, CancellationToken cancellationToken)
    {
        var user = await gitHub.GetCurrentUserAsync(accessToken, cancellationToken);
        var emails = await gitHub.ListEmailsAsync(accessToken, cancellationToken);
        // The one on the profile is what the person wrote there, not what they have shown to own.
        var email = emails.FirstOrDefault(each => each.IsPrimary);
        return Create(
            SignInProvider.GitHub, user.Id.ToString(CultureInfo.InvariantCulture), user.Login, user.Name, email?.Email, email?.IsVerified ?? false, user.AvatarUrl, accessToken);
    }

    private static async Task<ExternalIdentity> ReadOpenIdAsync(
        SignInProvider provider, string accessToken, HttpClient client, string userInfoUrl, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, userInfoUrl);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var user = await response.Content.ReadFromJsonAsync<UserInfo>(cancellationToken);
        if (user?.Subject is not { Length: > 0 and <= 255 } subject) throw new JsonException("The provider does not say who it is.");
        return Create(provider, subject, user.Email ?? user.Name ?? subject, user.Name, user.Email, user.EmailVerified, user.Picture, accessToken);
    }

    private static ExternalIdentity Create(
        SignInProvider provider, string key, string login, string? name, string? email, bool verified, string? picture, string accessToken)
    {
        var address = email is not null && TextRules.IsEmail(email) ? email : null;
        var shown = OneLine(name) ?? OneLine(login) ?? provider.Title;
        var avatar = Uri.TryCreate(picture, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps ? url.AbsoluteUri : null;
        return new ExternalIdentity(provider, key, OneLine(login) ?? key, shown, address, verified && address is not null, avatar, accessToken);
    }

    private static string? OneLine(string? text)
    {
        var clean = new string([.. (text ?? "").Where(character => !char.IsControl(character))]).Trim();
        return clean.Length == 0 ? null : clean[..Math.Min(clean.Length, LongestName)];
    }

    private sealed record UserInfo(
        [property: JsonPropertyName("sub")] string? Subject,
        [property: JsonPropertyName("name")] string? Name,
        [property: JsonPropertyName("email")] string? Email,
        [property: JsonPropertyName("email_verified")] bool EmailVerified,
        [property: JsonPropertyName("picture")] string? Picture);
}
