using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Core.Data.DataProtection;
using Platform.Core.Data.Migrations;

namespace Platform.Core.Data;

/// <summary>What a process adds around its <see cref="PlatformDbContext"/>.</summary>
public static class DataExtensions
{
    /// <summary>The name under which all processes of the platform protect data, so that each can read what another wrote.</summary>
    public const string ApplicationName = "autostack";

    /// <summary>Options of the context that hold wherever it is created: processes, tests, tools.</summary>
    public static DbContextOptionsBuilder UsePlatformModel(this DbContextOptionsBuilder options)
        // Migrations are written by hand and have no snapshot to compare the model with; a test compares the schemas instead.
        => options.ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning));

    /// <summary>Brings the database to the current schema; call it after the host is built and before it runs.</summary>
    /// <exception cref="TimeoutException">The server did not answer within <see cref="DatabaseMigrator.StartupTimeout"/>.</exception>
    public static async Task MigrateDatabaseAsync(this IHost host, CancellationToken cancellationToken = default)
    {
        await using var scope = host.Services.CreateAsyncScope();
        var migrator = new DatabaseMigrator(
            scope.ServiceProvider.GetRequiredService<PlatformDbContext>(),
            scope.ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System,
            scope.ServiceProvider.GetRequiredService<ILogger<DatabaseMigrator>>());
        await migrator.MigrateAsync(cancellationToken);
    }

    /// <summary>Data Protection with the keys in <c>data_protection_keys</c>, shared by all processes.</summary>
    public static IServiceCollection AddPlatformDataProtection(this IServiceCollection services)
    {
        services.AddDataProtection().SetApplicationName(ApplicationName).PersistKeysToPlatformDatabase();
        return services;
    }

    /// <summary>Keeps the keys of Data Protection in the platform's database.</summary>
    public static IDataProtectionBuilder PersistKeysToPlatformDatabase(this IDataProtectionBuilder builder)
    {
        builder.Services.TryAddSingleton<IXmlRepository, DatabaseXmlRepository>();
        builder.Services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(services =>
            new ConfigureOptions<KeyManagementOptions>(options => options.XmlRepository = services.GetRequiredService<IXmlRepository>()));
        return builder;
    }
}
