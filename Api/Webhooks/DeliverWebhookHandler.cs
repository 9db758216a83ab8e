using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Notifications;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Core.Jobs;

namespace Platform.Api.Webhooks;

/// <summary>
/// One attempt of a delivery. Its end and the next attempt are written together; a process that dies between the call and that makes the attempt
/// again, and the receiver knows by the delivery's id.
/// </summary>
internal sealed class DeliverWebhookHandler(
    PlatformDbContext database, WebhookSender sender, INotifier notifier, IJobOutbox outbox, IOptions<WebhookOptions> options, TimeProvider time)
    : IJobHandler<DeliverWebhookJob>
{
    public async Task HandleAsync(DeliverWebhookJob job, JobContext context, CancellationToken cancellationToken)
    {
        var delivery = await Waiting(job).AsNoTracking().FirstOrDefaultAsync(cancellationToken);
        if (delivery is null) return;
        var webhook = await database.Webhooks.AsNoTracking().FirstOrDefaultAsync(row => row.Id == delivery.WebhookId, cancellationToken);
        if (webhook is null) return;
        if (!webhook.Enabled && delivery.Event != WebhookService.TestEvent)
        {
            await EndAsync(job, "The webhook is switched off.", cancellationToken);
            return;
        }

        var outcome = await sender.SendAsync(webhook, delivery, cancellationToken);
        await database.InTransactionAsync(token => RecordAsync(job, delivery, outcome, token), cancellationToken);
        await outbox.RelayAsync(cancellationToken);
    }

    /// <summary>The processes that made the attempt died each time.</summary>
    public Task OnDeadAsync(DeliverWebhookJob job, JobContext context, string error, CancellationToken cancellationToken) =>
        EndAsync(job, "The attempt was interrupted several times.", cancellationToken);

    private async Task RecordAsync(DeliverWebhookJob job, WebhookDelivery delivery, WebhookOutcome outcome, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var delivered = outcome.Error is null;
        // A test is answered now or never.
        var over = delivered || job.Attempt >= options.Value.MaxAttempts || delivery.Event == WebhookService.TestEvent;
        var state = delivered ? WebhookDeliveryState.Delivered : over ? WebhookDeliveryState.Failed : WebhookDeliveryState.Pending;
        var delay = DelayAfter(job.Attempt);
        DateTimeOffset? next = over ? null : now + delay;
        DateTimeOffset? completed = over ? now : null;
        var recorded = await Waiting(job).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.State, state)
                .SetProperty(row => row.Attempts, job.Attempt)
                .SetProperty(row => row.ResponseStatus, outcome.Status)
                .SetProperty(row => row.DurationMs, outcome.DurationMs)
                .SetProperty(row => row.Error, outcome.Error)
                .SetProperty(row => row.NextAttemptAt, next)
                .SetProperty(row => row.CompletedAt, completed),
            cancellationToken);
        // Somebody else has recorded this attempt.
        if (recorded == 0) return;
        if (delivered)
        {
            await Healthy(delivery.WebhookId, cancellationToken);
            return;
        }

        if (!over)
        {
            outbox.AddAttempt(delivery.Id, job.Attempt + 1, delivery.WebhookId, delay);
            await database.SaveChangesAsync(cancellationToken);
        }

        if (delivery.Event != WebhookService.TestEvent) await NoteFailureAsync(delivery.WebhookId, over, now, cancellationToken);
    }

    private Task<int> Healthy(Guid webhookId, CancellationToken cancellationToken) =>
        database.Webhooks.Where(row => row.Id == webhookId && row.FailingSince != null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.FailingSince, (DateTimeOffset?)null), cancellationToken);

    private async Task NoteFailureAsync(Guid webhookId, bool givenUp, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await database.Webhooks.Where(row => row.Id == webhookId && row.FailingSince == null)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.FailingSince, now), cancellationToken);
        if (!givenUp) return;
        var before = now - options.Value.DisableAfter;
        var disabled = await database.Webhooks.Where(row => row.Id == webhookId && row.Enabled && row.FailingSince <= before)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Enabled, false).SetProperty(row => row.DisabledAt, now), cancellationToken);
        if (disabled == 0) return;
        var webhook = await database.Webhooks.AsNoTracking().SingleAsync(row => row.Id == webhookId, cancellationToken);
        if (webhook.UserId is not { } maker) return;
        var notification = new NewNotification(
            NotificationTypes.WebhookDisabled, "A webhook was switched off", $"{new Uri(webhook.Url).Host} has not taken anything since {webhook.FailingSince:yyyy-MM-dd HH:mm} UTC. Switch it on again when it does.")
        {
            Link = webhook.ProjectId is { } project ? $"/projects/{project}" : null,
            Data = new Dictionary<string, string?>(StringComparer.Ordinal) { ["webhookId"] = webhookId.ToString(), ["projectId"] = webhook.ProjectId?.ToString() },
        };
        await notifier.NotifyAsync(maker, notification, cancellationToken);
    }

    private Task<int> EndAsync(DeliverWebhookJob job, string error, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return Waiting(job).ExecuteUpdateAsync(
            set => set
                .SetProperty(row => row.State, WebhookDeliveryState.Failed)
                .SetProperty(row => row.Error, error)
                .SetProperty(row => row.NextAttemptAt, (DateTimeOffset?)null)
                .SetProperty(row => row.CompletedAt, now),
            cancellationToken);
    }

    private IQueryable<WebhookDelivery> Waiting(DeliverWebhookJob job) =>
        database.WebhookDeliveries.Where(row => row.Id == job.DeliveryId && row.State == WebhookDeliveryState.Pending && row.Attempts == job.Attempt - 1);

    private TimeSpan DelayAfter(int attempt)
    {
        var delay = options.Value.RetryDelay * Math.Pow(4, attempt - 1);
        return delay < options.Value.MaxRetryDelay ? delay : options.Value.MaxRetryDelay;
    }
}
