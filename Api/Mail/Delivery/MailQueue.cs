using Npgsql;
using Platform.Core.Data.Entities;

namespace Platform.Api.Mail.Delivery;

/// <summary>A mail that this process has claimed.</summary>
internal sealed record ClaimedMail(Guid Id, string Kind, string Content, int Attempt);

/// <summary>The rows of <c>mails</c> as a queue that several instances take from.</summary>
internal sealed class MailQueue(NpgsqlDataSource source, TimeProvider time)
{
    private const string Open = "sent_at IS NULL AND failed_at IS NULL";

    /// <summary>Takes the next mail for the time of <paramref name="claim"/>: when this process dies, another one tries after that.</summary>
    public async Task<ClaimedMail?> ClaimAsync(TimeSpan claim, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"""
             UPDATE mails SET attempts = attempts + 1, next_attempt_at = @until
             WHERE id = (
                 SELECT id FROM mails WHERE {Open} AND next_attempt_at <= @now ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING id, kind, content, attempts
             """);
        var now = time.GetUtcNow();
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("until", now + claim);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new ClaimedMail(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3))
            : null;
    }

    /// <summary>It went out. What it said is kept only where developers look at it.</summary>
    public Task SentAsync(ClaimedMail mail, bool keepContent, CancellationToken cancellationToken) =>
        FinishAsync($"sent_at = @now, error = NULL{(keepContent && mail.Kind == MailKind.Mail ? "" : ", content = ''")}", mail, "", cancellationToken);

    public Task RetryAsync(ClaimedMail mail, TimeSpan delay, string error, CancellationToken cancellationToken) =>
        FinishAsync("next_attempt_at = @now + @delay, error = @error", mail, error, cancellationToken, delay);

    public Task FailedAsync(ClaimedMail mail, string error, CancellationToken cancellationToken) =>
        FinishAsync("failed_at = @now, error = @error, content = ''", mail, error, cancellationToken);

    public async Task<int> CleanAsync(TimeSpan retention, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("DELETE FROM mails WHERE created_at < @limit AND (sent_at IS NOT NULL OR failed_at IS NOT NULL)");
        command.Parameters.AddWithValue("limit", time.GetUtcNow() - retention);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Only the claim that is still in force: an attempt that took too long says nothing about the next one.
    private async Task FinishAsync(string change, ClaimedMail mail, string error, CancellationToken cancellationToken, TimeSpan delay = default)
    {
        await using var command = source.CreateCommand($"UPDATE mails SET {change} WHERE id = @id AND attempts = @attempt AND {Open}");
        command.Parameters.AddWithValue("id", mail.Id);
        command.Parameters.AddWithValue("attempt", mail.Attempt);
        command.Parameters.AddWithValue("now", time.GetUtcNow());
        command.Parameters.AddWithValue("error", error);
        command.Parameters.AddWithValue("delay", delay);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
