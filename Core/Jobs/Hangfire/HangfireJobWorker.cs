using Hangfire;
using Hangfire.AspNetCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Core.Jobs.Execution;
using Platform.Core.Jobs.Postgres;

namespace Platform.Core.Jobs.Hangfire;

/// <summary>One Hangfire server per queue that this process serves, and the care for leases and for jobs that Hangfire never got.</summary>
internal sealed partial class HangfireJobWorker(
    JobStorage storage,
    JobHandlerRegistry registry,
    PostgresJobStore store,
    RunningJobs running,
    JobSignals signals,
    LeaseKeeper keeper,
    HangfireDelivery delivery,
    HangfireStopping stopping,
    IServiceScopeFactory scopes,
    IOptions<JobOptions> options,
    TimeProvider time,
    ILogger<HangfireJobWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (registry.Workers.Count == 0) return;
        // Making the storage's schema and starting the servers blocks.
        await Task.Yield();
        using var subscription = signals.Subscribe(new JobSignalHandlers { CancelRequested = running.Cancel });
        using var keeping = new CancellationTokenSource();
        var kept = keeper.RunAsync(keeping.Token);
        var servers = registry.Workers.Select(StartServer).ToList();
        try
        {
            await DeliverForgottenAsync(stoppingToken);
        }
        finally
        {
            await StopAsync(servers);
            // Leases are renewed until the last handler has stopped.
            await keeping.CancelAsync();
            await kept;
        }
    }

    private BackgroundJobServer StartServer(JobWorkerRegistration worker)
    {
        var serverOptions = new BackgroundJobServerOptions
        {
            Queues = HangfireQueueNames.AllOf(worker.Queue),
            WorkerCount = worker.Concurrency,
            SchedulePollingInterval = options.Value.PollInterval,
            Activator = new AspNetCoreJobActivator(scopes),
        };
        return new BackgroundJobServer(serverOptions, storage);
    }

    private async Task StopAsync(List<BackgroundJobServer> servers)
    {
        // First the handlers, so that what Hangfire cancels next is known to be the end of the process.
        await stopping.StopAsync();
        foreach (var server in servers) server.SendStop();
        foreach (var server in servers)
        {
            await server.WaitForShutdownAsync(CancellationToken.None);
            server.Dispose();
        }
    }

    /// <summary>Between the row and the delivery a process can die: what waits for long while Hangfire has nothing is delivered again.</summary>
    private async Task DeliverForgottenAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Overdue / 2, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var worker in registry.Workers) await DeliverForgottenAsync(worker.Queue, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Log.Stopping(logger, running.All.Count);
        }
    }

    private async Task DeliverForgottenAsync(string queue, CancellationToken stoppingToken)
    {
        try
        {
            var overdue = await store.FindOverdueAsync(queue, Overdue, stoppingToken);
            if (overdue.Count == 0 || await Task.Run(() => delivery.CountWaiting(queue), stoppingToken) > 0) return;
            Log.Forgotten(logger, overdue.Count, queue);
            await delivery.DeliverAsync(overdue, stoppingToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or BackgroundJobClientException)
        {
            Log.Failed(logger, queue, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2040, LogLevel.Information, "Hangfire's servers stop; {Count} running jobs go back")]
        public static partial void Stopping(ILogger logger, int count);

        [LoggerMessage(2041, LogLevel.Warning, "{Count} jobs of {Queue} had not reached Hangfire and are delivered again")]
        public static partial void Forgotten(ILogger logger, int count, string queue);

        [LoggerMessage(2042, LogLevel.Warning, "Forgotten jobs of {Queue} could not be looked for: {Reason}")]
        public static partial void Failed(ILogger logger, string queue, string reason);
    }
}
