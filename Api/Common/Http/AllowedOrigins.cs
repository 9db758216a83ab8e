using Microsoft.Extensions.Options;

namespace Platform.Api.Common.Http;

/// <summary>The origins whose pages may act for a signed-in browser: the configured front ends, and the Api itself.</summary>
internal sealed class AllowedOrigins
{
    private readonly HashSet<string> _origins;

    public AllowedOrigins(IOptions<PublicUrlOptions> options, IHostEnvironment environment)
    {
        var urls = new[] { options.Value.Frontend, options.Value.App }.OfType<string>().Where(url => url.Length > 0).ToList();
        if (urls.Count == 0 && environment.IsDevelopment()) urls.Add(PublicLinks.DevelopmentFrontend);
        // Scheme, host and port, as browsers write the Origin header.
        _origins = urls.Select(url => new Uri(url).GetLeftPart(UriPartial.Authority)).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    public bool Contains(string origin) => _origins.Contains(origin);

    /// <summary>True when the request names an allowed origin or its own.</summary>
    public bool Allows(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && (Contains(origin) || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));
    }
}
