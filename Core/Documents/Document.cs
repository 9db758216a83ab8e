using System.Text.Json.Serialization;

namespace Platform.Core.Documents;

/// <summary>Something that is stored and replaced as a whole. Collections hold records that derive from it.</summary>
public abstract record Document
{
    public Guid Id { get; init; } = Guid.NewGuid();

    /// <summary>A person or an organisation.</summary>
    public Guid OwnerId { get; init; }

    /// <summary>Given by the store: 1 after the insertion, one more after each replacement.</summary>
    [JsonIgnore]
    public long Version { get; init; }
}
