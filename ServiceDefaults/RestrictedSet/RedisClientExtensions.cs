using Microsoft.Extensions.DependencyInjection;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.RestrictedSet;
using StackExchange.Redis;

// Aspire's own namespace and name, so that call sites are the same in both package sets.
namespace Microsoft.Extensions.Hosting;

/// <summary>Settings of <see cref="AspireRedisExtensions.AddRedisClient"/>.</summary>
public sealed class StackExchangeRedisSettings
{
    public string? ConnectionString { get; set; }

    public bool DisableHealthChecks { get; set; }
}

public static class AspireRedisExtensions
{
    /// <summary>A singleton <see cref="IConnectionMultiplexer"/> that connects on first use and keeps trying, with a health check.</summary>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null)
    {
        var settings = new StackExchangeRedisSettings
        {
            ConnectionString = StoreExtensions.RequireConnectionString(builder.Configuration, connectionName),
        };
        configureSettings?.Invoke(settings);
        var options = ConfigurationOptions.Parse(settings.ConnectionString);
        options.AbortOnConnectFail = false;
        configureOptions?.Invoke(options);

        builder.Services.AddSingleton<IConnectionMultiplexer>(_ => ConnectionMultiplexer.Connect(options));
        if (!settings.DisableHealthChecks) builder.Services.AddHealthChecks().AddCheck<RedisHealthCheck>("redis");
    }
}
