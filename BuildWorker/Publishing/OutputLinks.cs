using Platform.BuildWorker.Builds;

namespace Platform.BuildWorker.Publishing;

/// <summary>A link inside the output is published as a copy of what it names, a file or a directory: in the store it costs nothing.</summary>
internal static class OutputLinks
{
    // As many as a kernel follows.
    private const int LongestChain = 40;

    /// <param name="links">Paths, and the paths that they name; null: it leads out of the output.</param>
    /// <param name="files">Gets what the links lead to. Those that lead in a circle, or to nothing, are left away.</param>
    /// <param name="most">Where files are more than this, nothing more is added.</param>
    /// <exception cref="BuildFailureException">A link leads out of the output.</exception>
    public static void Resolve(IReadOnlyList<(string Path, string? Target)> links, Dictionary<string, (string Sha256, long Size)> files, int most)
    {
        foreach (var (path, target) in links)
        {
            if (target is null)
                throw new BuildFailureException(FailureCode.OutputRefused, $"The link {path} in the output leads out of it.", "Copy the file instead of linking it.");
        }

        var left = links.ToList();
        // A directory is copied when all links in it are; when nothing else is to be done, without those that lead nowhere.
        for (var (round, isPatient) = (0, true); left.Count > 0 && round < LongestChain; round++)
        {
            var before = left.Count;
            left = ResolveOnce(left, files, isPatient, most);
            if (left.Count == before && !isPatient) return;
            isPatient = left.Count < before;
        }
    }

    private static List<(string Path, string? Target)> ResolveOnce(List<(string Path, string? Target)> links, Dictionary<string, (string, long)> files, bool isPatient, int most)
    {
        var directories = DirectoriesOf(files.Keys);
        var unfinished = isPatient ? DirectoriesOf(links.Select(link => link.Path)) : [];
        var left = new List<(string, string?)>();
        foreach (var (path, target) in links)
        {
            if (files.TryGetValue(target!, out var file)) files[path] = file;
            else if (files.Count > most || !directories.Contains(target!) || unfinished.Contains(target!) || (path + "/").StartsWith(target + "/", StringComparison.Ordinal)) left.Add((path, target));
            else foreach (var (inner, value) in files.Where(entry => entry.Key.StartsWith(target + "/", StringComparison.Ordinal)).ToArray()) files[path + inner[target!.Length..]] = value;
        }

        return left;
    }

    private static HashSet<string> DirectoriesOf(IEnumerable<string> paths)
    {
        var directories = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            for (var cut = path.LastIndexOf('/'); cut > 0; cut = path.LastIndexOf('/', cut - 1))
            {
                if (!directories.Add(path[..cut])) break;
            }
        }

        return directories;
    }
}
