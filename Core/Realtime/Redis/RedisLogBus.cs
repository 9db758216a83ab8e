using System.Text.Json;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Platform.Core.Realtime.Redis;

/// <summary>Log lines over Redis: one message per batch.</summary>
internal sealed partial class RedisLogBus(IConnectionMultiplexer redis, RedisChannels channels, ILogger<RedisLogBus> logger) : ILogBus
{
    /// <summary>Lines per message: large enough for speed, small enough that no message blocks the server's loop.</summary>
    private const int BatchSize = 500;

    private const int Capacity = 20_000;

    public async Task PublishAsync(Guid deploymentId, IReadOnlyList<LogLine> lines, CancellationToken cancellationToken)
    {
        var channel = new RedisChannel(ChannelName(deploymentId), RedisChannel.PatternMode.Literal);
        try
        {
            foreach (var batch in lines.Chunk(BatchSize))
            {
                var frame = RedisChannelEntry.Frame(JsonSerializer.SerializeToUtf8Bytes(batch, RedisFrame.Json));
                await redis.GetSubscriber().PublishAsync(channel, frame).WaitAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.NotSent(logger, lines.Count, deploymentId, exception.Message);
        }
    }

    public async Task<ISubscription<LogLine>> SubscribeAsync(Guid deploymentId, CancellationToken cancellationToken)
    {
        var subscription = new RedisSubscription<LogLine>(Capacity, Read);
        await channels.SubscribeAsync(ChannelName(deploymentId), subscription, cancellationToken);
        return subscription;
    }

    private static string ChannelName(Guid deploymentId) => $"platform:logs:{deploymentId:N}";

    private static void Read(RedisFrame frame, Action<LogLine> deliver)
    {
        foreach (var line in frame.Read(Parse)) deliver(line);
    }

    private static LogLine[] Parse(ReadOnlyMemory<byte> payload) => JsonSerializer.Deserialize<LogLine[]>(payload.Span, RedisFrame.Json) ?? [];

    private static partial class Log
    {
        [LoggerMessage(2110, LogLevel.Warning, "{Count} stored lines of deployment {DeploymentId} were not sent live: {Reason}")]
        public static partial void NotSent(ILogger logger, int count, Guid deploymentId, string reason);
    }
}
