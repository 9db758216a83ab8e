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
        RuleFor(request => request.Password).NewPassword()
            .Must((request, password) => !PasswordRules.IsOwn(password!, request.Email, request.Name))
            .WithMessage("The password must not be your name or email address.");
    }
}

internal sealed class LogInValidator : AbstractValidator<LogInRequest>
{
    public LogInValidator()
    {
        RuleFor(request => request.Email).Cascade(CascadeMode.Stop).NotEmpty().Email();
        RuleFor(request => request.Password).Cascade(CascadeMode.Stop).NotEmpty().MaximumLength(PasswordRules.MaxLength);
    }
}

internal sealed class VerifyEmailValidator : AbstractValidator<VerifyEmailRequest>
{
    public VerifyEmailValidator()
    {
        // Either the link's token, or the code with the address it was mailed to.
        When(request => request.Token is null, () =>
        {
            RuleFor(request => request.Email).Cascade(CascadeMode.Stop).NotEmpty().Email();
            RuleFor(request => request.Code).Cascade(CascadeMode.Stop).NotEmpty().MaximumLength(20);
        }).Otherwise(() => RuleFor(request => request.Token).Cascade(CascadeMode.Stop).NotEmpty().MaximumLength(200));
    }
}

internal sealed class EmailOnlyValidator : AbstractValidator<EmailOnlyRequest>
{
    public EmailOnlyValidator()
    {
        RuleFor(request => request.Email).Cascade(CascadeMode.Stop).NotEmpty().Email();
    }
}

internal sealed class ResetPasswordValidator : AbstractValidator<ResetPasswordRequest>
{
    public ResetPasswordValidator()
    {
        RuleFor(request => request.Token).Cascade(CascadeMode.Stop).NotEmpty().MaximumLength(200);
        RuleFor(request => request.Password).NewPassword();
    }
}
