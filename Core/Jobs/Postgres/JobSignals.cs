using System.Collections.Immutable;

namespace Platform.Core.Jobs.Postgres;

/// <summary>What a listener wants to hear of.</summary>
internal sealed record JobSignalHandlers
{
    /// <summary>A job of this queue may start.</summary>
    public Action<string>? QueueReady { get; init; }

    /// <summary>A running job shall stop.</summary>
    public Action<Guid>? CancelRequested { get; init; }

    /// <summary>The outbox has new rows.</summary>
    public Action? OutboxWritten { get; init; }

    /// <summary>Listening (again): whatever was said before may have been missed.</summary>
    public Action? Listening { get; init; }
}

/// <summary>Passes on what the process's one LISTEN connection heard.</summary>
internal sealed class JobSignals
{
    private ImmutableList<JobSignalHandlers> _handlers = [];

    public IDisposable Subscribe(JobSignalHandlers handlers)
    {
        ImmutableInterlocked.Update(ref _handlers, (list, added) => list.Add(added), handlers);
        return new Subscription(this, handlers);
    }

    public void Heard(string payload)
    {
        if (payload.StartsWith("q:", StringComparison.Ordinal))
        {
            foreach (var handlers in _handlers) handlers.QueueReady?.Invoke(payload[2..]);
        }
        else if (payload.StartsWith("c:", StringComparison.Ordinal) && Guid.TryParse(payload.AsSpan(2), out var id))
        {
            foreach (var handlers in _handlers) handlers.CancelRequested?.Invoke(id);
        }
        else if (payload == "o")
        {
            foreach (var handlers in _handlers) handlers.OutboxWritten?.Invoke();
        }
    }

    public void Connected()
    {
        foreach (var handlers in _handlers) handlers.Listening?.Invoke();
    }

    private sealed class Subscription(JobSignals signals, JobSignalHandlers handlers) : IDisposable
    {
        public void Dispose() =>
            ImmutableInterlocked.Update(
                ref signals._handlers, (list, removed) => list.RemoveAll(entry => ReferenceEquals(entry, removed)), handlers);
    }
}
