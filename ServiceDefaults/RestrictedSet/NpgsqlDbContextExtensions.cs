using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.ServiceDefaults;
using Platform.ServiceDefaults.RestrictedSet;

// Aspire's own namespace and name, so that call sites are the same in both package sets.
namespace Microsoft.Extensions.Hosting;

/// <summary>Settings of <see cref="AspireEFPostgreSqlExtensions.AddNpgsqlDbContext"/>.</summary>
public sealed class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    public string? ConnectionString { get; set; }

    public bool DisableRetry { get; set; }

    public bool DisableHealthChecks { get; set; }

    public int? CommandTimeout { get; set; }
}

public static class AspireEFPostgreSqlExtensions
{
    /// <summary>A pooled context with retries and a health check.</summary>
    public static void AddNpgsqlDbContext<TContext>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlEntityFrameworkCorePostgreSQLSettings>? configureSettings = null,
        Action<DbContextOptionsBuilder>? configureDbContextOptions = null)
        where TContext : DbContext
    {
        var settings = new NpgsqlEntityFrameworkCorePostgreSQLSettings
        {
            ConnectionString = StoreExtensions.RequireConnectionString(builder.Configuration, connectionName),
        };
        configureSettings?.Invoke(settings);

        builder.Services.AddDbContextPool<TContext>(options =>
        {
            options.UseNpgsql(settings.ConnectionString, npgsql =>
            {
                if (!settings.DisableRetry) npgsql.EnableRetryOnFailure();
                npgsql.CommandTimeout(settings.CommandTimeout);
            });
            configureDbContextOptions?.Invoke(options);
        });
        if (!settings.DisableHealthChecks)
        {
            builder.Services.AddHealthChecks().AddCheck<DbContextHealthCheck<TContext>>(typeof(TContext).Name);
        }
    }
}
