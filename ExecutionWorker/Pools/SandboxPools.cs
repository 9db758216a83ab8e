using Microsoft.Extensions.Options;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Pools;

/// <summary>The pools of all languages.</summary>
internal sealed class SandboxPools(
    LanguageCatalog catalog, SandboxFactory factory, SandboxRemover remover, IOptions<ExecutionWorkerOptions> options, TimeProvider time)
    : IDisposable
{
    private readonly Dictionary<string, SandboxPool> _pools = catalog.Languages.ToDictionary(
        language => language.Id,
        language => new SandboxPool(language, options.Value.PoolSize ?? language.Pool, factory, remover, time));

    private readonly SemaphoreSlim _taken = new(0);
    private int _busy;

    public IReadOnlyCollection<SandboxPool> All => _pools.Values;

    /// <summary>Runs that hold a sandbox now.</summary>
    public int Busy => Volatile.Read(ref _busy);

    /// <summary>A sandbox of the language; give it back by <see cref="Return"/>.</summary>
    public async Task<Sandbox> TakeAsync(Language language, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _busy);
        try
        {
            return await _pools[language.Id].TakeAsync(cancellationToken);
        }
        catch
        {
            Interlocked.Decrement(ref _busy);
            throw;
        }
    }

    /// <summary>The run is over: its sandbox is removed and another one takes its place in the pool.</summary>
    public void Return(Sandbox sandbox)
    {
        Interlocked.Decrement(ref _busy);
        remover.Remove(sandbox);
        _taken.Release();
    }

    /// <summary>Waits until a sandbox was returned, at most for the given time.</summary>
    public Task<bool> WaitForReturnAsync(TimeSpan timeout, CancellationToken cancellationToken) => _taken.WaitAsync(timeout, cancellationToken);

    public void Dispose() => _taken.Dispose();
}
