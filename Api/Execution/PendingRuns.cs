using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Platform.Api.Execution;

/// <summary>The runs that callers of this instance wait for. How many there may be is up to <see cref="RunGate"/>.</summary>
internal sealed class PendingRuns(IOptions<ExecutionOptions> options, WorkerContact contact, TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, PendingRun> _runs = new();

    /// <summary>Registers a run. Take it out by <see cref="Remove"/>.</summary>
    public PendingRun Add(RunOrder order)
    {
        var run = new PendingRun(order, options.Value, contact, time);
        _runs[run.Id] = run;
        return run;
    }

    public PendingRun? Find(Guid id) => _runs.GetValueOrDefault(id);

    public void Remove(PendingRun run)
    {
        if (_runs.TryRemove(run.Id, out _)) run.Dispose();
    }
}
