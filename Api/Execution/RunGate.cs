using Microsoft.Extensions.Options;

namespace Platform.Api.Execution;

/// <summary>
/// Lets runs through to the queue, so many at a time and so many of one owner. Who has to wait waits in a line of the owner, and the lines take
/// turns: one owner's hundred runs do not hold up another's single one. A run that waits for its image steps aside: it may take minutes, and needs
/// nothing that others could use. Counts are of this instance.
/// </summary>
internal sealed class RunGate(IOptions<ExecutionOptions> options, TimeProvider time)
{
    private readonly ExecutionOptions _options = options.Value;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);

    // Lines in which somebody waits, in the order of their turns.
    private readonly LinkedList<Line> _turns = new();
    private int _running;
    private int _waiting;
    private int _aside;

    /// <summary>Waits for its turn.</summary>
    /// <returns>To be disposed of at the end of the run; null when too many wait already or the turn did not come within <paramref name="patience"/>.</returns>
    public async Task<RunPlace?> EnterAsync(string owner, TimeSpan patience, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_lock)
        {
            var line = LineOf(owner);
            if (_running + _waiting >= _options.MaxPending || line.Aside >= _options.MaxWaitingPerOwner)
            {
                Forget(line);
                return null;
            }

            if (line.Waiters.Count == 0 && CanRun(line)) return Admit(line);
            if (line.Waiters.Count >= _options.MaxWaitingPerOwner)
            {
                Forget(line);
                return null;
            }

            waiter = new Waiter(line);
            if (line.Waiters.Count == 0) _turns.AddLast(line);
            line.Waiters.AddLast(waiter);
            _waiting++;
        }

        try
        {
            return await waiter.Turn.Task.WaitAsync(patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return Leave(waiter);
        }
        catch (OperationCanceledException)
        {
            Leave(waiter)?.Dispose();
            throw;
        }
    }

    /// <summary>Null, or the place that was given at the last moment.</summary>
    private RunPlace? Leave(Waiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Place is { } place) return place;
            var line = waiter.Line;
            line.Waiters.Remove(waiter);
            _waiting--;
            if (line.Waiters.Count == 0) _turns.Remove(line);
            Forget(line);
            return null;
        }
    }

    private bool TryStepAside(Line line)
    {
        lock (_lock)
        {
            if (_aside >= _options.MaxPending) return false;
            _aside++;
            line.Aside++;
            Free(line);
            return true;
        }
    }

    private void Release(Line line, bool aside)
    {
        lock (_lock)
        {
            if (aside)
            {
                _aside--;
                line.Aside--;
                Forget(line);
            }
            else
            {
                Free(line);
            }
        }
    }

    /// <summary>Lets others through who waited for the place of this line.</summary>
    private void Free(Line line)
    {
        _running--;
        line.Running--;
        while (_running < _options.MaxInFlight && NextLine() is { } next)
        {
            var waiter = next.Waiters.First!.Value;
            next.Waiters.RemoveFirst();
            _waiting--;
            _turns.Remove(next);
            if (next.Waiters.Count > 0) _turns.AddLast(next);
            waiter.Place = Admit(next);
            waiter.Turn.SetResult(waiter.Place);
        }

        Forget(line);
    }

    private Line? NextLine() => _turns.FirstOrDefault(line => line.Running < _options.MaxInFlightPerOwner);

    private bool CanRun(Line line) => _running < _options.MaxInFlight && line.Running < _options.MaxInFlightPerOwner;

    private RunPlace Admit(Line line)
    {
        _running++;
        line.Running++;
        return new RunPlace(() => TryStepAside(line), aside => Release(line, aside));
    }

    private Line LineOf(string owner)
    {
        if (_lines.TryGetValue(owner, out var line)) return line;
        return _lines[owner] = new Line(owner);
    }

    private void Forget(Line line)
    {
        if (line.Running == 0 && line.Aside == 0 && line.Waiters.Count == 0) _lines.Remove(line.Owner);
    }

    private sealed class Line(string owner)
    {
        public string Owner { get; } = owner;

        public LinkedList<Waiter> Waiters { get; } = new();

        public int Running { get; set; }

        public int Aside { get; set; }
    }

    private sealed class Waiter(Line line)
    {
        public Line Line { get; } = line;

        public TaskCompletionSource<RunPlace?> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public RunPlace? Place { get; set; }
    }
}

/// <summary>The place of a run; to be disposed of at its end.</summary>
internal sealed class RunPlace(Func<bool> tryStepAside, Action<bool> release) : IDisposable
{
    private readonly Lock _lock = new();
    private bool _aside;
    private bool _left;

    /// <summary>Gives the place to others while the run goes on without one. False: too many have done so.</summary>
    public bool TryStepAside()
    {
        lock (_lock) return _left || _aside || (_aside = tryStepAside());
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_left) return;
            _left = true;
            release(_aside);
        }
    }
}
