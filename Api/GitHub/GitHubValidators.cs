using FluentValidation;
using Platform.Api.Common;

namespace Platform.Api.GitHub;

internal sealed class RepositoryQueryValidator : AbstractValidator<RepositoryQuery>
{
    public RepositoryQueryValidator()
    {
        RuleFor(query => query.Search).MaximumLength(200);
        RuleFor(query => query.Page).InclusiveBetween(1, PageQuery.MaxPage);
        RuleFor(query => query.Limit).InclusiveBetween(1, PageQuery.MaxLimit);
    }
}

internal sealed class CommitQueryValidator : AbstractValidator<CommitQuery>
{
    public CommitQueryValidator()
    {
        RuleFor(query => query.Branch).MaximumLength(255);
        RuleFor(query => query.Page).InclusiveBetween(1, PageQuery.MaxPage);
        RuleFor(query => query.Limit).InclusiveBetween(1, PageQuery.MaxLimit);
    }
}

internal sealed class DeliveryQueryValidator : AbstractValidator<DeliveryQuery>
{
    public DeliveryQueryValidator()
    {
        RuleFor(query => query.Page).InclusiveBetween(1, PageQuery.MaxPage);
        RuleFor(query => query.Limit).InclusiveBetween(1, PageQuery.MaxLimit);
    }
}
