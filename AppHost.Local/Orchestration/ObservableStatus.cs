namespace Platform.AppHost.Local.Orchestration;

/// <summary>A status that others can wait for.</summary>
internal sealed class ObservableStatus
{
    private readonly Lock _gate = new();
    private ResourceStatus _current = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ResourceStatus Current
    {
        get
        {
            lock (_gate) return _current;
        }
    }

    public void Update(Func<ResourceStatus, ResourceStatus> change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            var next = change(_current);
            if (next == _current) return;
            _current = next;
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    public async Task<ResourceStatus> WaitAsync(Predicate<ResourceStatus> until, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (until(_current)) return _current;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }
}
