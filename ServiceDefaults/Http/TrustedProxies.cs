using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults.Configuration;

namespace Platform.ServiceDefaults.Http;

/// <summary>Whose word about a request's client counts.</summary>
public sealed class ProxyOptions
{
    public const string SectionName = "Requests";

    /// <summary>Networks (<c>10.0.0.0/8</c>) or addresses of reverse proxies whose <c>X-Forwarded-*</c> headers are believed.</summary>
    public IList<string> TrustedProxies { get; } = [];
}

public static class TrustedProxies
{
    /// <summary>Registers the proxies that configuration names.</summary>
    /// <param name="services">The process's services.</param>
    /// <param name="believed">What they may say.</param>
    public static IServiceCollection AddTrustedProxies(this IServiceCollection services, ForwardedHeaders believed)
    {
        services.AddValidatedOptions<ProxyOptions>(ProxyOptions.SectionName)
            .Validate(options => options.TrustedProxies.All(IsNetwork), $"{ProxyOptions.SectionName}:TrustedProxies takes addresses and networks such as 10.0.0.0/8.");
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((forwarded, options) => Trust(forwarded, options.Value, believed));
        return services;
    }

    /// <summary>Requests from these proxies take the address of their client; where nobody is trusted, requests pass nothing.</summary>
    public static IApplicationBuilder UseTrustedProxies(this IApplicationBuilder app) =>
        app.ApplicationServices.GetRequiredService<IOptions<ProxyOptions>>().Value.TrustedProxies.Count > 0 ? app.UseForwardedHeaders() : app;

    private static void Trust(ForwardedHeadersOptions forwarded, ProxyOptions options, ForwardedHeaders believed)
    {
        // Nobody is believed by default, not even loopback: anything on this machine could speak from there.
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        foreach (var proxy in options.TrustedProxies) forwarded.KnownIPNetworks.Add(ToNetwork(proxy));
        if (options.TrustedProxies.Count == 0) return;
        forwarded.ForwardedHeaders = believed;
        // As many hops as are trusted; the first address that is not is the client.
        forwarded.ForwardLimit = null;
    }

    private static bool IsNetwork(string text) => System.Net.IPNetwork.TryParse(text, out _) || IPAddress.TryParse(text, out _);

    private static System.Net.IPNetwork ToNetwork(string text) =>
        System.Net.IPNetwork.TryParse(text, out var network)
            ? network
            : new System.Net.IPNetwork(IPAddress.Parse(text), IPAddress.Parse(text).GetAddressBytes().Length * 8);
}
