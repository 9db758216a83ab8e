using System.Linq.Expressions;

namespace Platform.Core.Documents;

/// <summary>
/// Conditions that must all hold (none: all documents), an order (by id) and a page. Only fields of the collection's indexes can be used. Documents of equal
/// rank are ordered by id, in the direction of the sort, so that the order is always total.
/// </summary>
public sealed record DocumentQuery<T>
    where T : Document
{
    public const int LargestPage = 1000;

    internal IReadOnlyList<DocumentCondition> Conditions { get; private init; } = [];

    internal DocumentSort Sort { get; private init; } = new(DocumentField.Id, Descending: false);

    internal int Offset { get; private init; }

    internal int Limit { get; private init; } = 50;

    internal string? Cursor { get; private init; }

    /// <summary>The field has this value; null also finds documents without the field.</summary>
    public DocumentQuery<T> Equal<TValue>(Expression<Func<T, TValue>> field, TValue value) => With(new EqualCondition(DocumentField.Of(field), DocumentJson.Value(value)));

    /// <summary>The field has one of these values.</summary>
    /// <exception cref="ArgumentException">One of the values is null.</exception>
    public DocumentQuery<T> In<TValue>(Expression<Func<T, TValue>> field, IEnumerable<TValue> values) => With(new InCondition(
        DocumentField.Of(field),
        [.. values.Select(value => DocumentJson.Value(value) ?? throw new ArgumentException("Null cannot be one of several values.", nameof(values)))]));

    /// <summary>The text begins so, with the same case.</summary>
    public DocumentQuery<T> StartsWith(Expression<Func<T, string?>> field, string prefix) => With(new PrefixCondition(DocumentField.Of(field), prefix));

    /// <summary>The text contains this, in any case. No index helps: combine it with a condition that leaves few documents.</summary>
    public DocumentQuery<T> Contains(Expression<Func<T, string?>> field, string text) => With(new ContainsCondition(DocumentField.Of(field), text));

    /// <summary>The field is at least <paramref name="from"/> and less than <paramref name="to"/>; null: no bound. A missing value is never in a range.</summary>
    public DocumentQuery<T> Range<TValue>(Expression<Func<T, TValue?>> field, TValue? from, TValue? to)
        where TValue : struct => With(new RangeCondition(DocumentField.Of(field), DocumentJson.Value(from), DocumentJson.Value(to)));

    /// <summary>Ascending; documents without the field first.</summary>
    public DocumentQuery<T> OrderBy<TValue>(Expression<Func<T, TValue>> field) => this with { Sort = new DocumentSort(DocumentField.Of(field), Descending: false) };

    /// <summary>Descending; documents without the field last.</summary>
    public DocumentQuery<T> OrderByDescending<TValue>(Expression<Func<T, TValue>> field) => this with { Sort = new DocumentSort(DocumentField.Of(field), Descending: true) };

    /// <summary>How many documents a page has: 1 to <see cref="LargestPage"/>.</summary>
    public DocumentQuery<T> Take(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, LargestPage);
        return this with { Limit = limit };
    }

    /// <summary>Leaves out the first ones. Costs as much as reading them: deep pages use <see cref="After"/>.</summary>
    public DocumentQuery<T> Skip(int offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return this with { Offset = offset };
    }

    /// <summary>Goes on where a page of the same query ended (<see cref="DocumentPage{T}.Next"/>); null: from the beginning.</summary>
    public DocumentQuery<T> After(string? cursor) => this with { Cursor = cursor };

    private DocumentQuery<T> With(DocumentCondition condition) => this with { Conditions = [.. Conditions, condition] };
}
