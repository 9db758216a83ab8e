using Platform.Api.Auth.SignIn;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth;

internal sealed record SignUpRequest(string? Name, string? Email, string? Password);

internal sealed record LogInRequest(string? Email, string? Password, bool? RememberMe);

/// <param name="RefreshToken">For callers without cookies.</param>
internal sealed record RefreshRequest(string? RefreshToken);

/// <summary>Either the link's token, or the code with the address it was mailed to.</summary>
internal sealed record VerifyEmailRequest(string? Token, string? Email, string? Code);

internal sealed record EmailOnlyRequest(string? Email);

internal sealed record ResetPasswordRequest(string? Token, string? Password);

/// <summary>What happened, for people.</summary>
internal sealed record MessageResponse(string Message);

internal sealed record EmailVerifiedResponse(bool EmailVerified);

/// <param name="Role"><c>user</c> or <c>admin</c>.</param>
internal sealed record UserResponse(Guid Id, string Name, string Email, string? AvatarUrl, bool EmailVerified, string Role, DateTimeOffset CreatedAt);

/// <param name="ExpiresIn">Seconds until the access token ends.</param>
/// <param name="CsrfToken">For the header X-CSRF-Token of requests by cookie.</param>
internal sealed record AuthResponse(UserResponse User, string AccessToken, string RefreshToken, int ExpiresIn, string CsrfToken);

/// <param name="ExpiresAt">When the access token ends.</param>
internal sealed record SessionResponse(UserResponse User, string CsrfToken, DateTimeOffset ExpiresAt);

/// <summary>The password was right; the account asks for a second factor.</summary>
/// <param name="TwoFactorRequired">Always true: tells this answer from a session.</param>
/// <param name="TwoFactorToken">To be presented with the second factor.</param>
/// <param name="ExpiresIn">Seconds until the token ends.</param>
/// <param name="Methods"><c>totp</c>, <c>recovery_code</c>.</param>
internal sealed record SecondFactorResponse(bool TwoFactorRequired, string TwoFactorToken, int ExpiresIn, IReadOnlyList<string> Methods);

/// <summary>What a started or continued session hands out.</summary>
internal sealed record SessionTokens(
    PlatformUser User, string Role, string AccessToken, string RefreshToken, int ExpiresIn, string CsrfToken, bool Persistent)
{
    public AuthResponse ToResponse() => new(User.ToResponse(Role), AccessToken, RefreshToken, ExpiresIn, CsrfToken);
}

internal static class AuthMappings
{
    public static SecondFactorResponse ToResponse(this SecondFactorChallenge challenge) =>
        new(TwoFactorRequired: true, challenge.Token, challenge.ExpiresIn, challenge.Methods);

    public static UserResponse ToResponse(this PlatformUser user, string role) =>
        new(user.Id, user.Name, user.Email ?? "", user.AvatarUrl, user.EmailConfirmed, role, user.CreatedAt);
}
