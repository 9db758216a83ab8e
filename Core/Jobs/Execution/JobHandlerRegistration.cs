using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.Core.Jobs.Execution;

/// <summary>How one kind of job is run in this process.</summary>
internal abstract class JobHandlerRegistration(string type, string queue, bool isDurable)
{
    public string Type { get; } = type;

    public string Queue { get; } = queue;

    public bool IsDurable { get; } = isDurable;

    public abstract Task HandleAsync(IServiceProvider services, string payload, JobContext context, CancellationToken cancellationToken);

    public abstract Task OnDeadAsync(
        IServiceProvider services, string payload, JobContext context, string error, CancellationToken cancellationToken);
}

internal sealed class JobHandlerRegistration<TJob, THandler>() : JobHandlerRegistration(TJob.Type, TJob.Queue, TJob.IsDurable)
    where TJob : IJob
    where THandler : class, IJobHandler<TJob>
{
    public override Task HandleAsync(IServiceProvider services, string payload, JobContext context, CancellationToken cancellationToken) =>
        Handler(services).HandleAsync(Read(payload), context, cancellationToken);

    public override Task OnDeadAsync(
        IServiceProvider services, string payload, JobContext context, string error, CancellationToken cancellationToken) =>
        Handler(services).OnDeadAsync(Read(payload), context, error, cancellationToken);

    private static IJobHandler<TJob> Handler(IServiceProvider services) => services.GetRequiredService<THandler>();

    private static TJob Read(string payload)
    {
        try
        {
            return JsonSerializer.Deserialize<TJob>(payload, JobJson.Options) ?? throw new JobFailedException("The job has no arguments.");
        }
        catch (JsonException exception)
        {
            // A payload of an older or newer version: no attempt of this version will read it.
            throw new JobFailedException("The job's arguments cannot be read by this version.", exception);
        }
    }
}

/// <summary>A queue that this process serves, with as many jobs at a time.</summary>
internal sealed record JobWorkerRegistration(string Queue, int Concurrency, int? PerKey = null);
