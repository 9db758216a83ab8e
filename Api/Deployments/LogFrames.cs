namespace Platform.Api.Deployments;

/// <summary>What a viewer of a log receives; <c>type</c> tells which.</summary>
internal abstract record LogFrame(string Type);

internal sealed record LogLineFrame(long Seq, DateTimeOffset Timestamp, string Level, string Message) : LogFrame("log");

internal sealed record StatusFrame(string Status, string Stage) : LogFrame("status_update");

internal sealed record CompleteFrame(string Status, string? Duration, string? Url) : LogFrame("deployment_complete");

