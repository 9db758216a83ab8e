using System.Runtime.ExceptionServices;
using Platform.Core.Artifacts;

namespace Platform.BuildWorker.Publishing;

/// <summary>
/// Puts the files of one publication side by side, as far as they are small: each costs a store over the network one or two answers, and a disk
/// a flush. Output is read one file after the other, so what is put later is held in memory; a large file is put as it is read.
/// </summary>
internal sealed class ParallelPuts(IArtifactStore artifacts, CancellationToken cancellationToken) : IAsyncDisposable
{
    /// <summary>So many at once, and so many in memory.</summary>
    internal const int AtOnce = 16;

    private const long LargestInMemory = 1024 * 1024;

    private readonly SemaphoreSlim _free = new(AtOnce);
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    private readonly List<(string Path, long Size, Task<string> Put)> _puts = [];
    private ExceptionDispatchInfo? _failure;

    /// <summary>Reads the file to its end. Fails as soon as any file has failed.</summary>
    public async Task AddAsync(string path, LimitedStream content, long length)
    {
        if (length > LargestInMemory)
        {
            var key = await TryPutAsync(content);
            _failure?.Throw();
            _puts.Add((path, content.BytesRead, Task.FromResult(key)));
            return;
        }

        await _free.WaitAsync(cancellationToken);
        var isHandedOver = false;
        try
        {
            _failure?.Throw();
            var copy = new MemoryStream((int)length);
            await content.CopyToAsync(copy, cancellationToken);
            copy.Position = 0;
            _puts.Add((path, copy.Length, PutAsync(copy)));
            isHandedOver = true;
        }
        finally
        {
            if (!isHandedOver) _free.Release();
        }
    }

    /// <summary>Everything is stored. Of two files with the same path the later one counts.</summary>
    public async Task<Dictionary<string, (string Sha256, long Size)>> FinishAsync()
    {
        var stored = new Dictionary<string, (string, long)>(StringComparer.Ordinal);
        foreach (var (path, size, put) in _puts) stored[path] = (await put, size);
        _failure?.Throw();
        return stored;
    }

    /// <summary>Nothing is put any more when this has returned.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_puts.Select(put => put.Put));
        _stop.Dispose();
        _free.Dispose();
    }

    private async Task<string> PutAsync(MemoryStream content)
    {
        try
        {
            return await TryPutAsync(content);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>The first failure is kept and ends the others.</summary>
    private async Task<string> TryPutAsync(Stream content)
    {
        try
        {
            return await artifacts.PutAsync(content, _stop.Token);
        }
        catch (Exception exception)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(exception), null);
            await _stop.CancelAsync();
            return "";
        }
    }
}
