using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Core.Data;
using Platform.Core.Jobs;

namespace Platform.Api.Webhooks;

/// <summary>Writes deliveries and their jobs, as part of the caller's transaction; the caller relays the outbox after its commit.</summary>
internal sealed class WebhookFanOut(
    PlatformDbContext database, IJobOutbox outbox, IOptions<WebhookOptions> options, IOptions<JsonOptions> json, TimeProvider time)
{
    /// <summary>One delivery for each webhook that asks for the event.</summary>
    public async Task PlaceAsync(WebhookHappening happening, WebhookPayload payload, CancellationToken cancellationToken)
    {
        var webhooks = await database.Webhooks.AsNoTracking()
            .Where(row => row.OwnerId == happening.OwnerId && (row.ProjectId == null || row.ProjectId == happening.ProjectId))
            .Where(row => row.Enabled && row.Events.Contains(happening.Event))
            .Select(row => row.Id).ToListAsync(cancellationToken);
        if (webhooks.Count == 0) return;
        var body = ToBody(payload);
        foreach (var webhook in webhooks) await AddAsync(new NewDelivery(webhook, happening.Event, happening.Key, body), cancellationToken);
    }

    public string ToBody(WebhookPayload payload) => JsonSerializer.Serialize(payload, json.Value.SerializerOptions);

    /// <returns>Its id; null: this webhook has been told already.</returns>
    public async Task<Guid?> AddAsync(NewDelivery delivery, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var added = await database.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO webhook_deliveries (id, webhook_id, event, event_key, payload, state, attempts, redelivery_of, next_attempt_at, created_at)
             SELECT {id}, id, {delivery.Event}, {delivery.Key}, {delivery.Body}, 'pending', 0, {delivery.RedeliveryOf}, {now}, {now} FROM webhooks WHERE id = {delivery.WebhookId}
             ON CONFLICT (webhook_id, event_key) DO NOTHING
             """,
            cancellationToken) == 1;
        if (!added) return null;
        outbox.AddAttempt(id, 1, delivery.WebhookId);
        await database.SaveChangesAsync(cancellationToken);
        // What still waits is few, and not taken away.
        await database.Database.ExecuteSqlAsync(
            $"""
             DELETE FROM webhook_deliveries WHERE state <> 'pending' AND id IN (
                 SELECT id FROM webhook_deliveries WHERE webhook_id = {delivery.WebhookId} ORDER BY created_at DESC, id DESC OFFSET {options.Value.KeepDeliveries})
             """,
            cancellationToken);
        return id;
    }
}

/// <param name="Body">The JSON that is signed and sent.</param>
internal sealed record NewDelivery(Guid WebhookId, string Event, string Key, string Body, Guid? RedeliveryOf = null);

internal static class WebhookOutboxExtensions
{
    /// <summary>The key makes webhooks take turns: a receiver that is slow keeps only its own deliveries waiting.</summary>
    public static void AddAttempt(this IJobOutbox outbox, Guid deliveryId, int attempt, Guid webhookId, TimeSpan? delay = null) =>
        outbox.Add(new DeliverWebhookJob(deliveryId, attempt), new EnqueueOptions { FairnessKey = webhookId.ToString("N"), Delay = delay });
}
