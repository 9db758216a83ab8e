namespace Platform.Core.Data.Entities;

/// <summary>Something that a person is told within the application.</summary>
public sealed class Notification
{
    public Guid Id { get; set; }

    public Guid UserId { get; set; }

    /// <summary>Its number among the person's, rising in the order of commits.</summary>
    public long Seq { get; set; }

    /// <summary><c>subject.verb</c>.</summary>
    public required string Type { get; set; }

    public required string Title { get; set; }

    public required string Message { get; set; }

    /// <summary>The page of the application that shows more, as a path.</summary>
    public string? Link { get; set; }

    /// <summary>A JSON object of facts for programs.</summary>
    public string Data { get; set; } = "{}";

    /// <summary>The same for the same happening, which is told once.</summary>
    public string? DedupeKey { get; set; }

    public DateTimeOffset? ReadAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>Hands out a person's numbers: whoever adds a notification holds the row, so that a number that is seen has none before it still to come.</summary>
public sealed class NotificationCounter
{
    public Guid UserId { get; set; }

    public long LastSeq { get; set; }
}
