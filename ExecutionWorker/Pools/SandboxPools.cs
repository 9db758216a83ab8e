using Microsoft.Extensions.Options;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Pools;

/// <summary>The pools of all languages.</summary>
internal sealed class SandboxPools : IDisposable
{
    private readonly ExecutionWorkerOptions _options;
    private readonly SandboxRemover _remover;
    private readonly Dictionary<string, SandboxPool> _pools;
    private readonly SemaphoreSlim _taken = new(0);
    private readonly RunActivity _activity;

    public SandboxPools(
        LanguageCatalog catalog, SandboxFactory factory, SandboxRemover remover, RunActivity activity, IOptions<ExecutionWorkerOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _remover = remover;
        _activity = activity;
        _pools = catalog.Languages.ToDictionary(
            language => language.Id,
            language => new SandboxPool(language, _options.PoolSize ?? language.Pool, _options.PoolReserve, factory, remover, time));
        Telemetry.ObservePools(() => _pools.Values.Where(pool => pool.Target + pool.Ready > 0).Select(pool => (pool.Language.Id, pool.Ready, pool.Target)));
    }

    public IReadOnlyCollection<SandboxPool> All => _pools.Values;

    /// <summary>A sandbox of the language; give it back by <see cref="Return"/>.</summary>
    public async Task<Sandbox> TakeAsync(Language language, CancellationToken cancellationToken)
    {
        _activity.Began();
        try
        {
            return await _pools[language.Id].TakeAsync(cancellationToken);
        }
        catch
        {
            _activity.Ended();
            throw;
        }
    }

    /// <summary>The run is over: its sandbox is removed and another one takes its place in the pool.</summary>
    public void Return(Sandbox sandbox)
    {
        _activity.Ended();
        _remover.Remove(sandbox);
        _taken.Release();
    }

    /// <summary>Sets the targets by what was asked for lately, within the memory for ready sandboxes.</summary>
    public void Plan()
    {
        if (_options.PoolSize is not null) return;
        var pools = _pools.Values.Select(pool => (Pool: pool, pool.Demand)).ToArray();
        var targets = PoolPlan.Fit(
            [.. pools.Select(entry => (PoolPlan.Want(entry.Pool.Least, _options.PoolMax, entry.Demand), entry.Demand))], _options.PoolMemoryMegabytes);
        for (var index = 0; index < pools.Length; index++) pools[index].Pool.Target = targets[index];
    }

    /// <summary>Waits until a sandbox was returned, at most for the given time.</summary>
    public Task<bool> WaitForReturnAsync(TimeSpan timeout, CancellationToken cancellationToken) => _taken.WaitAsync(timeout, cancellationToken);

    public void Dispose() => _taken.Dispose();
}
