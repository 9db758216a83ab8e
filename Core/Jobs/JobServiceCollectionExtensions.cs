using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Core.Jobs.Execution;
using Platform.Core.Jobs.Outbox;
using Platform.Core.Jobs.Postgres;

namespace Platform.Core.Jobs;

/// <summary>Registers the job queue. A process that places jobs needs the first method only; one that runs them all three.</summary>
public static class JobServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IJobQueue"/> and <see cref="IJobOutbox"/> over the engine that <c>Jobs:Engine</c> names.</summary>
    /// <exception cref="InvalidOperationException">This build has no engine of that name.</exception>
    public static IServiceCollection AddJobQueue(this IServiceCollection services, IConfiguration configuration)
    {
        // Every feature that places jobs calls this.
        if (services.Any(service => service.ServiceType == typeof(JobHandlerRegistry))) return services;
        services.AddOptions<JobOptions>().BindConfiguration(JobOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<JobHandlerRegistry>();
        services.TryAddSingleton<JobExecutor>();
        services.TryAddSingleton<JobDatabase>();
        services.TryAddSingleton<JobSignals>();
        services.AddHostedService<JobListener>();
        services.TryAddSingleton<OutboxRelay>();
        services.TryAddScoped<IJobOutbox, JobOutbox>();
        services.AddHostedService<OutboxRelayService>();

        var engine = configuration[$"{JobOptions.SectionName}:{nameof(JobOptions.Engine)}"];
        JobEngines.Add(services, string.IsNullOrWhiteSpace(engine) ? JobEngines.Default : engine);
        return services;
    }

    /// <summary>Says how this process runs one kind of job. The handler is made anew for every attempt, in a scope of its own.</summary>
    public static IServiceCollection AddJobHandler<TJob, THandler>(this IServiceCollection services)
        where TJob : IJob
        where THandler : class, IJobHandler<TJob>
    {
        services.TryAddScoped<THandler>();
        services.AddSingleton<JobHandlerRegistration, JobHandlerRegistration<TJob, THandler>>();
        return services;
    }

    /// <summary>Serves a queue in this process.</summary>
    /// <param name="services">The services.</param>
    /// <param name="queue">One of <see cref="JobQueues"/>.</param>
    /// <param name="concurrency">How many of its jobs run at a time in this process; at least 1.</param>
    /// <param name="perKey">
    /// How many jobs of one <see cref="EnqueueOptions.FairnessKey"/> run at a time in all processes together; the keys then take turns. Null:
    /// first come, first served, and a cheaper claim. All processes that serve a queue give the same.
    /// </param>
    public static IServiceCollection AddJobWorker(this IServiceCollection services, string queue, int concurrency, int? perKey = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        if (perKey is { } limit) ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(perKey));
        return services.AddSingleton(new JobWorkerRegistration(queue, concurrency, perKey));
    }

    /// <summary>The built-in engine.</summary>
    internal static void AddPostgresJobs(this IServiceCollection services)
    {
        services.AddJobLedger();
        services.AddSingleton<IJobDelivery, NotifiedDelivery>();
        services.AddSingleton<IJobQueue>(provider => provider.GetRequiredService<PostgresJobQueue>());
        services.AddSingleton<IJobStore>(provider => provider.GetRequiredService<PostgresJobQueue>());
        services.AddHostedService<PostgresJobWorker>();
    }

    /// <summary>The table of jobs, its leases and its ends: what every engine keeps its promises by.</summary>
    internal static void AddJobLedger(this IServiceCollection services)
    {
        services.AddSingleton<PostgresJobStore>();
        services.AddSingleton<PostgresJobQueue>();
        services.AddSingleton<RunningJobs>();
        services.AddSingleton<JobFinisher>();
        services.AddSingleton<LeaseKeeper>();
    }
}
