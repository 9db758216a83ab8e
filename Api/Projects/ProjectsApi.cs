using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Limits;
using Platform.Api.Deployments;
using Platform.Core.Deployments;

namespace Platform.Api.Projects;

internal static class ProjectsApi
{
    public static IEndpointRouteBuilder MapProjects(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/projects").WithTags("Projects").RequireAuthorization();
        var read = group.MapGroup("").RequireScope(ApiScopes.ProjectsRead);
        read.MapGet("", ListProjects).WithName("listProjects").WithSummary("Lists projects, newest first.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound);
        read.MapGet("/{id:guid}", GetProject).WithName("getProject").WithSummary("One project with its settings.");
        read.MapGet("/{id:guid}/env", GetEnvironment).WithName("getProjectEnvironment").WithSummary("Environment variables; values of secrets are left out.")
            .ProducesError(StatusCodes.Status403Forbidden);
        var write = group.MapGroup("").RequireScope(ApiScopes.ProjectsWrite);
        write.MapPost("", CreateProject).WithName("createProject").WithSummary("Makes a project without deploying it.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);
        write.MapPut("/{id:guid}", UpdateProject).WithName("updateProject").WithSummary("Replaces the settings; deployments that are there keep theirs.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);
        write.MapDelete("/{id:guid}", DeleteProject).WithName("deleteProject").WithSummary("Deletes a project with its deployments, its site and its domains.")
            .ProducesError(StatusCodes.Status403Forbidden);
        write.MapPut("/{id:guid}/env", PutEnvironment).WithName("putProjectEnvironment").WithSummary("Replaces environment variables; the next deployment has them.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status422UnprocessableEntity);
        group.MapGet("/{id:guid}/deployments", ListDeployments).WithName("listProjectDeployments").WithSummary("Deployments of a project, newest first.")
            .RequireScope(ApiScopes.DeploymentsRead);
        group.MapPost("/{id:guid}/deployments", Deploy).WithName("deployProject").WithSummary("Deploys a branch with the settings of now.")
            .RequireScope(ApiScopes.DeploymentsWrite).WithRateLimit(RateLimitPolicy.Deployments).ProducesError(StatusCodes.Status403Forbidden);
        group.MapPost("/{id:guid}/rollback", RollBack).WithName("rollBackProject").WithSummary("Takes production back and keeps it there.")
            .RequireScope(ApiScopes.DeploymentsWrite).ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        group.MapPost("/{id:guid}/resume", Resume).WithName("resumeProject").WithSummary("Undoes a rollback: production follows the newest deployment again.")
            .RequireScope(ApiScopes.DeploymentsWrite).ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        return routes;
    }

    private static async Task<Results<Ok<ProjectListResponse>, ErrorResult>> ListProjects(
        [AsParameters] ProjectListQuery query, CurrentUser user, IAccessControl access, ProjectQueries projects, CancellationToken cancellationToken)
    {
        if (query.Owner is not { } owner) return TypedResults.Ok(await projects.ListAsync(await access.FindVisibleOwnersAsync(user, cancellationToken), query, cancellationToken));
        if (await access.RefuseAsync(user, owner, AccessAction.Read, DeploymentErrors.OwnerNotFound(owner), cancellationToken) is { } refusal) return refusal;
        return TypedResults.Ok(await projects.ListAsync([owner], query, cancellationToken));
    }

    private static async Task<Results<Ok<ProjectResponse>, ErrorResult>> GetProject(
        Guid id, CurrentUser user, IAccessControl access, ProjectQueries projects, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(id, AccessAction.Read, user, access, projects, cancellationToken) is { } refusal) return refusal;
        return await projects.FindAsync(id, cancellationToken) is { } found ? TypedResults.Ok(found) : DeploymentErrors.ProjectNotFound(id);
    }

    private static async Task<Results<Created<ProjectResponse>, ErrorResult>> CreateProject(
        CreateProjectRequest request, CurrentUser user, IAccessControl access, ProjectService service, ProjectQueries projects, CancellationToken cancellationToken)
    {
        var owner = request.Owner ?? user.OwnerId;
        if (await access.RefuseAsync(user, owner, AccessAction.Write, DeploymentErrors.OwnerNotFound(owner), cancellationToken) is { } refusal) return refusal;
        var (id, problem) = await service.CreateAsync(request, owner, user, cancellationToken);
        if (problem is not null) return problem;
        return await projects.FindAsync(id, cancellationToken) is { } found ? TypedResults.Created($"/api/projects/{id}", found) : DeploymentErrors.ProjectNotFound(id);
    }

    private static async Task<Results<Ok<ProjectResponse>, ErrorResult>> UpdateProject(
        Guid id,
        UpdateProjectRequest request,
        CurrentUser user,
        IAccessControl access,
        ProjectService service,
        ProjectQueries projects,
        CancellationToken cancellationToken)
    {
        if (await RefuseAsync(id, AccessAction.Manage, user, access, projects, cancellationToken) is { } refusal) return refusal;
        if (await service.UpdateAsync(id, request, user, cancellationToken) is { } problem) return problem;
        return await projects.FindAsync(id, cancellationToken) is { } found ? TypedResults.Ok(found) : DeploymentErrors.ProjectNotFound(id);
    }

    private static async Task<Results<NoContent, ErrorResult>> DeleteProject(
        Guid id, CurrentUser user, IAccessControl access, ProjectService service, ProjectQueries projects, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(id, AccessAction.Manage, user, access, projects, cancellationToken) is { } refusal) return refusal;
        return await service.DeleteAsync(id, user, cancellationToken) ? TypedResults.NoContent() : DeploymentErrors.ProjectNotFound(id);
    }

    private static async Task<Results<Ok<EnvironmentResponse>, ErrorResult>> GetEnvironment(
        Guid id, CurrentUser user, IAccessControl access, ProjectVariables variables, ProjectQueries projects, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(id, AccessAction.Write, user, access, projects, cancellationToken) is { } refusal) return refusal;
        return await variables.FindAsync(id, cancellationToken) is { } found ? TypedResults.Ok(found) : DeploymentErrors.ProjectNotFound(id);
    }

    private static async Task<Results<Ok<EnvironmentResponse>, ErrorResult>> PutEnvironment(
        Guid id,
        UpdateEnvironmentRequest request,
        CurrentUser user,
        IAccessControl access,
        ProjectVariables variables,
        ProjectQueries projects,
        IAuditLog audit,
        CancellationToken cancellationToken)
    {
        var owner = await projects.FindOwnerAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, owner, AccessAction.Manage, DeploymentErrors.ProjectNotFound(id), cancellationToken) is { } refusal) return refusal;
        var (saved, problems) = await variables.SaveAsync(id, request, cancellationToken);
        if (problems is not null) return ApiErrors.Invalid(problems);
        if (saved is null) return DeploymentErrors.ProjectNotFound(id);
        await audit.RecordAsync(new AuditEntry(AuditActions.ProjectVariablesChanged, user.Id, "project", id.ToString()) { OwnerId = owner }, cancellationToken);
        return TypedResults.Ok(saved);
    }

    private static async Task<Results<Ok<DeploymentListResponse>, ErrorResult>> ListDeployments(
        Guid id,
        [AsParameters] DeploymentListQuery query,
        CurrentUser user,
        IAccessControl access,
        ProjectQueries projects,
        DeploymentQueries deployments,
        CancellationToken cancellationToken)
    {
        var owner = await projects.FindOwnerAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, owner, AccessAction.Read, DeploymentErrors.ProjectNotFound(id), cancellationToken) is { } refusal) return refusal;
        return TypedResults.Ok(await deployments.ListAsync([owner!.Value], query with { Project = id, Owner = null }, cancellationToken));
    }

    private static async Task<Results<Accepted<DeploymentDetailResponse>, ErrorResult>> Deploy(
        Guid id,
        DeployProjectRequest? request,
        CurrentUser user,
        IAccessControl access,
        ProjectQueries projects,
        DeploymentService service,
        DeploymentQueries deployments,
        CancellationToken cancellationToken)
    {
        if (await RefuseAsync(id, AccessAction.Deploy, user, access, projects, cancellationToken) is { } refusal) return refusal;
        var created = await service.DeployAsync(id, request?.Branch, request?.UseCache ?? true, user, cancellationToken);
        return created is { } deployment && await deployments.FindAsync(deployment, cancellationToken) is { } detail
            ? TypedResults.Accepted($"/api/deployments/{deployment}", detail)
            : DeploymentErrors.ProjectNotFound(id);
    }

    private static async Task<Results<Ok<ProductionResponse>, ErrorResult>> RollBack(
        Guid id,
        RollbackRequest? request,
        CurrentUser user,
        IAccessControl access,
        ProjectQueries projects,
        SiteProduction production,
        IAuditLog audit,
        CancellationToken cancellationToken)
    {
        var owner = await projects.FindOwnerAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, owner, AccessAction.Deploy, DeploymentErrors.ProjectNotFound(id), cancellationToken) is { } refusal) return refusal;
        if (await production.RollBackAsync(id, request?.DeploymentId, request?.From, user.Id, cancellationToken) is not { } move)
        {
            return request?.From is { } from && await projects.FindProductionAsync(id, cancellationToken) != from ? ProjectErrors.ProductionMoved : ProjectErrors.NothingToRollBack;
        }

        await RecordAsync(audit, AuditActions.ProductionRolledBack, user, owner!.Value, id, move, cancellationToken);
        return TypedResults.Ok(new ProductionResponse(move.DeploymentId, move.PreviousDeploymentId, Pinned: true));
    }

    private static async Task<Results<Ok<ProductionResponse>, ErrorResult>> Resume(
        Guid id, CurrentUser user, IAccessControl access, ProjectQueries projects, SiteProduction production, IAuditLog audit, CancellationToken cancellationToken)
    {
        var owner = await projects.FindOwnerAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, owner, AccessAction.Deploy, DeploymentErrors.ProjectNotFound(id), cancellationToken) is { } refusal) return refusal;
        if (await production.ResumeAsync(id, user.Id, cancellationToken) is not { } move) return ProjectErrors.NothingToRollBack;
        await RecordAsync(audit, AuditActions.ProductionResumed, user, owner!.Value, id, move, cancellationToken);
        return TypedResults.Ok(new ProductionResponse(move.DeploymentId, move.PreviousDeploymentId, Pinned: false));
    }

    private static Task RecordAsync(
        IAuditLog audit, string action, CurrentUser user, Guid owner, Guid project, ProductionMove move, CancellationToken cancellationToken) =>
        audit.RecordAsync(
            new AuditEntry(action, user.Id, "project", project.ToString())
            {
                OwnerId = owner,
                Details = new Dictionary<string, string?>(StringComparer.Ordinal) { ["deployment"] = move.DeploymentId.ToString(), ["previous"] = move.PreviousDeploymentId?.ToString() },
            },
            cancellationToken);

    private static async Task<ErrorResult?> RefuseAsync(
        Guid id, AccessAction action, CurrentUser user, IAccessControl access, ProjectQueries projects, CancellationToken cancellationToken) =>
        await access.RefuseAsync(user, await projects.FindOwnerAsync(id, cancellationToken), action, DeploymentErrors.ProjectNotFound(id), cancellationToken);
}
