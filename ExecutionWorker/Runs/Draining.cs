using Platform.Core.Jobs;

namespace Platform.ExecutionWorker.Runs;

/// <summary>
/// The token of a run. When the worker is told to stop, the run has a while to come to its end; after that, and for every other reason, it ends at
/// once. A run that ends in time is done; one that does not goes back to the queue.
/// </summary>
internal sealed class Draining : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _deadline;
    private readonly CancellationTokenRegistration _told;

    public Draining(JobContext context, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        _deadline = time.CreateTimer(_ => Stop(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _told = cancellationToken.Register(() =>
        {
            if (context.StopReason == JobStopReason.ShuttingDown && timeout > TimeSpan.Zero) _deadline.Change(timeout, Timeout.InfiniteTimeSpan);
            else Stop();
        });
    }

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        _told.Dispose();
        _deadline.Dispose();
        _stop.Dispose();
    }

    private void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The run ended at this very moment.
        }
    }
}
