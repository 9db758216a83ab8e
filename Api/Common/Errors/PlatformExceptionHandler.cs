using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using StackExchange.Redis;

namespace Platform.Api.Common.Errors;

/// <summary>Maps a closed list of exceptions to errors; everything else is a 500 that says nothing about the inside.</summary>
internal sealed partial class PlatformExceptionHandler(ILogger<PlatformExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody reads the answer; the status is for the log.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var error = Map(exception);
        if (error is null) Log.Unexpected(logger, exception);
        else if (error.StatusCode >= 500) Log.Unavailable(logger, exception, error.Code);

        var (code, message) = ErrorCodes.ForStatus(error?.StatusCode ?? StatusCodes.Status500InternalServerError);
        await ErrorWriter.WriteAsync(
            httpContext,
            error?.StatusCode ?? StatusCodes.Status500InternalServerError,
            error?.Code ?? code,
            error?.Message ?? message,
            error?.Details);
        return true;
    }

    private static ApiException? Map(Exception exception) => exception switch
    {
        ApiException error => error,
        BadHttpRequestException bad => MapBadRequest(bad),
        DbUpdateConcurrencyException => ForStatus(StatusCodes.Status409Conflict),
        DbUpdateException { InnerException: PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } } => ForStatus(StatusCodes.Status409Conflict),
        PostgresException { IsTransient: false } => null,
        NpgsqlException or RedisException or RedisTimeoutException => ForStatus(StatusCodes.Status503ServiceUnavailable),
        // What the retrying strategy throws when it gives up.
        Microsoft.EntityFrameworkCore.Storage.RetryLimitExceededException => ForStatus(StatusCodes.Status503ServiceUnavailable),
        _ => null,
    };

    private static ApiException MapBadRequest(BadHttpRequestException exception)
    {
        if (exception.StatusCode != StatusCodes.Status400BadRequest) return ForStatus(exception.StatusCode);
        if (exception.InnerException is JsonException json)
        {
            var where = json.Path is { Length: > 0 } path ? $" at {path}" : "";
            return new ApiException(StatusCodes.Status400BadRequest, ErrorCodes.InvalidJson, $"The body is not the expected JSON{where}.");
        }

        // Names a parameter of the contract, never a value of it.
        return new ApiException(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, "The request has no body, or a parameter of the wrong kind.");
    }

    private static ApiException ForStatus(int status)
    {
        var (code, message) = ErrorCodes.ForStatus(status);
        return new ApiException(status, code, message);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Request failed")]
        public static partial void Unexpected(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "Request failed: {Code}")]
        public static partial void Unavailable(ILogger logger, Exception exception, string code);
    }
}
