using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Jobs;
using Platform.Core.Realtime;

namespace Platform.Api.Deployments;

/// <summary>Creates and cancels deployments.</summary>
internal sealed class DeploymentService(
    PlatformDbContext db, IJobOutbox outbox, IJobQueue jobs, IEventBus events, DeploymentEnvironment environments, TimeProvider time)
{
    private const int CreateAttempts = 5;

    /// <summary>Finds or creates the project; the deployment, its stages and its job are written in one transaction.</summary>
    public async Task<Guid> CreateAsync(CreateDeploymentRequest request, string? gitHubId, CurrentUser user, CancellationToken cancellationToken)
    {
        // The validator has accepted all of it.
        _ = RepositorySource.TryParse(request.Repository, allowFiles: true, out var source, out _);
        _ = RelativePath.TryNormalize(request.RootDir, out var rootDir);
        _ = BuildVariables.TryParse(request.EnvVars, out var variables, out _);
        var settings = new Settings(
            request.Owner ?? user.OwnerId, source!, request.Branch!, rootDir!, Text(request.InstallCommand), Text(request.BuildCommand), Directory(request.OutputDir), environments.Protect(variables!), gitHubId);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryCreateAsync(settings, user, cancellationToken);
            }
            catch (DbUpdateException exception) when (attempt < CreateAttempts && IsOvertaken(exception))
            {
                // Somebody was quicker with the same project or the same slug, or the project was handed over.
                db.ChangeTracker.Clear();
            }
            catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
            {
                // The owner was deleted after the caller was let in.
                throw new ApiException(StatusCodes.Status404NotFound, DeploymentErrors.OwnerNotFoundCode, "The owner is gone.");
            }
        }
    }

    private static bool IsOvertaken(DbUpdateException exception) =>
        exception is DbUpdateConcurrencyException || exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>Asks a running deployment to stop, or ends one that has not started.</summary>
    /// <returns>Its status now, and whether it had ended before.</returns>
    public async Task<(string? Status, bool WasFinal)> CancelAsync(Guid id, CancellationToken cancellationToken)
    {
        var found = await db.Deployments.AsNoTracking().Where(deployment => deployment.Id == id)
            .Select(deployment => new { deployment.Status, deployment.JobId }).FirstOrDefaultAsync(cancellationToken);
        if (found is null) return (null, false);
        if (DeploymentStatus.IsFinal(found.Status)) return (found.Status, true);

        // A job that has not started never does; the worker of one that runs ends the deployment itself, with its log.
        if (found.JobId is { } jobId) await jobs.CancelAsync(jobId, cancellationToken);
        if (await EndQueuedAsync(id, cancellationToken)) return (DeploymentStatus.Cancelled, false);
        return (found.Status == DeploymentStatus.Queued ? DeploymentStatus.Building : found.Status, false);
    }

    private async Task<Guid> TryCreateAsync(Settings settings, CurrentUser user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var project = await db.Projects.FirstOrDefaultAsync(
            candidate => candidate.OwnerId == settings.OwnerId && candidate.Repository == settings.Source.Canonical && candidate.RootDir == settings.RootDir, cancellationToken);
        if (project is null)
        {
            project = await NewProjectAsync(settings, user, now, cancellationToken);
            db.Projects.Add(project);
        }

        (project.Branch, project.InstallCommand, project.BuildCommand, project.OutputDir, project.EnvVars, project.UpdatedAt) =
            (settings.Branch, settings.InstallCommand, settings.BuildCommand, settings.OutputDir, settings.EnvVars, now);
        if (settings.GitHubId is not null && settings.GitHubId != project.GitHubRepoId)
        {
            project.GitHubRepoId = settings.GitHubId;
            outbox.Add(new SyncWebhookJob(project.Id), SyncWebhookJob.Options);
        }

        var deployment = NewDeployment(settings, user, project.Id, now);
        deployment.JobId = outbox.Add(new BuildDeploymentJob(deployment.Id), new EnqueueOptions { FairnessKey = deployment.OwnerId.ToString("N") });
        db.Deployments.Add(deployment);
        await db.SaveChangesAsync(cancellationToken);
        await outbox.RelayAsync(cancellationToken);
        return deployment.Id;
    }

    private async Task<Project> NewProjectAsync(Settings settings, CurrentUser user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var name = settings.RootDir.Length == 0 ? settings.Source.Name : settings.RootDir[(settings.RootDir.LastIndexOf('/') + 1)..];
        var slug = ProjectSlug.From(name);
        if (ProjectSlug.IsReserved(slug) || await db.Projects.AnyAsync(project => project.Slug == slug, cancellationToken)) slug = ProjectSlug.WithSuffix(slug);
        return new Project
        {
            Id = Guid.CreateVersion7(now),
            OwnerId = settings.OwnerId,
            UserId = user.Id,
            Name = name,
            Slug = slug,
            Repository = settings.Source.Canonical,
            RootDir = settings.RootDir,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    private static Deployment NewDeployment(Settings settings, CurrentUser user, Guid projectId, DateTimeOffset now)
    {
        var deployment = new Deployment
        {
            Id = Guid.CreateVersion7(now),
            OwnerId = settings.OwnerId,
            UserId = user.Id,
            ProjectId = projectId,
            Branch = settings.Branch,
            Author = user.Name,
            RootDir = settings.RootDir,
            InstallCommand = settings.InstallCommand,
            BuildCommand = settings.BuildCommand,
            OutputDir = settings.OutputDir,
            EnvVars = settings.EnvVars,
            CreatedAt = now,
        };
        foreach (var stage in new[] { DeploymentStatus.Queued, DeploymentStatus.Building, DeploymentStatus.Deploying, DeploymentStatus.Success })
        {
            var first = stage == DeploymentStatus.Queued;
            deployment.Stages.Add(new DeploymentStage
            {
                Id = Guid.CreateVersion7(now),
                DeploymentId = deployment.Id,
                StageName = stage,
                Status = first ? "in_progress" : "pending",
                StartedAt = first ? now : null,
                CreatedAt = now,
            });
        }

        return deployment;
    }

    private async Task<bool> EndQueuedAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var ended = await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            var rows = await db.Deployments.Where(deployment => deployment.Id == id && deployment.Status == DeploymentStatus.Queued).ExecuteUpdateAsync(
                setters => setters.SetProperty(deployment => deployment.Status, DeploymentStatus.Cancelled).SetProperty(deployment => deployment.CompletedAt, now),
                cancellationToken);
            if (rows == 0) return false;
            await db.DeploymentStages.Where(stage => stage.DeploymentId == id && stage.StageName == DeploymentStatus.Queued).ExecuteUpdateAsync(
                setters => setters.SetProperty(stage => stage.Status, "failed").SetProperty(stage => stage.CompletedAt, now), cancellationToken);
            await db.DeploymentStages.Where(stage => stage.DeploymentId == id && stage.StageName == DeploymentStatus.Success).ExecuteUpdateAsync(
                setters => setters
                    .SetProperty(stage => stage.StageName, DeploymentStatus.Cancelled).SetProperty(stage => stage.Status, "failed")
                    .SetProperty(stage => stage.StartedAt, now).SetProperty(stage => stage.CompletedAt, now),
                cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        });
        if (ended) await AnnounceAsync(id, cancellationToken);
        return ended;
    }

    /// <summary>Viewers also look at the row: a lost announcement delays what they see, nothing more.</summary>
    private async Task AnnounceAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await events.PublishAsync(Topics.Deployment(id), new DeploymentChanged(id, DeploymentStatus.Cancelled, "Cancelled"), cancellationToken);
        }
        catch (RealtimeUnavailableException)
        {
            return;
        }
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    private static string? Directory(string? value) => RelativePath.TryNormalize(value, out var path) && path.Length > 0 ? path : null;

    private sealed record Settings(
        Guid OwnerId, RepositorySource Source, string Branch, string RootDir, string? InstallCommand, string? BuildCommand, string? OutputDir, string? EnvVars, string? GitHubId);
}
