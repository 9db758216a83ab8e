using System.Text.Json.Serialization;
using Platform.Api.Auth.OAuth;

namespace Platform.Api.Users;

/// <param name="EmailVerified">Whether the address was proven.</param>
/// <param name="UserType"><c>developer</c>, <c>organization</c> or <c>company</c>; null: not told yet.</param>
/// <param name="HostingOption"><c>self_hosting</c> or <c>autostack_hosting</c>; null: not chosen yet.</param>
/// <param name="HostingTarget"><c>aws</c> or <c>github</c>, for those who host themselves.</param>
/// <param name="PendingEmail">The new address that waits for its proof.</param>
internal sealed record ProfileResponse(
    Guid Id,
    string Name,
    string Email,
    bool EmailVerified,
    string? PendingEmail,
    string? AvatarUrl,
    string Role,
    string? UserType,
    string? HostingOption,
    string? HostingTarget,
    bool TwoFactorEnabled,
    bool HasPassword,
    IReadOnlyList<LoginResponse> Logins,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <param name="Email">May be sent along unchanged; it is changed by its own route.</param>
internal sealed record UpdateProfileRequest(string? Name, string? Email);

/// <param name="Theme"><c>light</c>, <c>dark</c> or <c>system</c>.</param>
internal sealed record PreferencesResponse(string Theme, bool EmailNotifications, bool DeploymentSuccessNotifications, bool DeploymentFailureNotifications);

/// <summary>What is left out stays as it is.</summary>
internal sealed record UpdatePreferencesRequest(
    string? Theme, bool? EmailNotifications, bool? DeploymentSuccessNotifications, bool? DeploymentFailureNotifications);

internal sealed record AvatarResponse(string AvatarUrl);

/// <param name="CurrentPassword">Not needed by an account that has none yet and signed in just now.</param>
/// <param name="Code">Of the authenticator app, for an account without a password.</param>
internal sealed record ChangePasswordRequest(string? CurrentPassword, string? NewPassword, string? Code);

internal sealed record ChangeEmailRequest(string? Email, string? Password, string? Code);

/// <param name="Email">The new address, which got a mail.</param>
/// <param name="ExpiresIn">Seconds until link and code end.</param>
internal sealed record ChangeEmailResponse(string Email, int ExpiresIn);

/// <summary>One of the two.</summary>
/// <param name="Token">From the mailed link; works in any browser.</param>
/// <param name="Code">The mailed number, typed in by who asked for the change.</param>
internal sealed record ConfirmEmailRequest(string? Token, string? Code);

internal sealed record UndoEmailRequest(string? Token);

internal sealed record EmailResponse(string Email);

/// <param name="NextStep"><c>user_type</c>, <c>hosting_option</c>, <c>hosting_target</c>, <c>github_app</c>, or null when nothing is left to tell.</param>
/// <param name="GitHubAppInstalled">Whether the GitHub App was installed by this account.</param>
/// <param name="GitHubAppUrl">Where to go for that; null: this installation has no GitHub App.</param>
internal sealed record OnboardingResponse(
    string? UserType,
    string? HostingOption,
    string? HostingTarget,
    [property: JsonPropertyName("githubAppInstalled")] bool GitHubAppInstalled,
    [property: JsonPropertyName("githubAppUrl")] string? GitHubAppUrl,
    bool Completed,
    string? NextStep,
    OnboardingChoicesResponse Choices);

internal sealed record OnboardingChoicesResponse(IReadOnlyList<string> UserTypes, IReadOnlyList<string> HostingOptions, IReadOnlyList<string> HostingTargets);

/// <summary>One step or several; what is left out stays as it is.</summary>
internal sealed record UpdateOnboardingRequest(string? UserType, string? HostingOption, string? HostingTarget);
