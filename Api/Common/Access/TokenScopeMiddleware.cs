using Platform.Api.Common.Errors;

namespace Platform.Api.Common.Access;

/// <summary>The scope that a route takes API tokens with.</summary>
internal sealed record RequiredScopeMetadata(string Scope);

internal static class ScopeConventions
{
    /// <summary>The refusal of a token that lacks a scope which the thing it asks for needs beside the route's own; null: it has it.</summary>
    public static ErrorResult? RefuseWithout(this ApiTokenGrant token, string scope) =>
        ApiScopes.Allows(token.Scopes, scope) ? null : TokenScopeMiddleware.Refusal(scope);

    /// <summary>Opens the route, or all of a group, to API tokens that have the scope. A route without one takes no API token.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        ApiScopes.IsKnown(scope)
            ? builder.WithMetadata(new RequiredScopeMetadata(scope))
            : throw new ArgumentException($"'{scope}' is not in the catalogue of scopes.", nameof(scope));
}

/// <summary>Holds API tokens to their scopes; people who are signed in have all. What names no scope is closed to tokens, anonymous routes too.</summary>
internal sealed class TokenScopeMiddleware(RequestDelegate next)
{
    public const string InsufficientScope = "INSUFFICIENT_SCOPE";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<ApiEndpointMetadata>() is null) return next(context);
        if (CurrentUser.From(context.User)?.Token is not { } token) return next(context);
        var required = endpoint.Metadata.GetMetadata<RequiredScopeMetadata>()?.Scope;
        if (required is not null && ApiScopes.Allows(token.Scopes, required)) return next(context);
        return Refusal(required).ExecuteAsync(context);
    }

    internal static ErrorResult Refusal(string? required) => new(
        StatusCodes.Status403Forbidden,
        InsufficientScope,
        required is null ? "This cannot be done with an API token. Sign in." : $"This needs an API token with the scope {required}.",
        new Dictionary<string, object?>(StringComparer.Ordinal) { ["requiredScope"] = required });
}
