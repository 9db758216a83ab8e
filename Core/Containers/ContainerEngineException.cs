namespace Platform.Core.Containers;

/// <summary>The engine refused or cannot be reached.</summary>
public sealed class ContainerEngineException(ContainerEngineError error, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>What kind of failure.</summary>
    public ContainerEngineError Error { get; } = error;
}

/// <summary>Kinds of failure of a container engine.</summary>
public enum ContainerEngineError
{
    /// <summary>Anything else; the message is the engine's.</summary>
    Failed,

    /// <summary>No answer: not running, or no permission on its socket.</summary>
    Unavailable,

    /// <summary>No such container, image or network.</summary>
    NotFound,

    /// <summary>A name is taken, or the state does not allow it.</summary>
    Conflict,

    /// <summary>The engine calls the request wrong.</summary>
    Invalid,

    /// <summary>An image build failed.</summary>
    BuildFailed,
}
