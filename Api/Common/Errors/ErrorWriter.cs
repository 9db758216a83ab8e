using Microsoft.AspNetCore.Diagnostics;

namespace Platform.Api.Common.Errors;

/// <summary>The one place that writes the error envelope.</summary>
internal static class ErrorWriter
{
    private static readonly Dictionary<string, object?> NoDetails = [];

    public static Task WriteAsync(
        HttpContext context, int statusCode, string code, string message, IReadOnlyDictionary<string, object?>? details = null)
    {
        context.Response.StatusCode = statusCode;
        if (IsPlain(context)) return context.Response.WriteAsJsonAsync(new PlainMessage(message), context.RequestAborted);
        var body = new ErrorResponse(new ErrorContentResponse(code, message, statusCode, details ?? NoDetails));
        return context.Response.WriteAsJsonAsync(body, context.RequestAborted);
    }

    public static Task WriteAsync(HttpContext context, int statusCode)
    {
        var (code, message) = ErrorCodes.ForStatus(statusCode);
        return WriteAsync(context, statusCode, code, message);
    }

    // While an exception is handled the endpoint stands with it.
    private static bool IsPlain(HttpContext context) =>
        (context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint)?.Metadata.GetMetadata<PlainMessageErrors>() is not null;

    private sealed record PlainMessage(string Message);
}
