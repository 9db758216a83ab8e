using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults.Http;

/// <summary>
/// Resolves <c>http://api</c> to an address that the app host injected (<c>services:api:http:0</c>, …), in turn when there are several.
/// Hosts that are no service go on as they are.
/// </summary>
internal sealed class ServiceDiscoveryHandler(IConfiguration configuration) : DelegatingHandler
{
    private static int _turn;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { IsAbsoluteUri: true } uri) request.RequestUri = Resolve(configuration, uri);
        return base.SendAsync(request, cancellationToken);
    }

    /// <summary>The address of a service, or the given one when its host names no service.</summary>
    /// <remarks>A scheme like <c>https+http</c> takes the first that the service offers.</remarks>
    internal static Uri Resolve(IConfiguration configuration, Uri uri)
    {
        foreach (var scheme in uri.Scheme.Split('+'))
        {
            var addresses = configuration.GetSection($"services:{uri.Host}:{scheme}").GetChildren()
                .Select(child => child.Value).OfType<string>().ToArray();
            if (addresses.Length == 0) continue;

            var turn = (uint)Interlocked.Increment(ref _turn);
            var target = new Uri(addresses[turn % (uint)addresses.Length]);
            return new UriBuilder(uri) { Scheme = target.Scheme, Host = target.Host, Port = target.Port }.Uri;
        }

        return uri;
    }
}
