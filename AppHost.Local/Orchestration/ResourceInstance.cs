using Aspire.Hosting.ApplicationModel;
using Platform.AppHost.Local.Logs;

namespace Platform.AppHost.Local.Orchestration;

/// <summary>One row of the dashboard: a process, or something that lives in one or outside of all.</summary>
internal sealed class ResourceInstance(string name, IResource resource, string type, ObservableStatus status, LogBuffer log)
{
    private IReadOnlyDictionary<string, string> _environment = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The resource's name, with a number where it has several processes.</summary>
    public string Name { get; } = name;

    public IResource Resource { get; } = resource;

    public string Type { get; } = type;

    /// <summary>A database shares the status of its server.</summary>
    public ObservableStatus Status { get; } = status;

    public LogBuffer Log { get; } = log;

    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>Null for what has no process of its own.</summary>
    public Supervisor? Supervisor { get; set; }

    /// <summary>What the process was last started with.</summary>
    public IReadOnlyDictionary<string, string> Environment
    {
        get => Volatile.Read(ref _environment);
        set => Volatile.Write(ref _environment, value);
    }
}
