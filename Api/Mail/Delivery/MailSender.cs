using System.Net.Mail;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Mail;
using Platform.Core.Data.Entities;

namespace Platform.Api.Mail.Delivery;

/// <summary>
/// Sends what waits in <c>mails</c>, in every instance of the Api: each takes rows of its own. It is told of new rows by the database and
/// looks by itself as well.
/// </summary>
internal sealed partial class MailSender(
    MailQueue queue,
    MailSeal seal,
    IMailTransport transport,
    NpgsqlDataSource source,
    IServiceScopeFactory scopes,
    IOptions<MailOptions> options,
    IHostEnvironment environment,
    TimeProvider time,
    ILogger<MailSender> logger) : BackgroundService
{
    public const string Channel = "platform_mails";

    private static readonly TimeSpan CleanInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(2);

    private DateTimeOffset _cleanAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ServeAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The database is away; what waits is still there when it is back.
                Log.Interrupted(logger, exception.GetType().Name);
                await Task.Delay(PauseAfterFailure, stoppingToken);
            }
        }
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection)) await listen.ExecuteNonQueryAsync(cancellationToken);
        while (true)
        {
            while (await queue.ClaimAsync(options.Value.Timeout * 2, cancellationToken) is { } mail) await SendAsync(mail, cancellationToken);
            await CleanAsync(cancellationToken);
            await connection.WaitAsync(options.Value.PollInterval, cancellationToken);
        }
    }

    private async Task SendAsync(ClaimedMail mail, CancellationToken cancellationToken)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(options.Value.Timeout);
            await DeliverAsync(mail, limit.Token);
            // It is out: a process that stops now still says so, or the mail would go out again.
            await queue.SentAsync(mail, environment.IsDevelopment(), CancellationToken.None);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The exception itself stays out of the log: mail servers quote what they refuse.
            var error = Describe(exception);
            if (mail.Attempt >= options.Value.MaxAttempts || IsFinal(exception))
            {
                Log.GivenUp(logger, mail.Id, mail.Attempt, error);
                await queue.FailedAsync(mail, error, cancellationToken);
                await RecordAsync(mail, error, cancellationToken);
                return;
            }

            var delay = Delay(mail.Attempt);
            Log.Failed(logger, mail.Id, mail.Attempt, error, delay);
            await queue.RetryAsync(mail, delay, error, cancellationToken);
        }
    }

    private async Task DeliverAsync(ClaimedMail mail, CancellationToken cancellationToken)
    {
        if (mail.Kind == MailKind.Mail)
        {
            var (to, content) = seal.Open<SealedMail>(mail.Content);
            await transport.SendAsync(new OutgoingMail(mail.Id, options.Value.From, to, MailLayout.Render(content)), cancellationToken);
            return;
        }

        var request = seal.Open<SealedRequest>(mail.Content);
        await using var scope = scopes.CreateAsyncScope();
        var handler = scope.ServiceProvider.GetServices<IMailRequestHandler>().Single(each => each.Purpose == request.Purpose);
        await handler.HandleAsync(request.Address, cancellationToken);
    }

    private async Task RecordAsync(ClaimedMail mail, string error, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var entry = new AuditEntry(AuditActions.MailFailed, ActorId: null, "mail", mail.Id.ToString())
        {
            Details = new Dictionary<string, string?>(StringComparer.Ordinal) { ["error"] = error },
        };
        await scope.ServiceProvider.GetRequiredService<IAuditLog>().RecordAsync(entry, cancellationToken);
    }

    private async Task CleanAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now < _cleanAt) return;
        _cleanAt = now + CleanInterval;
        await queue.CleanAsync(options.Value.Retention, cancellationToken);
    }

    private TimeSpan Delay(int attempt)
    {
        var delay = options.Value.RetryBaseDelay * Math.Pow(2, Math.Min(attempt - 1, 20));
        return delay < options.Value.RetryMaxDelay ? delay : options.Value.RetryMaxDelay;
    }

    private static string Describe(Exception exception) => exception is SmtpException smtp ? $"{exception.GetType().Name} {smtp.StatusCode}" : exception.GetType().Name;

    /// <summary>The server knows no such mailbox, or the text is none: trying again changes nothing.</summary>
    private static bool IsFinal(Exception exception) =>
        exception is SmtpFailedRecipientException { StatusCode: >= SmtpStatusCode.CommandUnrecognized } or FormatException;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Mail {MailId} was not sent at attempt {Attempt} ({Error}), the next one follows in {Delay}")]
        public static partial void Failed(ILogger logger, Guid mailId, int attempt, string error, TimeSpan delay);

        [LoggerMessage(2, LogLevel.Error, "Mail {MailId} was given up after attempt {Attempt} ({Error})")]
        public static partial void GivenUp(ILogger logger, Guid mailId, int attempt, string error);

        [LoggerMessage(3, LogLevel.Warning, "The sender of mails was interrupted ({Error})")]
        public static partial void Interrupted(ILogger logger, string error);
    }
}
