using FluentValidation;
using Platform.Api.Auth.Passwords;
using Platform.Api.Auth.SecondFactor;
using Platform.Api.Common.Validation;
using Platform.Core.Data.Entities;

namespace Platform.Api.Users;

internal sealed class UpdateProfileValidator : AbstractValidator<UpdateProfileRequest>
{
    public UpdateProfileValidator()
    {
        RuleFor(request => request.Name).Cascade(CascadeMode.Stop).Must(name => !string.IsNullOrWhiteSpace(name)).WithMessage("Must not be empty.")
            .MaximumLength(255).SingleLine();
        RuleFor(request => request.Email).Email();
    }
}

internal sealed class UpdatePreferencesValidator : AbstractValidator<UpdatePreferencesRequest>
{
    private static readonly string[] Themes = ["light", "dark", "system"];

    public UpdatePreferencesValidator() =>
        RuleFor(request => request.Theme).Must(theme => theme is null || Themes.Contains(theme)).WithMessage("Must be light, dark or system.");
}

internal sealed class ChangePasswordValidator : AbstractValidator<ChangePasswordRequest>
{
    public ChangePasswordValidator()
    {
        RuleFor(request => request.CurrentPassword).MaximumLength(PasswordRules.MaxLength);
        RuleFor(request => request.Code).MaximumLength(TwoFactorCodes.Longest);
        RuleFor(request => request.NewPassword).Cascade(CascadeMode.Stop).NotEmpty()
            .MinimumLength(PasswordRules.MinLength)
            .MaximumLength(PasswordRules.MaxLength)
            .Must(password => !CommonPasswords.Contains(password!)).WithMessage("This password is among the most used ones. Choose another one.")
            .Must((request, password) => !string.Equals(password, request.CurrentPassword, StringComparison.Ordinal)).WithMessage("The new password is the old one.");
    }
}

internal sealed class ChangeEmailValidator : AbstractValidator<ChangeEmailRequest>
{
    public ChangeEmailValidator()
    {
        RuleFor(request => request.Email).Cascade(CascadeMode.Stop).NotEmpty().Email();
        RuleFor(request => request.Password).MaximumLength(PasswordRules.MaxLength);
        RuleFor(request => request.Code).MaximumLength(TwoFactorCodes.Longest);
    }
}

internal sealed class ConfirmEmailValidator : AbstractValidator<ConfirmEmailRequest>
{
    public ConfirmEmailValidator()
    {
        RuleFor(request => request.Token).MaximumLength(100);
        RuleFor(request => request.Code).MaximumLength(20);
        RuleFor(request => request.Token).NotEmpty().When(request => string.IsNullOrEmpty(request.Code)).WithMessage("Give the token or the code.");
    }
}

internal sealed class UndoEmailValidator : AbstractValidator<UndoEmailRequest>
{
    public UndoEmailValidator() => RuleFor(request => request.Token).NotEmpty().MaximumLength(100);
}

internal sealed class UpdateOnboardingValidator : AbstractValidator<UpdateOnboardingRequest>
{
    public UpdateOnboardingValidator()
    {
        RuleFor(request => request.UserType).Must(value => value is null || UserTypes.All.Contains(value))
            .WithMessage($"Must be one of: {string.Join(", ", UserTypes.All)}.");
        RuleFor(request => request.HostingOption).Must(value => value is null || HostingOptions.All.Contains(value))
            .WithMessage($"Must be one of: {string.Join(", ", HostingOptions.All)}.");
        RuleFor(request => request.HostingTarget).Must(value => value is null || HostingTargets.All.Contains(value))
            .WithMessage($"Must be one of: {string.Join(", ", HostingTargets.All)}.");
    }
}
