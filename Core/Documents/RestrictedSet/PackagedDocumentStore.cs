namespace Platform.Core.Documents;

/// <summary>The adapter over a client package: this package set has none.</summary>
internal static class PackagedDocumentStore
{
    public static readonly string? Name;

    public static IDocumentStore Create(IServiceProvider services) =>
        throw new NotSupportedException("This package set has no client package for a document database.");
}
