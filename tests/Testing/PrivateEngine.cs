using System.Diagnostics;
using System.Globalization;

namespace Platform.Testing;

/// <summary>
/// A container engine of a test's own, to be killed and started again beside the machine's: its own state, its own socket, no networks. Needs the
/// rights of root and the images of the machine's engine.
/// </summary>
public sealed class PrivateEngine : IAsyncDisposable
{
    private const string Prefix = "platform-engine-";

    private readonly string _root;
    private readonly FileStream _alive;
    private Process? _engine;

    private PrivateEngine(string root, FileStream alive) => (_root, _alive) = (root, alive);

    /// <summary>For <c>DOCKER_HOST</c> and <c>Containers:Endpoint</c>.</summary>
    public string Endpoint => $"unix://{_root}/docker.sock";

    /// <summary>Starts an engine that has some of the machine's images, each with all of its tags.</summary>
    public static async Task<PrivateEngine> StartAsync(params string[] images)
    {
        if (!Environment.IsPrivilegedProcess) throw new InvalidOperationException("A container engine can be started by root only.");
        await RemoveLeftoversAsync();
        // Short: addresses of sockets below it have at most 107 characters.
        var root = Path.Combine(Path.GetTempPath(), Prefix + Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(root);
        var engine = new PrivateEngine(root, Lock(root) ?? throw new InvalidOperationException($"{root} is somebody else's."));
        try
        {
            await engine.StartAsync();
            if (images.Length > 0) await ShellAsync($"docker save {string.Join(' ', images)} | docker -H '{engine.Endpoint}' load");
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    public async Task StartAsync()
    {
        var log = Path.Combine(_root, "engine.log");
        // In a network of its own: one without a bridge takes away the machine's.
        // Whoever has an engine of the system's own shares its containerd: hence names of its own there.
        var name = Path.GetFileName(_root);
        await File.WriteAllTextAsync(Path.Combine(_root, "daemon.json"), "{}");
        // A killed engine's containerd dies with it. Where nobody collects dead processes, both names still look alive.
        foreach (var file in new[] { "docker.pid", "exec/containerd/containerd.pid" })
        {
            if (File.Exists(Path.Combine(_root, file))) File.Delete(Path.Combine(_root, file));
        }

        _engine = Process.Start(new ProcessStartInfo("sh", [
            "-c",
            $"exec unshare --net dockerd --config-file {_root}/daemon.json --data-root {_root}/data --exec-root {_root}/exec --pidfile {_root}/docker.pid -H {Endpoint} "
            + "--bridge=none --iptables=false --ip6tables=false --ip-forward=false --ip-masq=false --userland-proxy=false "
            + $"--containerd-namespace {name} --containerd-plugins-namespace {name}-plugins >>{log} 2>&1",
        ])
        { UseShellExecute = false })!;
        try
        {
            await Eventually.TrueAsync(async () => !_engine.HasExited && await TryShellAsync($"docker -H '{Endpoint}' version"), TimeSpan.FromMinutes(3));
        }
        catch (TimeoutException exception)
        {
            throw new InvalidOperationException($"The engine did not start:\n{string.Join('\n', (await File.ReadAllLinesAsync(log)).TakeLast(20))}", exception);
        }
    }

    /// <summary>SIGKILL: containers run on without it, until it starts again.</summary>
    public async Task KillAsync()
    {
        _engine!.Kill();
        await _engine.WaitForExitAsync();
    }

    /// <summary>As an init system stops it: it ends its containers first.</summary>
    public async Task StopAsync()
    {
        await ShellAsync(string.Create(CultureInfo.InvariantCulture, $"kill {_engine!.Id}"));
        await _engine.WaitForExitAsync();
    }

    /// <summary>Ids of all its containers, whoever made them.</summary>
    public async Task<string[]> ContainersAsync() =>
        (await ShellAsync($"docker -H '{Endpoint}' ps --all --quiet")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether a process runs in one of its containers whose command line has these words.</summary>
    public async Task<bool> RunsAsync(string words)
    {
        foreach (var container in await ContainersAsync())
        {
            if (await TryShellAsync($"docker -H '{Endpoint}' top {container} -o pid,args | grep -q -- '{words}'")) return true;
        }

        return false;
    }

    /// <summary>Names of the networks that somebody has made on it.</summary>
    public async Task<string[]> NetworksAsync() =>
        (await ShellAsync($"docker -H '{Endpoint}' network ls --format '{{{{.Name}}}}'")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Except(["bridge", "host", "none"]).ToArray();

    public async ValueTask DisposeAsync()
    {
        // One that was killed has left containers, which only an engine ends.
        if (_engine is { HasExited: true } && Directory.Exists(Path.Combine(_root, "data"))) await StartAsync();
        if (_engine is { HasExited: false }) await StopAsync();
        _engine?.Dispose();
        await DeleteAsync(_root);
        await _alive.DisposeAsync();
    }

    /// <summary>Engines of test runs that were killed.</summary>
    private static async Task RemoveLeftoversAsync()
    {
        foreach (var root in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            if (Lock(root) is not { } held) continue;
            await using (held)
            {
                var left = new PrivateEngine(root, held);
                await TryShellAsync($"kill -9 $(cat {root}/docker.pid)");
                await left.StartAsync();
                await left.StopAsync();
                left._engine!.Dispose();
                await DeleteAsync(root);
            }
        }
    }

    private static async Task DeleteAsync(string root)
    {
        EndShims(Path.GetFileName(root));
        await TryShellAsync($"for mount in $(cut -d' ' -f2 /proc/mounts | grep '^{root}/' | sort -r); do umount -l \"$mount\"; done");
        await ShellAsync($"rm -rf '{root}'");
    }

    /// <summary>An engine that was killed does not end the processes that stood between it and its containers.</summary>
    private static void EndShims(string name)
    {
        foreach (var process in Process.GetProcesses())
        {
            using (process)
            {
                try
                {
                    var words = File.ReadAllText($"/proc/{process.Id}/cmdline").Split('\0');
                    if (words[0].Contains("containerd-shim", StringComparison.Ordinal) && words.Contains(name)) process.Kill();
                }
                catch (IOException)
                {
                    // It has ended meanwhile.
                }
            }
        }
    }

    private static FileStream? Lock(string root)
    {
        try
        {
            return new FileStream(Path.Combine(root, "alive"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static async Task<bool> TryShellAsync(string command) => (await RunAsync(command)).ExitCode == 0;

    private static async Task<string> ShellAsync(string command)
    {
        var (exitCode, output, errors) = await RunAsync(command);
        return exitCode == 0 ? output : throw new InvalidOperationException($"{command} failed: {errors}");
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }
}
