using System.Buffers;
using System.Security.Cryptography;

namespace Platform.Core.Artifacts;

/// <summary>Keeps content as files <c>ab/cd/abcd…</c>: written beside, flushed to disk and renamed, so that a name always means complete content.</summary>
public sealed class DiskArtifactStore : IArtifactStore
{
    private const int BufferSize = 128 * 1024;
    private readonly string _root;
    private readonly string _incoming;

    public DiskArtifactStore(string root)
    {
        _root = Path.GetFullPath(root);
        _incoming = Path.Combine(_root, "incoming");
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
        var target = PathOf(key);
        if (File.Exists(target)) return;
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
    public Task<Stream?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        if (!File.Exists(path)) return Task.FromResult<Stream?>(null);
        try
        {
            return Task.FromResult<Stream?>(new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous));
        }
        catch (FileNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc />
    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        var path = PathOf(key);
        if (File.Exists(path)) File.Delete(path);
        return Task.CompletedTask;
    }

    private string Temporary() => Path.Combine(_incoming, Guid.NewGuid().ToString("N"));

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
        if (File.Exists(target)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        // Two writers of the same content: whoever renames last replaces bytes by the same bytes.
        File.Move(temporary, target, overwrite: true);
    }

    private string PathOf(string key)
    {
        // Keys come from manifests and hashes; anything else must not become a path.
        if (key.Length < 64 || !key.AsSpan(0, 64).ContainsOnlyHex() || key.AsSpan(64) is not ("" or ".br" or ".gz"))
            throw new ArgumentException($"Not a key of the artifact store: {key}", nameof(key));
        return Path.Combine(_root, key[..2], key[2..4], key);
    }
}

file static class KeyCharacters
{
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    public static bool ContainsOnlyHex(this ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Hex);
}
