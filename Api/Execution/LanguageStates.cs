using System.Text.Json;
using Platform.Core.Execution;
using StackExchange.Redis;

namespace Platform.Api.Execution;

/// <summary>Which languages some living worker can run, as the workers tell it.</summary>
internal sealed partial class LanguageStates(IConnectionMultiplexer redis, TimeProvider time, ILogger<LanguageStates> logger)
{
    /// <summary>Ids of the languages; none when the workers' states cannot be read.</summary>
    public async Task<IReadOnlySet<string>> GetReadyAsync()
    {
        try
        {
            var entries = await redis.GetDatabase().HashGetAllAsync(WorkerState.Key);
            var now = time.GetUtcNow();
            return entries
                .Select(entry => Read((string?)entry.Value))
                .Where(state => state is not null && state.ExpiresAt > now)
                .SelectMany(state => state!.Languages)
                .ToHashSet(StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.NotKnown(logger, exception.Message);
            return new HashSet<string>();
        }
    }

    private WorkerState? Read(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<WorkerState>(json, WorkerState.JsonOptions);
        }
        catch (JsonException exception)
        {
            // A worker of another version.
            Log.NotKnown(logger, exception.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5201, LogLevel.Warning, "The states of the workers cannot be read: {Reason}")]
        public static partial void NotKnown(ILogger logger, string reason);
    }
}
