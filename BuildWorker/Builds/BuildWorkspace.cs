using Microsoft.Extensions.Options;
using Platform.Core;

namespace Platform.BuildWorker.Builds;

/// <summary>Directories of running builds. Each is deleted with its build; what a killed worker left is deleted when the next attempt starts.</summary>
internal sealed class BuildWorkspace(IOptions<BuildOptions> options, IHostEnvironment environment)
{
    private readonly string _root = InstallationRoot.Resolve(environment.ContentRootPath, options.Value.WorkPath);

    public WorkDirectory Create(Guid deploymentId)
    {
        var path = Path.Combine(_root, deploymentId.ToString("N"));
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
        var directory = Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows()) directory.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        return new WorkDirectory(directory.FullName);
    }
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
