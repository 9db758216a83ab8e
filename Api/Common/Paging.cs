using FluentValidation;

namespace Platform.Api.Common;

/// <summary>Query parameters of lists: <c>[AsParameters] PageQuery</c>.</summary>
internal sealed record PageQuery(int? Page, int? Limit)
{
    public const int DefaultLimit = 10;
    public const int MaxLimit = 100;

    // Skipping is linear in what is skipped: whoever wants to go further takes a cursor.
    public const int MaxPage = 10_000;

    public int Number => Page ?? 1;

    public int Size => Limit ?? DefaultLimit;

    public int Skip => (Number - 1) * Size;
}

internal sealed class PageQueryValidator : AbstractValidator<PageQuery>
{
    public PageQueryValidator()
    {
        RuleFor(query => query.Page).InclusiveBetween(1, PageQuery.MaxPage);
        RuleFor(query => query.Limit).InclusiveBetween(1, PageQuery.MaxLimit);
    }
}

/// <summary>Where a page stands in its list.</summary>
internal sealed record PaginationResponse(int CurrentPage, int TotalPages, long TotalItems)
{
    public static PaginationResponse Of(PageQuery query, long totalItems) =>
        new(query.Number, (int)Math.Max(1, (totalItems + query.Size - 1) / query.Size), totalItems);
}
