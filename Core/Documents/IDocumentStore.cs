namespace Platform.Core.Documents;

/// <summary>
/// Collections of documents. Every adapter keeps the same promises: text compares by Unicode code point and with its case; times
/// compare as moments, to 100 ns; numbers compare by value; a missing value and null are the same, and come before every other value.
/// </summary>
public interface IDocumentStore
{
    /// <summary>The collection; its indexes are made on first use.</summary>
    IDocumentCollection<T> GetCollection<T>(DocumentCollection<T> definition)
        where T : Document;
}
