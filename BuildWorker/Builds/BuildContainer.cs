using System.Text;
using Platform.BuildWorker.Detection;
using Platform.BuildWorker.Logs;
using Platform.Core.Containers;

namespace Platform.BuildWorker.Builds;

/// <summary>
/// The container of one build. Its root is read-only: all it can write to are the mounted directories of the build, which are measured from
/// outside. Disposing removes it.
/// </summary>
internal sealed class BuildContainer : IAsyncDisposable
{
    public const string Kind = "build";

    // A shell as the first process collects what the build leaves behind; it never reads anything of the build.
    private static readonly string[] Idle = ["/bin/bash", "-c", "while :; do sleep 3600 & wait $!; done"];
    private static readonly TimeSpan RemovalLimit = TimeSpan.FromSeconds(30);
    private readonly IContainerEngine _engine;
    private readonly string _id;

    private BuildContainer(IContainerEngine engine, string id) => (_engine, _id) = (engine, id);

    /// <param name="engine">The engine.</param>
    /// <param name="options">Limits and image.</param>
    /// <param name="labels">By which it is found when its worker has died.</param>
    /// <param name="directory">What it works on.</param>
    /// <param name="plan">What is built; without an installation it gets no network.</param>
    /// <param name="variables">The project's variables, and nothing of this process.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<BuildContainer> StartAsync(
        IContainerEngine engine,
        BuildOptions options,
        IReadOnlyDictionary<string, string> labels,
        WorkDirectory directory,
        BuildPlan plan,
        IReadOnlyDictionary<string, string> variables,
        CancellationToken cancellationToken)
    {
        var id = await engine.CreateAsync(Describe(options, labels, directory, plan, variables), cancellationToken);
        var container = new BuildContainer(engine, id);
        try
        {
            await engine.StartAsync(id, cancellationToken);
            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a shell command in a directory of the repository and logs what it prints.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunAsync(string command, string directory, BuildLog log, Action<string> observe, CancellationToken cancellationToken)
    {
        await using var exec = await _engine.ExecAsync(
            _id,
            new ExecSpec { Command = ["/bin/bash", "-c", command], WorkingDirectory = BuildPaths.Join(BuildPaths.App, directory), User = BuildUser.Id },
            cancellationToken);
        var (output, errors) = (log.OpenOutput(BuildLog.Info, observe), log.OpenOutput(BuildLog.Info, observe));
        var buffer = new byte[32 * 1024];
        while (true)
        {
            var chunk = await exec.ReadAsync(buffer, cancellationToken);
            if (chunk.Length == 0) break;
            await (chunk.Kind == OutputKind.Stdout ? output : errors).AddAsync(buffer.AsMemory(0, chunk.Length), cancellationToken);
        }

        await output.CompleteAsync(cancellationToken);
        await errors.CompleteAsync(cancellationToken);
        return await exec.GetExitCodeAsync(cancellationToken);
    }

    /// <summary>Runs a command of ours; what it prints is returned, not logged.</summary>
    public async Task<string> ReadAsync(string command, CancellationToken cancellationToken)
    {
        await using var exec = await _engine.ExecAsync(_id, new ExecSpec { Command = ["/bin/bash", "-c", command], User = BuildUser.Id }, cancellationToken);
        var text = new StringBuilder();
        var buffer = new byte[8 * 1024];
        while (await exec.ReadAsync(buffer, cancellationToken) is { Length: > 0 } chunk)
        {
            if (chunk.Kind == OutputKind.Stdout && text.Length < buffer.Length) text.Append(Encoding.UTF8.GetString(buffer, 0, chunk.Length));
        }

        return text.ToString();
    }

    /// <summary>True when the kernel killed something in it for its memory limit.</summary>
    public async Task<bool> RanOutOfMemoryAsync(CancellationToken cancellationToken)
    {
        if (await _engine.FindAsync(_id, cancellationToken) is not { } state) return false;
        if (state.OutOfMemory) return true;
        if (!state.Running) return false;
        var report = await ReadAsync("cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null", cancellationToken);
        return report.Split('\n').Any(line => line.StartsWith("oom_kill ", StringComparison.Ordinal) && line.Trim() != "oom_kill 0");
    }

    /// <summary>Whether its first process still runs: nothing that a build does ends it.</summary>
    public async Task<bool> IsRunningAsync(CancellationToken cancellationToken) => await _engine.FindAsync(_id, cancellationToken) is { Running: true };

    /// <summary>Freezes everything in it. False: it does not run, or this engine cannot freeze.</summary>
    public async Task<bool> TryPauseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _engine.PauseAsync(_id, cancellationToken);
            return true;
        }
        catch (ContainerEngineException exception) when (exception.Error != ContainerEngineError.Unavailable)
        {
            return false;
        }
    }

    /// <summary>Lets it go on, also when the build is about to be stopped: nobody else would.</summary>
    public async Task ResumeAsync()
    {
        using var limit = new CancellationTokenSource(RemovalLimit);
        await _engine.ResumeAsync(_id, limit.Token);
    }

    /// <summary>Stops everything in it at once; running reads end.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => _engine.KillAsync(_id, "SIGKILL", cancellationToken);

    /// <returns>False: the engine is away. The reaper removes it, because its job holds no lease after this attempt.</returns>
    public async Task<bool> TryRemoveAsync()
    {
        using var limit = new CancellationTokenSource(RemovalLimit);
        try
        {
            await _engine.RemoveAsync(_id, limit.Token);
            return true;
        }
        catch (Exception exception) when (exception is ContainerEngineException or OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync() => await TryRemoveAsync();

    private static ContainerSpec Describe(
        BuildOptions options,
        IReadOnlyDictionary<string, string> labels,
        WorkDirectory directory,
        BuildPlan plan,
        IReadOnlyDictionary<string, string> variables)
    {
        List<ContainerMount> mounts =
        [
            new(directory.Box, BuildPaths.Workspace, ReadOnly: false),
            new(directory.Temporary, "/tmp", ReadOnly: false),
            new(directory.Temporary, "/var/tmp", ReadOnly: false),
        ];
        if (options.CaBundle is { Length: > 0 } bundle) mounts.Add(new ContainerMount(bundle, BuildPaths.CaBundle, ReadOnly: true));
        return new ContainerSpec
        {
            Image = options.Image,
            Entrypoint = [],
            Command = Idle,
            WorkingDirectory = BuildPaths.Workspace,
            User = BuildUser.Id,
            Environment = BuildEnvironment.Create(options, plan, variables),
            Labels = labels,
            Network = plan.InstallCommand is null ? "none" : options.Network,
            ReadOnlyRoot = true,
            Mounts = mounts,
            Limits = new ContainerLimits
            {
                Memory = options.MemoryBytes,
                Cpus = options.Cpus,
                Pids = options.Pids,
                SharedMemory = 64 * 1024 * 1024,
                Ulimits = new Dictionary<string, long> { ["core"] = 0, ["fsize"] = options.DiskLimitBytes },
            },
        };
    }
}
