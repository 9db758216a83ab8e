namespace Platform.Api.Auth.Sessions;

/// <summary>What is true of a session now, whatever its access token said when it was issued.</summary>
/// <param name="UserId">The account.</param>
/// <param name="Role"><c>user</c> or <c>admin</c>.</param>
/// <param name="EmailVerified">Whether the account's address is proven.</param>
/// <param name="ExpiresAt">When it ends unless it is continued.</param>
/// <param name="Device">For people.</param>
internal sealed record LiveSession(Guid UserId, string Role, bool EmailVerified, DateTimeOffset ExpiresAt, string Device);
