using System.Threading.Channels;
using Platform.Core.Containers;

namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>
/// Removes used sandboxes off the path of the runs, and gives way to them unless too many wait already. What it cannot remove, the reaper does after this process.
/// </summary>
internal sealed partial class SandboxRemover(RunActivity activity, ILogger<SandboxRemover> logger) : BackgroundService
{
    private const int Workers = 2;
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(250);

    private readonly Channel<Sandbox> _used = Channel.CreateUnbounded<Sandbox>();

    /// <summary>Takes over the sandbox; returns at once.</summary>
    public void Remove(Sandbox sandbox) => _used.Writer.TryWrite(sandbox);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Removal goes on while the process stops, until nothing is left.
        using var stopping = stoppingToken.Register(() => _used.Writer.TryComplete());
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => RemoveAllAsync(stoppingToken)));
    }

    private async Task RemoveAllAsync(CancellationToken stoppingToken)
    {
        await foreach (var sandbox in _used.Reader.ReadAllAsync(CancellationToken.None))
        {
            // In a hurry neither when the process stops nor when more are used than removed.
            if (_used.Reader.Count < Workers) await activity.GiveWayAsync(Courtesy, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await sandbox.DisposeAsync();
            }
            catch (ContainerEngineException exception)
            {
                Log.NotRemoved(logger, sandbox.ContainerId, exception.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Warning, "Sandbox {ContainerId} could not be removed: {Reason}")]
        public static partial void NotRemoved(ILogger logger, string containerId, string reason);
    }
}
