using System.Globalization;
using Microsoft.Extensions.Options;

namespace Platform.Core.Deployments;

/// <summary>Uploaded sources: a zip or tar.gz file each, kept where the Api that takes it and the worker that builds it both see it.</summary>
public interface ISourceArchives
{
    /// <summary>Stores an upload.</summary>
    /// <returns>Its id: the source of a deployment is then <c>archive:&lt;id&gt;</c>.</returns>
    /// <exception cref="SourceArchiveException">It is empty, too large, or neither a zip nor a gzip file.</exception>
    Task<Guid> PutAsync(Guid ownerId, Stream content, CancellationToken cancellationToken);

    /// <summary>Opens an upload of this owner, or null when there is none. The stream can seek.</summary>
    Task<Stream?> OpenAsync(Guid ownerId, Guid id, CancellationToken cancellationToken);

    /// <summary>Gives another owner the same upload under the same id; nothing happens when there is none, or when they have it.</summary>
    Task CopyAsync(Guid fromOwnerId, Guid toOwnerId, Guid id, CancellationToken cancellationToken);

    /// <summary>Removes an upload; nothing happens when there is none.</summary>
    Task DeleteAsync(Guid ownerId, Guid id, CancellationToken cancellationToken);

    /// <summary>Removes all uploads of an owner.</summary>
    Task DeleteAllAsync(Guid ownerId, CancellationToken cancellationToken);

    /// <summary>Bytes of an owner's uploads together, those that are just arriving included.</summary>
    Task<long> GetSizeAsync(Guid ownerId, CancellationToken cancellationToken);

    /// <summary>Removes uploads that are older.</summary>
    /// <returns>How many.</returns>
    Task<int> DeleteOlderAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>An upload is refused; the message is for people.</summary>
public sealed class SourceArchiveException(string message) : Exception(message);

/// <summary>Keeps uploads as files <c>owner/id</c>: written beside and renamed, so that a name always means a complete upload.</summary>
public sealed class DiskSourceArchives(IOptions<SourceOptions> options) : ISourceArchives
{
    private const string Incoming = ".incoming";

    /// <inheritdoc />
    public async Task<Guid> PutAsync(Guid ownerId, Stream content, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid();
        var temporary = Path.Combine(Directory.CreateDirectory(PathOf(ownerId)).FullName, id.ToString("N", CultureInfo.InvariantCulture) + Incoming);
        try
        {
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.Asynchronous))
            {
                await CopyAsync(content, file, cancellationToken);
                file.Position = 0;
                if (await SourceArchiveFormat.ReadAsync(file, cancellationToken) == SourceArchiveKind.Unknown)
                    throw new SourceArchiveException("The upload is neither a zip file nor a gzip-compressed tar file.");
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, PathOf(ownerId, id));
            return id;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <inheritdoc />
    public Task<Stream?> OpenAsync(Guid ownerId, Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(new FileStream(
                PathOf(ownerId, id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 64 * 1024, FileOptions.Asynchronous));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    /// <inheritdoc />
    public async Task CopyAsync(Guid fromOwnerId, Guid toOwnerId, Guid id, CancellationToken cancellationToken)
    {
        if (File.Exists(PathOf(toOwnerId, id)) || await OpenAsync(fromOwnerId, id, cancellationToken) is not { } content) return;
        await using var source = content;
        var temporary = Path.Combine(Directory.CreateDirectory(PathOf(toOwnerId)).FullName, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture) + Incoming);
        try
        {
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous))
            {
                await source.CopyToAsync(file, 128 * 1024, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            // It gets no younger by being handed over.
            File.SetLastWriteTimeUtc(temporary, File.GetLastWriteTimeUtc(PathOf(fromOwnerId, id)));
            File.Move(temporary, PathOf(toOwnerId, id), overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <inheritdoc />
    public Task DeleteAsync(Guid ownerId, Guid id, CancellationToken cancellationToken)
    {
        var path = PathOf(ownerId, id);
        if (File.Exists(path)) File.Delete(path);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task DeleteAllAsync(Guid ownerId, CancellationToken cancellationToken)
    {
        var path = PathOf(ownerId);
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task<long> GetSizeAsync(Guid ownerId, CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(PathOf(ownerId));
        // What vanishes while it is counted has no length any more.
        return Task.FromResult(folder.Exists ? folder.EnumerateFiles().Sum(file => file.Exists ? file.Length : 0) : 0);
    }

    /// <inheritdoc />
    public Task<int> DeleteOlderAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(options.Value.ArchivePath)) return Task.FromResult(0);
        var deleted = 0;
        // Uploads that broke off are among them.
        foreach (var file in Directory.EnumerateFiles(options.Value.ArchivePath, "*", SearchOption.AllDirectories))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (File.GetLastWriteTimeUtc(file) >= before.UtcDateTime) continue;
            File.Delete(file);
            deleted++;
        }

        return Task.FromResult(deleted);
    }

    private async Task CopyAsync(Stream content, FileStream file, CancellationToken cancellationToken)
    {
        var buffer = new byte[128 * 1024];
        var total = 0L;
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            total += read;
            if (total > options.Value.MaxArchiveBytes)
                throw new SourceArchiveException($"The upload is larger than {options.Value.MaxArchiveBytes / (1024 * 1024)} MiB.");
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        if (total == 0) throw new SourceArchiveException("The upload is empty.");
    }

    private string PathOf(Guid ownerId) => Path.Combine(options.Value.ArchivePath, ownerId.ToString("N", CultureInfo.InvariantCulture));

    private string PathOf(Guid ownerId, Guid id) => Path.Combine(PathOf(ownerId), id.ToString("N", CultureInfo.InvariantCulture));
}

/// <summary>The kinds of uploaded archives.</summary>
public enum SourceArchiveKind
{
    /// <summary>Something else.</summary>
    Unknown,

    /// <summary>A zip file.</summary>
    Zip,

    /// <summary>A tar file, compressed by gzip.</summary>
    TarGz,
}

/// <summary>Tells archives by their first bytes; names can say anything.</summary>
public static class SourceArchiveFormat
{
    /// <summary>Reads the beginning of the stream and goes back to it.</summary>
    public static async Task<SourceArchiveKind> ReadAsync(Stream content, CancellationToken cancellationToken)
    {
        var start = new byte[4];
        var read = await content.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
        content.Position = 0;
        return start.AsSpan(0, read) switch
        {
            [0x50, 0x4B, 0x03, 0x04] or [0x50, 0x4B, 0x05, 0x06] => SourceArchiveKind.Zip,
            [0x1F, 0x8B, ..] => SourceArchiveKind.TarGz,
            _ => SourceArchiveKind.Unknown,
        };
    }
}
