using System.Collections.Concurrent;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Pools;

/// <summary>Started sandboxes of one language. Each is used once.</summary>
internal sealed class SandboxPool(Language language, int least, SandboxFactory factory, SandboxRemover remover, TimeProvider time)
{
    private readonly ConcurrentQueue<Sandbox> _ready = new();
    private readonly DemandMeter _demand = new(time);

    public Language Language { get; } = language;

    /// <summary>How many are ready even when nobody asks.</summary>
    public int Least { get; } = least;

    /// <summary>How many shall be ready.</summary>
    public int Target { get; set; } = least;

    public int Ready => _ready.Count;

    public Demand Demand => _demand.Read();

    /// <summary>A ready sandbox, or one that is started now.</summary>
    public async Task<Sandbox> TakeAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        _demand.Record();
        if (TakeReady() is { } waiting)
        {
            Telemetry.RecordTake(Language.Id, hit: true, time.GetElapsedTime(began));
            return waiting;
        }

        var started = await factory.StartAsync(Language, cancellationToken);
        Telemetry.RecordTake(Language.Id, hit: false, time.GetElapsedTime(began));
        return started;
    }

    /// <summary>Starts one more and keeps it.</summary>
    public async Task AddAsync(CancellationToken cancellationToken) => _ready.Enqueue(await factory.StartAheadAsync(Language, cancellationToken));

    /// <summary>Removes those that broke while they waited, and one of those that are too many: demand may come back.</summary>
    public void Tidy()
    {
        for (var left = _ready.Count; left > 0 && _ready.TryDequeue(out var sandbox); left--)
        {
            if (sandbox.IsAlive) _ready.Enqueue(sandbox);
            else remover.Remove(sandbox);
        }

        if (Ready > Target && _ready.TryDequeue(out var surplus)) remover.Remove(surplus);
    }

    /// <summary>Removes all.</summary>
    public void Clear()
    {
        while (_ready.TryDequeue(out var sandbox)) remover.Remove(sandbox);
    }

    private Sandbox? TakeReady()
    {
        while (_ready.TryDequeue(out var waiting))
        {
            if (waiting.IsAlive) return waiting;
            remover.Remove(waiting);
        }

        return null;
    }
}
