using System.Diagnostics;
using System.Text.Json;

namespace Platform.Core.Jobs.Execution;

/// <summary>A job as an engine stores it.</summary>
internal sealed record PlacedJob
{
    public required Guid Id { get; init; }

    public required string Type { get; init; }

    public required string Queue { get; init; }

    /// <summary>The arguments as JSON.</summary>
    public required string Payload { get; init; }

    public int MaxAttempts { get; init; } = 1;

    public JobPriority Priority { get; init; }

    public TimeSpan Delay { get; init; }

    public bool IsDurable { get; init; } = true;

    public string? TraceParent { get; init; }

    public string? FairnessKey { get; init; }

    public static PlacedJob From<TJob>(TJob job, EnqueueOptions? options)
        where TJob : IJob
    {
        options ??= new EnqueueOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxAttempts, 1, nameof(options));
        return new PlacedJob
        {
            Id = options.JobId ?? Guid.CreateVersion7(),
            Type = TJob.Type,
            Queue = TJob.Queue,
            Payload = JsonSerializer.Serialize(job, JobJson.Options),
            MaxAttempts = options.MaxAttempts,
            Priority = options.Priority,
            Delay = options.Delay is { } delay && delay > TimeSpan.Zero ? delay : TimeSpan.Zero,
            IsDurable = TJob.IsDurable,
            FairnessKey = options.FairnessKey,
            TraceParent = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null,
        };
    }
}

internal static class JobJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
}
