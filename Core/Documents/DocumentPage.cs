namespace Platform.Core.Documents;

/// <summary>A page of documents.</summary>
/// <param name="Items">In the query's order.</param>
/// <param name="Next">Where the next page begins, for <see cref="DocumentQuery{T}.After"/>; null after the last.</param>
public sealed record DocumentPage<T>(IReadOnlyList<T> Items, string? Next)
    where T : Document;
