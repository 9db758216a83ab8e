using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Core;

namespace Platform.BuildWorker.Builds;

/// <summary>Whose cache: a preview never writes what production reads.</summary>
internal readonly record struct CacheScope(Guid ProjectId, string Trust);

/// <summary>
/// What builds leave for the next one: directories that are renamed into a build and back, so that neither their size nor a second build at the
/// same time matters. Whoever takes an entry has it alone; a build that dies takes it along. Paths that a build has written are touched only
/// when none of its processes lives, and only where no part of the path is a link.
/// </summary>
internal sealed partial class BuildCache(IOptions<BuildOptions> options, IHostEnvironment environment, BuildWorkspace workspace, TimeProvider time, ILogger<BuildCache> logger) : IDisposable
{
    private const string Data = "data";
    private const string Map = "map";
    private const string Size = "size";

    private readonly string _root = options.Value.CachePath is { Length: > 0 } path
        ? InstallationRoot.Resolve(environment.ContentRootPath, path)
        : workspace.Root + "-cache";

    private readonly SemaphoreSlim _tidying = new(1, 1);

    public bool IsEnabled => options.Value.CacheLimitBytes > 0;

    /// <summary>Moves an entry's directories to their places below <paramref name="directory"/>; what has a place already stays away.</summary>
    /// <param name="scope">Whose entry.</param>
    /// <param name="name">Which one.</param>
    /// <param name="build">Who takes it.</param>
    /// <param name="directory">Where its paths begin.</param>
    /// <param name="created">Gets the directories that had to be made on the way; they belong to this process.</param>
    /// <param name="place">Where a path of the entry goes, relative to <paramref name="directory"/>; null: nowhere.</param>
    /// <returns>True when everything found its place.</returns>
    public bool Take(CacheScope scope, string name, WorkDirectory build, string directory, ICollection<string> created, Func<string, string?>? place = null)
    {
        var entry = PathOf(scope, name);
        if (!IsEnabled || !Directory.Exists(entry)) return false;
        var taken = Path.Combine(build.Path, $"taken-{name}");
        try
        {
            Directory.Move(entry, taken);
            var complete = true;
            var paths = File.ReadAllLines(Path.Combine(taken, Map));
            for (var i = 0; i < paths.Length; i++)
            {
                var target = place is null ? paths[i] : place(paths[i]);
                complete &= target is not null && TryMove(Path.Combine(taken, Data, Number(i)), directory, target, created);
            }

            return complete;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another build was faster, or the disk has a problem: it is only a cache.
            Log.NotTaken(logger, name, exception.Message);
            return false;
        }
    }

    /// <summary>Makes an entry of the given paths below a directory of a build that has ended; those that are missing are left out.</summary>
    public void Put(CacheScope scope, string name, WorkDirectory build, string directory, IReadOnlyList<string> paths)
    {
        if (!IsEnabled) return;
        var prepared = Path.Combine(build.Path, $"put-{name}");
        try
        {
            Directory.CreateDirectory(Path.Combine(prepared, Data));
            var moved = new List<string>();
            foreach (var path in paths.Where(path => PlainPath.Exists(directory, path)))
            {
                Move(Path.Combine(directory, path), Path.Combine(prepared, Data, Number(moved.Count)));
                moved.Add(path);
            }

            if (moved.Count == 0) return;
            File.WriteAllLines(Path.Combine(prepared, Map), moved);
            var entry = PathOf(scope, name);
            Directory.CreateDirectory(Path.GetDirectoryName(entry)!);
            workspace.Discard(entry);
            Directory.Move(prepared, entry);
            Directory.SetLastWriteTimeUtc(entry, time.GetUtcNow().UtcDateTime);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotKept(logger, name, exception.Message);
        }
    }

    /// <summary>The projects that have caches here.</summary>
    public IReadOnlyList<Guid> List() => Directory.Exists(_root)
        ? [.. Directory.EnumerateDirectories(_root).Select(Path.GetFileName).Where(name => Guid.TryParseExact(name, "N", out _)).Select(name => Guid.ParseExact(name!, "N"))]
        : [];

    /// <summary>Makes all caches of a project vanish.</summary>
    public void Remove(Guid projectId) => workspace.Discard(Path.Combine(_root, projectId.ToString("N")));

    /// <summary>Deletes the entries that were used longest ago until both limits hold.</summary>
    public async Task TidyAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_root)) return;
        await _tidying.WaitAsync(cancellationToken);
        try
        {
            var entries = new List<(string Path, string Project, long Bytes, DateTime UsedAt)>();
            foreach (var path in Directory.EnumerateDirectories(_root).SelectMany(Directory.EnumerateDirectories).SelectMany(Directory.EnumerateDirectories))
            {
                var project = Path.GetRelativePath(_root, path).Split(Path.DirectorySeparatorChar)[0];
                if (await SizeOfAsync(path, cancellationToken) is { } bytes) entries.Add((path, project, bytes, Directory.GetLastWriteTimeUtc(path)));
            }

            entries.Sort((left, right) => right.UsedAt.CompareTo(left.UsedAt));
            var total = 0L;
            var perProject = new Dictionary<string, long>();
            foreach (var (path, project, bytes, _) in entries)
            {
                var ofProject = perProject.GetValueOrDefault(project);
                if (total + bytes > options.Value.CacheLimitBytes || ofProject + bytes > options.Value.CacheProjectLimitBytes)
                {
                    workspace.Discard(path);
                    continue;
                }

                total += bytes;
                perProject[project] = ofProject + bytes;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A build took an entry meanwhile: the next one tidies up.
            Log.NotTidied(logger, exception.Message);
        }
        finally
        {
            _tidying.Release();
        }
    }

    public void Dispose() => _tidying.Dispose();

    private static async Task<long?> SizeOfAsync(string entry, CancellationToken cancellationToken)
    {
        var file = Path.Combine(entry, Size);
        if (File.Exists(file) && long.TryParse(await File.ReadAllTextAsync(file, cancellationToken), NumberStyles.None, CultureInfo.InvariantCulture, out var known)) return known;
        var usedAt = Directory.GetLastWriteTimeUtc(entry);
        var bytes = await HostTool.MeasureAsync([entry], entries: false, cancellationToken) * 1024;
        if (!Directory.Exists(entry)) return null;
        await File.WriteAllTextAsync(file, bytes.ToString(CultureInfo.InvariantCulture), cancellationToken);
        // Writing the file is no use of the entry.
        Directory.SetLastWriteTimeUtc(entry, usedAt);
        return bytes;
    }

    private static bool TryMove(string source, string directory, string target, ICollection<string> created)
    {
        if (PlainPath.Exists(directory, target) || !PlainPath.CanCreate(directory, target)) return false;
        var path = Path.Combine(directory, target);
        for (var parent = Path.GetDirectoryName(path)!; !Directory.Exists(parent); parent = Path.GetDirectoryName(parent)!) created.Add(parent);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Move(source, path);
        return true;
    }

    private static void Move(string source, string target)
    {
        if (Directory.Exists(source)) Directory.Move(source, target);
        else File.Move(source, target);
    }

    private string PathOf(CacheScope scope, string name) => Path.Combine(_root, scope.ProjectId.ToString("N"), scope.Trust, name);

    private static string Number(int index) => index.ToString(CultureInfo.InvariantCulture);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The cache {Name} could not be used: {Reason}")]
        public static partial void NotTaken(ILogger logger, string name, string reason);

        [LoggerMessage(2, LogLevel.Warning, "The cache {Name} could not be kept: {Reason}")]
        public static partial void NotKept(ILogger logger, string name, string reason);

        [LoggerMessage(3, LogLevel.Information, "The caches could not be tidied up: {Reason}")]
        public static partial void NotTidied(ILogger logger, string reason);
    }
}
