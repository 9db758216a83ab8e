using StackExchange.Redis;

namespace Platform.Api.Execution.Storage;

/// <summary>What stored runs wait for, such as an image that is being built. It may be lost, and is old within a minute.</summary>
internal sealed partial class ExecutionProgress(IConnectionMultiplexer redis, ILogger<ExecutionProgress> logger)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    public async ValueTask TellAsync(Guid id, string text)
    {
        try
        {
            await redis.GetDatabase().StringSetAsync(Key(id), text, Lifetime);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.Away(logger, exception.Message);
        }
    }

    /// <summary>Null when nothing is known.</summary>
    public async Task<string?> FindAsync(Guid id)
    {
        try
        {
            return await redis.GetDatabase().StringGetAsync(Key(id));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.Away(logger, exception.Message);
            return null;
        }
    }

    private static string Key(Guid id) => $"execution:progress:{id:N}";

    private static partial class Log
    {
        [LoggerMessage(5321, LogLevel.Warning, "What runs wait for is not known: {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
