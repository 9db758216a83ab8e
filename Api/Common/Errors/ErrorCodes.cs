namespace Platform.Api.Common.Errors;

/// <summary>Codes that any endpoint can answer; a feature's own codes stand in the feature.</summary>
internal static class ErrorCodes
{
    public const string BadRequest = "BAD_REQUEST";
    public const string InvalidJson = "INVALID_JSON";
    public const string Unauthorized = "UNAUTHORIZED";
    public const string Forbidden = "FORBIDDEN";
    public const string CsrfTokenInvalid = "CSRF_TOKEN_INVALID";
    public const string OriginNotAllowed = "ORIGIN_NOT_ALLOWED";
    public const string NotFound = "NOT_FOUND";
    public const string MethodNotAllowed = "METHOD_NOT_ALLOWED";
    public const string RequestTimeout = "REQUEST_TIMEOUT";
    public const string Conflict = "CONFLICT";
    public const string PayloadTooLarge = "PAYLOAD_TOO_LARGE";
    public const string UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE";
    public const string ValidationError = "VALIDATION_ERROR";
    public const string UpgradeRequired = "UPGRADE_REQUIRED";
    public const string RateLimitExceeded = "RATE_LIMIT_EXCEEDED";
    public const string InternalServerError = "INTERNAL_SERVER_ERROR";
    public const string ServiceUnavailable = "SERVICE_UNAVAILABLE";

    /// <summary>Code and text for a status that nothing more specific is known about.</summary>
    public static (string Code, string Message) ForStatus(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => (Unauthorized, "Sign in to use this."),
        StatusCodes.Status403Forbidden => (Forbidden, "This is not allowed for your account."),
        StatusCodes.Status404NotFound => (NotFound, "There is nothing at this address."),
        StatusCodes.Status405MethodNotAllowed => (MethodNotAllowed, "This address does not take this method."),
        StatusCodes.Status408RequestTimeout => (RequestTimeout, "The request took too long to arrive."),
        StatusCodes.Status409Conflict => (Conflict, "Somebody else changed this at the same time. Load it again."),
        StatusCodes.Status413PayloadTooLarge => (PayloadTooLarge, "The request is too large."),
        StatusCodes.Status415UnsupportedMediaType => (UnsupportedMediaType, "Send the body as application/json."),
        StatusCodes.Status422UnprocessableEntity => (ValidationError, "The request is not valid."),
        StatusCodes.Status426UpgradeRequired => (UpgradeRequired, "This address speaks WebSocket only."),
        StatusCodes.Status429TooManyRequests => (RateLimitExceeded, "Too many requests. Try again later."),
        StatusCodes.Status503ServiceUnavailable => (ServiceUnavailable, "A part of the platform is not reachable. Try again shortly."),
        >= 500 => (InternalServerError, "Something went wrong on our side."),
        _ => (BadRequest, "The request is not valid."),
    };
}
