using System.Formats.Tar;
using Platform.BuildWorker.Builds;

namespace Platform.BuildWorker.Sources;

/// <summary>A checked-out directory: checked before anything reads it, and sent to a build container as an archive.</summary>
internal sealed class SourceTree(string root)
{
    private const int BuildUser = 1000;
    private const UnixFileMode DirectoryMode = (UnixFileMode)0b111_101_101;
    private const UnixFileMode FileMode = (UnixFileMode)0b110_100_100;
    private const UnixFileMode Execute = (UnixFileMode)0b001_001_001;

    public string Root { get; } = root;

    /// <summary>The directory of the project in it.</summary>
    /// <exception cref="BuildFailureException">There is none.</exception>
    public string Enter(string rootDir)
    {
        var directory = Path.Combine(Root, rootDir);
        for (var part = directory; part.Length > Root.Length; part = Path.GetDirectoryName(part)!)
        {
            if (new DirectoryInfo(part).LinkTarget is not null)
                throw new BuildFailureException(FailureCode.SourceRefused, $"The root directory {rootDir} is a symbolic link.");
        }

        return Directory.Exists(directory)
            ? directory
            : throw new BuildFailureException(
                FailureCode.CloneFailed, $"The repository has no directory {rootDir}.", "Check the root directory in the project's settings.");
    }

    /// <summary>Refuses links that lead out of the tree and trees that are too large.</summary>
    /// <returns>Bytes of all files.</returns>
    public long Check(long maxBytes)
    {
        long total = 0;
        foreach (var entry in Walk(new DirectoryInfo(Root)))
        {
            if (entry.LinkTarget is { } target)
            {
                if (!StaysInside(entry.FullName, target))
                    throw new BuildFailureException(FailureCode.SourceRefused, $"The link {Relative(entry)} leads out of the repository.", "Remove the link.");
            }
            else if (entry is FileInfo file && (total += file.Length) > maxBytes)
            {
                throw new BuildFailureException(
                    FailureCode.SourceRefused, $"The repository is larger than {maxBytes / (1024 * 1024)} MiB.", "Remove large files from the branch.");
            }
        }

        return total;
    }

    /// <summary>Writes the tree as a tar archive whose entries belong to the user of the build.</summary>
    public async Task WriteTarAsync(Stream destination, CancellationToken cancellationToken)
    {
        await using var writer = new TarWriter(destination, TarEntryFormat.Pax, leaveOpen: true);
        foreach (var entry in Walk(new DirectoryInfo(Root)))
        {
            await using var content = entry is FileInfo && entry.LinkTarget is null ? File.OpenRead(entry.FullName) : null;
            await writer.WriteEntryAsync(Describe(entry, content), cancellationToken);
        }
    }

    private PaxTarEntry Describe(FileSystemInfo entry, Stream? content)
    {
        var type = entry.LinkTarget is not null ? TarEntryType.SymbolicLink : entry is DirectoryInfo ? TarEntryType.Directory : TarEntryType.RegularFile;
        var described = new PaxTarEntry(type, Relative(entry))
        {
            Uid = BuildUser,
            Gid = BuildUser,
            Mode = type == TarEntryType.RegularFile ? FileMode | (entry.UnixFileMode & Execute) : DirectoryMode,
            ModificationTime = new DateTimeOffset(entry.LastWriteTimeUtc),
        };
        if (type == TarEntryType.SymbolicLink) described.LinkName = entry.LinkTarget!;
        if (content is not null) described.DataStream = content;
        return described;
    }

    private bool StaysInside(string link, string target)
    {
        // "a/.." leads elsewhere than its text says when a is a link: upwards is allowed at the beginning only.
        var parts = target.Split('/', StringSplitOptions.RemoveEmptyEntries).SkipWhile(part => part is ".." or ".");
        if (Path.IsPathRooted(target) || parts.Contains("..")) return false;
        var resolved = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(link)!, target));
        return resolved == Root || resolved.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    private string Relative(FileSystemInfo entry) => Path.GetRelativePath(Root, entry.FullName).Replace('\\', '/');

    private static IEnumerable<FileSystemInfo> Walk(DirectoryInfo directory)
    {
        foreach (var entry in directory.EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }))
        {
            yield return entry;
            if (entry is not DirectoryInfo inner || inner.LinkTarget is not null) continue;
            foreach (var nested in Walk(inner)) yield return nested;
        }
    }
}
