using Platform.Core.Documents;

namespace Platform.Api.Snippets.Documents;

/// <summary>A piece of code that somebody keeps.</summary>
internal sealed record Snippet : Document
{
    /// <summary>Field order of the indexes: what a list filters by, then what it sorts by.</summary>
    public static readonly DocumentCollection<Snippet> Collection = new DocumentCollection<Snippet>("snippets")
        .WithIndex(snippet => snippet.OwnerId, snippet => snippet.UpdatedAt)
        .WithIndex(snippet => snippet.Visibility, snippet => snippet.UpdatedAt)
        .WithIndex(snippet => snippet.OwnerId, snippet => snippet.Language, snippet => snippet.UpdatedAt)
        .WithIndex(snippet => snippet.Visibility, snippet => snippet.Language, snippet => snippet.UpdatedAt)
        .WithUniqueIndex(snippet => snippet.ShareId)
        // Named so that lists may filter by them; the search itself reads what the conditions before leave.
        .WithIndex(snippet => snippet.OwnerId, snippet => snippet.SearchText)
        .WithIndex(snippet => snippet.OwnerId, snippet => snippet.TagText);

    public required string Title { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Id of the language.</summary>
    public required string Language { get; init; }

    /// <summary>The first one is the main file.</summary>
    public required IReadOnlyList<SnippetFile> Files { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public SnippetVisibility Visibility { get; init; }

    /// <summary>The version in which it became public the last time; null while it is not, or when that was before this was kept.</summary>
    public long? PublicFrom { get; init; }

    /// <summary>Part of the share link; unguessable, and a new one after the snippet was private.</summary>
    public required string ShareId { get; init; }

    /// <summary>Standard input of its runs.</summary>
    public string Stdin { get; init; } = "";

    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The snippet it was copied from.</summary>
    public Guid? ForkedFrom { get; init; }

    public Guid AuthorId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What a search looks through; cut, since it is part of an index.</summary>
    public string SearchText { get; init; } = "";

    /// <summary>The tags between bars, so that a whole tag can be found in it: <c>|a|b|</c>.</summary>
    public string TagText { get; init; } = "";

    /// <summary>The oldest version that everybody may see: what a snippet was before it was public stays its owner's.</summary>
    public long OldestPublicVersion => PublicFrom ?? Version;

    /// <summary>The same with the fields that are made of others.</summary>
    public Snippet Indexed()
    {
        const int longest = 500;
        var search = $"{Title} {string.Join(' ', Tags)} {Description}";
        return this with { SearchText = search[..Math.Min(longest, search.Length)], TagText = TagFilter(Tags) };
    }

    public static string TagFilter(params IEnumerable<string> tags) => string.Concat(tags.Select(tag => $"|{tag}")) + "|";
}

internal sealed record SnippetFile(string Name, string Content);

/// <summary>Who can see a snippet.</summary>
internal enum SnippetVisibility
{
    /// <summary>The owner.</summary>
    Private,

    /// <summary>Whoever has the link.</summary>
    Unlisted,

    /// <summary>Everybody; it is listed.</summary>
    Public,
}
