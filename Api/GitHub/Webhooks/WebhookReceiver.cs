using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.GitHub.Webhooks;

/// <summary>Takes deliveries whose signature is right, each once: its row and what follows from it are one transaction.</summary>
internal sealed partial class WebhookReceiver(
    PlatformDbContext database, PushProcessor pushes, PullRequestProcessor pulls, PullRequestReader reader, PushedDeployments deployments, TimeProvider time, ILogger<WebhookReceiver> logger)
{
    private const int LongestName = 100;

    private static readonly TimeSpan KeepHistory = TimeSpan.FromDays(30);

    public async Task<WebhookResponse> ReceiveAsync(string deliveryId, string eventName, byte[] body, CancellationToken cancellationToken)
    {
        var text = Encoding.UTF8.GetString(body);
        var payload = WebhookPayload.Read(body);
        var now = time.GetUtcNow();
        var row = new GitHubDelivery
        {
            Id = Guid.CreateVersion7(now),
            DeliveryId = deliveryId,
            Event = eventName,
            Action = Short(payload?.Action),
            Repository = payload?.Repository?.FullName is { Length: <= 255 } name ? name : null,
            // PostgreSQL keeps no NUL in a text; JSON has none either.
            Payload = text.Replace("\0", "", StringComparison.Ordinal),
            Status = GitHubDeliveryStatus.Failed,
            ReceivedAt = now,
        };
        try
        {
            var facts = eventName == "pull_request" && !await IsKnownAsync(deliveryId, cancellationToken) ? await reader.ReadAsync(payload, cancellationToken) : PullRequestFacts.Unknown;
            var answer = await database.InTransactionAsync(token => ProcessOnceAsync(row, payload, facts, token), cancellationToken);
            await deployments.FinishAsync(cancellationToken);
            return answer;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.Failed(logger, deliveryId, exception);
            database.ChangeTracker.Clear();
            await KeepFailedAsync(row, payload?.Repository?.Id ?? 0, cancellationToken);
            throw;
        }
    }

    /// <summary>Processes a delivery again for some of its projects, also what was deployed or skipped before. False: it is gone.</summary>
    public async Task<bool> ReplayAsync(Guid id, IReadOnlySet<Guid> projects, CancellationToken cancellationToken)
    {
        var found = await database.InTransactionAsync(
            async token =>
            {
                var row = (await database.GitHubDeliveries.FromSql($"SELECT * FROM github_deliveries WHERE id = {id} FOR UPDATE").AsNoTracking().ToListAsync(token)).SingleOrDefault();
                if (row is null) return false;
                await ProcessAsync(row, WebhookPayload.Read(Encoding.UTF8.GetBytes(row.Payload)), PullRequestFacts.Unknown, projects, again: true, token);
                await database.GitHubDeliveries.Where(each => each.Id == id).ExecuteUpdateAsync(each => each.SetProperty(found => found.Attempts, found => found.Attempts + 1), token);
                return true;
            },
            cancellationToken);
        await deployments.FinishAsync(cancellationToken);
        return found;
    }

    private Task<bool> IsKnownAsync(string deliveryId, CancellationToken cancellationToken) =>
        database.GitHubDeliveries.AnyAsync(row => row.DeliveryId == deliveryId && row.Status != GitHubDeliveryStatus.Failed, cancellationToken);

    private async Task<WebhookResponse> ProcessOnceAsync(GitHubDelivery row, WebhookPayload? payload, PullRequestFacts facts, CancellationToken cancellationToken)
    {
        // Whoever comes second with the same id waits here for the first to end.
        if (await InsertAsync(row, cancellationToken) == 0)
        {
            var known = (await database.GitHubDeliveries.FromSql($"SELECT * FROM github_deliveries WHERE delivery_id = {row.DeliveryId} FOR UPDATE").AsNoTracking()
                .ToListAsync(cancellationToken)).Single();
            if (known.Status != GitHubDeliveryStatus.Failed) return new WebhookResponse(row.DeliveryId, known.Status, Duplicate: true);
            row.Id = known.Id;
        }

        var status = await ProcessAsync(row, payload, facts, only: null, again: false, cancellationToken);
        var before = time.GetUtcNow() - KeepHistory;
        await database.GitHubDeliveries.Where(old => old.ReceivedAt < before).OrderBy(old => old.ReceivedAt).Take(100).ExecuteDeleteAsync(cancellationToken);
        return new WebhookResponse(row.DeliveryId, status, Duplicate: false);
    }

    private async Task<string> ProcessAsync(
        GitHubDelivery row, WebhookPayload? payload, PullRequestFacts facts, IReadOnlySet<Guid>? only, bool again, CancellationToken cancellationToken)
    {
        var (outcomes, ignored) = payload is null
            ? ([], "The body is no JSON object.")
            : row.Event switch
            {
                "push" => await pushes.ProcessAsync(payload, only, again, cancellationToken),
                "pull_request" => await pulls.ProcessAsync(payload, facts, only, again, cancellationToken),
                "installation" => await ForgetInstallationAsync(payload, cancellationToken),
                "ping" => ([], null),
                _ => ([], "Nothing follows from this event."),
            };
        var now = time.GetUtcNow();
        foreach (var (project, outcome) in outcomes)
        {
            await database.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO github_delivery_results (delivery_id, project_id, outcome, reason, deployment_id, created_at)
                 VALUES ({row.Id}, {project.Id}, {outcome.Outcome}, {outcome.Reason}, {outcome.DeploymentId}, {now})
                 ON CONFLICT (delivery_id, project_id) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason,
                     deployment_id = excluded.deployment_id, created_at = excluded.created_at
                 """,
                cancellationToken);
        }

        var status = ignored is null ? GitHubDeliveryStatus.Processed : GitHubDeliveryStatus.Ignored;
        await database.GitHubDeliveries.Where(each => each.Id == row.Id).ExecuteUpdateAsync(
            each => each.SetProperty(found => found.Status, status).SetProperty(found => found.Reason, ignored).SetProperty(found => found.ProcessedAt, now), cancellationToken);
        return status;
    }

    /// <summary>Somebody removed the App at GitHub: it is told only here.</summary>
    private async Task<(IReadOnlyList<(Project, PushOutcome)>, string?)> ForgetInstallationAsync(WebhookPayload payload, CancellationToken cancellationToken)
    {
        if (payload is not { Action: "deleted" or "suspend", Installation.Id: var id }) return ([], $"Nothing follows from {payload.Action}.");
        await database.GitHubInstallations.Where(row => row.InstallationId == id).ExecuteDeleteAsync(cancellationToken);
        return ([], null);
    }

    private Task<int> InsertAsync(GitHubDelivery row, CancellationToken cancellationToken) => database.Database.ExecuteSqlAsync(
        $"""
         INSERT INTO github_deliveries (id, delivery_id, event, action, repository, payload, status, received_at)
         VALUES ({row.Id}, {row.DeliveryId}, {row.Event}, {row.Action}, {row.Repository}, {row.Payload}, {row.Status}, {row.ReceivedAt})
         ON CONFLICT (delivery_id) DO NOTHING
         """,
        cancellationToken);

    /// <summary>Kept with the projects that it is about, so that it is seen and can be replayed.</summary>
    private Task KeepFailedAsync(GitHubDelivery row, long repositoryId, CancellationToken cancellationToken) => database.InTransactionAsync(
        async token =>
        {
            if (await InsertAsync(row, token) == 0) return;
            var repository = repositoryId.ToString(System.Globalization.CultureInfo.InvariantCulture);
            await database.Database.ExecuteSqlAsync(
                $"""
                 INSERT INTO github_delivery_results (delivery_id, project_id, outcome, reason)
                 SELECT {row.Id}, id, 'skipped', 'The delivery was not processed; replay it.' FROM projects WHERE github_repo_id = {repository}
                 """,
                token);
        },
        cancellationToken);

    private static string? Short(string? text) => text is { Length: > LongestName } ? text[..LongestName] : text;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Delivery {DeliveryId} of GitHub was not processed")]
        public static partial void Failed(ILogger logger, string deliveryId, Exception exception);
    }
}
