namespace Platform.Api.ApiTokens;

/// <param name="Name">What it is for.</param>
/// <param name="Scopes">What it may do: words of the catalogue.</param>
/// <param name="ExpiresInDays">How long it is good; left out: 90 days.</param>
/// <param name="NeverExpires">Good until it is revoked, where the installation allows that.</param>
/// <param name="OrganizationId">Works only on things of this organisation.</param>
internal sealed record CreateApiTokenRequest(
    string? Name, IReadOnlyList<string>? Scopes, int? ExpiresInDays = null, bool? NeverExpires = null, Guid? OrganizationId = null);

/// <param name="Hint">How the token begins.</param>
/// <param name="LastUsedAt">Correct to about a minute.</param>
internal sealed record ApiTokenResponse(
    Guid Id,
    string Name,
    string Hint,
    IReadOnlyList<string> Scopes,
    Guid? OrganizationId,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt,
    bool Expired,
    DateTimeOffset? LastUsedAt,
    string? LastUsedIp);

/// <param name="Token">Shown this once.</param>
/// <param name="Details">What the list shows of it.</param>
internal sealed record CreatedApiTokenResponse(string Token, ApiTokenResponse Details);

internal sealed record ApiTokenListResponse(IReadOnlyList<ApiTokenResponse> Tokens);

/// <param name="Personal">Not for a token that is restricted to an organisation.</param>
internal sealed record ApiScopeResponse(string Name, string Description, string? Includes, bool Personal);

/// <param name="Scopes">The catalogue.</param>
/// <param name="MaxDays">The longest life of a token; null: it may be good for ever.</param>
internal sealed record ApiScopeListResponse(IReadOnlyList<ApiScopeResponse> Scopes, int? MaxDays);
