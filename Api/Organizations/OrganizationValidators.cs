using FluentValidation;
using Platform.Api.Common.Validation;
using Platform.Core.Data.Entities;

namespace Platform.Api.Organizations;

internal sealed class CreateOrganizationValidator : AbstractValidator<CreateOrganizationRequest>
{
    public CreateOrganizationValidator()
    {
        RuleFor(request => request.Name).NotEmpty().MaximumLength(OrganizationRules.MaxName).SingleLine();
        RuleFor(request => request.Slug).Slug();
    }
}

internal sealed class UpdateOrganizationValidator : AbstractValidator<UpdateOrganizationRequest>
{
    public UpdateOrganizationValidator()
    {
        RuleFor(request => request.Name).Must(name => name is null || name.Trim().Length > 0).WithMessage("Give a name.")
            .MaximumLength(OrganizationRules.MaxName).SingleLine();
        RuleFor(request => request.Slug).Slug();
    }
}

internal sealed class TransferOrganizationValidator : AbstractValidator<TransferOrganizationRequest>
{
    public TransferOrganizationValidator() => RuleFor(request => request.UserId).NotEmpty();
}

internal sealed class TransferProjectValidator : AbstractValidator<TransferProjectRequest>
{
    public TransferProjectValidator() => RuleFor(request => request.Owner).NotEmpty();
}

internal sealed class ChangeRoleValidator : AbstractValidator<ChangeRoleRequest>
{
    public ChangeRoleValidator() => RuleFor(request => request.Role).Role();
}

internal sealed class InviteValidator : AbstractValidator<InviteRequest>
{
    public InviteValidator()
    {
        RuleFor(request => request.Email).NotEmpty().Email();
        RuleFor(request => request.Role).Role();
    }
}

internal sealed class InvitationTokenValidator : AbstractValidator<InvitationTokenRequest>
{
    private const int MaxToken = 100;

    public InvitationTokenValidator() => RuleFor(request => request.Token).NotEmpty().MaximumLength(MaxToken);
}

internal static class OrganizationRules
{
    public const int MaxName = 100;

    public static IRuleBuilderOptions<T, string?> Slug<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(slug => slug is null || OrganizationSlug.IsValid(slug))
            .WithMessage($"Use up to {OrganizationSlug.MaxLength} lower-case letters, digits and single dashes between them; some names are taken by the platform.");

    public static IRuleBuilderOptions<T, string?> Role<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(role => OrganizationRoles.Find(role) is not null).WithMessage($"Must be one of {string.Join(", ", OrganizationRoles.All)}.");
}
