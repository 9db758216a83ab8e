using Microsoft.EntityFrameworkCore;
using Platform.Api.Common.Http;
using Platform.Api.Common.Mail;
using Platform.Api.Common.Notifications;
using Platform.Api.Webhooks;
using Platform.Core.Data;
using Platform.Core.Jobs;
using Platform.Core.Notifications;

namespace Platform.Api.Notifications;

/// <summary>Tells the person who deployed, as their preferences say, and the webhooks that ask for it. All of it is one transaction: an attempt that dies has told nobody.</summary>
internal sealed class NotifyDeploymentHandler(
    PlatformDbContext database, INotifier notifier, IMailer mailer, WebhookFanOut webhooks, IJobOutbox outbox, PublicLinks links) : IJobHandler<NotifyDeploymentJob>
{
    public async Task HandleAsync(NotifyDeploymentJob job, JobContext context, CancellationToken cancellationToken)
    {
        await database.InTransactionAsync(
            async token =>
            {
                if (await DeploymentFacts.FindAsync(database, job.DeploymentId, token) is not { } facts) return;
                await TellPersonAsync(job, facts, token);
                await webhooks.PlaceAsync(new WebhookHappening(job.Event, job.Key, facts.OwnerId, facts.ProjectId), ToPayload(job, facts), token);
            },
            cancellationToken);
        await outbox.RelayAsync(cancellationToken);
    }

    private async Task TellPersonAsync(NotifyDeploymentJob job, DeploymentFacts facts, CancellationToken cancellationToken)
    {
        if (job.Event is not (DeploymentEvents.Succeeded or DeploymentEvents.Failed)) return;
        var person = await database.Users.AsNoTracking().Where(row => row.Id == facts.UserId)
            .Select(row => new { row.Name, row.Email, Choice = database.UserPreferences.FirstOrDefault(each => each.UserId == row.Id) })
            .SingleOrDefaultAsync(cancellationToken);
        if (person is null) return;
        var succeeded = job.Event == DeploymentEvents.Succeeded;
        // Who has chosen nothing yet is told.
        var wanted = person.Choice is null || (succeeded ? person.Choice.DeploymentSuccessNotifications : person.Choice.DeploymentFailureNotifications);
        if (!wanted || !await notifier.NotifyAsync(facts.UserId, ToNotification(job, facts, succeeded), cancellationToken)) return;
        if (person.Email is { } address && person.Choice?.EmailNotifications != false)
            await mailer.SendAsync(address, DeploymentMail.Write(person.Name, facts, succeeded, links), cancellationToken);
    }

    private static NewNotification ToNotification(NotifyDeploymentJob job, DeploymentFacts facts, bool succeeded) => new(
        succeeded ? NotificationTypes.DeploymentSucceeded : NotificationTypes.DeploymentFailed,
        succeeded ? $"{facts.Project} is deployed" : $"Deployment of {facts.Project} failed",
        succeeded ? $"Branch {facts.Branch} is at {facts.Url}." : $"Branch {facts.Branch}: {facts.ErrorMessage ?? "no reason was recorded."}")
    {
        Link = $"/deployments/{facts.Id}",
        Key = job.Key,
        Data = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["deploymentId"] = facts.Id.ToString(),
            ["projectId"] = facts.ProjectId.ToString(),
            ["url"] = facts.Url,
            ["errorCode"] = facts.ErrorCode,
        },
    };

    private static WebhookPayload ToPayload(NotifyDeploymentJob job, DeploymentFacts facts) => new(
        job.Event,
        job.At,
        new WebhookProject(facts.ProjectId, facts.Project, facts.Slug, facts.Repository),
        new WebhookDeployment(
            facts.Id,
            // As it was when it happened, whatever it is by now.
            StatusAfter(job.Event),
            facts.Branch,
            facts.Environment,
            facts.CommitHash,
            facts.CommitMessage,
            facts.Author,
            facts.Url,
            facts.BuildDuration,
            facts.ErrorCode,
            facts.ErrorMessage,
            facts.CreatedAt));

    private static string StatusAfter(string happened) => happened switch
    {
        DeploymentEvents.Succeeded or DeploymentEvents.Promoted => "success",
        _ => happened[(happened.IndexOf('.', StringComparison.Ordinal) + 1)..],
    };
}
