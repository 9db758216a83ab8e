using FluentValidation;
using Platform.Api.Auth.Passwords;
using Platform.Api.Common.Validation;

namespace Platform.Api.Auth;

internal sealed class SignUpValidator : AbstractValidator<SignUpRequest>
{
    public SignUpValidator()
    {
        RuleFor(request => request.Name).Cascade(CascadeMode.Stop).NotEmpty().MaximumLength(255).SingleLine();
        RuleFor(request => request.Email).Cascade(CascadeMode.Stop).NotEmpty().Email();
        RuleFor(request => request.Password).Cascade(CascadeMode.Stop).NotEmpty()
            .MinimumLength(PasswordRules.MinLength)
            // A bound on the work of hashing, far above any passphrase.
            .MaximumLength(PasswordRules.MaxLength)
            .Must(password => !CommonPasswords.Contains(password!)).WithMessage("This password is among the most used ones. Choose another one.")
            .Must((request, password) => !IsOwn(request, password!)).WithMessage("The password must not be your name or email address.");
    }

    private static bool IsOwn(SignUpRequest request, string password) =>
        string.Equals(password, request.Email, StringComparison.OrdinalIgnoreCase) || string.Equals(password, request.Name, StringComparison.OrdinalIgnoreCase);
}

internal sealed class LogInValidator : AbstractValidator<LogInRequest>
{
    public LogInValidator()
    {
        RuleFor(request => request.Email).Cascade(CascadeMode.Stop).NotEmpty().Email();
        RuleFor(request => request.Password).Cascade(CascadeMode.Stop).NotEmpty().MaximumLength(PasswordRules.MaxLength);
    }
}
