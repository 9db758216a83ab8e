namespace Platform.AppHost.Local.Orchestration;

/// <summary>Where a resource is in its life.</summary>
internal enum ResourceState
{
    /// <summary>It has not been asked to start.</summary>
    NotStarted,

    /// <summary>A dependency is not healthy yet.</summary>
    Waiting,

    /// <summary>It is being prepared.</summary>
    Starting,

    /// <summary>Its process lives.</summary>
    Running,

    /// <summary>It crashed, and starts again after a while.</summary>
    Restarting,

    /// <summary>It was asked to stop.</summary>
    Stopping,

    /// <summary>It stopped because it was asked to.</summary>
    Exited,

    /// <summary>It did its work and ended.</summary>
    Finished,

    /// <summary>It cannot start; trying again would not help.</summary>
    FailedToStart,
}

/// <summary>What its health checks say.</summary>
internal enum ResourceHealth
{
    /// <summary>It does not run, or was not asked yet.</summary>
    Unknown,

    /// <summary>All checks pass.</summary>
    Healthy,

    /// <summary>A check fails.</summary>
    Unhealthy,
}

/// <summary>Everything about a process that changes.</summary>
internal sealed record ResourceStatus
{
    public ResourceState State { get; init; } = ResourceState.NotStarted;

    public ResourceHealth Health { get; init; } = ResourceHealth.Unknown;

    /// <summary>Why it is not healthy or not running.</summary>
    public string? Message { get; init; }

    public int? Pid { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public int Restarts { get; init; }

    public int? ExitCode { get; init; }

    public bool IsReady => State == ResourceState.Running && Health == ResourceHealth.Healthy;

    public bool IsStarted => State is ResourceState.Running or ResourceState.Finished;
}
