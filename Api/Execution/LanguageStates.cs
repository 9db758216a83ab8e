using System.Text.Json;
using Platform.Core.Execution;
using StackExchange.Redis;

namespace Platform.Api.Execution;

/// <summary>Which languages some living worker can run, as the workers tell it.</summary>
internal sealed partial class LanguageStates(IConnectionMultiplexer redis, TimeProvider time, ILogger<LanguageStates> logger)
{
    /// <summary>Ids of those that are ready; none when the workers' states cannot be read.</summary>
    public async Task<IReadOnlySet<string>> GetReadyAsync() => (await ReadAsync()).SelectMany(state => state.Languages).ToHashSet(StringComparer.Ordinal);

    /// <summary>States by id: the best that a worker tells.</summary>
    public async Task<IReadOnlyDictionary<string, LanguageState>> GetAsync()
    {
        var states = new Dictionary<string, LanguageState>(StringComparer.Ordinal);
        foreach (var worker in await ReadAsync())
        {
            foreach (var (ids, state) in new[] { (worker.Languages, LanguageState.Ready), (worker.Building, LanguageState.Building), (worker.Buildable, LanguageState.OnDemand) })
            {
                // A worker of an earlier version tells less.
                foreach (var id in ids ?? []) states[id] = (LanguageState)Math.Max((int)state, (int)states.GetValueOrDefault(id));
            }
        }

        return states;
    }

    private async Task<IReadOnlyList<WorkerState>> ReadAsync()
    {
        try
        {
            var entries = await redis.GetDatabase().HashGetAllAsync(WorkerState.Key);
            var now = time.GetUtcNow();
            return [.. entries.Select(entry => Read((string?)entry.Value)).OfType<WorkerState>().Where(state => state.ExpiresAt > now)];
        }
        // The client cancels what it had not sent when its connection broke: nobody else can cancel this call.
        catch (Exception exception) when (exception is RedisException or TimeoutException or OperationCanceledException)
        {
            Log.NotKnown(logger, exception.Message);
            return [];
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

/// <summary>Whether code of a language can be run, from worse to better.</summary>
internal enum LanguageState
{
    /// <summary>No worker has it or can build it.</summary>
    Unavailable,

    /// <summary>Its image is built when it is first needed, which takes minutes.</summary>
    OnDemand,

    /// <summary>Its image is being built.</summary>
    Building,

    /// <summary>At once.</summary>
    Ready,
}
