namespace Platform.AppHost.Local.Dashboard;

internal sealed record ResourceListResponse(bool Healthy, IReadOnlyList<ResourceResponse> Resources);

/// <param name="Name">The process; a resource with several has a number behind its name.</param>
/// <param name="Resource">The resource of the model.</param>
/// <param name="Type">What it is.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Health">What its health checks say; null for what has none.</param>
/// <param name="Message">Why it is not healthy or not running.</param>
/// <param name="Urls">Where it listens.</param>
/// <param name="Pid">Its process.</param>
/// <param name="StartedAt">When that process was started.</param>
/// <param name="Restarts">How often it was started again.</param>
/// <param name="ExitCode">How its last process ended.</param>
/// <param name="Commands">What can be asked of it now.</param>
internal sealed record ResourceResponse(
    string Name,
    string Resource,
    string Type,
    string State,
    string? Health,
    string? Message,
    IReadOnlyList<string> Urls,
    int? Pid,
    DateTimeOffset? StartedAt,
    int Restarts,
    int? ExitCode,
    IReadOnlyList<string> Commands);

internal sealed record ResourceDetailResponse(ResourceResponse Resource, IReadOnlyList<VariableResponse> Environment);

internal sealed record VariableResponse(string Name, string Value);
