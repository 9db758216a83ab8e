using Platform.Core.Documents;

namespace Platform.Api.Snippets.Documents;

/// <summary>What a snippet was before a change. It has the snippet's owner.</summary>
internal sealed record SnippetRevision : Document
{
    public static readonly DocumentCollection<SnippetRevision> Collection = new DocumentCollection<SnippetRevision>("snippet_revisions")
        .WithUniqueIndex(revision => revision.SnippetId, revision => revision.Number)
        .WithIndex(revision => revision.OwnerId);

    public required Guid SnippetId { get; init; }

    /// <summary>The version that the snippet had.</summary>
    public required long Number { get; init; }

    public required string Title { get; init; }

    public required string Language { get; init; }

    public required IReadOnlyList<SnippetFile> Files { get; init; }

    public required DateTimeOffset SavedAt { get; init; }

    public static SnippetRevision Of(Snippet snippet) => new()
    {
        OwnerId = snippet.OwnerId,
        SnippetId = snippet.Id,
        Number = snippet.Version,
        Title = snippet.Title,
        Language = snippet.Language,
        Files = snippet.Files,
        SavedAt = snippet.UpdatedAt,
    };
}

/// <summary>Somebody marked a snippet; the owner is who did.</summary>
internal sealed record SnippetStar : Document
{
    public static readonly DocumentCollection<SnippetStar> Collection = new DocumentCollection<SnippetStar>("snippet_stars")
        .WithUniqueIndex(star => star.SnippetId, star => star.OwnerId)
        .WithIndex(star => star.OwnerId, star => star.StarredAt);

    public required Guid SnippetId { get; init; }

    public required DateTimeOffset StarredAt { get; init; }
}

/// <summary>How often a snippet was marked and copied, under the snippet's id: beside it, so that a mark is no change of the snippet.</summary>
internal sealed record SnippetCounts : Document
{
    public static readonly DocumentCollection<SnippetCounts> Collection = new("snippet_counts");

    public long Stars { get; init; }

    public long Forks { get; init; }
}
