using Microsoft.Extensions.DependencyInjection;

namespace Platform.ServiceDefaults.Http;

internal static class HttpClientExtensions
{
    /// <summary>Every client of the factory resolves service names and survives passing faults.</summary>
    public static void AddServiceHttpClients(this IServiceCollection services)
    {
        services.AddTransient<ServiceDiscoveryHandler>();
        services.ConfigureHttpClientDefaults(client => client
            .AddHttpMessageHandler(provider => new ResilienceHandler(
                // One breaker for each client's chain: a broken host must not stop calls to the others.
                ResilienceHandler.CreatePipeline(provider.GetRequiredService<TimeProvider>())))
            .AddHttpMessageHandler<ServiceDiscoveryHandler>());
    }
}
