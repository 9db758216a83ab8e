namespace Platform.Core.Documents;

/// <summary>The store refused or cannot be reached.</summary>
public sealed class DocumentStoreException(DocumentStoreError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What kind of failure.</summary>
    public DocumentStoreError Error { get; } = error;
}

/// <summary>Kinds of failure of a document store.</summary>
public enum DocumentStoreError
{
    /// <summary>Anything else; the message is the store's.</summary>
    Failed,

    /// <summary>No answer.</summary>
    Unavailable,

    /// <summary>No document with that id.</summary>
    NotFound,

    /// <summary>The document has another version than expected.</summary>
    VersionMismatch,

    /// <summary>The id, or what a unique index covers, exists already.</summary>
    Duplicate,
}
