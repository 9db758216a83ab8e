using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Platform.Core.Containers.EngineApi;

namespace Platform.Core.Containers;

/// <summary>Registration of the container engine.</summary>
public static class ContainerEngineExtensions
{
    /// <summary>The engine that <c>Containers:Engine</c> names, with its health check.</summary>
    public static IServiceCollection AddContainerEngine(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<ContainerOptions>()
            .BindConfiguration(ContainerOptions.SectionName)
            .Configure<IConfiguration>(UseEnvironment)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ContainerOptions>, ContainerOptionsValidator>());
        services.TryAddSingleton(provider => Create(provider.GetRequiredService<IOptions<ContainerOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddHealthChecks().AddCheck<ContainerEngineHealthCheck>("container-engine");
        return services;
    }

    /// <summary>Removes what dead workers left on the engine, at start and from then on. For processes that create containers.</summary>
    public static IServiceCollection AddContainerReaper(this IServiceCollection services)
    {
        services.TryAddSingleton<WorkerIdentity>();
        services.TryAddSingleton<IContainerOwnership, WorkerContainerOwnership>();
        services.AddHostedService<ContainerReaper>();
        return services;
    }

    /// <summary>An engine by options, for whoever has no service provider.</summary>
    public static IContainerEngine Create(ContainerOptions options, TimeProvider time)
    {
        var name = options.Engine ?? PackagedContainerEngine.Name ?? ContainerOptionsValidator.BuiltIn;
        if (name == PackagedContainerEngine.Name) return PackagedContainerEngine.Create(options, time);
        var address = options.Endpoint ?? EngineEndpoint.Default;
        return EngineEndpoint.TryParse(address, out var endpoint)
            ? new EngineApiContainerEngine(endpoint!, options.RequestTimeout, time)
            : throw new ArgumentException($"'{address}' is not the address of a container engine.", nameof(options));
    }

    private static void UseEnvironment(ContainerOptions options, IConfiguration configuration)
    {
        if (string.IsNullOrWhiteSpace(options.Endpoint)) options.Endpoint = configuration["DOCKER_HOST"];
        if (string.IsNullOrWhiteSpace(options.Endpoint)) options.Endpoint = null;
        if (string.IsNullOrWhiteSpace(options.Engine)) options.Engine = null;
    }
}
