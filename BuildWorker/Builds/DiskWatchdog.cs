using Platform.Core.Containers;

namespace Platform.BuildWorker.Builds;

/// <summary>Kills a build that fills the disk. Storage drivers cannot limit a container everywhere, so it is measured.</summary>
internal static class DiskWatchdog
{
    /// <returns>True when it killed the build; false when <paramref name="cancellationToken"/> ended the watch.</returns>
    public static async Task<bool> WatchAsync(BuildContainer container, BuildOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.DiskCheckInterval, time, cancellationToken);
                if (await container.MeasureDiskAsync(cancellationToken) <= options.DiskLimitBytes) continue;
                // Once decided it is done: the end of the build must not save what made it fail.
                await container.KillAsync(CancellationToken.None);
                return true;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (ContainerEngineException exception) when (exception.Error is ContainerEngineError.Conflict or ContainerEngineError.NotFound)
        {
            // The container has ended by itself: there is nothing left to measure.
            return false;
        }
    }
}
