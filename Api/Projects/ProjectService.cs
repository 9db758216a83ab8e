using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Api.Common;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Api.Deployments;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Jobs;

namespace Platform.Api.Projects;

/// <summary>Creates, changes and deletes projects.</summary>
internal sealed class ProjectService(
    PlatformDbContext database,
    SiteSettingsService sites,
    DeploymentRemovals removals,
    IRepositoryNames names,
    ProjectWebhooks webhooks,
    IJobOutbox outbox,
    IJobQueue jobs,
    ISourceArchives archives,
    IAuditLog audit,
    TimeProvider time)
{
    private const int Attempts = 5;
    private const string SlugIndex = "ix_projects_slug";
    private static readonly string[] Unfinished = [DeploymentStatus.Queued, DeploymentStatus.Building, DeploymentStatus.Deploying];

    /// <returns>The project's id, or why it was not made.</returns>
    public async Task<(Guid Id, ErrorResult? Refusal)> CreateAsync(CreateProjectRequest request, Guid owner, CurrentUser user, CancellationToken cancellationToken)
    {
        var (named, problem) = await names.FindAsync(user.Id, request.Repository!, cancellationToken);
        if (problem is not null) return (default, problem);
        _ = RepositorySource.TryParse(named?.Address ?? request.Repository, allowFiles: true, out var source, out _);
        var name = request.Name?.Trim() is { Length: > 0 } given ? given : source!.Name;
        for (var attempt = 1; ; attempt++)
        {
            var now = time.GetUtcNow();
            var project = new Project
            {
                Id = Guid.CreateVersion7(now),
                OwnerId = owner,
                UserId = user.Id,
                Name = name,
                Slug = string.IsNullOrEmpty(request.Slug) ? await ProjectSlug.FindFreeAsync(database, name, cancellationToken) : request.Slug,
                Repository = source!.Canonical,
                CreatedAt = now,
            };
            Apply(project, request, now);
            try
            {
                await database.InTransactionAsync(
                    async token =>
                    {
                        database.Projects.Add(project);
                        webhooks.Move(project, project.Repository, named?.GitHubId);
                        await database.SaveChangesAsync(token);
                        await RecordAsync(AuditActions.ProjectCreated, project, user, token);
                    },
                    cancellationToken);
                await outbox.RelayAsync(cancellationToken);
                return (project.Id, null);
            }
            catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } taken)
            {
                database.ChangeTracker.Clear();
                if (taken.ConstraintName != SlugIndex) return (default, ProjectErrors.Exists);
                if (!string.IsNullOrEmpty(request.Slug) || attempt == Attempts) return (default, ProjectErrors.SlugTaken);
            }
            catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
            {
                // The owner was deleted after the caller was let in.
                return (default, DeploymentErrors.OwnerNotFound(owner));
            }
        }
    }

    /// <returns>Why it was not changed; null: it was.</returns>
    public async Task<ErrorResult?> UpdateAsync(Guid id, UpdateProjectRequest request, CurrentUser user, CancellationToken cancellationToken)
    {
        var (named, problem) = await FindRepositoryAsync(id, request.Repository!, user, cancellationToken);
        if (problem is not null) return problem;
        try
        {
            if (await database.InTransactionAsync(token => UpdateRowAsync(id, request, named, user, token), cancellationToken) is { } refusal) return refusal;
            await outbox.RelayAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException exception) when (exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return ProjectErrors.Exists;
        }
        catch (RefusedException refused)
        {
            return refused.Refusal;
        }
    }

    /// <summary>Deletes the project with everything of it; its site is gone at once. False: there is none.</summary>
    public async Task<bool> DeleteAsync(Guid id, CurrentUser user, CancellationToken cancellationToken)
    {
        var deleted = await database.InTransactionAsync(token => DeleteRowsAsync(id, user, token), cancellationToken);
        if (deleted is null) return false;
        foreach (var job in deleted.Jobs) await jobs.CancelAsync(job, cancellationToken);
        await outbox.RelayAsync(cancellationToken);
        await removals.AnnounceAsync(deleted.Slug, cancellationToken);
        foreach (var archive in deleted.Archives) await archives.DeleteAsync(deleted.Owner, archive, cancellationToken);
        return true;
    }

    public async Task RecordAsync(string action, Project project, CurrentUser user, CancellationToken cancellationToken) => await audit.RecordAsync(
        new AuditEntry(action, user.Id, "project", project.Id.ToString())
        {
            OwnerId = project.OwnerId,
            Details = new Dictionary<string, string?>(StringComparer.Ordinal) { ["name"] = project.Name },
        },
        cancellationToken);

    /// <summary>GitHub is asked about a repository that is new to the project, and not again with every change of a setting.</summary>
    private async Task<(NamedRepository? Found, ErrorResult? Problem)> FindRepositoryAsync(Guid id, string repository, CurrentUser user, CancellationToken cancellationToken)
    {
        _ = RepositorySource.TryParse(repository, allowFiles: true, out var source, out _);
        var isKnown = source is not null && await database.Projects.AnyAsync(
            row => row.Id == id && row.Repository == source.Canonical && row.GitHubRepoId != null, cancellationToken);
        return isKnown ? (null, null) : await names.FindAsync(user.Id, repository, cancellationToken);
    }

    private async Task<ErrorResult?> UpdateRowAsync(Guid id, UpdateProjectRequest request, NamedRepository? named, CurrentUser user, CancellationToken cancellationToken)
    {
        var found = await database.Projects.FromSql($"SELECT * FROM projects WHERE id = {id} FOR UPDATE").ToListAsync(cancellationToken);
        if (found is not [var project]) return DeploymentErrors.ProjectNotFound(id);
        _ = RepositorySource.TryParse(named?.Address ?? request.Repository, allowFiles: true, out var source, out _);
        var (oldRepository, wasAutomatic) = (project.Repository, project.AutoDeploy);
        (project.Name, project.Repository) = (request.Name!.Trim(), source!.Canonical);
        Apply(project, request, time.GetUtcNow());
        // Of the same repository stays known what is known, whoever changes a setting.
        var gitHubId = named?.GitHubId ?? (project.Repository == oldRepository ? project.GitHubRepoId : null);
        if (!webhooks.Move(project, oldRepository, gitHubId) && project.AutoDeploy != wasAutomatic) webhooks.Sync(project);
        await database.SaveChangesAsync(cancellationToken);
        await RecordAsync(AuditActions.ProjectChanged, project, user, cancellationToken);
        if (request.Site is not { } site) return null;
        var change = new SiteSettingsChange(site.Protection!, site.Password, site.SpaFallback, site.KeepDeployments, site.KeepBytes, site.AssetHours);
        return await sites.SaveAsync(id, change, cancellationToken) switch
        {
            SiteSettingsOutcome.Saved => null,
            // By an exception, so that the rest is not saved either.
            SiteSettingsOutcome.PasswordNeeded => throw new RefusedException(ApiErrors.Invalid("site.password", "A protected site needs a password.")),
            _ => throw new RefusedException(ApiErrors.Invalid("site", "A number is out of its range.")),
        };
    }

    private async Task<DeletedProject?> DeleteRowsAsync(Guid id, CurrentUser user, CancellationToken cancellationToken)
    {
        // Rows that a build is just changing are waited for; afterwards the worker finds nothing to change.
        var found = await database.Projects.FromSql($"SELECT * FROM projects WHERE id = {id} FOR UPDATE").AsNoTracking().ToListAsync(cancellationToken);
        if (found is not [var project]) return null;
        var unfinished = await database.Deployments.AsNoTracking()
            .Where(deployment => deployment.ProjectId == id && Unfinished.Contains(deployment.Status)).ToListAsync(cancellationToken);
        var running = unfinished.Where(deployment => deployment.JobId is not null).Select(deployment => deployment.JobId!.Value).ToList();
        var sources = await database.Deployments.Where(deployment => deployment.ProjectId == id && deployment.Source != null && deployment.Source.StartsWith("archive:"))
            .Select(deployment => deployment.Source!).Distinct().ToListAsync(cancellationToken);
        // Jobs that were not handed over yet never will be.
        await database.OutboxJobs.Where(job => running.Contains(job.Id)).ExecuteDeleteAsync(cancellationToken);
        await database.Projects.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken);
        webhooks.Leave(project, project.Repository);
        foreach (var deployment in unfinished) removals.ReportDeleted(deployment, project);
        await database.SaveChangesAsync(cancellationToken);
        await RecordAsync(AuditActions.ProjectDeleted, project, user, cancellationToken);
        return new DeletedProject(project.Slug, project.OwnerId, running, [.. sources.Append(project.Repository).Distinct().Select(ArchiveId).OfType<Guid>()]);
    }

    private static Guid? ArchiveId(string source) =>
        RepositorySource.TryParse(source, allowFiles: true, out var parsed, out _) ? parsed.ArchiveId : null;

    private static void Apply(Project project, ProjectSettings settings, DateTimeOffset now)
    {
        _ = RelativePath.TryNormalize(settings.RootDir, out var rootDir);
        (project.Branch, project.RootDir, project.UpdatedAt) = (settings.Branch!, rootDir!, now);
        (project.InstallCommand, project.BuildCommand) = (DeploymentService.Text(settings.InstallCommand), DeploymentService.Text(settings.BuildCommand));
        (project.OutputDir, project.NodeVersion) = (DeploymentService.Directory(settings.OutputDir), DeploymentService.Text(settings.NodeVersion));
        project.Submodules = settings.Submodules ?? project.Submodules;
        project.AutoDeploy = settings.AutoDeploy ?? project.AutoDeploy;
        // A glob is relative to the repository whether it starts with a slash or not.
        if (settings.WatchPaths is { } paths) project.WatchPaths = [.. paths.Select(path => path.Trim().TrimStart('/')).Where(path => path.Length > 0).Distinct()];
    }

    private sealed record DeletedProject(string Slug, Guid Owner, List<Guid> Jobs, List<Guid> Archives);

    private sealed class RefusedException(ErrorResult refusal) : Exception
    {
        public ErrorResult Refusal { get; } = refusal;
    }
}
