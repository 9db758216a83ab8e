using Platform.Core.Documents;

namespace Platform.Core.Tests.Documents;

public enum NoteKind
{
    Plain,
    RichText,
}

public sealed record NoteOrigin(string? Path, int Line);

public sealed record Note : Document
{
    public static readonly DocumentCollection<Note> Collection = new DocumentCollection<Note>("conformance_notes")
        .WithIndex(note => note.OwnerId, note => note.Title)
        .WithIndex(note => note.Rank)
        .WithIndex(note => note.Price)
        .WithIndex(note => note.At)
        .WithIndex(note => note.Kind)
        .WithIndex(note => note.Pinned)
        .WithIndex(note => note.Origin!.Path)
        .WithUniqueIndex(note => note.OwnerId, note => note.Slug);

    public string? Title { get; init; }

    public string? Slug { get; init; }

    public long? Rank { get; init; }

    public decimal Price { get; init; }

    public DateTimeOffset? At { get; init; }

    public NoteKind Kind { get; init; }

    public bool Pinned { get; init; }

    public NoteOrigin? Origin { get; init; }

    public IReadOnlyList<string> Tags { get; init; } = [];

    public string? Hidden { get; init; }
}
