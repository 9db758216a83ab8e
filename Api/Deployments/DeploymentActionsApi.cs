using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Api.Common.Limits;
using Platform.Core.Data;
using Platform.Core.Deployments;

namespace Platform.Api.Deployments;

/// <summary>What is done to deployments that are there, and deployments of uploaded archives.</summary>
internal static class DeploymentActionsApi
{
    public static IEndpointRouteBuilder MapDeploymentActions(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/deployments").WithTags("Deployments").RequireAuthorization();
        group.MapGet("/{id:guid}/logs/download", DownloadLogs).WithName("downloadDeploymentLogs").WithSummary("The whole log as a text file.")
            .RequireScope(ApiScopes.DeploymentsRead).Produces<string>(StatusCodes.Status200OK, "text/plain");
        var write = group.MapGroup("").RequireScope(ApiScopes.DeploymentsWrite);
        write.MapPost("/{id:guid}/redeploy", Redeploy).WithName("redeployDeployment").WithSummary("Starts a deployment over: the same commit, or the branch's latest.")
            .WithRateLimit(RateLimitPolicy.Deployments).ProducesError(StatusCodes.Status403Forbidden);
        write.MapPost("/{id:guid}/promote", Promote).WithName("promoteDeployment").WithSummary("Makes a deployment production.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        write.MapDelete("/{id:guid}", Delete).WithName("deleteDeployment").WithSummary("Deletes a deployment with its log and its site; one that runs is stopped.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        write.MapPost("/upload", Upload).WithName("uploadDeployment").WithSummary("Deploys a zip or tar.gz file: as the body, or as the file of a form.")
            .WithDescription("Settings stand in the query or in fields of the form. Only a form takes envVars: an object as JSON, or lines of NAME=value. Fields project and owner stand before the file.")
            .Accepts<byte[]>(SourceUploads.Types[0], SourceUploads.Types[1..]).WithBodyLimit(SourceUploads.MaxBodyBytes).WithRateLimit(RateLimitPolicy.Deployments)
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
        return routes;
    }

    private static async Task<Results<PushStreamHttpResult, ErrorResult>> DownloadLogs(
        Guid id, [AsParameters] LogDownloadQuery query, CurrentUser user, IAccessControl access, DeploymentQueries deployments, CancellationToken cancellationToken)
    {
        var owner = await deployments.FindOwnerAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, owner, AccessAction.Read, DeploymentErrors.NotFound(id), cancellationToken) is { } refusal) return refusal;
        return TypedResults.Stream(target => deployments.WriteLogAsync(id, target, query.Ansi ?? true, cancellationToken), "text/plain; charset=utf-8", $"deployment-{id}.log");
    }

    private static async Task<Results<Accepted<DeploymentDetailResponse>, ErrorResult>> Redeploy(
        Guid id,
        RedeployRequest? request,
        CurrentUser user,
        IAccessControl access,
        DeploymentService service,
        DeploymentQueries deployments,
        CancellationToken cancellationToken)
    {
        var owner = await deployments.FindOwnerAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, owner, AccessAction.Deploy, DeploymentErrors.NotFound(id), cancellationToken) is { } refusal) return refusal;
        if (await service.RedeployAsync(id, request ?? new RedeployRequest(), user, cancellationToken) is not { } created) return DeploymentErrors.NotFound(id);
        return await AcceptedAsync(created, deployments, cancellationToken);
    }

    private static async Task<Results<Ok<DeploymentDetailResponse>, ErrorResult>> Promote(
        Guid id,
        CurrentUser user,
        IAccessControl access,
        SiteProduction production,
        PlatformDbContext database,
        DeploymentQueries deployments,
        IAuditLog audit,
        CancellationToken cancellationToken)
    {
        var found = await database.Deployments.Where(row => row.Id == id).Select(row => new { row.OwnerId, row.ProjectId }).FirstOrDefaultAsync(cancellationToken);
        if (await access.RefuseAsync(user, found?.OwnerId, AccessAction.Deploy, DeploymentErrors.NotFound(id), cancellationToken) is { } refusal) return refusal;
        if (await production.PromoteAsync(found!.ProjectId, id, user.Id, cancellationToken) is null) return DeploymentErrors.NotPromotable;
        await audit.RecordAsync(
            new AuditEntry(AuditActions.DeploymentPromoted, user.Id, "project", found.ProjectId.ToString())
            {
                OwnerId = found.OwnerId,
                Details = new Dictionary<string, string?>(StringComparer.Ordinal) { ["deployment"] = id.ToString() },
            },
            cancellationToken);
        return await deployments.FindAsync(id, cancellationToken) is { } detail ? TypedResults.Ok(detail) : DeploymentErrors.NotFound(id);
    }

    private static async Task<Results<NoContent, ErrorResult>> Delete(
        Guid id, CurrentUser user, IAccessControl access, DeploymentRemovals removals, DeploymentQueries deployments, CancellationToken cancellationToken)
    {
        var owner = await deployments.FindOwnerAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, owner, AccessAction.Manage, DeploymentErrors.NotFound(id), cancellationToken) is { } refusal) return refusal;
        return await removals.DeleteAsync(id, cancellationToken) switch
        {
            DeletionOutcome.Deleted => TypedResults.NoContent(),
            DeletionOutcome.InProduction => DeploymentErrors.InProduction,
            _ => DeploymentErrors.NotFound(id),
        };
    }

    private static async Task<Results<Accepted<DeploymentDetailResponse>, ErrorResult>> Upload(
        [AsParameters] UploadQuery query,
        HttpRequest request,
        CurrentUser user,
        IAccessControl access,
        PlatformDbContext database,
        SourceUploads uploads,
        ISourceArchives archives,
        DeploymentService service,
        DeploymentQueries deployments,
        CancellationToken cancellationToken)
    {
        var (upload, unreadable) = await uploads.OpenAsync(query, request, cancellationToken);
        if (upload is null) return unreadable!;
        var (owner, hidden) = await FindTargetAsync(upload.Settings.Query, user, database, cancellationToken);
        // Before a byte of the archive is taken.
        if (await access.RefuseAsync(user, owner, AccessAction.Deploy, hidden, cancellationToken) is { } refusal) return refusal;
        var (archive, settings, problem) = await uploads.TakeAsync(owner!.Value, upload, request.ContentLength, cancellationToken);
        if (archive is not { } archiveId) return problem!;
        Guid? created = null;
        try
        {
            created = await service.DeployArchiveAsync(settings, owner.Value, archiveId, user, cancellationToken);
        }
        finally
        {
            if (created is null) await archives.DeleteAsync(owner.Value, archiveId, CancellationToken.None);
        }

        return created is { } id ? await AcceptedAsync(id, deployments, cancellationToken) : hidden;
    }

    /// <summary>For whom an upload is, and the answer to who may not know.</summary>
    private static async Task<(Guid? Owner, ErrorResult Hidden)> FindTargetAsync(
        UploadQuery query, CurrentUser user, PlatformDbContext database, CancellationToken cancellationToken)
    {
        if (query.Project is not { } project) return (query.Owner ?? user.OwnerId, DeploymentErrors.OwnerNotFound(query.Owner ?? user.OwnerId));
        var owner = await database.Projects.Where(row => row.Id == project).Select(row => (Guid?)row.OwnerId).FirstOrDefaultAsync(cancellationToken);
        return (owner, DeploymentErrors.ProjectNotFound(project));
    }

    private static async Task<Results<Accepted<DeploymentDetailResponse>, ErrorResult>> AcceptedAsync(
        Guid id, DeploymentQueries deployments, CancellationToken cancellationToken) =>
        await deployments.FindAsync(id, cancellationToken) is { } detail ? TypedResults.Accepted($"/api/deployments/{id}", detail) : DeploymentErrors.NotFound(id);
}
