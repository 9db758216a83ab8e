using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Webhooks;

/// <summary>Lets in who may manage the project: a webhook's address may itself be a secret.</summary>
internal sealed class WebhookAccess(PlatformDbContext database, IAccessControl access)
{
    public async Task<(WebhookScope? Scope, ErrorResult? Refusal)> FindAsync(Guid projectId, CurrentUser user, CancellationToken cancellationToken)
    {
        var owner = await database.Projects.Where(project => project.Id == projectId).Select(project => (Guid?)project.OwnerId).FirstOrDefaultAsync(cancellationToken);
        var refusal = await access.RefuseAsync(user, owner, AccessAction.Manage, WebhookErrors.ProjectNotFound(projectId), cancellationToken);
        return refusal is null ? (new WebhookScope(projectId, owner!.Value), null) : (null, refusal);
    }
}

internal static class WebhooksApi
{
    public static IEndpointRouteBuilder MapWebhooks(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/projects/{id:guid}/webhooks").WithTags("Webhooks").RequireAuthorization();
        var read = group.MapGroup("").RequireScope(ApiScopes.ProjectsRead);
        read.MapGet("", ListAsync).WithName("listWebhooks").WithSummary("Webhooks of a project, and those of all projects of its owner.").ProducesError(403);
        read.MapGet("/{webhookId:guid}", GetAsync).WithName("getWebhook").WithSummary("One webhook.").ProducesError(403);
        read.MapGet("/{webhookId:guid}/deliveries", ListDeliveriesAsync).WithName("listWebhookDeliveries")
            .WithSummary("What a webhook was told and how that went, newest first.").ProducesError(403);
        var write = group.MapGroup("").RequireScope(ApiScopes.ProjectsWrite);
        write.MapPost("", CreateAsync).WithName("createWebhook").WithSummary("Adds a webhook; the answer is the only one that shows its secret.").ProducesError(403, 409);
        write.MapPut("/{webhookId:guid}", UpdateAsync).WithName("updateWebhook").WithSummary("Changes a webhook, or switches it on or off.").ProducesError(403);
        write.MapDelete("/{webhookId:guid}", DeleteAsync).WithName("deleteWebhook").WithSummary("Deletes a webhook with its history.").ProducesError(403);
        write.MapPost("/{webhookId:guid}/secret", RotateAsync).WithName("rotateWebhookSecret")
            .WithSummary("Makes a new secret; the one before signs as well for a day.").ProducesError(403);
        write.MapPost("/{webhookId:guid}/test", TestAsync).WithName("testWebhook").WithSummary("Sends a test, once.").ProducesError(403);
        write.MapPost("/{webhookId:guid}/deliveries/{deliveryId:guid}/redeliver", RedeliverAsync).WithName("redeliverWebhook")
            .WithSummary("Sends what was sent before once more.").ProducesError(403);
        return routes;
    }

    private static async Task<Results<Ok<WebhookListResponse>, ErrorResult>> ListAsync(
        Guid id, CurrentUser user, WebhookAccess access, WebhookService webhooks, CancellationToken cancellationToken)
    {
        var (scope, refusal) = await access.FindAsync(id, user, cancellationToken);
        if (refusal is not null) return refusal;
        return TypedResults.Ok(new WebhookListResponse([.. (await webhooks.ListAsync(scope!, cancellationToken)).Select(ToResponse)]));
    }

    private static async Task<Results<Ok<WebhookResponse>, ErrorResult>> GetAsync(
        Guid id, Guid webhookId, CurrentUser user, WebhookAccess access, WebhookService webhooks, CancellationToken cancellationToken)
    {
        var (scope, refusal) = await access.FindAsync(id, user, cancellationToken);
        if (refusal is not null) return refusal;
        return await webhooks.FindAsync(scope!, webhookId, cancellationToken) is { } found ? TypedResults.Ok(ToResponse(found)) : WebhookErrors.NotFound(webhookId);
    }

    private static async Task<Results<Created<WebhookSecretResponse>, ErrorResult>> CreateAsync(
        Guid id, CreateWebhookRequest request, CurrentUser user, WebhookAccess access, WebhookService webhooks, HttpContext context, CancellationToken cancellationToken)
    {
        var (scope, refusal) = await access.FindAsync(id, user, cancellationToken);
        if (refusal is not null) return refusal;
        if (await webhooks.CreateAsync(scope!, request, user, cancellationToken) is not var (secret, row)) return WebhookErrors.TooMany;
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/api/projects/{id}/webhooks/{row.Id}", new WebhookSecretResponse(secret, ToResponse(row)));
    }

    private static async Task<Results<Ok<WebhookResponse>, ErrorResult>> UpdateAsync(
        Guid id, Guid webhookId, UpdateWebhookRequest request, CurrentUser user, WebhookAccess access, WebhookService webhooks, CancellationToken cancellationToken)
    {
        var (scope, refusal) = await access.FindAsync(id, user, cancellationToken);
        if (refusal is not null) return refusal;
        if (!await webhooks.UpdateAsync(scope!, webhookId, request, user, cancellationToken)) return WebhookErrors.NotFound(webhookId);
        return await webhooks.FindAsync(scope!, webhookId, cancellationToken) is { } found ? TypedResults.Ok(ToResponse(found)) : WebhookErrors.NotFound(webhookId);
    }

    private static async Task<Results<NoContent, ErrorResult>> DeleteAsync(
        Guid id, Guid webhookId, CurrentUser user, WebhookAccess access, WebhookService webhooks, CancellationToken cancellationToken)
    {
        var (scope, refusal) = await access.FindAsync(id, user, cancellationToken);
        if (refusal is not null) return refusal;
        return await webhooks.DeleteAsync(scope!, webhookId, user, cancellationToken) ? TypedResults.NoContent() : WebhookErrors.NotFound(webhookId);
    }

    private static async Task<Results<Ok<WebhookSecretResponse>, ErrorResult>> RotateAsync(
        Guid id, Guid webhookId, CurrentUser user, WebhookAccess access, WebhookService webhooks, HttpContext context, CancellationToken cancellationToken)
    {
        var (scope, refusal) = await access.FindAsync(id, user, cancellationToken);
        if (refusal is not null) return refusal;
        if (await webhooks.RotateAsync(scope!, webhookId, user, cancellationToken) is not { } secret) return WebhookErrors.NotFound(webhookId);
        if (await webhooks.FindAsync(scope!, webhookId, cancellationToken) is not { } found) return WebhookErrors.NotFound(webhookId);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new WebhookSecretResponse(secret, ToResponse(found)));
    }

    private static async Task<Results<Accepted<WebhookDeliveryResponse>, ErrorResult>> TestAsync(
        Guid id, Guid webhookId, CurrentUser user, WebhookAccess access, WebhookService webhooks, CancellationToken cancellationToken)
    {
        var (scope, refusal) = await access.FindAsync(id, user, cancellationToken);
        if (refusal is not null) return refusal;
        if (await webhooks.FindAsync(scope!, webhookId, cancellationToken) is null) return WebhookErrors.NotFound(webhookId);
        return TypedResults.Accepted((string?)null, ToResponse(await webhooks.TestAsync(scope!, webhookId, cancellationToken)));
    }

    private static async Task<Results<Ok<WebhookDeliveryListResponse>, ErrorResult>> ListDeliveriesAsync(
        Guid id,
        Guid webhookId,
        [AsParameters] WebhookDeliveryQuery query,
        CurrentUser user,
        WebhookAccess access,
        WebhookService webhooks,
        CancellationToken cancellationToken)
    {
        var (scope, refusal) = await access.FindAsync(id, user, cancellationToken);
        if (refusal is not null) return refusal;
        if (await webhooks.FindAsync(scope!, webhookId, cancellationToken) is null) return WebhookErrors.NotFound(webhookId);
        var (page, more) = await webhooks.ListDeliveriesAsync(webhookId, query, cancellationToken);
        var next = more ? new TimeCursor(page[^1].CreatedAt, page[^1].Id).ToString() : null;
        return TypedResults.Ok(new WebhookDeliveryListResponse([.. page.Select(ToResponse)], next));
    }

    private static async Task<Results<Accepted<WebhookDeliveryResponse>, ErrorResult>> RedeliverAsync(
        Guid id, Guid webhookId, Guid deliveryId, CurrentUser user, WebhookAccess access, WebhookService webhooks, CancellationToken cancellationToken)
    {
        var (scope, refusal) = await access.FindAsync(id, user, cancellationToken);
        if (refusal is not null) return refusal;
        if (await webhooks.FindAsync(scope!, webhookId, cancellationToken) is null) return WebhookErrors.NotFound(webhookId);
        return await webhooks.RedeliverAsync(webhookId, deliveryId, cancellationToken) is { } placed
            ? TypedResults.Accepted((string?)null, ToResponse(placed))
            : WebhookErrors.DeliveryNotFound(deliveryId);
    }

    private static WebhookResponse ToResponse(Webhook row) => new(
        row.Id, row.Url, row.Events, row.ProjectId is null, row.Enabled, row.FailingSince, row.DisabledAt, row.CreatedAt, row.UpdatedAt);

    private static WebhookDeliveryResponse ToResponse(WebhookDelivery row) => new(
        row.Id,
        row.Event,
        row.State,
        row.Attempts,
        row.ResponseStatus,
        row.DurationMs,
        row.Error,
        row.Payload,
        row.RedeliveryOf,
        row.NextAttemptAt,
        row.CompletedAt,
        row.CreatedAt);
}

internal static class WebhookErrors
{
    public static ErrorResult ProjectNotFound(Guid id) => ApiErrors.NotFound("PROJECT_NOT_FOUND", $"Project with ID '{id}' not found");

    public static ErrorResult NotFound(Guid id) => ApiErrors.NotFound("WEBHOOK_NOT_FOUND", $"Webhook with ID '{id}' not found");

    public static ErrorResult DeliveryNotFound(Guid id) => ApiErrors.NotFound("WEBHOOK_DELIVERY_NOT_FOUND", $"Delivery with ID '{id}' not found");

    public static ErrorResult TooMany { get; } = ApiErrors.Conflict("TOO_MANY_WEBHOOKS", "Delete a webhook before you add another one.");
}
