using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting;

/// <summary>Adds values to the model that come from outside.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>Adds a parameter whose value is the configuration key <c>Parameters:name</c>.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, _ => FromConfiguration(builder, name) ?? throw Missing(name), secret));

    /// <summary>Adds a parameter with a value of its own.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false)
    {
        if (publishValueAsDefault && secret)
            throw new ArgumentException("A parameter cannot be secret and published.", nameof(secret));

        return builder.AddResource(new ParameterResource(name, _ => value, secret));
    }

    /// <summary>Adds a parameter with a default, which is kept in the data directory if <paramref name="persist"/> says so.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.AddResource(WithDefault(builder, name, value, secret, persist));

    /// <summary>Adds a store that runs elsewhere; its connection string is the configuration key <c>ConnectionStrings:name</c>.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, string? environmentVariableName = null) =>
        builder.AddResource(new ConnectionStringParameterResource(
            name,
            () => builder.Configuration.GetConnectionString(name)
                ?? throw new DistributedApplicationException($"The connection string '{name}' is not configured: set ConnectionStrings__{name}."),
            environmentVariableName));

    /// <summary>Makes the password of a store: random, and the same at every start.</summary>
    internal static ParameterResource CreateDefaultPassword(IDistributedApplicationBuilder builder, string name) =>
        WithDefault(builder, name, new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);

    private static ParameterResource WithDefault(
        IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret, bool persist) =>
        new(
            name,
            fallback => FromConfiguration(builder, name)
                ?? (persist && builder is DistributedApplicationBuilder local
                    ? local.Store.Value.GetOrAddParameter(name, fallback!.GetDefaultValue)
                    : fallback!.GetDefaultValue()),
            secret)
        {
            Default = value,
            Persist = persist,
        };

    // A shell cannot set a variable with a dash in its name: Parameters__jwt_secret is the same key as Parameters:jwt-secret.
    private static string? FromConfiguration(IDistributedApplicationBuilder builder, string name) =>
        builder.Configuration[$"Parameters:{name}"] ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"];

    private static DistributedApplicationException Missing(string name) =>
        new($"The parameter '{name}' has no value: set Parameters__{name.Replace('-', '_')}.");
}
