using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Platform.Core;
using Platform.Core.Data;
using Platform.Core.Documents;

namespace Platform.ServiceDefaults;

public static class StoreExtensions
{
    /// <summary>
    /// The clients of PostgreSQL and Redis with health checks and telemetry: Aspire's client integrations, or the same calls over the plain
    /// clients where Aspire's packages are absent.
    /// </summary>
    public static TBuilder AddPlatformStores<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.AddNpgsqlDbContext<PlatformDbContext>(ResourceNames.Database, configureDbContextOptions: options => options.UsePlatformModel());
        builder.AddRedisClient(ResourceNames.Redis);

        // For what speaks SQL without the model: the job queue, LISTEN/NOTIFY, bulk writes of log lines.
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(RequireConnectionString(builder.Configuration, ResourceNames.Database)));
        return builder;
    }

    /// <summary>The document store with the client below it; after <see cref="AddPlatformStores"/>.</summary>
    public static TBuilder AddPlatformDocuments<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        DocumentClient.Add(builder);
        builder.Services.AddDocumentStore();
        return builder;
    }

    internal static string RequireConnectionString(IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException(
                $"ConnectionStrings:{name} is not configured. The app host sets it; for a process on its own set ConnectionStrings__{name}.");
}
