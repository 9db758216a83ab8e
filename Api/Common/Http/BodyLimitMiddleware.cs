using System.Buffers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Errors;

namespace Platform.Api.Common.Http;

/// <summary>
/// Refuses a body that says it is too large before any of it is kept, and one that is compressed, whose size nobody knows; the server counts those
/// that say nothing. What comes of a refused body is read and dropped up to a bound: a server that just closes resets the connection, and the
/// sender never sees the answer.
/// </summary>
internal sealed class BodyLimitMiddleware(RequestDelegate next, IOptions<RequestOptions> options)
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);

    public Task InvokeAsync(HttpContext context)
    {
        var most = options.Value.MaxBodyBytes;
        if (context.GetEndpoint()?.Metadata.GetMetadata<BodyLimitMetadata>() is { } own)
        {
            most = own.MaxBytes(context.RequestServices);
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = most;
        }

        if (context.Request.ContentLength > most) return RefuseAsync(context, StatusCodes.Status413PayloadTooLarge);
        return IsCompressed(context) ? RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType) : next(context);
    }

    private static bool IsCompressed(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<ApiEndpointMetadata>() is not null
        && context.Request.Headers.ContentEncoding.Any(encoding => !string.IsNullOrEmpty(encoding) && !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase));

    private async Task RefuseAsync(HttpContext context, int status)
    {
        // Whoever waits for "100 Continue" has sent nothing, and must not be asked to.
        var drains = context.Request.Headers.Expect.Count == 0;
        if (drains) context.Response.Headers.Connection = "close";
        if (status == StatusCodes.Status415UnsupportedMediaType)
            await ErrorWriter.WriteAsync(context, status, ErrorCodes.UnsupportedMediaType, "Send the body without compression.");
        else await ErrorWriter.WriteAsync(context, status);
        await context.Response.CompleteAsync();
        if (drains) await DrainAsync(context, options.Value.MaxDrainedBytes);
    }

    private static async Task DrainAsync(HttpContext context, long most)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(DrainTimeout);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            for (long drained = 0; drained < most;)
            {
                var read = await context.Request.Body.ReadAsync(buffer, limit.Token);
                if (read == 0) return;
                drained += read;
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The sender has had enough of it, or is too slow to be listened to.
            return;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
