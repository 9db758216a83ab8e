namespace Platform.Core.Realtime;

/// <summary>
/// A running subscription. Its buffer is bounded: a listener that is too slow loses the oldest entries, never slows the sender.
/// When the connection breaks, entries may be lost unseen, so the subscription ends with an exception instead of going on with a hole:
/// the listener subscribes again and reads the stored state.
/// </summary>
public interface ISubscription<T> : IAsyncDisposable
{
    /// <summary>The entries as they arrive; ends when the subscription is disposed. For one reader.</summary>
    /// <exception cref="RealtimeUnavailableException">The connection broke. What had arrived before was delivered.</exception>
    IAsyncEnumerable<T> ReadAllAsync(CancellationToken cancellationToken);
}
