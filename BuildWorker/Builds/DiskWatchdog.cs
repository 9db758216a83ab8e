namespace Platform.BuildWorker.Builds;

/// <summary>
/// Kills a build that fills the disk. Storage drivers cannot limit a container everywhere, so what it has written is measured: regularly, and at
/// once when the file system loses space quickly. Looking at the file system's free space costs nothing, so that a fast writer gets a fraction
/// of a second. The tree is measured from outside of the container, where the build cannot interfere.
/// </summary>
internal sealed class DiskWatchdog(BuildContainer container, WorkDirectory directory, BuildOptions options, TimeProvider time)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);
    private readonly DriveInfo _drive = new(directory.Path);
    private long _freeWhenMeasured;
    private long _written;
    private int _measurements;

    /// <summary>What was too much, for people; null while nothing is.</summary>
    public string? Verdict { get; private set; }

    /// <returns>True when it killed the build; false when <paramref name="cancellationToken"/> ended the watch.</returns>
    public async Task<bool> WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            _freeWhenMeasured = _drive.AvailableFreeSpace;
            var measured = time.GetTimestamp();
            while (true)
            {
                await Task.Delay(Glance, time, cancellationToken);
                if (time.GetElapsedTime(measured) < options.DiskCheckInterval && !FillsQuickly()) continue;
                await MeasureAsync(cancellationToken);
                measured = time.GetTimestamp();
                if (Verdict is null) continue;
                // Once decided it is done: the end of the build must not save what made it fail.
                await container.KillAsync(CancellationToken.None);
                return true;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Whether what the file system lost since the last measurement could be more than half of what the build may still write.</summary>
    private bool FillsQuickly()
    {
        var lost = _freeWhenMeasured - _drive.AvailableFreeSpace;
        return lost > Math.Max((options.DiskLimitBytes - _written) / 2, 16L * 1024 * 1024);
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var free = _drive.AvailableFreeSpace;
        _written = await HostTool.MeasureAsync(directory.Writable, entries: false, cancellationToken) * 1024;
        _freeWhenMeasured = free;
        if (_written > options.DiskLimitBytes) Verdict = $"The build wrote more than {options.DiskLimitBytes / (1024 * 1024)} MiB to the disk.";
        // Empty files take no space, but the file system has only so many of them.
        else if (_measurements++ % 4 == 3 && await HostTool.MeasureAsync(directory.Writable, entries: true, cancellationToken) > options.MaxFiles)
            Verdict = $"The build made more than {options.MaxFiles} files.";
    }
}
