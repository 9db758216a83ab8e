using FluentValidation;
using Platform.Api.Common;
using Platform.Api.Common.Validation;

namespace Platform.Api.Audit;

internal sealed class AuditQueryValidator : AbstractValidator<AuditQuery>
{
    public const int DefaultLimit = 50;
    private const int MaxLimit = 100;

    public AuditQueryValidator()
    {
        RuleFor(query => query.Action).MaximumLength(100).SingleLine();
        RuleFor(query => query.Target).MaximumLength(255).SingleLine();
        RuleFor(query => query.Cursor).TimeCursor();
        RuleFor(query => query.Limit).InclusiveBetween(1, MaxLimit);
        RuleFor(query => query.To).Must((query, to) => to is null || query.From is null || query.From < to).WithMessage("Must be after from.");
    }
}
