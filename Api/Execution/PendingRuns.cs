using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Platform.Core.Execution;

namespace Platform.Api.Execution;

/// <summary>The runs that callers of this instance wait for.</summary>
internal sealed class PendingRuns(IOptions<ExecutionOptions> options, WorkerContact contact, TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, PendingRun> _runs = new();
    private int _count;

    /// <summary>Registers a run, or returns null when there are too many. Take it out by <see cref="Remove"/>.</summary>
    public PendingRun? TryAdd(RunRequest request, ReadOnlyMemory<byte> stdin, Language language)
    {
        if (Interlocked.Increment(ref _count) > options.Value.MaxPending)
        {
            Interlocked.Decrement(ref _count);
            return null;
        }

        var run = new PendingRun(request, stdin, language, options.Value, contact, time);
        _runs[run.Id] = run;
        return run;
    }

    public PendingRun? Find(Guid id) => _runs.GetValueOrDefault(id);

    public void Remove(PendingRun run)
    {
        if (!_runs.TryRemove(run.Id, out _)) return;
        Interlocked.Decrement(ref _count);
        run.Dispose();
    }
}
