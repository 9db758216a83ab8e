using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query;
using Platform.Core.Artifacts;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Deployments.Logs;
using Platform.Core.Jobs;
using Platform.Core.Realtime;

namespace Platform.BuildWorker.Builds;

/// <summary>What a build needs to know; a snapshot that later changes of the project do not touch.</summary>
internal sealed record BuildRequest(
    Guid Id,
    Guid ProjectId,
    string Slug,
    string Repository,
    string Branch,
    string Status,
    DateTimeOffset? StartedAt,
    string RootDir,
    string? InstallCommand,
    string? BuildCommand,
    string? OutputDir,
    string? EnvVars,
    Guid OwnerId,
    Guid UserId,
    string? NodeVersion,
    bool Submodules,
    string Trust,
    bool UseCache,
    string? RequestedCommit);

/// <summary>The rows of deployments: every move is a compare-and-set, and whoever loses it learns so.</summary>
internal sealed class DeploymentRecord(IServiceScopeFactory scopes, IEventBus events, SiteAddresses sites, PlatformLines lines, TimeProvider time)
{
    private static readonly string[] Open = [DeploymentStatus.Queued, DeploymentStatus.Building, DeploymentStatus.Deploying];
    private static readonly string[] Begun = [DeploymentStatus.Building, DeploymentStatus.Deploying];

    public async Task<BuildRequest?> LoadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await Database(scope).Deployments.AsNoTracking().Where(deployment => deployment.Id == id)
            .Select(deployment => new BuildRequest(
                deployment.Id, deployment.ProjectId, deployment.Project!.Slug, deployment.Source ?? deployment.Project.Repository, deployment.Branch, deployment.Status,
                deployment.StartedAt, deployment.RootDir, deployment.InstallCommand, deployment.BuildCommand, deployment.OutputDir, deployment.EnvVars,
                deployment.OwnerId, deployment.UserId, deployment.NodeVersion, deployment.Submodules, deployment.Environment, deployment.UseCache,
                deployment.RequestedCommit))
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Starts the build, or starts it over after a worker was lost. False: somebody else ended it.</summary>
    public Task<bool> BeginAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return MoveAsync(
            id,
            Open,
            DeploymentStatus.Building,
            setters => setters.SetProperty(deployment => deployment.StartedAt, deployment => deployment.StartedAt ?? now),
            async db =>
            {
                await SetStageAsync(db, id, [DeploymentStatus.Queued], "completed", null, cancellationToken);
                await SetStageAsync(db, id, [DeploymentStatus.Building], "in_progress", null, cancellationToken);
                await SetStageAsync(db, id, [DeploymentStatus.Deploying], "pending", null, cancellationToken);
            },
            cancellationToken);
    }

    public async Task RecordCommitAsync(Guid id, string? hash, string? message, string? author, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await Database(scope).Deployments.Where(deployment => deployment.Id == id).ExecuteUpdateAsync(
            setters => setters
                .SetProperty(deployment => deployment.CommitHash, hash)
                .SetProperty(deployment => deployment.CommitMessage, message)
                .SetProperty(deployment => deployment.Author, deployment => author ?? deployment.Author),
            cancellationToken);
    }

    public Task<bool> BeginPublishingAsync(Guid id, CancellationToken cancellationToken) => MoveAsync(
        id,
        [DeploymentStatus.Building],
        DeploymentStatus.Deploying,
        null,
        async db =>
        {
            await SetStageAsync(db, id, [DeploymentStatus.Building], "completed", null, cancellationToken);
            await SetStageAsync(db, id, [DeploymentStatus.Deploying], "in_progress", null, cancellationToken);
        },
        cancellationToken);

    /// <summary>Where it is shown once it has succeeded.</summary>
    public string AddressOf(BuildRequest request) =>
        request.Trust == DeploymentTrust.Preview ? sites.Immutable(request.Id, request.Slug) : sites.Production(request.Slug);

    /// <summary>Publishes: the deployment succeeds, and production points to it unless something newer was decided, in one transaction.</summary>
    public async Task<bool> SucceedAsync(BuildRequest request, SiteManifest manifest, CancellationToken cancellationToken)
    {
        var (now, json, bytes) = (time.GetUtcNow(), SiteManifestJson.Write(manifest), manifest.TotalBytes);
        var url = AddressOf(request);
        var moved = await MoveAsync(
            request.Id,
            [DeploymentStatus.Deploying],
            DeploymentStatus.Success,
            setters => setters
                .SetProperty(deployment => deployment.CompletedAt, now)
                .SetProperty(deployment => deployment.BuildDuration, deployment => (int)(now - deployment.StartedAt!.Value).TotalSeconds)
                .SetProperty(deployment => deployment.Manifest, json)
                .SetProperty(deployment => deployment.OutputBytes, bytes)
                .SetProperty(deployment => deployment.DeployedUrl, url),
            async db =>
            {
                await SetStageAsync(db, request.Id, [DeploymentStatus.Deploying, DeploymentStatus.Success], "completed", null, cancellationToken);
                await SiteProduction.AdvanceAsync(db, request.ProjectId, request.Id, now, cancellationToken);
                await BranchAliases.KeepAsync(db, request.Id, now, cancellationToken);
            },
            cancellationToken,
            // Whoever holds the project may want its deployments next: a push, a removal, a rollback.
            first: db => db.Database.ExecuteSqlAsync($"SELECT 1 FROM projects WHERE id = {request.ProjectId} FOR UPDATE", cancellationToken));
        if (moved) await AnnounceAsync(Topics.Sites, new SiteChanged(request.Slug), cancellationToken);
        return moved;
    }

    /// <param name="line">What its log ends with where its worker cannot say it any more.</param>
    public Task<bool> FailAsync(Guid id, BuildFailureException failure, CancellationToken cancellationToken, string? line = null) =>
        EndAsync(id, Open, DeploymentStatus.Failed, failure, line is null ? null : (PlatformLines.Error, line), cancellationToken);

    /// <inheritdoc cref="FailAsync"/>
    public Task<bool> CancelAsync(Guid id, CancellationToken cancellationToken, string? line = null) =>
        EndAsync(id, Open, DeploymentStatus.Cancelled, null, line is null ? null : (PlatformLines.Warning, line), cancellationToken);

    /// <summary>Cancels what has begun, without the worker's log. What has not is ended by whoever cancels it, and says who that was.</summary>
    public Task<bool> CancelBegunAsync(Guid id, string line, CancellationToken cancellationToken) =>
        EndAsync(id, Begun, DeploymentStatus.Cancelled, null, (PlatformLines.Warning, line), cancellationToken);

    private Task<bool> EndAsync(
        Guid id, string[] from, string status, BuildFailureException? failure, (string Level, string Text)? last, CancellationToken cancellationToken)
    {
        var (code, message, hint, line) = (failure?.Code, failure?.Message, failure?.Hint, failure?.Line);
        var now = time.GetUtcNow();
        return MoveAsync(
            id,
            from,
            status,
            setters => setters
                .SetProperty(deployment => deployment.CompletedAt, now)
                .SetProperty(deployment => deployment.BuildDuration, deployment => deployment.StartedAt == null ? null : (int)(now - deployment.StartedAt.Value).TotalSeconds)
                .SetProperty(deployment => deployment.ErrorCode, code)
                .SetProperty(deployment => deployment.ErrorMessage, message)
                .SetProperty(deployment => deployment.ErrorHint, hint)
                .SetProperty(deployment => deployment.ErrorLine, line),
            async db =>
            {
                await db.DeploymentStages.Where(stage => stage.DeploymentId == id && stage.Status == "in_progress").ExecuteUpdateAsync(
                    setters => setters.SetProperty(stage => stage.Status, "failed").SetProperty(stage => stage.CompletedAt, now).SetProperty(stage => stage.ErrorMessage, message),
                    cancellationToken);
                await db.DeploymentStages.Where(stage => stage.DeploymentId == id && stage.StageName == DeploymentStatus.Success).ExecuteUpdateAsync(
                    setters => setters
                        .SetProperty(stage => stage.StageName, status).SetProperty(stage => stage.Status, "failed")
                        .SetProperty(stage => stage.StartedAt, now).SetProperty(stage => stage.CompletedAt, now).SetProperty(stage => stage.ErrorMessage, message),
                    cancellationToken);
                if (last is { } said) await lines.AppendAsync(db, id, said.Level, said.Text, cancellationToken);
            },
            cancellationToken);
    }

    private async Task<bool> MoveAsync(
        Guid id,
        string[] from,
        string to,
        Action<UpdateSettersBuilder<Deployment>>? also,
        Func<PlatformDbContext, Task> within,
        CancellationToken cancellationToken,
        Func<PlatformDbContext, Task>? first = null)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (db, outbox) = (Database(scope), scope.ServiceProvider.GetRequiredService<IJobOutbox>());
        var moved = await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            if (first is not null) await first(db);
            var rows = await db.Deployments.Where(deployment => deployment.Id == id && from.Contains(deployment.Status)).ExecuteUpdateAsync(
                setters =>
                {
                    setters.SetProperty(deployment => deployment.Status, to);
                    also?.Invoke(setters);
                },
                cancellationToken);
            if (rows == 0) return false;
            await within(db);
            await AddReportAsync(db, outbox, id, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        });
        if (moved) await outbox.RelayAsync(cancellationToken);
        if (moved) await AnnounceAsync(Topics.Deployment(id), new DeploymentChanged(id, to, CultureInfo.InvariantCulture.TextInfo.ToTitleCase(to)), cancellationToken);
        return moved;
    }

    /// <summary>Part of the transaction: what has happened is told, whenever GitHub can be reached.</summary>
    private static async Task AddReportAsync(PlatformDbContext db, IJobOutbox outbox, Guid id, CancellationToken cancellationToken)
    {
        // What a lost connection left behind of an earlier attempt.
        db.ChangeTracker.Clear();
        if (!await db.Deployments.AnyAsync(deployment => deployment.Id == id && deployment.Project!.GitHubRepoId != null, cancellationToken)) return;
        outbox.Add(new ReportDeploymentJob(id), ReportDeploymentJob.Options);
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task SetStageAsync(
        PlatformDbContext db, Guid id, string[] stages, string status, string? error, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? completed = status == "completed" ? now : null;
        await db.DeploymentStages.Where(stage => stage.DeploymentId == id && stages.Contains(stage.StageName)).ExecuteUpdateAsync(
            setters => setters
                .SetProperty(stage => stage.Status, status)
                .SetProperty(stage => stage.StartedAt, stage => status == "pending" ? null : stage.StartedAt ?? now)
                .SetProperty(stage => stage.CompletedAt, completed)
                .SetProperty(stage => stage.ErrorMessage, error),
            cancellationToken);
    }

    /// <summary>The rows are the truth and viewers look at them regularly: a lost announcement delays what they see, nothing more.</summary>
    private async Task AnnounceAsync<T>(string topic, T change, CancellationToken cancellationToken)
    {
        try
        {
            await events.PublishAsync(topic, change, cancellationToken);
        }
        catch (RealtimeUnavailableException)
        {
            return;
        }
    }

    private static PlatformDbContext Database(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
}
