using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using StackExchange.Redis;

namespace Platform.Core.Realtime.Redis;

/// <summary>One channel that this process is subscribed to, with everyone who listens here.</summary>
internal sealed class RedisChannelEntry
{
    // The first byte of a message: the echo of a subscription that makes sure of itself, or an entry.
    private const byte Echo = (byte)'!';
    private const byte Data = (byte)'=';

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _echoes = new();
    private ImmutableList<IRedisSink> _sinks = [];

    public RedisChannelEntry(string name)
    {
        Channel = new RedisChannel(name, RedisChannel.PatternMode.Literal);
        Handler = (_, message) => Receive(message);
    }

    public RedisChannel Channel { get; }

    /// <summary>One delegate, so that it can be unsubscribed again.</summary>
    public Action<RedisChannel, RedisValue> Handler { get; }

    public bool IsConfirmed { get; set; }

    public bool IsEmpty => _sinks.IsEmpty;

    public static byte[] Frame(ReadOnlySpan<byte> payload) => [Data, .. payload];

    public static byte[] EchoFrame(string nonce) => [Echo, .. Encoding.ASCII.GetBytes(nonce)];

    public void Add(IRedisSink sink) => ImmutableInterlocked.Update(ref _sinks, (list, added) => list.Add(added), sink);

    public void Remove(IRedisSink sink) => ImmutableInterlocked.Update(ref _sinks, (list, removed) => list.Remove(removed), sink);

    public Task ExpectEcho(string nonce) =>
        _echoes.GetOrAdd(nonce, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void ForgetEcho(string nonce) => _echoes.TryRemove(nonce, out _);

    /// <summary>Ends all listeners; each subscribes anew when it wants to go on.</summary>
    public void Break(RealtimeUnavailableException reason)
    {
        foreach (var sink in Interlocked.Exchange(ref _sinks, [])) sink.Break(reason);
    }

    private void Receive(RedisValue message)
    {
        byte[]? bytes = message;
        if (bytes is not { Length: > 0 }) return;
        if (bytes[0] == Echo)
        {
            if (_echoes.TryRemove(Encoding.ASCII.GetString(bytes.AsSpan(1)), out var expected)) expected.TrySetResult();
        }
        else if (bytes[0] == Data)
        {
            var frame = new RedisFrame(bytes.AsMemory(1));
            foreach (var sink in _sinks) Deliver(sink, frame);
        }
    }

    private void Deliver(IRedisSink sink, RedisFrame frame)
    {
        try
        {
            sink.Receive(frame);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            // Another version's message. The client would drop the exception, and with it an entry nobody would miss.
            Remove(sink);
            sink.Break(new RealtimeUnavailableException("A message cannot be read by this version.", exception));
        }
    }
}
