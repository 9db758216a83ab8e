using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Jobs;

namespace Platform.Api.Deployments;

/// <summary>Creates deployments.</summary>
internal sealed class DeploymentService(
    PlatformDbContext db, IJobOutbox outbox, ProjectWebhooks webhooks, DeploymentEnvironment environments, TimeProvider time)
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
            request.Owner ?? user.OwnerId, source!, request.Branch!, rootDir!, Text(request.InstallCommand), Text(request.BuildCommand), Directory(request.OutputDir),
            Text(request.NodeVersion), request.EnvVars is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } ? null : variables, gitHubId);
        return (await PlaceAsync(token => PrepareAsync(settings, user, token), cancellationToken))!.Value;
    }

    /// <summary>Deploys a project as it is set now; another branch than its own becomes a preview. Null: there is no such project.</summary>
    public Task<Guid?> DeployAsync(Guid projectId, string? branch, bool useCache, CurrentUser user, CancellationToken cancellationToken) => PlaceAsync(
        async token =>
        {
            var (project, now) = (await TouchAsync(projectId, token), time.GetUtcNow());
            if (project is null) return null;
            var deployment = NewDeployments.Of(project, branch ?? project.Branch, user.Id, user.Name, now);
            deployment.UseCache = useCache;
            return deployment;
        },
        cancellationToken);

    /// <summary>Starts a deployment over: the same commit with the same settings, or the latest of its branch with the settings of now. Null: it is gone.</summary>
    public Task<Guid?> RedeployAsync(Guid id, RedeployRequest request, CurrentUser user, CancellationToken cancellationToken) => PlaceAsync(
        async token =>
        {
            var old = await db.Deployments.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, token);
            if (old is null || await TouchAsync(old.ProjectId, token) is not { } project) return null;
            var now = time.GetUtcNow();
            var deployment = request.Latest == true ? NewDeployments.LatestOf(old, project, user, now) : NewDeployments.Again(old, project, user, now);
            deployment.UseCache = request.UseCache ?? true;
            // The commit's status, and the comment on its pull request, speak of this one from now on.
            if (project.GitHubRepoId is not null) outbox.Add(new ReportDeploymentJob(deployment.Id), ReportDeploymentJob.Options);
            return deployment;
        },
        cancellationToken);

    /// <summary>Deploys an uploaded archive to a project, or to a new one. Null: there is no such project.</summary>
    public Task<Guid?> DeployArchiveAsync(UploadSettings settings, Guid owner, Guid archiveId, CurrentUser user, CancellationToken cancellationToken) => PlaceAsync(
        async token =>
        {
            var (query, source, now) = (settings.Query, RepositorySource.OfArchive(archiveId), time.GetUtcNow());
            Project? project;
            if (query.Project is { } projectId)
            {
                project = await TouchAsync(projectId, token);
                // The archive lies with the owner that it was uploaded for.
                if (project is null || project.OwnerId != owner) return null;
                // A repository stays what it is; of archives the latest counts.
                if (project.Repository.StartsWith("archive:", StringComparison.Ordinal)) project.Repository = source.Canonical;
            }
            else
            {
                project = await NewProjectAsync(query.Name?.Trim() is { Length: > 0 } name ? name : source.Name, source.Canonical, "", owner, user, now, token);
                db.Projects.Add(project);
            }

            Apply(project, settings);
            var deployment = NewDeployments.Of(project, project.Branch, user.Id, user.Name, now);
            deployment.Source = source.Canonical;
            return deployment;
        },
        cancellationToken);

    /// <summary>What an upload says of settings; the rest stays.</summary>
    private void Apply(Project project, UploadSettings settings)
    {
        var query = settings.Query;
        if (query.RootDir is not null && RelativePath.TryNormalize(query.RootDir, out var rootDir)) project.RootDir = rootDir;
        project.InstallCommand = query.InstallCommand is null ? project.InstallCommand : Text(query.InstallCommand);
        project.BuildCommand = query.BuildCommand is null ? project.BuildCommand : Text(query.BuildCommand);
        project.OutputDir = query.OutputDir is null ? project.OutputDir : Directory(query.OutputDir);
        project.NodeVersion = query.NodeVersion is null ? project.NodeVersion : Text(query.NodeVersion);
        if (settings.Variables is { } variables) (project.EnvVars, project.ShownVariables) = (environments.Protect(variables), []);
    }

    /// <summary>Writes what <paramref name="prepare"/> made, with its job, in one transaction; again when somebody was quicker.</summary>
    private async Task<Guid?> PlaceAsync(Func<CancellationToken, Task<Deployment?>> prepare, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (await prepare(cancellationToken) is not { } deployment) return null;
                deployment.JobId = outbox.Add(new BuildDeploymentJob(deployment.Id), new EnqueueOptions { FairnessKey = deployment.OwnerId.ToString("N") });
                db.Deployments.Add(deployment);
                await db.SaveChangesAsync(cancellationToken);
                await outbox.RelayAsync(cancellationToken);
                return deployment.Id;
            }
            catch (DbUpdateException exception) when (attempt < CreateAttempts && IsOvertaken(exception))
            {
                // Somebody was quicker with the same project or the same slug, or the project was handed over or deleted.
                db.ChangeTracker.Clear();
            }
            catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
            {
                // The owner was deleted after the caller was let in.
                throw new ApiException(StatusCodes.Status404NotFound, DeploymentErrors.OwnerNotFoundCode, "The owner is gone.");
            }
        }
    }

    /// <summary>Changing the row makes the save notice a project that is handed over or deleted meanwhile.</summary>
    private async Task<Project?> TouchAsync(Guid projectId, CancellationToken cancellationToken)
    {
        var project = await db.Projects.FirstOrDefaultAsync(row => row.Id == projectId, cancellationToken);
        if (project is not null) db.Entry(project).Property(row => row.UpdatedAt).IsModified = true;
        return project;
    }

    private static bool IsOvertaken(DbUpdateException exception) =>
        exception is DbUpdateConcurrencyException || exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    private async Task<Deployment?> PrepareAsync(Settings settings, CurrentUser user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var project = await db.Projects.FirstOrDefaultAsync(
            candidate => candidate.OwnerId == settings.OwnerId && candidate.Repository == settings.Source.Canonical && candidate.RootDir == settings.RootDir, cancellationToken);
        if (project is null)
        {
            var name = settings.RootDir.Length == 0 ? settings.Source.Name : settings.RootDir[(settings.RootDir.LastIndexOf('/') + 1)..];
            project = await NewProjectAsync(name, settings.Source.Canonical, settings.RootDir, settings.OwnerId, user, now, cancellationToken);
            db.Projects.Add(project);
        }

        project.UpdatedAt = now;
        if (settings.GitHubId is { } gitHubId) webhooks.Move(project, project.Repository, gitHubId);
        // Visitors see what comes from the project's branch: another one is tried beside it.
        if (project.ProductionDeploymentId is not null && project.Branch != settings.Branch) return PreviewOf(project, settings, user, now);
        (project.Branch, project.InstallCommand, project.BuildCommand, project.OutputDir) = (settings.Branch, settings.InstallCommand, settings.BuildCommand, settings.OutputDir);
        // Who says nothing about the Node version or variables keeps what there is.
        project.NodeVersion = settings.NodeVersion ?? project.NodeVersion;
        if (settings.Variables is { } variables) (project.EnvVars, project.ShownVariables) = (environments.Protect(variables), []);
        return NewDeployments.Of(project, settings.Branch, user.Id, user.Name, now);
    }

    /// <summary>What is said for it is for this deployment alone; the project stays as it is set.</summary>
    private Deployment PreviewOf(Project project, Settings settings, CurrentUser user, DateTimeOffset now)
    {
        var deployment = NewDeployments.Of(project, settings.Branch, user.Id, user.Name, now);
        deployment.InstallCommand = settings.InstallCommand ?? project.InstallCommand;
        deployment.BuildCommand = settings.BuildCommand ?? project.BuildCommand;
        deployment.OutputDir = settings.OutputDir ?? project.OutputDir;
        deployment.NodeVersion = settings.NodeVersion ?? project.NodeVersion;
        if (settings.Variables is { } variables) deployment.EnvVars = environments.Protect(variables);
        return deployment;
    }

    private async Task<Project> NewProjectAsync(
        string name, string repository, string rootDir, Guid owner, CurrentUser user, DateTimeOffset now, CancellationToken cancellationToken) => new()
        {
            Id = Guid.CreateVersion7(now),
            OwnerId = owner,
            UserId = user.Id,
            Name = name,
            Slug = await ProjectSlug.FindFreeAsync(db, name, cancellationToken),
            Repository = repository,
            RootDir = rootDir,
            CreatedAt = now,
            UpdatedAt = now,
        };

    internal static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    internal static string? Directory(string? value) => RelativePath.TryNormalize(value, out var path) && path.Length > 0 ? path : null;

    private sealed record Settings(
        Guid OwnerId,
        RepositorySource Source,
        string Branch,
        string RootDir,
        string? InstallCommand,
        string? BuildCommand,
        string? OutputDir,
        string? NodeVersion,
        IReadOnlyDictionary<string, string>? Variables,
        string? GitHubId);
}
