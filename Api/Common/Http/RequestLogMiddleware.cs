using System.Diagnostics;

namespace Platform.Api.Common.Http;

/// <summary>
/// Gives each request its id (the caller's, when it is harmless), which the answer and every log line carry, and writes the one line about
/// it; of a flood of good answers <see cref="RequestLogBudget"/> lets some have theirs. Query strings are never logged: sockets may carry a token there.
/// </summary>
internal sealed partial class RequestLogMiddleware(RequestDelegate next, RequestLogBudget budget, TimeProvider time, ILogger<RequestLogMiddleware> logger)
{
    public const string Header = "X-Request-Id";

    public async Task InvokeAsync(HttpContext context)
    {
        var id = IsHarmless(context.Request.Headers[Header].ToString(), out var given) ? given : Guid.NewGuid().ToString("N");
        context.TraceIdentifier = id;
        if (Activity.Current is { IsAllDataRequested: true } activity)
        {
            activity.SetTag("platform.request_id", id);
            // A trace is a log as well.
            activity.SetTag("url.query", null);
        }

        context.Response.OnStarting(WriteId, context);

        var started = time.GetTimestamp();
        // The server's own scope around this one keeps the id that the request had before.
        using (logger.BeginScope(new KeyValuePair<string, object>[] { new("RequestId", id) }))
        {
            try
            {
                await next(context);
            }
            finally
            {
                Write(context, time.GetElapsedTime(started));
            }
        }
    }

    private static Task WriteId(object state)
    {
        var context = (HttpContext)state;
        context.Response.Headers[Header] = context.TraceIdentifier;
        return Task.CompletedTask;
    }

    private void Write(HttpContext context, TimeSpan elapsed)
    {
        var isRecorded = Activity.Current is { IsAllDataRequested: true };
        var level = context.Request.Path.StartsWithSegments("/api") ? LogLevel.Information : LogLevel.Debug;
        var isWritten = logger.IsEnabled(level);
        if (isWritten && level == LogLevel.Information && context.Response.StatusCode < StatusCodes.Status400BadRequest)
        {
            isWritten = budget.TryTake(out var left);
            if (left > 0) Log.LeftOut(logger, left);
        }

        if (!isWritten && !isRecorded) return;
        var path = SecretInPathMetadata.Describe(context);
        if (isRecorded) Activity.Current?.SetTag("url.path", path);
        if (isWritten) Log.Answered(logger, level, context.Request.Method, path, context.Response.StatusCode, elapsed.TotalMilliseconds);
    }

    private static bool IsHarmless(string value, out string given)
    {
        given = value;
        return value.Length is > 0 and <= 64 && value.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Message = "{Method} {Path} answered {StatusCode} in {ElapsedMs:0.0} ms")]
        public static partial void Answered(ILogger logger, LogLevel level, string method, string path, int statusCode, double elapsedMs);

        [LoggerMessage(2, LogLevel.Information, "{Count} good answers before this one got no line of their own")]
        public static partial void LeftOut(ILogger logger, long count);
    }
}
