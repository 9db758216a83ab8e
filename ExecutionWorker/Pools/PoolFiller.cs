using Platform.Core.Containers;
using Platform.ExecutionWorker.Languages;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Pools;

/// <summary>Keeps the pools full in the background.</summary>
internal sealed partial class PoolFiller(
    SandboxPools pools, ImageStates images, TimeProvider time, ILogger<PoolFiller> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>How long a refill gives way to runs while the pool is not nearly empty.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(250);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.WhenAll(pools.All.Where(pool => pool.Size > 0).Select(pool => FillAsync(pool, stoppingToken)));
                await pools.WaitForReturnAsync(Interval, stoppingToken);
            }
        }
        finally
        {
            foreach (var pool in pools.All) pool.Clear();
        }
    }

    private async Task FillAsync(SandboxPool pool, CancellationToken cancellationToken)
    {
        pool.DropBroken();
        if (pool.Ready >= pool.Size || !images.IsReady(pool.Language)) return;
        try
        {
            while (pool.Ready < pool.Size)
            {
                await GiveWayAsync(pool, cancellationToken);
                await pool.AddAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (exception is ContainerEngineException or SandboxException)
        {
            Log.NotFilled(logger, pool.Language.Id, exception.Message);
            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    /// <summary>A start costs more than a short run: it waits until the runs are over, unless the next one would find the pool empty.</summary>
    private async Task GiveWayAsync(SandboxPool pool, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (pools.Busy > 0 && pool.Ready > pool.Size / 2 && time.GetElapsedTime(began) < Courtesy)
            await pools.WaitForReturnAsync(Courtesy, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(4101, LogLevel.Warning, "No sandbox of {Language} could be started for the pool: {Reason}")]
        public static partial void NotFilled(ILogger logger, string language, string reason);
    }
}
