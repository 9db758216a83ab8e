using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Api.Deployments;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Deployments.Domains;

namespace Platform.Api.Projects;

/// <summary>Domains and traffic of a project's site.</summary>
internal static class ProjectSitesApi
{
    private const int TopPaths = 20;

    public static IEndpointRouteBuilder MapProjectSites(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/projects/{id:guid}").WithTags("Projects").RequireAuthorization();
        var read = group.MapGroup("").RequireScope(ApiScopes.ProjectsRead);
        read.MapGet("/domains", ListDomains).WithName("listProjectDomains").WithSummary("Domains of the site, with the records that show control.");
        read.MapGet("/traffic", GetTraffic).WithName("getProjectTraffic").WithSummary("Requests to the site by hour, and its most asked-for files.");
        var write = group.MapGroup("").RequireScope(ApiScopes.ProjectsWrite);
        write.MapPost("/domains", AddDomain).WithName("addProjectDomain").WithSummary("Claims a domain; it is served once control is shown.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        write.MapPost("/domains/{domainId:guid}/verify", VerifyDomain).WithName("verifyProjectDomain").WithSummary("Looks for the proof now.")
            .ProducesError(StatusCodes.Status403Forbidden);
        write.MapPost("/domains/{domainId:guid}/primary", MakePrimary).WithName("makeProjectDomainPrimary").WithSummary("Names the domain as the site's address.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        write.MapDelete("/domains/{domainId:guid}", RemoveDomain).WithName("removeProjectDomain").WithSummary("Removes a domain; it is served no longer.")
            .ProducesError(StatusCodes.Status403Forbidden);
        return routes;
    }

    private static async Task<Results<Ok<DomainListResponse>, ErrorResult>> ListDomains(
        Guid id, CurrentUser user, IAccessControl access, ProjectQueries projects, SiteDomains domains, CancellationToken cancellationToken)
    {
        var project = await projects.FindSiteAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, project?.OwnerId, AccessAction.Read, DeploymentErrors.ProjectNotFound(id), cancellationToken) is { } refusal) return refusal;
        var found = await domains.ListAsync(id, cancellationToken);
        return TypedResults.Ok(new DomainListResponse([.. found.Select(domain => Describe(domain, domains.AliasOf(project!.Slug)))]));
    }

    private static async Task<Results<Created<DomainResponse>, ErrorResult>> AddDomain(
        Guid id,
        AddDomainRequest request,
        CurrentUser user,
        IAccessControl access,
        ProjectQueries projects,
        SiteDomains domains,
        IAuditLog audit,
        CancellationToken cancellationToken)
    {
        var project = await projects.FindSiteAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, project?.OwnerId, AccessAction.Manage, DeploymentErrors.ProjectNotFound(id), cancellationToken) is { } refusal) return refusal;
        var (outcome, added) = await domains.AddAsync(id, project!.OwnerId, request.Host!, cancellationToken);
        if (added is null)
        {
            return outcome switch
            {
                DomainOutcome.Duplicate => ProjectErrors.DomainExists,
                DomainOutcome.TooMany => ProjectErrors.TooManyDomains,
                _ => ApiErrors.Invalid("host", "Give a host name of your own, such as www.example.com."),
            };
        }

        await RecordAsync(audit, AuditActions.DomainAdded, user, project.OwnerId, id, added.Host, cancellationToken);
        return TypedResults.Created($"/api/projects/{id}/domains", Describe(added, domains.AliasOf(project.Slug)));
    }

    private static async Task<Results<Ok<DomainResponse>, ErrorResult>> VerifyDomain(
        Guid id, Guid domainId, CurrentUser user, IAccessControl access, ProjectQueries projects, SiteDomains domains, CancellationToken cancellationToken)
    {
        var project = await projects.FindSiteAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, project?.OwnerId, AccessAction.Manage, DeploymentErrors.ProjectNotFound(id), cancellationToken) is { } refusal) return refusal;
        return await domains.VerifyAsync(id, domainId, cancellationToken) is { } domain
            ? TypedResults.Ok(Describe(domain, domains.AliasOf(project!.Slug)))
            : ProjectErrors.DomainNotFound(domainId);
    }

    private static async Task<Results<NoContent, ErrorResult>> MakePrimary(
        Guid id, Guid domainId, CurrentUser user, IAccessControl access, ProjectQueries projects, SiteDomains domains, CancellationToken cancellationToken)
    {
        var owner = await projects.FindOwnerAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, owner, AccessAction.Manage, DeploymentErrors.ProjectNotFound(id), cancellationToken) is { } refusal) return refusal;
        return await domains.MakePrimaryAsync(id, domainId, cancellationToken) switch
        {
            null => ProjectErrors.DomainNotFound(domainId),
            false => ProjectErrors.DomainNotVerified,
            true => TypedResults.NoContent(),
        };
    }

    private static async Task<Results<NoContent, ErrorResult>> RemoveDomain(
        Guid id, Guid domainId, CurrentUser user, IAccessControl access, ProjectQueries projects, SiteDomains domains, IAuditLog audit, CancellationToken cancellationToken)
    {
        var owner = await projects.FindOwnerAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, owner, AccessAction.Manage, DeploymentErrors.ProjectNotFound(id), cancellationToken) is { } refusal) return refusal;
        if (!await domains.RemoveAsync(id, domainId, cancellationToken)) return ProjectErrors.DomainNotFound(domainId);
        await RecordAsync(audit, AuditActions.DomainRemoved, user, owner!.Value, id, domainId.ToString(), cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<TrafficResponse>, ErrorResult>> GetTraffic(
        Guid id,
        [AsParameters] TrafficQuery query,
        CurrentUser user,
        IAccessControl access,
        ProjectQueries projects,
        SiteTrafficStore traffic,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var owner = await projects.FindOwnerAsync(id, cancellationToken);
        if (await access.RefuseAsync(user, owner, AccessAction.Read, DeploymentErrors.ProjectNotFound(id), cancellationToken) is { } refusal) return refusal;
        var since = time.GetUtcNow().AddHours(-(query.Hours ?? TrafficQueryValidator.DefaultHours));
        var hours = await traffic.ListHoursAsync(id, since, cancellationToken);
        var paths = await traffic.ListTopPathsAsync(id, DateOnly.FromDateTime(since.UtcDateTime), TopPaths, cancellationToken);
        return TypedResults.Ok(new TrafficResponse(
            new TrafficTotalsResponse(
                hours.Sum(hour => hour.Requests), hours.Sum(hour => hour.Bytes), hours.Sum(hour => hour.Status2xx), hours.Sum(hour => hour.Status3xx),
                hours.Sum(hour => hour.Status4xx), hours.Sum(hour => hour.Status5xx)),
            [.. hours.Select(hour => new TrafficHourResponse(hour.Hour, hour.Requests, hour.Bytes, hour.Status2xx, hour.Status3xx, hour.Status4xx, hour.Status5xx))],
            [.. paths.Select(path => new TrafficPathResponse(path.Key, path.Value))]));
    }

    private static Task RecordAsync(IAuditLog audit, string action, CurrentUser user, Guid owner, Guid project, string domain, CancellationToken cancellationToken) =>
        audit.RecordAsync(
            new AuditEntry(action, user.Id, "project", project.ToString())
            {
                OwnerId = owner,
                Details = new Dictionary<string, string?>(StringComparer.Ordinal) { ["domain"] = domain },
            },
            cancellationToken);

    private static DomainResponse Describe(SiteDomain domain, string alias)
    {
        var (name, value) = SiteDomains.RecordOf(domain);
        return new DomainResponse(
            domain.Id, domain.Host, domain.Status, domain.IsPrimary && domain.Status == SiteDomainStatus.Verified, domain.Problem,
            new DnsRecordResponse("TXT", name, value), alias, domain.VerifiedAt, domain.CheckedAt);
    }
}
