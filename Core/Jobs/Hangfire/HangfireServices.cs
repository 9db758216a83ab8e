using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Core.Jobs.Execution;
using Platform.Core.Jobs.Postgres;

namespace Platform.Core.Jobs.Hangfire;

/// <summary>
/// Hangfire as the transport of jobs: it keeps them in its queues and schedule, brings them to workers and shows them on its dashboard. What
/// the seam promises beyond that (attempts, leases, fencing, cancellation, dead letters) is kept by the same table as in the built-in engine.
/// </summary>
internal static class HangfireServices
{
    public static void AddHangfireJobs(this IServiceCollection services)
    {
        services.AddJobLedger();
        // Registered before AddHangfire, which otherwise takes the storage from a static property.
        services.AddSingleton<JobStorage>(CreateStorage);
        services.AddHangfire(configuration => configuration
            .SetDataCompatibilityLevel(CompatibilityLevel.Version_180)
            .UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings());
        services.AddSingleton<HangfireDelivery>();
        services.AddSingleton<IJobDelivery>(provider => provider.GetRequiredService<HangfireDelivery>());
        services.AddSingleton<HangfireJobQueue>();
        services.AddSingleton<IJobQueue>(provider => provider.GetRequiredService<HangfireJobQueue>());
        services.AddSingleton<IJobStore>(provider => provider.GetRequiredService<HangfireJobQueue>());
        services.AddSingleton<HangfireStopping>();
        services.AddScoped<HangfireJobRunner>();
        services.AddHostedService<HangfireJobWorker>();
    }

    private static PostgreSqlStorage CreateStorage(IServiceProvider services)
    {
        // The configuration above is applied when this is asked for.
        services.GetRequiredService<IGlobalConfiguration>();
        var jobs = services.GetRequiredService<IOptions<JobOptions>>().Value;
        var options = new PostgreSqlStorageOptions
        {
            // Without it a waiting job is seen at the next poll only.
            EnableLongPolling = true,
            QueuePollInterval = jobs.PollInterval > TimeSpan.FromMilliseconds(50) ? jobs.PollInterval : TimeSpan.FromMilliseconds(50),
            InvisibilityTimeout = jobs.Lease > TimeSpan.FromSeconds(5) ? jobs.Lease : TimeSpan.FromSeconds(5),
            UseSlidingInvisibilityTimeout = true,
        };
        var connectionString = services.GetRequiredService<JobDatabase>().ConnectionString;
        return new PostgreSqlStorage(new NpgsqlConnectionFactory(connectionString, options), options);
    }
}
