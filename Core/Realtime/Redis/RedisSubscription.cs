using System.Threading.Channels;

namespace Platform.Core.Realtime.Redis;

/// <summary>A listener's bounded buffer.</summary>
internal sealed class RedisSubscription<T>(int capacity, Action<RedisFrame, Action<T>> read) : ISubscription<T>, IRedisSink
{
    private readonly Channel<T> _buffer = Channel.CreateBounded<T>(
        new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
        _ => RealtimeTelemetry.RecordDropped());

    private IAsyncDisposable? _lease;

    public void Attach(IAsyncDisposable lease) => _lease = lease;

    public void Receive(RedisFrame frame) => read(frame, entry => _buffer.Writer.TryWrite(entry));

    public void Break(RealtimeUnavailableException reason) => _buffer.Writer.TryComplete(reason);

    public IAsyncEnumerable<T> ReadAllAsync(CancellationToken cancellationToken) => _buffer.Reader.ReadAllAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _buffer.Writer.TryComplete();
        if (_lease is not null) await _lease.DisposeAsync();
    }
}

/// <summary>What a channel delivers to.</summary>
internal interface IRedisSink
{
    /// <summary>Must not block.</summary>
    void Receive(RedisFrame frame);

    /// <summary>The connection broke: nothing more will come.</summary>
    void Break(RealtimeUnavailableException reason);
}
