using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Platform.ServiceDefaults;

/// <summary>
/// Calls to Redis that nothing depends on: bounded in time, and after a failure not tried again for a while, so that an outage costs one
/// request a wait and not all of them.
/// </summary>
/// <param name="redis">Whom it asks.</param>
/// <param name="time">The clock of the pause after a failure.</param>
/// <param name="logger">Is told of failures.</param>
/// <param name="patience">How long one call waits for its answer. Null: a second.</param>
public sealed partial class RedisGate(IConnectionMultiplexer redis, TimeProvider time, ILogger<RedisGate> logger, TimeSpan? patience = null)
{
    /// <summary>For so long nobody asks again after a failure.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);
    private const int Looks = 4;
    private readonly TimeSpan _patience = patience ?? TimeSpan.FromSeconds(1);
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
        // The client cancels what it had not sent when its connection broke: nobody else can cancel these calls.
        catch (Exception exception) when (exception is RedisException or TimeoutException or OperationCanceledException)
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
                return await answer.WaitAsync(_patience / Looks, time);
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
