using System.Collections.Concurrent;
using System.Data.Common;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Execution.Callbacks;
using Platform.Core.Data.Entities;
using Platform.Core.Execution;

namespace Platform.Api.Execution.Storage;

/// <summary>
/// Works on stored runs: takes them under a lease, runs them, stores how they ended. An instance that dies renews no more, and another one takes
/// its runs; one that stops gives them back.
/// </summary>
internal sealed partial class AsyncRunner(
    IServiceScopeFactory scopes,
    ExecutionService executions,
    ExecutionPayloads payloads,
    CallbackSender callbacks,
    ExecutionProgress progress,
    IOptions<AsyncOptions> options,
    TimeProvider time,
    ILogger<AsyncRunner> logger) : BackgroundService
{
    /// <summary>So many times its concurrency an instance holds at most, those that wait for an image included.</summary>
    private const int MostHeld = 8;

    // By their leases: a run that was lost and taken again is here twice until the first has noticed.
    private readonly ConcurrentDictionary<Guid, RunningExecution> _running = new();

    // One signal is enough: whoever takes it looks at everything.
    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>There may be something to take.</summary>
    public void Wake() => _signal.Writer.TryWrite(true);

    /// <summary>Takes a run back that this instance works on; of another's, that one learns by its lease.</summary>
    public Task CancelAsync(Guid id, CancellationToken cancellationToken) =>
        Task.WhenAll(_running.Values.Where(running => running.Id == id).Select(running => running.CancelAsync(cancellationToken)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Concurrency == 0) return;
        // The server's address must be known before a worker can be told where to connect.
        await WaitAsync(options.Value.PollInterval, stoppingToken);
        await Task.WhenAll(TakeAllAsync(stoppingToken), RenewAllAsync(stoppingToken));
        await Task.WhenAll(_running.Values.Select(running => running.Work));
    }

    private async Task TakeAllAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            // Those that wait for an image need nothing that others could use.
            var free = Math.Min(
                options.Value.Concurrency - _running.Values.Count(running => !running.IsWaiting),
                (options.Value.Concurrency * MostHeld) - _running.Count);
            var taken = 0;
            if (free > 0)
            {
                await GuardAsync(async () =>
                {
                    var rows = await WithStoreAsync(store => store.TakeAsync(free, stoppingToken));
                    taken = rows.Count;
                    foreach (var row in rows) Start(row, stoppingToken);
                });
            }

            if (taken < free || free == 0) await WaitAsync(options.Value.PollInterval, stoppingToken);
        }
    }

    private async Task RenewAllAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(options.Value.Lease / 5, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var held = _running.Select(entry => (entry.Value.Id, entry.Key)).ToArray();
            if (held.Length == 0 || stoppingToken.IsCancellationRequested) continue;
            await GuardAsync(async () =>
            {
                var renewed = (await WithStoreAsync(store => store.RenewAsync(held, stoppingToken))).ToDictionary(lease => lease.Lease);
                foreach (var (_, key) in held)
                {
                    if (!_running.TryGetValue(key, out var running)) continue;
                    if (!renewed.TryGetValue(key, out var lease)) await running.AbandonAsync();
                    else if (lease.CancelRequested) await running.CancelAsync(stoppingToken);
                }
            });
        }
    }

    private void Start(StoredExecution row, CancellationToken stoppingToken)
    {
        var running = new RunningExecution(row.Id, row.LeaseOwner!.Value, stoppingToken);
        _running[running.Lease] = running;
        running.Work = Task.Run(() => WorkAsync(row, running), CancellationToken.None);
    }

    private async Task WorkAsync(StoredExecution row, RunningExecution running)
    {
        try
        {
            var response = row.Attempts > options.Value.MaxAttempts
                ? ExecuteResponses.Of(row.Id, RunVerdict.InternalError, "The instances that ran it were lost.")
                : await RunAsync(row, running);
            await FinishAsync(running, response);
        }
        catch (OperationCanceledException)
        {
            // Lost, deleted, or this process stops; whoever has it then is free to take it at once.
            await GuardAsync(() => WithStoreAsync(store => store.ReleaseAsync(row.Id, running.Lease, CancellationToken.None)));
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception, row.Id);
            await FinishAsync(running, ExecuteResponses.Of(row.Id, RunVerdict.InternalError, "The run could not be made."));
        }
        finally
        {
            _running.TryRemove(running.Lease, out _);
            running.Dispose();
            Wake();
        }
    }

    private async Task<ExecuteResponse> RunAsync(StoredExecution row, RunningExecution running)
    {
        if (row.CancelRequested) return ExecuteResponses.Of(row.Id, RunVerdict.Cancelled, message: null);
        var ticket = new RunTicket
        {
            Id = row.Id,
            Owner = RunCaller.OwnerKey(row.OwnerId),
            Patience = TimeSpan.FromHours(1),
            Watcher = new Watcher(this, progress, running),
            Placed = running.Placed,
        };
        var outcome = await executions.ExecuteAsync(payloads.Request(row.Request), ticket, running.Token);
        if (running.WasCancelled && outcome?.Response is not { Status: RunVerdict.Cancelled }) return ExecuteResponses.Of(row.Id, RunVerdict.Cancelled, message: null);
        return outcome?.Response ?? ExecuteResponses.Of(row.Id, RunVerdict.InternalError, outcome?.Refusal?.Message ?? "Its turn did not come in time.");
    }

    private async ValueTask SetStageAsync(RunningExecution running, RunStage stage)
    {
        var status = stage == RunStage.Compile ? ExecutionStatus.Compiling : ExecutionStatus.Running;
        // A look at the state is all that hangs on it.
        await GuardAsync(() => WithStoreAsync(store => store.SetStatusAsync(running.Id, running.Lease, status, CancellationToken.None)));
        // Its image is there: others that it held back can run.
        if (running.IsWaiting) Wake();
    }

    /// <summary>Its places, here and among its owner's runs, go to others.</summary>
    private async Task SetWaitingAsync(RunningExecution running)
    {
        running.IsWaiting = true;
        await GuardAsync(() => WithStoreAsync(store => store.SetWaitingAsync(running.Id, running.Lease, CancellationToken.None)));
        Wake();
    }

    private sealed class Watcher(AsyncRunner runner, ExecutionProgress progress, RunningExecution running) : IRunWatcher
    {
        public ValueTask OnStageAsync(RunStage stage, CancellationToken cancellationToken) => runner.SetStageAsync(running, stage);

        public async ValueTask OnProgressAsync(string text, CancellationToken cancellationToken)
        {
            if (!running.IsWaiting) await runner.SetWaitingAsync(running);
            await progress.TellAsync(running.Id, text);
        }
    }

    private async Task FinishAsync(RunningExecution running, ExecuteResponse response)
    {
        var finished = FinishedExecution.Of(response, payloads);
        await GuardAsync(async () =>
        {
            if (await WithStoreAsync(store => store.FinishAsync(running.Id, running.Lease, finished, CancellationToken.None))) callbacks.Wake();
        });
    }

    /// <summary>While the database is away nothing is lost but time: leases run out and the runs are made again.</summary>
    private async Task GuardAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or TimeoutException or OperationCanceledException or InvalidOperationException { InnerException: DbException })
        {
            if (exception is not OperationCanceledException) Log.DatabaseAway(logger, exception.Message);
        }
    }

    private async Task WaitAsync(TimeSpan most, CancellationToken stoppingToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(most);
        await ((Task)_signal.Reader.ReadAsync(limit.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<T> WithStoreAsync<T>(Func<ExecutionStore, Task<T>> use)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<ExecutionStore>());
    }

    private async Task WithStoreAsync(Func<ExecutionStore, Task> use)
    {
        await using var scope = scopes.CreateAsyncScope();
        await use(scope.ServiceProvider.GetRequiredService<ExecutionStore>());
    }

    private static partial class Log
    {
        [LoggerMessage(5301, LogLevel.Error, "Run {Id} could not be made")]
        public static partial void Failed(ILogger logger, Exception exception, Guid id);

        [LoggerMessage(5302, LogLevel.Warning, "The stored runs cannot be reached: {Reason}")]
        public static partial void DatabaseAway(ILogger logger, string reason);
    }
}
