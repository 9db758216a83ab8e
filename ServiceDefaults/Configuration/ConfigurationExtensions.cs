using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;

namespace Platform.ServiceDefaults.Configuration;

public static class ConfigurationExtensions
{
    /// <summary>
    /// Honours the documented environment names beside .NET's own keys, and in Development a <c>.env</c> file. What is said in .NET's own way
    /// wins over an alias, the environment over the file.
    /// </summary>
    public static TBuilder AddPlatformConfiguration<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        UseNodeEnvironment(builder);
        if (builder.Environment.IsDevelopment() && DotEnvFile.Find(builder.Environment.ContentRootPath) is { } file)
            InsertBelowEnvironment(builder.Configuration, DotEnvFile.Parse(File.ReadLines(file)));
        InsertBelowEnvironment(builder.Configuration, EnvironmentAliases.Translate(builder.Configuration));
        return builder;
    }

    // NODE_ENV speaks only where nothing of .NET's own does.
    private static void UseNodeEnvironment(IHostApplicationBuilder builder)
    {
        var own = builder.Configuration["ASPNETCORE_ENVIRONMENT"] ?? builder.Configuration["DOTNET_ENVIRONMENT"] ?? builder.Configuration["ENVIRONMENT"];
        if (!string.IsNullOrEmpty(own) || builder.Configuration["NODE_ENV"] is not { Length: > 0 } node) return;
        builder.Environment.EnvironmentName = node.ToUpperInvariant() switch
        {
            "DEVELOPMENT" => Environments.Development,
            "STAGING" => Environments.Staging,
            _ => Environments.Production,
        };
    }

    private static void InsertBelowEnvironment(IConfigurationManager configuration, Dictionary<string, string?> values)
    {
        if (values.Count == 0) return;
        var sources = configuration.Sources;
        var place = sources.ToList().FindLastIndex(source => source is EnvironmentVariablesConfigurationSource { Prefix: null or "" });
        sources.Insert(place < 0 ? sources.Count : place, new MemoryConfigurationSource { InitialData = values });
    }
}
