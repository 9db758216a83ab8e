using System.Globalization;

namespace Platform.BuildWorker.Builds;

/// <summary>
/// Kills a build that fills the disk. Storage drivers cannot limit a container everywhere, so what it has written is measured: regularly, and at
/// once when the file system loses space or files quickly. Then the build is frozen until it is measured, so that a fast writer gains nothing by the
/// time that takes. The tree is measured from outside of the container, where the build cannot interfere.
/// </summary>
internal sealed class DiskWatchdog(BuildContainer container, WorkDirectory directory, BuildOptions options, TimeProvider time)
{
    private const long Megabyte = 1024 * 1024;
    private const long SmallestStep = 16 * Megabyte;
    private const long FewFiles = 10_000;
    private const string AlmostFull = "The disk of this installation is almost full.";
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);
    private FileSystemSpace _whenMeasured;
    private long _written;
    private long _files;
    private int _measurements;

    /// <summary>What was too much, for people; null while nothing is.</summary>
    public string? Verdict { get; private set; }

    /// <summary>Refuses to begin where the disk has nothing to spare.</summary>
    /// <exception cref="BuildFailureException">It has not.</exception>
    public static void RequireRoom(WorkDirectory directory, BuildOptions options)
    {
        if (FileSystemSpace.Of(directory.Path).Bytes < options.DiskReserveBytes)
            throw new BuildFailureException(FailureCode.DiskFull, AlmostFull, "The operator has to make room; then deploy again.");
    }

    /// <returns>True when it killed the build; false when <paramref name="cancellationToken"/> ended the watch.</returns>
    public async Task<bool> WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            _whenMeasured = FileSystemSpace.Of(directory.Path);
            var measured = time.GetTimestamp();
            while (true)
            {
                await Task.Delay(Glance, time, cancellationToken);
                var space = FileSystemSpace.Of(directory.Path);
                if (FillsQuickly(space)) await MeasureFrozenAsync(cancellationToken);
                else if (time.GetElapsedTime(measured) >= options.DiskCheckInterval) await MeasureAsync(countFiles: _measurements++ % 4 == 3, cancellationToken);
                else continue;
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
        catch
        {
            // Nothing builds unwatched.
            await container.KillAsync(CancellationToken.None);
            throw;
        }
    }

    /// <summary>Whether what the file system lost since the last measurement could be more than half of what the build may still write.</summary>
    private bool FillsQuickly(FileSystemSpace space) =>
        space.Bytes < options.DiskReserveBytes
        || _whenMeasured.Bytes - space.Bytes > Math.Max((options.DiskLimitBytes - _written) / 2, SmallestStep)
        || _whenMeasured.Files - space.Files > Math.Max((options.MaxFiles - _files) / 2, FewFiles);

    private async Task MeasureFrozenAsync(CancellationToken cancellationToken)
    {
        var frozen = await container.TryPauseAsync(cancellationToken);
        try
        {
            await MeasureAsync(countFiles: true, cancellationToken);
        }
        finally
        {
            // One that has to die dies frozen.
            if (frozen && Verdict is null) await container.ResumeAsync();
        }
    }

    private async Task MeasureAsync(bool countFiles, CancellationToken cancellationToken)
    {
        var space = FileSystemSpace.Of(directory.Path);
        _written = await HostTool.MeasureAsync(directory.Writable, entries: false, cancellationToken) * 1024;
        // Empty files take no space, but the file system has only so many of them.
        if (countFiles) _files = await HostTool.MeasureAsync(directory.Writable, entries: true, cancellationToken);
        _whenMeasured = countFiles ? space : space with { Files = _whenMeasured.Files };
        if (_written > options.DiskLimitBytes)
        {
            Verdict = string.Create(
                CultureInfo.InvariantCulture, $"The build wrote more than {options.DiskLimitBytes / Megabyte} MiB to the disk; it was stopped at {_written / Megabyte} MiB.");
        }
        else if (_files > options.MaxFiles)
        {
            Verdict = string.Create(CultureInfo.InvariantCulture, $"The build made more than {options.MaxFiles} files; it was stopped at {_files}.");
        }
        else if (space.Bytes < options.DiskReserveBytes)
        {
            Verdict = AlmostFull;
        }
    }
}
