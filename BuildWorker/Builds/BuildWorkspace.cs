using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Core;
using Platform.Core.Containers;

namespace Platform.BuildWorker.Builds;

/// <summary>
/// Directories of running builds. Each is put away with its build; what a killed worker left is put away with the next attempt, or once the
/// deployment has ended. Putting away is a rename, so that nobody waits for the deletion of many files.
/// </summary>
internal sealed partial class BuildWorkspace(
    IOptions<BuildOptions> options, IHostEnvironment environment, WorkerIdentity identity, TimeProvider time, ILogger<BuildWorkspace> logger)
{
    private const string Owner = "owner";
    private const string TrashPrefix = "trash-";
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);
    private readonly string _root = InstallationRoot.Resolve(environment.ContentRootPath, options.Value.WorkPath);

    /// <summary>The file system of all builds.</summary>
    public string Root => _root;

    public WorkDirectory Create(Guid deploymentId)
    {
        Remove(deploymentId);
        // A name of its own for every attempt: one that has lost its lease must not put away the directory of the next.
        var directory = Directory.CreateDirectory(Path.Combine(_root, $"{deploymentId:N}.{Guid.NewGuid():N}"));
        if (!OperatingSystem.IsWindows()) directory.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        File.WriteAllText(Path.Combine(directory.FullName, Owner), identity.Name);
        return new WorkDirectory(directory.FullName);
    }

    /// <summary>Puts the directories of all attempts of a deployment away.</summary>
    public void Remove(Guid deploymentId)
    {
        if (!Directory.Exists(_root)) return;
        foreach (var path in Directory.GetDirectories(_root, $"{deploymentId:N}.*")) Discard(path);
    }

    /// <summary>Puts away what dead workers have left of a deployment; what a live one works on stays.</summary>
    public void RemoveLeftovers(Guid deploymentId)
    {
        if (!Directory.Exists(_root)) return;
        foreach (var path in Directory.GetDirectories(_root, $"{deploymentId:N}.*"))
        {
            if (!MayBelongToTheLiving(path)) Discard(path);
        }
    }

    /// <summary>Makes a directory vanish at once; its files are deleted in the background.</summary>
    public void Discard(string path)
    {
        if (!Directory.Exists(path)) return;
        var trash = Path.Combine(_root, TrashPrefix + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(_root);
        try
        {
            Directory.Move(path, trash);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else has put it away.
            return;
        }

        _ = DeleteAsync(trash);
    }

    /// <summary>Deletes what a killed worker had put away and not deleted.</summary>
    public async Task EmptyTrashAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(_root)) return;
        foreach (var path in Directory.EnumerateDirectories(_root, TrashPrefix + "*")) await HostTool.RemoveAsync(path, cancellationToken);
    }

    /// <summary>The deployments that have a directory here.</summary>
    public IReadOnlyList<Guid> List() => Directory.Exists(_root)
        ? [.. Directory.EnumerateDirectories(_root).Select(path => Path.GetFileName(path).Split('.')[0]).Where(name => Guid.TryParseExact(name, "N", out _)).Select(name => Guid.ParseExact(name, "N")).Distinct()]
        : [];

    private bool MayBelongToTheLiving(string path)
    {
        // Whether a worker of another machine lives is not known, but no build lives longer than this.
        if (time.GetUtcNow().UtcDateTime - Directory.GetCreationTimeUtc(path) > (2 * options.Value.Timeout) + Margin) return false;
        try
        {
            return !identity.IsDead(File.ReadAllText(Path.Combine(path, Owner)));
        }
        catch (IOException)
        {
            // It is being made, or put away, at this moment; what is left of one that was killed right then is taken by its age.
            return true;
        }
    }

    private async Task DeleteAsync(string path)
    {
        try
        {
            await HostTool.RemoveAsync(path, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The next round of the sweep tries again.
            Log.NotDeleted(logger, path, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Path} could not be deleted: {Reason}")]
        public static partial void NotDeleted(ILogger logger, string path, string reason);
    }
}

/// <summary>
/// The directory of one build: <c>source</c> while git works, then <c>box</c>, which the container sees as <c>/workspace</c>, and <c>tmp</c>.
/// </summary>
internal sealed class WorkDirectory(string path)
{
    public string Path { get; } = path;

    /// <summary>Mounted into the container.</summary>
    public string Box => System.IO.Path.Combine(Path, "box");

    /// <summary>The repository, as the build sees and changes it.</summary>
    public string App => System.IO.Path.Combine(Box, "app");

    /// <summary>The stores of package managers.</summary>
    public string Store => System.IO.Path.Combine(Box, "store");

    public string Temporary => System.IO.Path.Combine(Path, "tmp");

    /// <summary>Everything that the build can write to.</summary>
    public string[] Writable => [Box, Temporary];

    /// <summary>Makes the directories that the container mounts, with the repository in its place, owned by the build's user.</summary>
    public async Task FillBoxAsync(string source, CancellationToken cancellationToken)
    {
        foreach (var directory in new[] { Box, System.IO.Path.Combine(Box, "home"), Temporary }) Directory.CreateDirectory(directory);
        Directory.Move(source, App);
        await BuildUser.OwnAsync(Writable, recursive: true, cancellationToken);
    }
}
