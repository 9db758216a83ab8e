using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Platform.ServiceDefaults;

/// <summary>
/// Calls to Redis that nothing depends on: bounded in time, and after a failure not tried again for a while, so that an outage costs one
/// request a wait and not all of them.
/// </summary>
public sealed partial class RedisGate(IConnectionMultiplexer redis, TimeProvider time, ILogger<RedisGate> logger)
{
    /// <summary>For so long nobody asks again after a failure.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);
    private const int Looks = 4;

    private long _awayUntil;

    /// <summary>The answer, or false when Redis did not give one.</summary>
    public async Task<(bool Answered, T? Value)> TryAsync<T>(Func<IDatabase, Task<T>> call)
    {
        if (time.GetUtcNow().UtcTicks < Volatile.Read(ref _awayUntil)) return (false, default);
        try
        {
            // The client knows no time-out of its own for a server that took the connection and stopped answering.
            return (true, await WaitAsync(call(redis.GetDatabase())));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Volatile.Write(ref _awayUntil, (time.GetUtcNow() + RetryAfter).UtcTicks);
            Log.Away(logger, exception);
            return (false, default);
        }
    }

    /// <summary>
    /// Waits in parts: when this process stood still, its timers are due before it has read the answer that lies ready. That costs one part, not all.
    /// </summary>
    private async Task<T> WaitAsync<T>(Task<T> answer)
    {
        for (var look = 1; ; look++)
        {
            try
            {
                return await answer.WaitAsync(Timeout / Looks, time);
            }
            catch (TimeoutException) when (look < Looks && !answer.IsFaulted)
            {
                // One part is over.
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Redis does not answer: limits are counted by this instance alone, and what it keeps for all is read elsewhere")]
        public static partial void Away(ILogger logger, Exception exception);
    }
}
