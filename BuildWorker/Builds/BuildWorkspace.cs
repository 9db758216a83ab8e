using Microsoft.Extensions.Options;
using Platform.Core;

namespace Platform.BuildWorker.Builds;

/// <summary>Directories of running builds. Each is deleted with its build; what a killed worker left is deleted with the next attempt, or once the deployment has ended.</summary>
internal sealed class BuildWorkspace(IOptions<BuildOptions> options, IHostEnvironment environment)
{
    private readonly string _root = InstallationRoot.Resolve(environment.ContentRootPath, options.Value.WorkPath);

    public WorkDirectory Create(Guid deploymentId)
    {
        Remove(deploymentId);
        var path = PathOf(deploymentId);
        var directory = Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows()) directory.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        return new WorkDirectory(directory.FullName);
    }

    /// <summary>Deletes what a killed worker left of a build; nothing happens when there is nothing.</summary>
    public void Remove(Guid deploymentId)
    {
        var path = PathOf(deploymentId);
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    }

    /// <summary>The deployments that have a directory here.</summary>
    public IReadOnlyList<Guid> List() => Directory.Exists(_root)
        ? [.. Directory.EnumerateDirectories(_root).Select(Path.GetFileName).Where(name => Guid.TryParseExact(name, "N", out _)).Select(name => Guid.ParseExact(name!, "N"))]
        : [];

    private string PathOf(Guid deploymentId) => Path.Combine(_root, deploymentId.ToString("N"));
}

/// <summary>A directory that is deleted when it is disposed.</summary>
internal sealed class WorkDirectory(string path) : IDisposable
{
    public string Path { get; } = path;

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
