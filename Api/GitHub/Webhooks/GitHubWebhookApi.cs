using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Api.Common.Limits;
using Platform.Core.Data.Entities;
using Platform.Core.GitHub;

namespace Platform.Api.GitHub.Webhooks;

internal static class GitHubWebhookApi
{
    private const int LongestId = 100;

    /// <summary>GitHub delivers no more than this.</summary>
    private const long LongestBody = 25 * 1024 * 1024;

    public static IEndpointRouteBuilder MapGitHubWebhook(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/github").WithTags("GitHub");
        // The signature says who it is.
        group.MapPost("/webhook", ReceiveAsync).AllowAnonymous().WithMetadata(IgnoresSignIn.Instance).WithRateLimit(RateLimitPolicy.Webhooks)
            .WithBodyLimit(_ => LongestBody).WithName("receiveGitHubWebhook").WithSummary("Where GitHub delivers what happens in repositories; signed with the secret of the installation.")
            .ProducesError(
                StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status404NotFound, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);
        group.MapGet("/deliveries", ListAsync).RequireAuthorization().RequireScope(ApiScopes.ProjectsRead).WithName("listGitHubDeliveries")
            .WithSummary("What GitHub delivered about an owner's projects, and what came of it.").ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound);
        group.MapPost("/deliveries/{id:guid}/replay", ReplayAsync).RequireAuthorization().RequireScope(ApiScopes.DeploymentsWrite).WithName("replayGitHubDelivery")
            .WithSummary("Processes a delivery again, for the caller's projects.").ProducesError(StatusCodes.Status403Forbidden);
        routes.MapPost("/api/deployments/{id:guid}/approve", ApproveAsync).WithTags("Deployments").RequireAuthorization().RequireScope(ApiScopes.DeploymentsWrite)
            .WithName("approveDeployment").WithSummary("Lets a deployment of a fork begin.").ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        return routes;
    }

    private static async Task<Results<Accepted<ReceivedDeliveryResponse>, ErrorResult>> ReceiveAsync(
        HttpContext context, IOptions<GitHubOptions> options, WebhookReceiver receiver, CancellationToken cancellationToken)
    {
        if (options.Value.WebhookSecret is not { Length: > 0 } secret) return ApiErrors.NotFound("GITHUB_WEBHOOK_NOT_CONFIGURED", "This installation takes no deliveries of GitHub.");
        // The server ends a body that is longer than that.
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, cancellationToken);
        var body = buffer.ToArray();
        if (!WebhookSignature.IsValid(context.Request.Headers[WebhookSignature.Header], body, secret))
            return ApiErrors.Unauthorized("GITHUB_SIGNATURE_INVALID", "The signature does not belong to the body.");
        if (!context.Request.HasJsonContentType())
            return new ErrorResult(StatusCodes.Status415UnsupportedMediaType, ErrorCodes.UnsupportedMediaType, "Set the content type of the webhook to application/json.");
        var (id, name) = (context.Request.Headers["X-GitHub-Delivery"].ToString(), context.Request.Headers["X-GitHub-Event"].ToString());
        if (id.Length is 0 or > LongestId || name.Length is 0 or > LongestId)
            return new ErrorResult(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, "X-GitHub-Delivery and X-GitHub-Event are missing or too long.");
        return TypedResults.Accepted((string?)null, await receiver.ReceiveAsync(id, name, body, cancellationToken));
    }

    private static async Task<Results<Ok<DeliveryListResponse>, ErrorResult>> ListAsync(
        [AsParameters] DeliveryQuery query, CurrentUser caller, IAccessControl access, DeliveryHistory history, CancellationToken cancellationToken)
    {
        var owner = query.Owner ?? caller.OwnerId;
        if (await access.RefuseAsync(caller, owner, AccessAction.Manage, ApiErrors.NotFound("OWNER_NOT_FOUND", $"Owner with ID '{owner}' not found"), cancellationToken) is { } refusal)
            return refusal;
        return TypedResults.Ok(await history.ListAsync(owner, new PageQuery(query.Page, query.Limit), cancellationToken));
    }

    private static async Task<Results<Accepted, ErrorResult>> ReplayAsync(
        Guid id, CurrentUser caller, IAccessControl access, DeliveryHistory history, WebhookReceiver receiver, CancellationToken cancellationToken)
    {
        var hidden = ApiErrors.NotFound("DELIVERY_NOT_FOUND", $"Delivery with ID '{id}' not found");
        var (mine, refusal) = (new HashSet<Guid>(), hidden);
        foreach (var (project, owner) in await history.FindProjectsAsync(id, cancellationToken))
        {
            if (await access.RefuseAsync(caller, owner, AccessAction.Manage, hidden, cancellationToken) is not { } refused) mine.Add(project);
            else if (refused.StatusCode == StatusCodes.Status403Forbidden) refusal = refused;
        }

        if (mine.Count == 0) return refusal;
        return await receiver.ReplayAsync(id, mine, cancellationToken) ? TypedResults.Accepted((string?)null) : hidden;
    }

    private static async Task<Results<Accepted<ApprovalResponse>, ErrorResult>> ApproveAsync(
        Guid id, CurrentUser caller, IAccessControl access, Approvals approvals, CancellationToken cancellationToken)
    {
        var owner = await approvals.FindOwnerAsync(id, cancellationToken);
        if (await access.RefuseAsync(caller, owner, AccessAction.Deploy, ApiErrors.NotFound("DEPLOYMENT_NOT_FOUND", $"Deployment with ID '{id}' not found"), cancellationToken) is { } refusal)
            return refusal;
        if (!await approvals.ApproveAsync(id, owner!.Value, cancellationToken)) return ApiErrors.Conflict("DEPLOYMENT_NOT_WAITING", "The deployment does not wait for approval.");
        return TypedResults.Accepted($"/api/deployments/{id}", new ApprovalResponse(id, DeploymentStatus.Queued, DeploymentApproval.Approved));
    }
}
