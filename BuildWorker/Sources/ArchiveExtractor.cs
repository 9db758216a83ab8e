using System.Formats.Tar;
using System.IO.Compression;
using Platform.BuildWorker.Builds;
using Platform.Core.Deployments;

namespace Platform.BuildWorker.Sources;

/// <summary>How much an archive may hold.</summary>
/// <param name="Bytes">All files together.</param>
/// <param name="Files">Files and directories.</param>
internal sealed record ArchiveLimits(long Bytes, int Files);

/// <summary>
/// Unpacks an uploaded archive. It writes plain files and directories below its target and nothing else; sizes are counted while they are
/// written, because what an archive says about itself can be a lie.
/// </summary>
internal sealed class ArchiveExtractor(string target, ArchiveLimits limits)
{
    // Text compresses to a tenth; a thousandth is a bomb.
    private const int MaxRatio = 300;
    private const long RatioFrom = 16L * 1024 * 1024;
    private const UnixFileMode ExecuteBits = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const int ZipExecutable = 0b001_000_000 << 16;
    private const int ZipTypeMask = 0xF000 << 16;
    private const uint ZipLink = 0xA000u << 16;

    private readonly string _target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
    private long _bytes;
    private long _streamed;
    private int _entries;
    private long _compressed;

    /// <exception cref="BuildFailureException">The archive is broken, too large, or wants to write elsewhere.</exception>
    public async Task ExtractAsync(Stream archive, CancellationToken cancellationToken)
    {
        _compressed = archive.Length;
        Directory.CreateDirectory(_target);
        try
        {
            switch (await SourceArchiveFormat.ReadAsync(archive, cancellationToken))
            {
                case SourceArchiveKind.Zip:
                    await ExtractZipAsync(archive, cancellationToken);
                    break;
                case SourceArchiveKind.TarGz:
                    await ExtractTarAsync(archive, cancellationToken);
                    break;
                default:
                    throw Broken("it is neither a zip file nor a gzip-compressed tar file");
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException or FormatException or NotSupportedException)
        {
            throw Broken(exception.Message, exception);
        }

        Unwrap();
    }

    private async Task ExtractZipAsync(Stream archive, CancellationToken cancellationToken)
    {
        await using var zip = await ZipArchive.CreateAsync(archive, ZipArchiveMode.Read, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        foreach (var entry in zip.Entries)
        {
            if (((uint)entry.ExternalAttributes & ZipTypeMask) == ZipLink) throw Refused($"{entry.FullName} is a link");
            if (entry.IsEncrypted) throw Refused($"{entry.FullName} is encrypted");
            if (entry.FullName.EndsWith('/'))
            {
                AddDirectory(entry.FullName);
                continue;
            }

            await using var content = await entry.OpenAsync(cancellationToken);
            await AddFileAsync(entry.FullName, content, (entry.ExternalAttributes & ZipExecutable) != 0, cancellationToken);
        }
    }

    private async Task ExtractTarAsync(Stream archive, CancellationToken cancellationToken)
    {
        await using var unzipped = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
        await using var counted = new CountedStream(unzipped, bytes => Count(ref _streamed, bytes));
        await using var tar = new TarReader(counted);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    AddDirectory(entry.Name);
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    await AddFileAsync(entry.Name, entry.DataStream ?? Stream.Null, entry.Mode.HasFlag(UnixFileMode.UserExecute), cancellationToken);
                    break;
                case TarEntryType.GlobalExtendedAttributes or TarEntryType.ExtendedAttributes:
                    break;
                default:
                    throw Refused($"{entry.Name} is a link or a device");
            }
        }
    }

    private void AddDirectory(string name)
    {
        CountEntry();
        var path = PathOf(name);
        if (!IsHistory(name)) Directory.CreateDirectory(path);
    }

    private async Task AddFileAsync(string name, Stream content, bool executable, CancellationToken cancellationToken)
    {
        CountEntry();
        var path = PathOf(name);
        if (path == _target) throw Refused($"{name} is no name of a file");
        if (IsHistory(name)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (File.Exists(path) || Directory.Exists(path)) throw Refused($"{name} is there twice");
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            Count(ref _bytes, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        if (executable && !OperatingSystem.IsWindows()) File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(file.SafeFileHandle) | ExecuteBits);
    }

    private void CountEntry()
    {
        if (++_entries > limits.Files) throw Refused($"it holds more than {limits.Files} files");
    }

    private void Count(ref long total, int bytes)
    {
        total += bytes;
        // Headers of a tar come on top.
        if (total > limits.Bytes + (limits.Files * 1024L)) throw Refused($"it unpacks to more than {limits.Bytes / (1024 * 1024)} MiB");
        if (total > RatioFrom && total > _compressed * MaxRatio) throw Refused("it unpacks to far more than it is large");
    }

    /// <summary>Some tools pack the history, too; nothing here reads it, and its settings must not reach git.</summary>
    private static bool IsHistory(string name) => name.Split('/').Any(part => part.Equals(".git", StringComparison.OrdinalIgnoreCase));

    /// <summary>Where an entry goes.</summary>
    private string PathOf(string name)
    {
        if (name.Length > 1024 || name.Contains('\\', StringComparison.Ordinal) || name.Any(char.IsControl)) throw Refused("a name in it is not acceptable");
        if (name.StartsWith('/') || (name.Length > 1 && name[1] == ':')) throw Refused($"{name} is an absolute path");
        var parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToArray();
        if (parts.Contains("..")) throw Refused($"{name} leads out of it");
        if (parts.Length > 64 || parts.Any(part => part.Length > 255)) throw Refused("a path in it is too long");
        return parts.Length == 0 ? _target : Path.Combine(_target, string.Join(Path.DirectorySeparatorChar, parts));
    }

    /// <summary>Archives of a folder have everything in one: that folder becomes the root, unless it is a site's own.</summary>
    private void Unwrap()
    {
        // What macOS adds to every zip file.
        var resources = Path.Combine(_target, "__MACOSX");
        if (Directory.Exists(resources)) Directory.Delete(resources, recursive: true);
        if (Directory.GetFileSystemEntries(_target) is not [var only] || !Directory.Exists(only)) return;
        var inner = _target + "-inner";
        Directory.Move(only, inner);
        Directory.Delete(_target);
        Directory.Move(inner, _target);
    }

    private static BuildFailureException Refused(string why) =>
        new(FailureCode.ArchiveRefused, $"The uploaded archive is refused: {why}.", "Upload a zip or tar.gz file of the project's own files, without links and installed packages.");

    private static BuildFailureException Broken(string why, Exception? inner = null) =>
        new(FailureCode.ArchiveBroken, $"The uploaded archive cannot be read: {why.TrimEnd('.')}.", "Upload a zip or tar.gz file.", inner);

    /// <summary>Tells how much was read.</summary>
    private sealed class CountedStream(Stream inner, Action<int> count) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int length) => Counted(inner.Read(buffer, offset, length));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Counted(await inner.ReadAsync(buffer, cancellationToken));

        public override Task<int> ReadAsync(byte[] buffer, int offset, int length, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, length), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int length) => throw new NotSupportedException();

        private int Counted(int read)
        {
            count(read);
            return read;
        }
    }
}
