using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Http;
using Platform.Core.Data.Entities;

namespace Platform.Api.Webhooks;

/// <summary>How one attempt went.</summary>
/// <param name="Status">Of the answer; null: there was none.</param>
/// <param name="Error">Null: it was taken.</param>
internal sealed record WebhookOutcome(int? Status, int DurationMs, string? Error);

/// <summary>Makes the call: signed, to an address that has been looked at, and never further than that.</summary>
internal sealed class WebhookSender(WebhookAddresses addresses, WebhookSecrets secrets, IOptions<WebhookOptions> options, TimeProvider time) : IDisposable
{
    public const string EventHeader = "X-Autostack-Event";
    public const string DeliveryHeader = "X-Autostack-Delivery";

    private readonly HttpClient _http = OutgoingHttp.CreateClient(options.Value.Timeout, addresses.AllowPrivate);

    public async Task<WebhookOutcome> SendAsync(Webhook webhook, WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            // Installations change: what was allowed when it was entered may not be any more.
            if (OutgoingHttp.Refuse(webhook.Url, addresses.AllowPrivate) is { } refusal) return Outcome(null, refusal);
            using var request = CreateRequest(webhook, delivery);
            // What the receiver has to say is of no interest, however long it is.
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)response.StatusCode;
            return Outcome(status, response.IsSuccessStatusCode ? null : status is >= 300 and < 400 ? "Redirects are not followed." : $"The answer was {status}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Outcome(null, $"No answer within {options.Value.Timeout.TotalSeconds:0.#} seconds.");
        }
        catch (HttpRequestException exception)
        {
            return Outcome(null, Describe(exception));
        }
        catch (CryptographicException)
        {
            return Outcome(null, "The secret cannot be read any more: make a new one.");
        }

        WebhookOutcome Outcome(int? status, string? error) => new(status, (int)Stopwatch.GetElapsedTime(started).TotalMilliseconds, error);
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage CreateRequest(Webhook webhook, WebhookDelivery delivery)
    {
        var now = time.GetUtcNow();
        var body = Encoding.UTF8.GetBytes(delivery.Payload);
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.ParseAdd("Autostack-Webhooks");
        request.Headers.Add(EventHeader, delivery.Event);
        request.Headers.Add(DeliveryHeader, delivery.Id.ToString());
        request.Headers.Add(PayloadSignature.TimestampHeader, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(PayloadSignature.SignatureHeader, Sign(webhook, now, body));
        return request;
    }

    /// <summary>After a rotation both secrets sign, so that receivers can change theirs without missing anything.</summary>
    private string Sign(Webhook webhook, DateTimeOffset now, byte[] body)
    {
        var signature = PayloadSignature.Create(secrets.Reveal(webhook.Secret), now.ToUnixTimeSeconds(), body);
        return webhook.PreviousSecret is { } previous && webhook.PreviousSecretUntil > now
            ? $"{signature},{PayloadSignature.Create(secrets.Reveal(previous), now.ToUnixTimeSeconds(), body)}"
            : signature;
    }

    // Not the message: it may name addresses within this installation.
    private static string Describe(HttpRequestException exception) => exception switch
    {
        { InnerException: SocketException socket } => $"No connection: {socket.SocketErrorCode}.",
        { InnerException: HttpRequestException inner } => Describe(inner),
        { HttpRequestError: HttpRequestError.Unknown } => "This is no address of the open internet, or it cannot be called.",
        _ => $"No answer: {exception.HttpRequestError}.",
    };
}
