using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Audit;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Jobs;

namespace Platform.Api.Webhooks;

/// <summary>The project whose webhooks are meant, after the caller was let in.</summary>
internal sealed record WebhookScope(Guid ProjectId, Guid OwnerId);

/// <summary>Webhooks of a project: those for it alone, and those for all projects of its owner.</summary>
internal sealed class WebhookService(
    PlatformDbContext database, WebhookSecrets secrets, WebhookFanOut fanOut, IJobOutbox outbox, IAuditLog audit, IOptions<WebhookOptions> options, TimeProvider time)
{
    public const string TestEvent = "ping";

    public Task<List<Webhook>> ListAsync(WebhookScope scope, CancellationToken cancellationToken) =>
        Of(scope).AsNoTracking().OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync(cancellationToken);

    public Task<Webhook?> FindAsync(WebhookScope scope, Guid id, CancellationToken cancellationToken) =>
        Of(scope).AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);

    /// <returns>The secret, which is not shown again, and the row; null: there are too many.</returns>
    public Task<(string Secret, Webhook Row)?> CreateAsync(WebhookScope scope, CreateWebhookRequest request, CurrentUser user, CancellationToken cancellationToken) =>
        database.InTransactionAsync<(string Secret, Webhook Row)?>(
            async token =>
            {
                // Counted under a lock of the owner's: many at once are no way around the limit.
                await database.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({"webhooks:" + scope.OwnerId}, 0))", token);
                if (await Of(scope).CountAsync(token) >= options.Value.MaxPerProject) return null;
                var (now, secret) = (time.GetUtcNow(), WebhookSecrets.Create());
                var row = new Webhook
                {
                    Id = Guid.CreateVersion7(now),
                    OwnerId = scope.OwnerId,
                    ProjectId = request.AllProjects == true ? null : scope.ProjectId,
                    UserId = user.Id,
                    Url = request.Url!,
                    Events = [.. request.Events!.Distinct(StringComparer.Ordinal)],
                    Secret = secrets.Protect(secret),
                    CreatedAt = now,
                    UpdatedAt = now,
                };
                database.Webhooks.Add(row);
                await database.SaveChangesAsync(token);
                await RecordAsync(AuditActions.WebhookCreated, scope, row.Id, user, token);
                return (secret, row);
            },
            cancellationToken);

    public Task<bool> UpdateAsync(WebhookScope scope, Guid id, UpdateWebhookRequest request, CurrentUser user, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async token =>
            {
                var (now, events, enabled) = (time.GetUtcNow(), request.Events!.Distinct(StringComparer.Ordinal).ToArray(), request.Enabled!.Value);
                var changed = await Of(scope).Where(row => row.Id == id).ExecuteUpdateAsync(
                    set => set
                        .SetProperty(row => row.Url, request.Url)
                        .SetProperty(row => row.Events, events)
                        .SetProperty(row => row.FailingSince, row => enabled && !row.Enabled ? null : row.FailingSince)
                        .SetProperty(row => row.DisabledAt, row => enabled ? null : row.DisabledAt)
                        .SetProperty(row => row.Enabled, enabled)
                        .SetProperty(row => row.UpdatedAt, now),
                    token) > 0;
                if (changed) await RecordAsync(AuditActions.WebhookChanged, scope, id, user, token);
                return changed;
            },
            cancellationToken);

    public Task<bool> DeleteAsync(WebhookScope scope, Guid id, CurrentUser user, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async token =>
            {
                if (await Of(scope).Where(row => row.Id == id).ExecuteDeleteAsync(token) == 0) return false;
                await RecordAsync(AuditActions.WebhookDeleted, scope, id, user, token);
                return true;
            },
            cancellationToken);

    /// <summary>A new secret; the one before signs as well for a while. Null: there is no such webhook.</summary>
    public Task<string?> RotateAsync(WebhookScope scope, Guid id, CurrentUser user, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async token =>
            {
                var (now, secret) = (time.GetUtcNow(), WebhookSecrets.Create());
                var kept = secrets.Protect(secret);
                var until = now + options.Value.SecretOverlap;
                var rotated = await Of(scope).Where(row => row.Id == id).ExecuteUpdateAsync(
                    set => set
                        .SetProperty(row => row.PreviousSecret, row => row.Secret)
                        .SetProperty(row => row.PreviousSecretUntil, until)
                        .SetProperty(row => row.Secret, kept)
                        .SetProperty(row => row.UpdatedAt, now),
                    token) > 0;
                if (!rotated) return null;
                await RecordAsync(AuditActions.WebhookSecretRotated, scope, id, user, token);
                return secret;
            },
            cancellationToken);

    public async Task<(List<WebhookDelivery> Page, bool More)> ListDeliveriesAsync(Guid webhookId, WebhookDeliveryQuery query, CancellationToken cancellationToken)
    {
        var limit = query.Limit ?? WebhookDeliveryQueryValidator.DefaultLimit;
        var rows = database.WebhookDeliveries.AsNoTracking().Where(row => row.WebhookId == webhookId);
        if (TimeCursor.TryRead(query.Cursor, out var cursor))
            rows = rows.Where(row => row.CreatedAt < cursor.At || (row.CreatedAt == cursor.At && row.Id.CompareTo(cursor.Id) < 0));
        var found = await rows.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).Take(limit + 1).ToListAsync(cancellationToken);
        return ([.. found.Take(limit)], found.Count > limit);
    }

    /// <summary>Sends a test, once, also while the webhook is switched off.</summary>
    public async Task<WebhookDelivery> TestAsync(WebhookScope scope, Guid id, CancellationToken cancellationToken)
    {
        var project = await database.Projects.AsNoTracking().Where(row => row.Id == scope.ProjectId)
            .Select(row => new WebhookProject(row.Id, row.Name, row.Slug, row.Repository)).SingleAsync(cancellationToken);
        var body = fanOut.ToBody(new WebhookPayload(TestEvent, time.GetUtcNow(), project, Deployment: null));
        return await PlaceAsync(new NewDelivery(id, TestEvent, $"{Guid.NewGuid()}:{TestEvent}", body), cancellationToken);
    }

    /// <summary>Sends the same body again. Null: the webhook has no such delivery.</summary>
    public async Task<WebhookDelivery?> RedeliverAsync(Guid webhookId, Guid deliveryId, CancellationToken cancellationToken)
    {
        var old = await database.WebhookDeliveries.AsNoTracking().FirstOrDefaultAsync(row => row.Id == deliveryId && row.WebhookId == webhookId, cancellationToken);
        if (old is null) return null;
        return await PlaceAsync(new NewDelivery(webhookId, old.Event, $"{Guid.NewGuid()}:{old.Event}", old.Payload, old.RedeliveryOf ?? old.Id), cancellationToken);
    }

    private async Task<WebhookDelivery> PlaceAsync(NewDelivery delivery, CancellationToken cancellationToken)
    {
        var id = await database.InTransactionAsync(token => fanOut.AddAsync(delivery, token), cancellationToken);
        var placed = await database.WebhookDeliveries.AsNoTracking().SingleAsync(row => row.Id == id, cancellationToken);
        await outbox.RelayAsync(cancellationToken);
        return placed;
    }

    private IQueryable<Webhook> Of(WebhookScope scope) =>
        database.Webhooks.Where(row => row.OwnerId == scope.OwnerId && (row.ProjectId == null || row.ProjectId == scope.ProjectId));

    private Task RecordAsync(string action, WebhookScope scope, Guid id, CurrentUser user, CancellationToken cancellationToken) =>
        audit.RecordAsync(
            new AuditEntry(action, user.Id, "webhook", id.ToString())
            {
                OwnerId = scope.OwnerId,
                Details = new Dictionary<string, string?>(StringComparer.Ordinal) { ["projectId"] = scope.ProjectId.ToString() },
            },
            cancellationToken);
}
