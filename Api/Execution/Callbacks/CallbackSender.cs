using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Http;
using Platform.Api.Execution.Storage;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Platform.Api.Execution.Callbacks;

/// <summary>
/// Tells the world outside about ends of runs. What is due stands in the rows: the next attempt is set before one is made, so that a process
/// that dies in the middle delays it and loses nothing. A receiver may be told twice, and knows by the id.
/// </summary>
internal sealed partial class CallbackSender : BackgroundService
{
    private const string DeliveryHeader = "X-Autostack-Execution";
    private const int AtOnce = 8;

    private const string Due = """
        UPDATE executions SET callback_attempts = callback_attempts + 1,
               callback_next_at = now() + ({0} * power(4, callback_attempts)) + {1}
        WHERE id IN (
            SELECT id FROM executions WHERE callback_state = 'pending' AND callback_next_at <= now()
            ORDER BY callback_next_at LIMIT {2} FOR UPDATE SKIP LOCKED)
        RETURNING *
        """;

    private readonly IServiceScopeFactory _scopes;
    private readonly CallbackOptions _options;
    private readonly CallbackSecrets _secrets;
    private readonly JsonSerializerOptions _json;
    private readonly TimeProvider _time;
    private readonly ILogger<CallbackSender> _logger;
    private readonly HttpClient _http;
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public CallbackSender(
        IServiceScopeFactory scopes,
        IOptions<CallbackOptions> options,
        CallbackAddresses addresses,
        CallbackSecrets secrets,
        IOptions<JsonOptions> json,
        TimeProvider time,
        ILogger<CallbackSender> logger)
    {
        (_scopes, _options, _secrets, _json, _time, _logger) = (scopes, options.Value, secrets, json.Value.SerializerOptions, time, logger);
        _http = OutgoingHttp.CreateClient(_options.Timeout, addresses.AllowPrivate);
    }

    /// <summary>There may be something to send.</summary>
    public void Wake() => _signal.Writer.TryWrite(true);

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var sent = 0;
            try
            {
                var rows = await TakeAsync(stoppingToken);
                sent = rows.Count;
                await Task.WhenAll(rows.Select(row => DeliverAsync(row, stoppingToken)));
            }
            catch (Exception exception) when (exception is DbException or TimeoutException or InvalidOperationException)
            {
                Log.DatabaseAway(_logger, exception.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (sent < AtOnce) await WaitAsync(stoppingToken);
        }
    }

    private async Task<List<StoredExecution>> TakeAsync(CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        return await db.Executions.FromSqlRaw(Due, _options.RetryDelay, _options.Timeout, AtOnce).AsNoTracking().ToListAsync(cancellationToken);
    }

    private async Task DeliverAsync(StoredExecution row, CancellationToken cancellationToken)
    {
        var delivered = await TrySendAsync(row, cancellationToken);
        var last = row.CallbackAttempts >= _options.MaxAttempts;
        await using var scope = _scopes.CreateAsyncScope();
        var rows = scope.ServiceProvider.GetRequiredService<PlatformDbContext>().Executions.Where(found => found.Id == row.Id);
        if (delivered || last)
        {
            var state = delivered ? ExecutionCallbackState.Delivered : ExecutionCallbackState.Failed;
            // The secret has done its work.
            await rows.ExecuteUpdateAsync(
                set => set.SetProperty(found => found.CallbackState, state).SetProperty(found => found.CallbackSecret, (string?)null), cancellationToken);
        }
        else
        {
            // The time that the attempt might have taken was set aside; it is over.
            await rows.ExecuteUpdateAsync(set => set.SetProperty(found => found.CallbackNextAt, found => found.CallbackNextAt - _options.Timeout), cancellationToken);
        }
    }

    private async Task<bool> TrySendAsync(StoredExecution row, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            var view = scope.ServiceProvider.GetRequiredService<ExecutionViews>().Detail(row, withRequest: false);
            var body = JsonSerializer.SerializeToUtf8Bytes(view with { Callback = null }, _json);
            var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
            using var request = new HttpRequestMessage(HttpMethod.Post, row.CallbackUrl) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.Add(PayloadSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add(PayloadSignature.SignatureHeader, PayloadSignature.Create(_secrets.Reveal(row.CallbackSecret!), timestamp, body));
            request.Headers.Add(DeliveryHeader, row.Id.ToString());
            // What the receiver has to say is of no interest, however long it is.
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode) Log.NotTaken(_logger, row.Id, $"status {(int)response.StatusCode}");
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or CryptographicException or InvalidOperationException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            Log.NotTaken(_logger, row.Id, exception.Message);
            return false;
        }
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(_options.PollInterval);
        await ((Task)_signal.Reader.ReadAsync(limit.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static partial class Log
    {
        [LoggerMessage(5601, LogLevel.Information, "The callback of run {Id} was not taken: {Reason}")]
        public static partial void NotTaken(ILogger logger, Guid id, string reason);

        [LoggerMessage(5602, LogLevel.Warning, "Callbacks cannot be read: {Reason}")]
        public static partial void DatabaseAway(ILogger logger, string reason);
    }
}
