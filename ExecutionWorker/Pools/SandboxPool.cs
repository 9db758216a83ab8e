using System.Collections.Concurrent;
using Platform.Core.Containers;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Pools;

/// <summary>
/// Started sandboxes of one language, and in reserve a few that are created and not started: they take no memory, and a run that finds nothing
/// started waits for their start only. Each is used once.
/// </summary>
internal sealed class SandboxPool(Language language, int least, int reserve, SandboxFactory factory, SandboxRemover remover, TimeProvider time)
{
    private readonly ConcurrentQueue<Sandbox> _ready = new();
    private readonly ConcurrentQueue<Sandbox> _reserve = new();
    private readonly DemandMeter _demand = new(time);

    public Language Language { get; } = language;

    /// <summary>How many are ready even when nobody asks.</summary>
    public int Least { get; } = least;

    /// <summary>How many shall be ready.</summary>
    public int Target { get; set; } = least;

    public int Ready => _ready.Count;

    /// <summary>How many are created and not started.</summary>
    public int Reserve => _reserve.Count;

    /// <summary>How many shall be; none of a language that keeps nothing ready.</summary>
    public int ReserveTarget => Math.Min(reserve, Target);

    public Demand Demand => _demand.Read();

    /// <summary>A ready sandbox, or one that is started now.</summary>
    public async Task<Sandbox> TakeAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        _demand.Record();
        var (sandbox, origin) = await TakeAnyAsync(cancellationToken);
        Telemetry.RecordTake(Language.Id, origin, time.GetElapsedTime(began));
        return sandbox;
    }

    /// <summary>Starts one more and keeps it.</summary>
    public async Task AddAsync(CancellationToken cancellationToken) => _ready.Enqueue(await factory.StartAheadAsync(Language, cancellationToken));

    /// <summary>Creates one more for the reserve.</summary>
    public async Task AddToReserveAsync(CancellationToken cancellationToken) => _reserve.Enqueue(await factory.CreateAheadAsync(Language, cancellationToken));

    /// <summary>Removes those that broke while they waited, and one of those that are too many: demand may come back.</summary>
    public void Tidy()
    {
        Tidy(_ready, Target);
        Tidy(_reserve, ReserveTarget);
    }

    /// <summary>Removes all.</summary>
    public void Clear()
    {
        while (_ready.TryDequeue(out var sandbox)) remover.Remove(sandbox);
        while (_reserve.TryDequeue(out var created)) remover.Remove(created);
    }

    private async Task<(Sandbox Sandbox, string Origin)> TakeAnyAsync(CancellationToken cancellationToken)
    {
        if (TakeFrom(_ready) is { } waiting) return (waiting, Telemetry.Hit);
        while (TakeFrom(_reserve) is { } created)
        {
            try
            {
                return (await factory.StartAsync(created, Language, cancellationToken), Telemetry.Reserve);
            }
            catch (Exception exception) when (exception is ContainerEngineException or SandboxException)
            {
                // It broke while it waited, or the engine is away: a new one tells which.
            }
        }

        return (await factory.StartAsync(Language, cancellationToken), Telemetry.Miss);
    }

    private void Tidy(ConcurrentQueue<Sandbox> waiting, int target)
    {
        for (var left = waiting.Count; left > 0 && waiting.TryDequeue(out var sandbox); left--)
        {
            if (sandbox.IsAlive) waiting.Enqueue(sandbox);
            else remover.Remove(sandbox);
        }

        if (waiting.Count > target && waiting.TryDequeue(out var surplus)) remover.Remove(surplus);
    }

    private Sandbox? TakeFrom(ConcurrentQueue<Sandbox> queue)
    {
        while (queue.TryDequeue(out var waiting))
        {
            if (waiting.IsAlive) return waiting;
            remover.Remove(waiting);
        }

        return null;
    }
}
