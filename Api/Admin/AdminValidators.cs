using FluentValidation;
using Platform.Api.Common;
using Platform.Api.Common.Validation;

namespace Platform.Api.Admin;

internal sealed class AdminUserQueryValidator : AbstractValidator<AdminUserQuery>
{
    public const string Active = "active";
    public const string Disabled = "disabled";

    public AdminUserQueryValidator()
    {
        RuleFor(query => query.Search).MaximumLength(200).SingleLine();
        RuleFor(query => query.Status).Must(status => string.IsNullOrEmpty(status) || status is Active or Disabled).WithMessage($"Must be {Active} or {Disabled}.");
        RuleFor(query => query.Role).Must(role => string.IsNullOrEmpty(role) || SiteRoles.IsKnown(role)).WithMessage(SiteRoles.Message);
        RuleFor(query => query.Cursor).TimeCursor();
        RuleFor(query => query.Page).InclusiveBetween(1, PageQuery.MaxPage);
        RuleFor(query => query.Limit).InclusiveBetween(1, PageQuery.MaxLimit);
    }
}

internal sealed class ChangeSiteRoleValidator : AbstractValidator<ChangeSiteRoleRequest>
{
    public ChangeSiteRoleValidator() => RuleFor(request => request.Role).Must(SiteRoles.IsKnown).WithMessage(SiteRoles.Message);
}

internal static class SiteRoles
{
    public const string Message = $"Must be {PlatformRoles.User} or {PlatformRoles.Admin}.";

    public static bool IsKnown(string? role) => role is PlatformRoles.User or PlatformRoles.Admin;
}
