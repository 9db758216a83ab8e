using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Core.Containers;
using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>Starts sandboxes: no network, nothing writable but two memory file systems, no rights, limits on everything.</summary>
internal sealed class SandboxFactory(
    IContainerEngine engine, SandboxLabels labels, SandboxRegistry registry, IOptions<ExecutionWorkerOptions> options, TimeProvider time) : IDisposable
{
    private const long Megabyte = 1024 * 1024;

    private readonly SemaphoreSlim _starting = new(options.Value.StartConcurrency, options.Value.StartConcurrency);

    // Of its own, so that a run that waits does not queue behind those that nobody waits for.
    private readonly SemaphoreSlim _filling = new(options.Value.StartConcurrency, options.Value.StartConcurrency);

    /// <summary>Returns once the supervisor is ready; for somebody who waits.</summary>
    /// <exception cref="ContainerEngineException">The engine refused; <see cref="ContainerEngineError.NotFound"/>: there is no such image.</exception>
    /// <exception cref="SandboxException">It did not become ready in time.</exception>
    public Task<Sandbox> StartAsync(Language language, CancellationToken cancellationToken) => StartAsync(_starting, language, cancellationToken);

    /// <summary>The same for a pool.</summary>
    public Task<Sandbox> StartAheadAsync(Language language, CancellationToken cancellationToken) => StartAsync(_filling, language, cancellationToken);

    public void Dispose()
    {
        _starting.Dispose();
        _filling.Dispose();
    }

    private async Task<Sandbox> StartAsync(SemaphoreSlim turn, Language language, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await StartContainerAsync(language, cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Sandbox> StartContainerAsync(Language language, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.StartTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var began = time.GetTimestamp();
        var id = await engine.CreateAsync(Specify(language), either.Token);
        registry.Add(id);
        SupervisorConnection? connection = null;
        try
        {
            connection = new SupervisorConnection(await engine.AttachAsync(id, either.Token));
            await engine.StartAsync(id, either.Token);
            var frame = await connection.ReadAsync(either.Token);
            if (frame.Type != SupervisorFrameType.Ready || !SupervisorProtocol.IsUnderstood(frame.Payload.Span))
                throw new SandboxException($"Image {language.Image} has a supervisor of another version; `./platform images` builds it anew.");
            connection.ReadAhead();
            Telemetry.RecordStart(language.Id, time.GetElapsedTime(began));
            return new Sandbox(id, connection, engine, registry) { HasGuestKernel = HasGuestKernel(language) };
        }
        catch (Exception exception)
        {
            if (connection is not null) await connection.DisposeAsync();
            await RemoveAsync(id);
            if (exception is OperationCanceledException && timeout.IsCancellationRequested)
                throw new SandboxException($"A sandbox of {language.Image} was not ready within {options.Value.StartTimeout}.", exception);
            throw;
        }
    }

    private async Task RemoveAsync(string id)
    {
        try
        {
            await engine.RemoveAsync(id, CancellationToken.None);
        }
        finally
        {
            registry.Forget(id);
        }
    }

    private bool HasGuestKernel(Language language) => GuestKernel.IsUsedBy(SandboxProfile.RuntimeOf(language, options.Value));

    internal ContainerSpec Specify(Language language)
    {
        var spec = SpecifyOwn(language);
        return HasGuestKernel(language) ? spec with { Limits = GuestKernel.Around(spec.Limits) } : spec;
    }

    private ContainerSpec SpecifyOwn(Language language) => new()
    {
        Image = language.Image,
        Labels = labels.For(language),
        OpenStdin = true,
        Network = "none",
        ReadOnlyRoot = true,
        SeccompProfile = SandboxProfile.Seccomp,
        Runtime = SandboxProfile.RuntimeOf(language, options.Value),
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
