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
    public Task<Sandbox> StartAsync(Language language, CancellationToken cancellationToken) =>
        InTurnAsync(_starting, language, token => StartNewAsync(language, token), cancellationToken);

    /// <summary>The same of one that <see cref="CreateAheadAsync"/> made; it is removed when it cannot be started.</summary>
    public Task<Sandbox> StartAsync(Sandbox created, Language language, CancellationToken cancellationToken) =>
        InTurnAsync(_starting, language, token => BootAsync(created, language, token), cancellationToken);

    /// <summary>Starts one for a pool.</summary>
    public Task<Sandbox> StartAheadAsync(Language language, CancellationToken cancellationToken) =>
        InTurnAsync(_filling, language, token => StartNewAsync(language, token), cancellationToken);

    /// <summary>Makes one that is not started: it takes no memory, and only its start is left for whoever needs it.</summary>
    public Task<Sandbox> CreateAheadAsync(Language language, CancellationToken cancellationToken) =>
        InTurnAsync(_filling, language, token => CreateAsync(language, token), cancellationToken);

    public void Dispose()
    {
        _starting.Dispose();
        _filling.Dispose();
    }

    private async Task<Sandbox> InTurnAsync(SemaphoreSlim turn, Language language, Func<CancellationToken, Task<Sandbox>> make, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        using var timeout = new CancellationTokenSource(options.Value.StartTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await make(either.Token);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new SandboxException($"A sandbox of {language.Image} was not ready within {options.Value.StartTimeout}.", exception);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Sandbox> StartNewAsync(Language language, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var sandbox = await BootAsync(await CreateAsync(language, cancellationToken), language, cancellationToken);
        Telemetry.RecordStart(language.Id, time.GetElapsedTime(began));
        return sandbox;
    }

    private async Task<Sandbox> CreateAsync(Language language, CancellationToken cancellationToken)
    {
        var id = await engine.CreateAsync(Specify(language), cancellationToken);
        registry.Add(id);
        try
        {
            var connection = new SupervisorConnection(await engine.AttachAsync(id, cancellationToken));
            connection.ReadAhead();
            return new Sandbox(id, connection, engine, registry) { HasGuestKernel = HasGuestKernel(language) };
        }
        catch
        {
            await RemoveAsync(id);
            throw;
        }
    }

    private static async Task<Sandbox> BootAsync(Sandbox sandbox, Language language, CancellationToken cancellationToken)
    {
        try
        {
            if (await sandbox.BootAsync(cancellationToken)) return sandbox;
            throw new SandboxException($"Image {language.Image} has a supervisor of another version; `./platform images` builds it anew.");
        }
        catch
        {
            await sandbox.DisposeAsync();
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
