using Platform.BuildWorker.Detection;

namespace Platform.BuildWorker.Builds;

/// <summary>
/// What one attempt holds: its directory and its container. Ending it removes the container, gives back what the next build can use and puts the
/// directory away. The attempt's result is recorded before, so that nobody waits for this.
/// </summary>
internal sealed class BuildSession(BuildRequest request, WorkDirectory directory, BuildCache cache, BuildWorkspace workspace) : IAsyncDisposable
{
    private const string Store = "store";
    private const string Kept = "kept";
    private const string Framework = "framework";

    private readonly List<string> _kept = [];
    private string? _modules;
    private BuildPlan? _plan;

    public WorkDirectory Directory { get; } = directory;

    public BuildContainer? Container { get; set; }

    /// <summary>The installation came from the cache.</summary>
    public bool ModulesAreCached { get; private set; }

    /// <summary>What the commands of the build have said last, as it is stored; null before the first.</summary>
    public string? LastLine { get; set; }

    /// <summary>The dependencies are installed and nothing was killed in the middle: worth keeping.</summary>
    public bool IsWorthKeeping { get; set; }

    private CacheScope Scope => new(request.ProjectId, request.Trust);

    /// <summary>Brings in what earlier builds have left. Call it before the container starts.</summary>
    public async Task RestoreAsync(BuildPlan plan, IReadOnlyDictionary<string, string> variables, CancellationToken cancellationToken)
    {
        _plan = plan;
        if (!cache.IsEnabled) return;
        _modules = await InstalledModules.NameAsync(Directory.App, plan, variables, cancellationToken);
        if (!request.UseCache) return;
        var created = new List<string>();
        if (_modules is { } name) ModulesAreCached = cache.Take(Scope, name, Directory, Directory.App, created);
        if (plan.InstallCommand is not null) cache.Take(Scope, Store, Directory, Directory.Box, created);
        var installs = plan.InstallCommand is not null && !ModulesAreCached;
        cache.Take(Scope, Framework, Directory, Directory.Box, created, path => installs && InModules(path) ? Keep(path) : $"app/{path}");
        await BuildUser.OwnAsync(created, recursive: false, cancellationToken);
    }

    /// <summary>The command that, after an installation, brings kept files into node_modules; null when there are none.</summary>
    public string? RestoreIntoModules()
    {
        if (_kept.Count == 0) return null;
        return string.Join("; ", _kept.Select(path =>
        {
            var (source, target) = ($"{BuildPaths.Workspace}/{Kept}/{path}", $"{BuildPaths.App}/{path}");
            var parent = target[..target.LastIndexOf('/')];
            return $"[ -d {BuildPaths.Quote(parent)} ] && [ ! -e {BuildPaths.Quote(target)} ] && mv {BuildPaths.Quote(source)} {BuildPaths.Quote(target)}";
        }));
    }

    /// <summary>Removes the container; nothing of the build is kept.</summary>
    public async Task StopAsync()
    {
        IsWorthKeeping = false;
        if (Container is { } container) await container.TryRemoveAsync();
        Container = null;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // While something of it may still write, nothing of it is kept.
            if (Container is { } container && !await container.TryRemoveAsync()) IsWorthKeeping = false;
            if (IsWorthKeeping && _plan is { } plan) Keep(plan);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Closed directories: such a build leaves nothing.
            IsWorthKeeping = false;
        }
        finally
        {
            workspace.Discard(Directory.Path);
        }

        // Nobody waits for it.
        _ = IsWorthKeeping ? cache.TidyAsync(CancellationToken.None) : Task.CompletedTask;
    }

    private void Keep(BuildPlan plan)
    {
        var root = request.RootDir;
        cache.Put(Scope, Framework, Directory, Directory.App, [.. plan.CacheDirs.Select(path => BuildPaths.Join(root, path))]);
        if (_modules is { } name) cache.Put(Scope, name, Directory, Directory.App, InstalledModules.Find(Directory.App, plan));
        if (plan.InstallCommand is not null) cache.Put(Scope, Store, Directory, Directory.Box, [Store]);
    }

    /// <summary>An installation would delete what lies in node_modules: it waits beside until then.</summary>
    private string Keep(string path)
    {
        _kept.Add(path);
        return $"{Kept}/{path}";
    }

    private static bool InModules(string path) => path.Contains("node_modules/", StringComparison.Ordinal);
}
