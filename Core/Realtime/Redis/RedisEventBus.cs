using System.Buffers.Text;
using System.Text.Json;
using StackExchange.Redis;

namespace Platform.Core.Realtime.Redis;

/// <summary>Events over Redis, numbered by a counter per topic in the same script that sends them.</summary>
internal sealed class RedisEventBus(IConnectionMultiplexer redis, RedisChannels channels) : IEventBus
{
    private const int Capacity = 2_000;

    // A counter outlives any listener: who listens again within this time sees the gap.
    private const int CounterSeconds = 7 * 24 * 3600;

    // Number and message are one step, so that listeners see them in order.
    private const string Script =
        """
        local seq = redis.call('INCR', KEYS[1])
        redis.call('EXPIRE', KEYS[1], ARGV[2])
        redis.call('PUBLISH', ARGV[1], '=' .. string.format('%.0f', seq) .. ':' .. ARGV[3])
        return seq
        """;

    public async Task<long> PublishAsync<T>(string topic, T payload, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.Serialize(payload, RedisFrame.Json);
        try
        {
            // EVAL and not EVALSHA: a restarted server does not know the script.
            var seq = await redis.GetDatabase()
                .ExecuteAsync("EVAL", Script, 1, (RedisKey)$"platform:events:seq:{topic}", ChannelName(topic), CounterSeconds, json)
                .WaitAsync(cancellationToken);
            return (long)seq;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            throw new RealtimeUnavailableException("The event was not sent: Redis cannot be reached.", exception);
        }
    }

    public async Task<ISubscription<Event<T>>> SubscribeAsync<T>(string topic, CancellationToken cancellationToken)
    {
        var subscription = new RedisSubscription<Event<T>>(Capacity, Read);
        await channels.SubscribeAsync(ChannelName(topic), subscription, cancellationToken);
        return subscription;
    }

    private static string ChannelName(string topic) => $"platform:events:{topic}";

    private static void Read<T>(RedisFrame frame, Action<Event<T>> deliver) => deliver(frame.Read(Parse<T>));

    private static Event<T> Parse<T>(ReadOnlyMemory<byte> payload)
    {
        if (!Utf8Parser.TryParse(payload.Span, out long seq, out var digits) || payload.Span[digits] != ':')
        {
            throw new InvalidDataException("An event without a number.");
        }

        var value = JsonSerializer.Deserialize<T>(payload.Span[(digits + 1)..], RedisFrame.Json)
            ?? throw new InvalidDataException("An event without a payload.");
        return new Event<T>(seq, value);
    }
}
