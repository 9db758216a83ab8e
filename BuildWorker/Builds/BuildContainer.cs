using System.Globalization;
using System.Text;
using Platform.BuildWorker.Logs;
using Platform.Core.Containers;

namespace Platform.BuildWorker.Builds;

/// <summary>The container of one build. Disposing removes it.</summary>
internal sealed class BuildContainer : IAsyncDisposable
{
    public const string Kind = "build";

    private const string Workspace = "/workspace";
    private const string CaBundlePath = "/etc/autostack/ca-bundle.crt";
    private const string User = "1000:1000";

    // A shell as the first process collects what the build leaves behind; it never reads anything of the build.
    private static readonly string[] Idle = ["/bin/bash", "-c", "while :; do sleep 3600 & wait $!; done"];
    private readonly IContainerEngine _engine;
    private readonly string _id;

    private BuildContainer(IContainerEngine engine, string id) => (_engine, _id) = (engine, id);

    /// <param name="engine">The engine.</param>
    /// <param name="options">Limits and image.</param>
    /// <param name="labels">By which it is found when its worker has died.</param>
    /// <param name="environment">The project's variables, and nothing of this process.</param>
    /// <param name="online">Whether it may reach package registries.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<BuildContainer> StartAsync(
        IContainerEngine engine,
        BuildOptions options,
        IReadOnlyDictionary<string, string> labels,
        IReadOnlyDictionary<string, string> environment,
        bool online,
        CancellationToken cancellationToken)
    {
        var id = await engine.CreateAsync(Describe(options, labels, environment, online), cancellationToken);
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

    /// <summary>Unpacks an archive into the workspace.</summary>
    public Task CopyInAsync(Stream tar, CancellationToken cancellationToken) => _engine.CopyToAsync(_id, Workspace, tar, cancellationToken);

    /// <summary>An archive of a directory of the workspace.</summary>
    public Task<Stream> CopyOutAsync(string directory, CancellationToken cancellationToken) =>
        _engine.CopyFromAsync(_id, Combine(directory), cancellationToken);

    /// <summary>Runs a shell command in a directory of the workspace and logs what it prints.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> RunAsync(string command, string directory, BuildLog log, Action<string> observe, CancellationToken cancellationToken)
    {
        await using var exec = await _engine.ExecAsync(
            _id, new ExecSpec { Command = ["/bin/bash", "-c", command], WorkingDirectory = Combine(directory), User = User }, cancellationToken);
        var (output, errors) = (log.OpenOutput(BuildLog.Info), log.OpenOutput(BuildLog.Info));
        var buffer = new byte[32 * 1024];
        while (true)
        {
            var chunk = await exec.ReadAsync(buffer, cancellationToken);
            if (chunk.Length == 0) break;
            observe(Encoding.UTF8.GetString(buffer, 0, chunk.Length));
            await (chunk.Kind == OutputKind.Stdout ? output : errors).AddAsync(buffer.AsMemory(0, chunk.Length), cancellationToken);
        }

        await output.CompleteAsync(cancellationToken);
        await errors.CompleteAsync(cancellationToken);
        return await exec.GetExitCodeAsync(cancellationToken);
    }

    /// <summary>True when the kernel killed something in it for its memory limit.</summary>
    public async Task<bool> RanOutOfMemoryAsync(CancellationToken cancellationToken)
    {
        var report = await ReadAsync("cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null", cancellationToken);
        return report.Split('\n').Any(line => line.StartsWith("oom_kill ", StringComparison.Ordinal) && line.Trim() != "oom_kill 0");
    }

    /// <summary>Bytes that the build has written.</summary>
    public async Task<long> MeasureDiskAsync(CancellationToken cancellationToken)
    {
        // Files that vanish while they are counted are normal: only the sum matters.
        var report = await ReadAsync("du -skcx /workspace /home/build /tmp /var/tmp 2>/dev/null | tail -n 1 | cut -f1", cancellationToken);
        return long.TryParse(report.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes * 1024 : 0;
    }

    /// <summary>The first of the given directories that exists and is not empty, or null.</summary>
    public async Task<string?> FindOutputAsync(string rootDir, IReadOnlyList<string> candidates, CancellationToken cancellationToken)
    {
        foreach (var candidate in candidates)
        {
            var path = Quote(Combine(Join(rootDir, candidate)));
            // A link could name any directory of the image.
            var found = await ReadAsync($"d=$(realpath -e -- {path}) && case $d/ in {Workspace}/*) [ -n \"$(ls -A -- \"$d\")\" ] && echo yes;; esac", cancellationToken);
            if (found.Trim() == "yes") return candidate;
        }

        return null;
    }

    /// <summary>Stops everything in it at once; running reads end.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => _engine.KillAsync(_id, "SIGKILL", cancellationToken);

    public async ValueTask DisposeAsync() => await _engine.RemoveAsync(_id, CancellationToken.None);

    internal static string Join(string rootDir, string directory) =>
        string.Join('/', new[] { rootDir, directory }.Where(part => part.Length > 0));

    private static string Combine(string directory) => directory.Length == 0 ? Workspace : $"{Workspace}/{directory}";

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private async Task<string> ReadAsync(string command, CancellationToken cancellationToken)
    {
        await using var exec = await _engine.ExecAsync(_id, new ExecSpec { Command = ["/bin/bash", "-c", command], User = User }, cancellationToken);
        var text = new StringBuilder();
        var buffer = new byte[8 * 1024];
        while (await exec.ReadAsync(buffer, cancellationToken) is { Length: > 0 } chunk)
        {
            if (chunk.Kind == OutputKind.Stdout && text.Length < buffer.Length) text.Append(Encoding.UTF8.GetString(buffer, 0, chunk.Length));
        }

        return text.ToString();
    }

    private static ContainerSpec Describe(
        BuildOptions options, IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> environment, bool online) => new()
        {
            Image = options.Image,
            Entrypoint = [],
            Command = Idle,
            WorkingDirectory = Workspace,
            User = User,
            Environment = BuildEnvironment(options, environment),
            Labels = labels,
            Network = online ? options.Network : "none",
            Mounts = options.CaBundle is { Length: > 0 } bundle ? [new ContainerMount(bundle, CaBundlePath, ReadOnly: true)] : [],
            Limits = new ContainerLimits
            {
                Memory = options.MemoryBytes,
                Cpus = options.Cpus,
                Pids = options.Pids,
                SharedMemory = 64 * 1024 * 1024,
                Ulimits = new Dictionary<string, long> { ["core"] = 0, ["fsize"] = options.DiskLimitBytes },
            },
        };

    private static Dictionary<string, string> BuildEnvironment(BuildOptions options, IReadOnlyDictionary<string, string> variables)
    {
        var environment = new Dictionary<string, string>();
        if (options.CaBundle is { Length: > 0 })
        {
            foreach (var name in new[] { "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "NPM_CONFIG_CAFILE" }) environment[name] = CaBundlePath;
        }

        if (options.NpmRegistry is { Length: > 0 } registry)
        {
            environment["NPM_CONFIG_REGISTRY"] = registry;
            environment["YARN_REGISTRY"] = registry;
        }

        foreach (var (name, value) in variables) environment[name] = value;
        return environment;
    }
}
