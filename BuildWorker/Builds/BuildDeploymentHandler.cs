using Microsoft.Extensions.Options;
using Platform.BuildWorker.Logs;
using Platform.BuildWorker.Publishing;
using Platform.Core.Artifacts;
using Platform.Core.Containers;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Deployments.Logs;
using Platform.Core.Jobs;
using Platform.Core.Realtime;

namespace Platform.BuildWorker.Builds;

/// <summary>Takes one deployment from its job to a final state, whatever happens in between.</summary>
internal sealed partial class BuildDeploymentHandler(
    DeploymentRecord records,
    BuildPipeline pipeline,
    PublicationCheck check,
    BuildContainers containers,
    BuildWorkspace workspace,
    BuildCache cache,
    DeploymentEnvironment environments,
    ILogStore logStore,
    ILogBus logBus,
    IOptions<BuildOptions> options,
    TimeProvider time,
    ILogger<BuildDeploymentHandler> logger) : IJobHandler<BuildDeploymentJob>
{
    // What they find is not said by a line; what the build said last tells where it was.
    private static readonly string[] LastLineTells = [FailureCode.NoOutput, FailureCode.ServerOnly, FailureCode.DiskFull];

    public async Task HandleAsync(BuildDeploymentJob job, JobContext context, CancellationToken cancellationToken)
    {
        var request = await records.LoadAsync(job.DeploymentId, cancellationToken);
        if (request is null || DeploymentStatus.IsFinal(request.Status)) return;

        // Without the lease another worker may write: from then on not even a last line.
        using var fenced = new CancellationTokenSource();
        await using var registration = cancellationToken.Register(() =>
        {
            if (context.StopReason == JobStopReason.LeaseLost) fenced.Cancel();
        });
        var variables = environments.Unprotect(request.EnvVars);
        await using var log = await BuildLog.OpenAsync(
            request.Id, new SecretMasker(variables), logStore, logBus, time, options.Value.MaxLogLines, fenced.Token);
        await AttemptAsync(request, variables, context, log, fenced.Token, cancellationToken);
    }

    /// <summary>The last worker died without a word, or failed in a way that it could not record.</summary>
    public async Task OnDeadAsync(BuildDeploymentJob job, JobContext context, string error, CancellationToken cancellationToken)
    {
        try
        {
            await containers.RemoveLeftoversAsync(context.JobId, cancellationToken);
        }
        catch (ContainerEngineException exception)
        {
            // The reaper removes them: their job holds no lease any more.
            Log.LeftoversStay(logger, job.DeploymentId, exception.Message);
        }

        workspace.Remove(job.DeploymentId);
        if (await records.LoadAsync(job.DeploymentId, cancellationToken) is not { } request || DeploymentStatus.IsFinal(request.Status)) return;
        await using var log = await BuildLog.OpenAsync(
            job.DeploymentId, new SecretMasker(new Dictionary<string, string>()), logStore, logBus, time, options.Value.MaxLogLines, cancellationToken);
        var failure = new BuildFailureException(
            FailureCode.WorkerLost, $"The worker stopped during the build, {context.Attempt} times.", "Deploy again; if it happens again, ask the operator.");
        await FailAsync(job.DeploymentId, failure, log, cancellationToken);
    }

    private async Task AttemptAsync(
        BuildRequest request,
        IReadOnlyDictionary<string, string> variables,
        JobContext context,
        BuildLog log,
        CancellationToken fenced,
        CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        await using var session = new BuildSession(request, workspace.Create(request.Id), cache, workspace);
        var hasBegun = false;
        try
        {
            if (!await records.BeginAsync(request.Id, cancellationToken)) return;
            hasBegun = true;
            await AnnounceStartAsync(request, context, log, cancellationToken);
            if (request.Status != DeploymentStatus.Queued) await containers.RemoveLeftoversPatientlyAsync(context.JobId, cancellationToken);
            var manifest = await pipeline.RunAsync(session, request, variables, containers.LabelsOf(context.JobId), log, either.Token);
            if (manifest is null) return;
            foreach (var warning in await check.CheckAsync(manifest, request.Slug, request.Id, either.Token)) await log.WriteAsync(BuildLog.Warning, warning, either.Token);
            await SucceedAsync(request, manifest, log, fenced);
        }
        catch (BuildFailureException failure)
        {
            await FailAsync(request.Id, failure.Or(LastLineTells.Contains(failure.Code) ? session.LastLine : null), log, fenced);
        }
        catch (OperationCanceledException) when (!hasBegun && context.StopReason is JobStopReason.Cancelled or JobStopReason.ShuttingDown)
        {
            // The log is not the worker's yet: whoever cancels what waits writes there.
            if (context.StopReason == JobStopReason.Cancelled) await records.CancelBegunAsync(request.Id, "Cancelled.", fenced);
            throw;
        }
        catch (OperationCanceledException) when (context.StopReason == JobStopReason.Cancelled)
        {
            await session.StopAsync();
            await log.WriteAsync(BuildLog.Warning, "Cancelled.", fenced);
            await log.CompleteAsync();
            await records.CancelAsync(request.Id, fenced);
            throw;
        }
        catch (OperationCanceledException) when (context.StopReason == JobStopReason.ShuttingDown)
        {
            await log.WriteAsync(BuildLog.Warning, "The worker is stopping; the build starts again on the next one.", fenced);
            await log.CompleteAsync();
            throw;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var failure = new BuildFailureException(
                FailureCode.TimedOut, $"The build took longer than {options.Value.Timeout.TotalSeconds:0} seconds.", "Build less, or ask the operator for a higher limit.")
            { Line = session.LastLine };
            await FailAsync(request.Id, failure, log, fenced);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.AttemptFailed(logger, request.Id, context.Attempt, exception);
            if (!context.IsLastAttempt)
            {
                await log.WriteAsync(BuildLog.Warning, $"{Describe(exception)} Trying again shortly.", fenced);
                throw;
            }

            var failure = new BuildFailureException(FailureCode.Internal, Describe(exception), "Deploy again; if it happens again, ask the operator.", exception);
            await FailAsync(request.Id, failure, log, fenced);
        }
    }

    private static async Task AnnounceStartAsync(BuildRequest request, JobContext context, BuildLog log, CancellationToken cancellationToken)
    {
        if (request.Status == DeploymentStatus.Queued)
        {
            await log.WriteAsync(BuildLog.Info, "Starting deployment...", cancellationToken);
            return;
        }

        await log.WriteAsync(
            BuildLog.Warning,
            $"The previous worker stopped before the deployment had ended; starting again (attempt {context.Attempt} of {context.MaxAttempts}).",
            cancellationToken);
    }

    private async Task SucceedAsync(BuildRequest request, SiteManifest manifest, BuildLog log, CancellationToken fenced)
    {
        await log.WriteAsync(BuildLog.Info, $"Published {manifest.Files.Count} {(manifest.Files.Count == 1 ? "file" : "files")}, {manifest.TotalBytes / 1024.0:0.0} KiB.", fenced);
        await log.WriteAsync(BuildLog.Info, $"Deployment successful: {records.AddressOf(request)}", fenced);
        // Whoever sees the final state finds the whole log.
        await log.CompleteAsync();
        await records.SucceedAsync(request, manifest, fenced);
    }

    private async Task FailAsync(Guid deploymentId, BuildFailureException failure, BuildLog log, CancellationToken fenced)
    {
        await log.WriteAsync(BuildLog.Error, failure.Message, fenced);
        if (failure.Line is { } line) await log.WriteAsync(BuildLog.Error, $"> {line}", fenced);
        if (failure.Hint is { } hint) await log.WriteAsync(BuildLog.Error, hint, fenced);
        await log.WriteAsync(BuildLog.Error, $"Deployment failed ({failure.Code}).", fenced);
        await log.CompleteAsync();
        await records.FailAsync(deploymentId, failure.Masked(log.Mask), fenced);
    }

    // An exception's text may hold addresses and paths of this installation: the log of the process has it, the user's does not.
    private static string Describe(Exception exception) => exception switch
    {
        ContainerEngineException { Error: ContainerEngineError.Unavailable } => "The container engine cannot be reached.",
        ContainerEngineException { Error: ContainerEngineError.NotFound } => "The image or the network of builds is missing on this installation.",
        _ => "Something went wrong on this installation.",
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Deployment {DeploymentId}: attempt {Attempt} failed")]
        public static partial void AttemptFailed(ILogger logger, Guid deploymentId, int attempt, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "Deployment {DeploymentId}: its containers could not be removed yet: {Reason}")]
        public static partial void LeftoversStay(ILogger logger, Guid deploymentId, string reason);
    }
}
