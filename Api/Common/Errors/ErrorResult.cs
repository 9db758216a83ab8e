namespace Platform.Api.Common.Errors;

/// <summary>An error as a typed result: <c>Results&lt;Ok&lt;T&gt;, ErrorResult&gt;</c>.</summary>
internal sealed class ErrorResult(int statusCode, string code, string message, IReadOnlyDictionary<string, object?>? details = null)
    : IResult, IStatusCodeHttpResult
{
    public int StatusCode { get; } = statusCode;

    int? IStatusCodeHttpResult.StatusCode => StatusCode;

    public string Code { get; } = code;

    public Task ExecuteAsync(HttpContext httpContext) => ErrorWriter.WriteAsync(httpContext, StatusCode, Code, message, details);
}

/// <summary>The refusals that features give.</summary>
internal static class ApiErrors
{
    public static ErrorResult NotFound(string code, string message) => new(StatusCodes.Status404NotFound, code, message);

    public static ErrorResult Conflict(string code, string message) => new(StatusCodes.Status409Conflict, code, message);

    public static ErrorResult Unauthorized(string code, string message) => new(StatusCodes.Status401Unauthorized, code, message);

    public static ErrorResult Forbidden(string code, string message) => new(StatusCodes.Status403Forbidden, code, message);

    public static ErrorResult Unavailable(string code, string message) => new(StatusCodes.Status503ServiceUnavailable, code, message);

    /// <summary>A field that only the handler can judge; the same shape as the validators'.</summary>
    public static ErrorResult Invalid(string field, string message) =>
        Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });

    public static ErrorResult Invalid(IReadOnlyDictionary<string, string[]> fields)
    {
        var (code, message) = ErrorCodes.ForStatus(StatusCodes.Status422UnprocessableEntity);
        return new(StatusCodes.Status422UnprocessableEntity, code, message, fields.ToDictionary(field => field.Key, object? (field) => field.Value));
    }
}
