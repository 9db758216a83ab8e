using FluentValidation;
using Platform.Api.Auth.Passwords;

namespace Platform.Api.Auth.SecondFactor;

/// <summary>Shows that it is the person and not just an open browser: one of the two. A session that began minutes ago serves an account without either.</summary>
/// <param name="Password">The account's password.</param>
/// <param name="Code">Of the authenticator app, or a recovery code.</param>
internal sealed record ProofRequest(string? Password, string? Code);

/// <param name="Secret">To type in where no picture can be taken.</param>
/// <param name="OtpauthUri">What the picture says.</param>
/// <param name="QrCode">The picture: an SVG document.</param>
internal sealed record TwoFactorSetupResponse(string Secret, string OtpauthUri, string QrCode);

/// <param name="Code">Of the authenticator app.</param>
internal sealed record EnableTwoFactorRequest(string? Code);

/// <param name="RecoveryCodes">Shown this once; each is good once.</param>
internal sealed record RecoveryCodesResponse(IReadOnlyList<string> RecoveryCodes);

internal sealed record TwoFactorStatusResponse(bool Enabled, DateTimeOffset? EnabledAt, int RecoveryCodesLeft);

/// <param name="TwoFactorToken">From the first step.</param>
/// <param name="Code">Of the authenticator app, or a recovery code.</param>
internal sealed record VerifyTwoFactorRequest(string? TwoFactorToken, string? Code);

internal sealed class ProofRequestValidator : AbstractValidator<ProofRequest>
{
    public ProofRequestValidator()
    {
        RuleFor(request => request.Password).MaximumLength(PasswordRules.MaxLength);
        RuleFor(request => request.Code).MaximumLength(TwoFactorCodes.Longest);
    }
}

internal sealed class EnableTwoFactorValidator : AbstractValidator<EnableTwoFactorRequest>
{
    public EnableTwoFactorValidator() => RuleFor(request => request.Code).NotEmpty().MaximumLength(TwoFactorCodes.Longest);
}

internal sealed class VerifyTwoFactorValidator : AbstractValidator<VerifyTwoFactorRequest>
{
    public VerifyTwoFactorValidator()
    {
        RuleFor(request => request.TwoFactorToken).NotEmpty().MaximumLength(100);
        RuleFor(request => request.Code).NotEmpty().MaximumLength(TwoFactorCodes.Longest);
    }
}
