using Aspire.Hosting.ApplicationModel;
using Platform.AppHost.Local.Processes;

namespace Platform.AppHost.Local.Orchestration;

/// <summary>What a health check found.</summary>
internal readonly record struct HealthResult(bool IsHealthy, string? Reason)
{
    public static HealthResult Healthy => new(IsHealthy: true, Reason: null);

    public static HealthResult Unhealthy(string reason) => new(IsHealthy: false, reason);
}

/// <summary>Knows how one kind of resource is started and asked for its health; one object per process.</summary>
internal abstract class ResourceRunner(IResource resource)
{
    public IResource Resource { get; } = resource;

    /// <summary>Whether an end with code 0, which nobody asked for, is a crash.</summary>
    public virtual bool IsService => true;

    /// <summary>Looks whether the process can be started at all, before anything is.</summary>
    public virtual void Preflight()
    {
    }

    /// <summary>Makes everything ready and says what to start.</summary>
    public abstract Task<ChildSpec> PrepareAsync(CancellationToken cancellationToken);

    public abstract Task<HealthResult> CheckHealthAsync(CancellationToken cancellationToken);
}
