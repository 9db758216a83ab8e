namespace Platform.Api.Auth.OAuth;

/// <summary>Who a provider says somebody is.</summary>
/// <param name="Provider">Which one.</param>
/// <param name="Key">The person's id there, which never changes.</param>
/// <param name="Login">What the person is called there.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Email">The address; null: it tells none.</param>
/// <param name="IsEmailVerified">Whether the provider has made sure that the address is the person's.</param>
/// <param name="AvatarUrl">A picture.</param>
/// <param name="AccessToken">What the provider lets us ask with.</param>
internal sealed record ExternalIdentity(
    SignInProvider Provider, string Key, string Login, string Name, string? Email, bool IsEmailVerified, string? AvatarUrl, string AccessToken)
{
    /// <summary>What the provider lets the token do, in its words; null: it does not say.</summary>
    public string? GrantedScopes { get; init; }

    /// <summary>For people, in mails and lists.</summary>
    public string Description => $"{Provider.Title} account {Login}";
}
