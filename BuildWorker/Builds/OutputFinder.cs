using Platform.BuildWorker.Detection;

namespace Platform.BuildWorker.Builds;

/// <summary>The output of a build.</summary>
/// <param name="Directory">Relative to the project.</param>
/// <param name="Reason">How it was found, when not in the expected place.</param>
internal sealed record FoundOutput(string Directory, string? Reason);

/// <summary>
/// Finds what a build has made by comparing the tree before and after it: a page that was there before and has not been written is no output,
/// however the directory is called.
/// </summary>
internal sealed class OutputFinder
{
    private const string Page = "index.html";
    private const int MaxDirectories = 50_000;

    // Whatever lies deeper than a path can say is no site.
    private const int MaxPath = 2000;

    private readonly string _project;
    private readonly Dictionary<string, (DateTime Written, long Size)> _before;

    private OutputFinder(string project) => (_project, _before) = (project, Pages(project));

    /// <summary>Looks at the tree before the build.</summary>
    public static OutputFinder Before(string app, string rootDir) => new(Path.TrimEndingDirectorySeparator(Path.Combine(app, rootDir)));

    /// <summary>Looks again, when nothing of the build runs any more.</summary>
    /// <exception cref="BuildFailureException">There is none.</exception>
    public FoundOutput Find(BuildPlan plan)
    {
        if (plan.OutputIsChosen) return FindChosen(plan.OutputCandidates[0]);
        var made = Pages(_project).Where(page => !_before.TryGetValue(page.Key, out var old) || old != page.Value).Select(page => page.Key).ToHashSet();
        if (plan.OutputCandidates.FirstOrDefault(made.Contains) is { } expected) return new FoundOutput(expected, null);
        // The least deep one: a site has pages in its directories, too.
        var other = made.OrderBy(path => path.Count(letter => letter == '/')).ThenBy(path => path, StringComparer.Ordinal).FirstOrDefault();
        return other is not null ? new FoundOutput(other, $"The build wrote {BuildPaths.Join(other, Page)}, which it had not before: this is taken for the output") : throw Missing(plan);
    }

    private FoundOutput FindChosen(string directory)
    {
        var path = Path.Combine(_project, directory);
        if ((directory.Length == 0 || PlainPath.Exists(_project, directory)) && Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            return new FoundOutput(directory, null);
        throw new BuildFailureException(
            FailureCode.NoOutput, $"The build made no output in {directory}.", "Correct the output directory in the project's settings, or leave it empty to have it found.");
    }

    private BuildFailureException Missing(BuildPlan plan)
    {
        if (plan.ServerSuspicion is { } suspicion)
            return new BuildFailureException(FailureCode.ServerOnly, $"The build made no page. {suspicion}", "Only static sites can be deployed.");
        if (PlainPath.Exists(_project, ".next/server") || PlainPath.Exists(_project, ".output/server") || PlainPath.Exists(_project, "build/server"))
            return new BuildFailureException(FailureCode.ServerOnly, "The build made a server and no pages.", "Configure the framework to export static files.");
        var written = plan.OutputCandidates.FirstOrDefault(
            candidate => candidate.Length > 0 && PlainPath.Exists(_project, candidate) && Directory.Exists(Path.Combine(_project, candidate)) && Directory.EnumerateFileSystemEntries(Path.Combine(_project, candidate)).Any());
        return written is null
            ? new BuildFailureException(FailureCode.NoOutput, $"The build made no page: no {Page} was written anywhere.", "Check what the build command writes, and set the output directory in the project's settings.")
            : new BuildFailureException(FailureCode.NoOutput, $"The build wrote no {Page}; there are other files in {written}/.", "A site needs an index.html in its output directory.");
    }

    /// <summary>The directories that hold a page, relative to the project.</summary>
    private static Dictionary<string, (DateTime Written, long Size)> Pages(string project)
    {
        var pages = new Dictionary<string, (DateTime, long)>(StringComparer.Ordinal);
        var waiting = new Stack<string>([project]);
        for (var seen = 0; seen < MaxDirectories && waiting.TryPop(out var directory); seen++)
        {
            try
            {
                var page = new FileInfo(Path.Combine(directory, Page));
                if (page.Exists && page.LinkTarget is null)
                    pages[directory == project ? "" : Path.GetRelativePath(project, directory).Replace('\\', '/')] = (page.LastWriteTimeUtc, page.Length);
                foreach (var inner in new DirectoryInfo(directory).EnumerateDirectories("*", new EnumerationOptions { AttributesToSkip = FileAttributes.None }))
                {
                    if (directory.Length < MaxPath && inner.LinkTarget is null && inner.Name is not ("node_modules" or ".git" or ".cache" or "coverage")) waiting.Push(Path.Combine(directory, inner.Name));
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Closed: no place for a site.
                continue;
            }
        }

        return pages;
    }
}
