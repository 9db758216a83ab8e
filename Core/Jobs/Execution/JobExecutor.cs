using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.Core.Jobs.Execution;

/// <summary>One claimed attempt, whatever engine it came from.</summary>
internal sealed record JobAttempt(string Type, string Queue, string Payload, string? TraceParent, TimeSpan Wait);

/// <summary>Runs an attempt in a scope of its own and says how it ended; engine-neutral.</summary>
internal sealed partial class JobExecutor(
    JobHandlerRegistry registry, IServiceScopeFactory scopes, TimeProvider time, ILogger<JobExecutor> logger)
{
    public async Task<JobOutcome> RunAsync(JobAttempt attempt, JobContext context, CancellationToken cancellationToken)
    {
        using var activity = JobTelemetry.StartAttempt(attempt.Type, attempt.TraceParent);
        activity?.SetTag("job.id", context.JobId).SetTag("job.queue", attempt.Queue).SetTag("job.attempt", context.Attempt);
        using var scope = logger.BeginScope(new Dictionary<string, object> { ["JobId"] = context.JobId, ["JobType"] = attempt.Type });
        JobTelemetry.RecordStart(attempt.Queue, attempt.Type, attempt.Wait);

        var started = time.GetTimestamp();
        var outcome = await HandleAsync(attempt, context, cancellationToken);
        var elapsed = time.GetElapsedTime(started);

        JobTelemetry.RecordEnd(attempt.Queue, attempt.Type, elapsed, outcome);
        activity?.SetTag("job.outcome", outcome.Name);
        if (outcome.Error is not null) activity?.SetStatus(ActivityStatusCode.Error, outcome.Error);
        Log.Ended(logger, attempt.Type, context.JobId, context.Attempt, outcome.Name, elapsed.TotalMilliseconds);
        return outcome;
    }

    /// <summary>Ends a job whose worker was lost in its last attempt.</summary>
    public async Task<JobOutcome> BuryAsync(JobAttempt attempt, JobContext context, string error, CancellationToken cancellationToken)
    {
        using var activity = JobTelemetry.StartAttempt(attempt.Type, attempt.TraceParent);
        activity?.SetTag("job.id", context.JobId).SetTag("job.outcome", "dead");
        return await EndAsDeadAsync(attempt, context, error, cancellationToken);
    }

    private async Task<JobOutcome> HandleAsync(JobAttempt attempt, JobContext context, CancellationToken cancellationToken)
    {
        Exception failure;
        try
        {
            var handler = registry.Find(attempt.Type)
                ?? throw new JobFailedException($"No handler is registered for jobs of type '{attempt.Type}'.");
            await using var scope = scopes.CreateAsyncScope();
            await handler.HandleAsync(scope.ServiceProvider, attempt.Payload, context, cancellationToken);
            return context.StopReason switch
            {
                JobStopReason.Cancelled => new JobOutcome(JobOutcomeKind.Cancelled),
                JobStopReason.LeaseLost => new JobOutcome(JobOutcomeKind.LeaseLost),
                _ => new JobOutcome(JobOutcomeKind.Succeeded),
            };
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        return await JudgeAsync(attempt, context, failure, cancellationToken);
    }

    private async Task<JobOutcome> JudgeAsync(
        JobAttempt attempt, JobContext context, Exception failure, CancellationToken cancellationToken)
    {
        // Whatever a handler throws while it is being stopped is a consequence of the stop.
        switch (context.StopReason)
        {
            case JobStopReason.Cancelled: return new JobOutcome(JobOutcomeKind.Cancelled);
            case JobStopReason.LeaseLost: return new JobOutcome(JobOutcomeKind.LeaseLost);
            case JobStopReason.ShuttingDown: return new JobOutcome(JobOutcomeKind.Released);
            case JobStopReason.None: break;
            default: throw new InvalidOperationException($"Unknown reason {context.StopReason}");
        }

        var error = JobError.Describe(failure);
        Log.Failed(logger, failure, attempt.Type, context.JobId, context.Attempt, context.MaxAttempts);
        return failure is JobFailedException || context.IsLastAttempt
            ? await EndAsDeadAsync(attempt, context, error, cancellationToken)
            : new JobOutcome(JobOutcomeKind.Failed, error);
    }

    private async Task<JobOutcome> EndAsDeadAsync(
        JobAttempt attempt, JobContext context, string error, CancellationToken cancellationToken)
    {
        try
        {
            if (registry.Find(attempt.Type) is { } handler)
            {
                await using var scope = scopes.CreateAsyncScope();
                await handler.OnDeadAsync(scope.ServiceProvider, attempt.Payload, context, error, cancellationToken);
            }

            return new JobOutcome(JobOutcomeKind.Dead, error);
        }
        catch (Exception exception) when (context.StopReason is JobStopReason.LeaseLost or JobStopReason.ShuttingDown)
        {
            // The lease is left to run out, so that another worker does it again.
            Log.DeadLetterFailed(logger, exception, attempt.Type, context.JobId);
            return new JobOutcome(JobOutcomeKind.LeaseLost);
        }
        catch (Exception exception)
        {
            Log.DeadLetterFailed(logger, exception, attempt.Type, context.JobId);
            return new JobOutcome(JobOutcomeKind.Dead, $"{error} | while ending it: {JobError.Describe(exception)}");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2001, LogLevel.Debug, "{Type} {JobId} attempt {Attempt} {Outcome} after {Milliseconds:0.0} ms")]
        public static partial void Ended(ILogger logger, string type, Guid jobId, int attempt, string outcome, double milliseconds);

        [LoggerMessage(2002, LogLevel.Warning, "{Type} {JobId} failed in attempt {Attempt} of {MaxAttempts}")]
        public static partial void Failed(ILogger logger, Exception exception, string type, Guid jobId, int attempt, int maxAttempts);

        [LoggerMessage(2003, LogLevel.Error, "{Type} {JobId} became a dead letter and its handler could not end it")]
        public static partial void DeadLetterFailed(ILogger logger, Exception exception, string type, Guid jobId);
    }
}
