namespace Platform.Api.Common.Http;

/// <summary>A route takes larger bodies than others, because it stores them without holding them in memory.</summary>
internal sealed record BodyLimitMetadata(Func<IServiceProvider, long> MaxBytes);

internal static class BodyLimitConventions
{
    public static RouteHandlerBuilder WithBodyLimit(this RouteHandlerBuilder route, Func<IServiceProvider, long> maxBytes) =>
        route.WithMetadata(new BodyLimitMetadata(maxBytes));
}
