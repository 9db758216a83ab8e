using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Platform.Core.Artifacts;

/// <summary>
/// Keeps content as files <c>ab/cd/abcd…</c>: written beside, flushed to disk and renamed, so that a name always means complete content. A
/// file's time says when it was last put.
/// </summary>
public sealed class DiskArtifactStore : IArtifactStore
{
    private const int BufferSize = 128 * 1024;
    private const string IncomingName = "incoming";

    // A writer that died leaves its file here; no upload takes this long.
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);

    private readonly TimeProvider _time;
    private readonly string _root;
    private readonly string _incoming;

    public DiskArtifactStore(string root, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _root = Path.GetFullPath(root);
        _incoming = Path.Combine(_root, IncomingName);
        Directory.CreateDirectory(_incoming);
    }

    /// <inheritdoc />
    public async Task<string> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        var temporary = Temporary();
        try
        {
            var key = await WriteAsync(temporary, content, cancellationToken);
            Publish(temporary, key);
            return key;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <inheritdoc />
    public async Task PutDerivedAsync(string key, Stream content, CancellationToken cancellationToken)
    {
        if (TryTouch(PathOf(key))) return;
        var temporary = Temporary();
        try
        {
            await WriteAsync(temporary, content, cancellationToken);
            Publish(temporary, key);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <inheritdoc />
    public Task<ArtifactInfo?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var file = new FileInfo(PathOf(key));
        return Task.FromResult<ArtifactInfo?>(file.Exists ? Describe(file) : null);
    }

    /// <inheritdoc />
    public Task<Stream?> OpenAsync(string key, long offset = 0, CancellationToken cancellationToken = default)
    {
        FileStream? stream = null;
        try
        {
            stream = new FileStream(PathOf(key), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous);
            if (offset > 0) stream.Seek(offset, SeekOrigin.Begin);
            return Task.FromResult<Stream?>(stream);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            stream?.Dispose();
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<ArtifactInfo> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        DropAbandoned();
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        foreach (var file in new DirectoryInfo(_root).EnumerateFiles("*", options))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (ArtifactKey.IsValid(file.Name) && file.Exists) yield return Describe(file);
        }
    }

    /// <inheritdoc />
    public Task<bool> DeleteAsync(string key, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        var doomed = Temporary();
        try
        {
            // Looking and deleting are two steps: the file is moved aside first, where nobody can make it young any more.
            File.Move(path, doomed);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult(false);
        }

        if (File.GetLastWriteTimeUtc(doomed) < before.UtcDateTime)
        {
            File.Delete(doomed);
            return Task.FromResult(true);
        }

        File.Move(doomed, path, overwrite: true);
        return Task.FromResult(false);
    }

    private static ArtifactInfo Describe(FileInfo file) => new(file.Name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));

    private string Temporary() => Path.Combine(_incoming, Guid.NewGuid().ToString("N"));

    private void DropAbandoned()
    {
        var before = _time.GetUtcNow() - AbandonedAfter;
        foreach (var file in new DirectoryInfo(_incoming).EnumerateFiles())
        {
            if (file.Exists && file.LastWriteTimeUtc < before.UtcDateTime) file.Delete();
        }
    }

    private static async Task<string> WriteAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            file.Flush(flushToDisk: true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private void Publish(string temporary, string key)
    {
        var target = PathOf(key);
        if (TryTouch(target)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.SetLastWriteTimeUtc(temporary, _time.GetUtcNow().UtcDateTime);
        // Two writers of the same content: whoever renames last replaces bytes by the same bytes.
        File.Move(temporary, target, overwrite: true);
    }

    /// <summary>False when there is no such file, so that it has to be written.</summary>
    private bool TryTouch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, _time.GetUtcNow().UtcDateTime);
            // The time may have been set on a file that was just moved aside by its old one; then it has to be written again.
            return File.Exists(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private string PathOf(string key)
    {
        ArtifactKey.Require(key);
        return Path.Combine(_root, key[..2], key[2..4], key);
    }
}
