using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Core.Jobs.Execution;

namespace Platform.Core.Jobs.Postgres;

/// <summary>Serves one queue: claims as many jobs as there are free places, whenever one is announced, ends, or the poll interval is over.</summary>
internal sealed partial class QueuePump(
    JobWorkerRegistration worker,
    JobHandlerRegistry registry,
    PostgresJobStore store,
    RunningJobs running,
    JobExecutor executor,
    JobFinisher finisher,
    JobSignals signals,
    IOptions<JobOptions> options,
    TimeProvider time,
    ILogger<QueuePump> logger)
{
    private readonly ConcurrentDictionary<RunningJob, Task> _tasks = new();
    private readonly string[] _types = registry.TypesOf(worker.Queue);

    /// <summary>Ends when all jobs have gone back or ended after <paramref name="stoppingToken"/> was cancelled.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var wake = new WakeSignal();
        using var subscription = signals.Subscribe(new JobSignalHandlers
        {
            QueueReady = queue =>
            {
                if (queue == worker.Queue) wake.Set();
            },
            Listening = wake.Set,
        });
        try
        {
            await ClaimUntilStoppedAsync(wake, stoppingToken);
        }
        finally
        {
            foreach (var job in _tasks.Keys) job.Stop(JobStopReason.ShuttingDown);
            await Task.WhenAll(_tasks.Values);
        }
    }

    private async Task ClaimUntilStoppedAsync(WakeSignal wake, CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var free = worker.Concurrency - _tasks.Count;
                var claimed = free > 0 ? await ClaimAsync(free, wake, stoppingToken) : 0;
                if (free == 0 || claimed < free) await wake.WaitAsync(options.Value.PollInterval, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Log.Stopping(logger, worker.Queue, _tasks.Count);
        }
    }

    private async Task<int> ClaimAsync(int free, WakeSignal wake, CancellationToken stoppingToken)
    {
        try
        {
            var asked = time.GetTimestamp();
            // Not cancelled half-way: a claim that was committed but not read would wait for its lease to run out.
            var claimed = worker.PerKey is { } perKey
                ? await store.ClaimFairlyAsync(worker.Queue, _types, free, perKey, CancellationToken.None)
                : await store.ClaimAsync(worker.Queue, _types, free, CancellationToken.None);
            foreach (var job in claimed) Start(new RunningJob(job, options.Value.Lease - time.GetElapsedTime(asked), time), wake);
            return claimed.Count;
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            Log.ClaimFailed(logger, worker.Queue, exception.Message);
            await Task.Delay(options.Value.PollInterval / 2, time, stoppingToken);
            return 0;
        }
    }

    private void Start(RunningJob job, WakeSignal wake)
    {
        running.Add(job);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _tasks[job] = RunAsync(job, gate.Task, wake);
        gate.SetResult();
    }

    private async Task RunAsync(RunningJob job, Task registered, WakeSignal wake)
    {
        // Its continuation runs on the pool: a handler that works before its first await does not hold up the pump.
        await registered;
        try
        {
            await finisher.FinishAsync(job, await executor.RunAsync(job.Job.Attempt, job.Context, job.Token));
        }
        catch (Exception exception)
        {
            // The job's lease runs out and another worker takes it.
            Log.RunnerFailed(logger, exception, job.Job.Id);
        }
        finally
        {
            running.Remove(job);
            await job.DisposeAsync();
            _tasks.TryRemove(job, out _);
            wake.Set();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2012, LogLevel.Warning, "Could not claim jobs of {Queue}: {Reason}")]
        public static partial void ClaimFailed(ILogger logger, string queue, string reason);

        [LoggerMessage(2013, LogLevel.Information, "Queue {Queue} stops; {Count} running jobs go back")]
        public static partial void Stopping(ILogger logger, string queue, int count);

        [LoggerMessage(2014, LogLevel.Error, "Job {JobId} could not be run to its end")]
        public static partial void RunnerFailed(ILogger logger, Exception exception, Guid jobId);
    }
}
