namespace Platform.Core.Documents;

/// <summary>A condition of a query. Values are null, <see cref="string"/>, <see cref="decimal"/> or <see cref="bool"/>.</summary>
internal abstract record DocumentCondition(DocumentField Field);

internal sealed record EqualCondition(DocumentField Field, object? Value) : DocumentCondition(Field);

internal sealed record InCondition(DocumentField Field, IReadOnlyList<object> Values) : DocumentCondition(Field);

internal sealed record PrefixCondition(DocumentField Field, string Prefix) : DocumentCondition(Field);

internal sealed record ContainsCondition(DocumentField Field, string Text) : DocumentCondition(Field);

/// <summary>From (inclusive) to (exclusive); null: no bound.</summary>
internal sealed record RangeCondition(DocumentField Field, object? From, object? To) : DocumentCondition(Field);

internal sealed record DocumentSort(DocumentField Field, bool Descending);
