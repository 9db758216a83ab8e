using System.Formats.Tar;
using System.Runtime.CompilerServices;

namespace Platform.BuildWorker.Publishing;

/// <summary>Reads output from where it lies.</summary>
internal static class OutputReaders
{
    /// <summary>Files of a checked-out directory; what starts with a dot is the repository's own business, <c>.well-known</c> is not.</summary>
    public static async IAsyncEnumerable<OutputFile> FromDirectoryAsync(string root, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        root = Path.GetFullPath(root);
        foreach (var entry in Walk(new DirectoryInfo(root)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var path = Path.GetRelativePath(root, entry.FullName);
            if (entry.LinkTarget is { } target)
            {
                yield return new OutputFile(path, null, OutputPath.ResolveLink(path, target));
                continue;
            }

            await using var content = new FileStream(entry.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous);
            yield return new OutputFile(path, content, null);
        }
    }

    /// <summary>Files of an archive of one directory, whose entries all start with that directory's name.</summary>
    public static async IAsyncEnumerable<OutputFile> FromTarAsync(Stream tar, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = new TarReader(tar, leaveOpen: true);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            var name = entry.Name.TrimStart('.', '/');
            var cut = name.IndexOf('/', StringComparison.Ordinal);
            var path = cut < 0 ? "" : name[(cut + 1)..];
            if (path.Length == 0) continue;
            if (entry.EntryType is TarEntryType.SymbolicLink) yield return new OutputFile(path, null, OutputPath.ResolveLink(path, entry.LinkName));
            else if (entry.EntryType is TarEntryType.HardLink) yield return new OutputFile(path, null, OutputPath.WithoutFirst(entry.LinkName));
            else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile) yield return new OutputFile(path, entry.DataStream ?? Stream.Null, null);
        }
    }

    private static IEnumerable<FileInfo> Walk(DirectoryInfo directory)
    {
        var options = new EnumerationOptions { AttributesToSkip = FileAttributes.None };
        foreach (var entry in directory.EnumerateFileSystemInfos("*", options).OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            if ((entry.Name.StartsWith('.') && entry.Name != ".well-known") || entry.Name == "node_modules") continue;
            if (entry.LinkTarget is not null || entry is FileInfo) yield return new FileInfo(entry.FullName);
            else foreach (var inner in Walk((DirectoryInfo)entry)) yield return inner;
        }
    }
}
