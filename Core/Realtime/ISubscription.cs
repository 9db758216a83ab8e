namespace Platform.Core.Realtime;

/// <summary>A running subscription. Its buffer is bounded: a listener that is too slow loses the oldest entries, never slows the sender.</summary>
public interface ISubscription<T> : IAsyncDisposable
{
    /// <summary>The entries as they arrive; ends when the subscription is disposed.</summary>
    IAsyncEnumerable<T> ReadAllAsync(CancellationToken cancellationToken);
}
