namespace Platform.Core.Documents;

/// <summary>Which document store is used.</summary>
public sealed class DocumentOptions
{
    public const string SectionName = "Documents";

    /// <summary>The adapter: <c>mongodb</c> or <c>postgres</c>. Null: MongoDB where its package exists, else PostgreSQL.</summary>
    public string? Engine { get; set; }
}
