using Platform.Api.Common.Errors;

namespace Platform.Api.Common.Http;

/// <summary>
/// Protects browsers from requests that another site makes in their name: what changes something by cookie needs the session's token in a
/// header, and no such request may come from a page of a foreign origin, signed in or not.
/// </summary>
internal sealed class CsrfMiddleware(RequestDelegate next, ICsrfTokens tokens, AllowedOrigins origins)
{
    public const string Header = "X-CSRF-Token";

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (IsSafe(request.Method) || request.Headers.Authorization.Count > 0) return next(context);
        if (request.Headers.Origin.Count > 0 && !origins.Allows(request))
            return ErrorWriter.WriteAsync(context, StatusCodes.Status403Forbidden, ErrorCodes.OriginNotAllowed, "This origin may not make changes here.");

        var byCookie = context.User.HasClaim(PlatformClaims.Method, PlatformClaims.MethodCookie);
        if (!byCookie || context.GetEndpoint()?.Metadata.GetMetadata<IgnoresSignIn>() is not null) return next(context);
        return CurrentUser.From(context.User) is { } user && tokens.IsCsrfToken(user.SessionId, request.Headers[Header].ToString())
            ? next(context)
            : ErrorWriter.WriteAsync(
                context, StatusCodes.Status403Forbidden, ErrorCodes.CsrfTokenInvalid, $"Send the csrfToken of the session as {Header}.");
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
