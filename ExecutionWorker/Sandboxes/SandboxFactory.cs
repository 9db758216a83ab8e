using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Core.Containers;
using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>Starts sandboxes: no network, nothing writable but two memory file systems, no rights, limits on everything.</summary>
internal sealed class SandboxFactory(
    IContainerEngine engine, SandboxLabels labels, IOptions<ExecutionWorkerOptions> options, TimeProvider time) : IDisposable
{
    private const long Megabyte = 1024 * 1024;

    private readonly SemaphoreSlim _starting = new(options.Value.StartConcurrency, options.Value.StartConcurrency);

    /// <summary>Returns once the supervisor is ready.</summary>
    /// <exception cref="ContainerEngineException">The engine refused; <see cref="ContainerEngineError.NotFound"/>: there is no such image.</exception>
    /// <exception cref="SandboxException">It did not become ready in time.</exception>
    public async Task<Sandbox> StartAsync(Language language, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            return await StartContainerAsync(language, cancellationToken);
        }
        finally
        {
            _starting.Release();
        }
    }

    public void Dispose() => _starting.Dispose();

    private async Task<Sandbox> StartContainerAsync(Language language, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.StartTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var began = time.GetTimestamp();
        var id = await engine.CreateAsync(Specify(language), either.Token);
        SupervisorConnection? connection = null;
        try
        {
            connection = new SupervisorConnection(await engine.AttachAsync(id, either.Token));
            await engine.StartAsync(id, either.Token);
            var frame = await connection.ReadAsync(either.Token);
            if (frame.Type != SupervisorFrameType.Ready || frame.Payload.Span[0] != SupervisorProtocol.Version)
                throw new SandboxException($"Image {language.Image} has a supervisor of another version.");
            connection.ReadAhead();
            Telemetry.RecordStart(language.Id, time.GetElapsedTime(began));
            return new Sandbox(id, connection, engine);
        }
        catch (Exception exception)
        {
            if (connection is not null) await connection.DisposeAsync();
            await engine.RemoveAsync(id, CancellationToken.None);
            if (exception is OperationCanceledException && timeout.IsCancellationRequested)
                throw new SandboxException($"A sandbox of {language.Image} was not ready within {options.Value.StartTimeout}.", exception);
            throw;
        }
    }

    private ContainerSpec Specify(Language language) => new()
    {
        Image = language.Image,
        Labels = labels.For(language),
        OpenStdin = true,
        Network = "none",
        ReadOnlyRoot = true,
        Tmpfs = new Dictionary<string, string>
        {
            ["/box"] = Tmpfs("exec", language.Limits.WorkMegabytes, "uid=65534,gid=65534,mode=0755"),
            ["/tmp"] = Tmpfs("noexec", Math.Max(1, language.Limits.WorkMegabytes / 2), "mode=1777"),
        },
        Limits = new ContainerLimits
        {
            Memory = language.Limits.MemoryMegabytes * Megabyte,
            Cpus = options.Value.Cpus,
            Pids = language.Limits.Processes,
            SharedMemory = 16 * Megabyte,
            Ulimits = new Dictionary<string, long> { ["core"] = 0 },
        },
    };

    private static string Tmpfs(string execution, int megabytes, string owner) => string.Create(
        CultureInfo.InvariantCulture, $"rw,{execution},nosuid,nodev,size={megabytes}m,nr_inodes=16384,{owner}");
}
