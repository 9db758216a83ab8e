using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Core.Artifacts;
using Platform.Core.Deployments;

namespace Platform.BuildWorker.Publishing;

/// <summary>Lets old deployments expire and removes what nothing refers to any more; one worker of all does.</summary>
internal sealed partial class ArtifactKeeper(
    SiteRetention retention,
    ArtifactCollector collector,
    SiteTrafficStore traffic,
    NpgsqlDataSource source,
    IOptions<RetentionOptions> options,
    TimeProvider time,
    ILogger<ArtifactKeeper> logger) : BackgroundService
{
    // As in the gate: what counts is that nobody else uses it.
    private const long LeaderLock = 0x6b656570657273;

    /// <summary>One round. False: another worker is at it.</summary>
    public async Task<bool> KeepAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var enter = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", connection) { Parameters = { new NpgsqlParameter { Value = LeaderLock } } };
        if (await enter.ExecuteScalarAsync(cancellationToken) is not true) return false;
        try
        {
            var expired = await retention.ApplyAsync(cancellationToken);
            var garbage = await collector.CollectAsync(cancellationToken);
            await traffic.PruneAsync(cancellationToken);
            if (expired > 0 || garbage.Removed > 0) Log.RoundDone(logger, expired, garbage.Removed, garbage.Bytes, garbage.IsComplete);
        }
        finally
        {
            await using var leave = new NpgsqlCommand("SELECT pg_advisory_unlock($1)", connection) { Parameters = { new NpgsqlParameter { Value = LeaderLock } } };
            await leave.ExecuteNonQueryAsync(CancellationToken.None);
        }

        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await KeepAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The database or the store is away: the next round looks again.
                Log.RoundFailed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Expired} deployments expired; {Removed} unreferenced contents with {Bytes} bytes were removed (complete: {IsComplete})")]
        public static partial void RoundDone(ILogger logger, int expired, int removed, long bytes, bool isComplete);

        [LoggerMessage(2, LogLevel.Warning, "Old content could not be removed now")]
        public static partial void RoundFailed(ILogger logger, Exception exception);
    }
}
