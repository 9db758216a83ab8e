using Platform.Core.Containers;
using Platform.ExecutionWorker.Images;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Pools;

/// <summary>Keeps the pools at their targets in the background.</summary>
internal sealed partial class PoolFiller(
    SandboxPools pools, RunActivity activity, ImageStates images, TimeProvider time, ILogger<PoolFiller> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    /// <summary>How long a refill gives way to runs while the pool is not nearly empty.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<SandboxPool, Task> _filling = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                pools.Plan();
                foreach (var pool in pools.All) Look(pool, stoppingToken);
                await pools.WaitForReturnAsync(Interval, stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(_filling.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (var pool in pools.All) pool.Clear();
        }
    }

    /// <summary>Each pool is filled by itself: one whose image is broken does not hold up the others.</summary>
    private void Look(SandboxPool pool, CancellationToken cancellationToken)
    {
        if (_filling.TryGetValue(pool, out var filling) && !filling.IsCompleted) return;
        pool.Tidy();
        if (!IsFull(pool) && images.IsReady(pool.Language)) _filling[pool] = FillAsync(pool, cancellationToken);
    }

    private async Task FillAsync(SandboxPool pool, CancellationToken cancellationToken)
    {
        try
        {
            while (!IsFull(pool))
            {
                await activity.GiveWayAsync(Patience(pool), cancellationToken);
                // The reserve after what is started, which serves sooner.
                if (pool.Ready < pool.Target) await pool.AddAsync(cancellationToken);
                else await pool.AddToReserveAsync(cancellationToken);
            }
        }
        catch (Exception exception) when (exception is ContainerEngineException or SandboxException)
        {
            Log.NotFilled(logger, pool.Language.Id, exception.Message);
            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    private static bool IsFull(SandboxPool pool) => pool.Ready >= pool.Target && pool.Reserve >= pool.ReserveTarget;

    /// <summary>How long a start gives way to runs: the less is ready, the shorter, and not at all when the next run would find the pool empty.</summary>
    private static TimeSpan Patience(SandboxPool pool)
    {
        if (pool.Ready > pool.Target / 2) return Courtesy;
        return pool.Ready > 0 ? RunActivity.Settle : TimeSpan.Zero;
    }

    private static partial class Log
    {
        [LoggerMessage(4101, LogLevel.Warning, "No sandbox of {Language} could be started for the pool: {Reason}")]
        public static partial void NotFilled(ILogger logger, string language, string reason);
    }
}
