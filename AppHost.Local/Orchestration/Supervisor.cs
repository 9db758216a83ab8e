using System.Globalization;
using Platform.AppHost.Local.Processes;
using Platform.AppHost.Local.State;

namespace Platform.AppHost.Local.Orchestration;

/// <summary>Keeps one process running: waits for what it needs, starts it, watches its health, starts it again when it crashes.</summary>
internal sealed class Supervisor(
    ResourceInstance instance, ResourceRunner runner, Func<CancellationToken, Task> dependencies, Watchdog watchdog, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UntilHealthy = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan WhileHealthy = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _command = new(1);
    private CancellationTokenSource? _run;
    private Task _loop = Task.CompletedTask;
    private ChildProcess? _child;
    private long? _healthySince;
    private int _starts;

    /// <summary>Why it cannot start, when it cannot.</summary>
    public AppHostException? Failure { get; private set; }

    /// <summary>Begins to keep the process running; returns at once.</summary>
    public async Task StartAsync()
    {
        await _command.WaitAsync(CancellationToken.None);
        try
        {
            if (!_loop.IsCompleted) return;
            _run?.Dispose();
            _run = new();
            _loop = RunAsync(_run.Token);
        }
        finally
        {
            _command.Release();
        }
    }

    /// <summary>Stops the process in order; returns when it is gone.</summary>
    public async Task StopAsync()
    {
        await _command.WaitAsync(CancellationToken.None);
        try
        {
            if (_run is not null) await _run.CancelAsync();
            await _loop;
        }
        finally
        {
            _command.Release();
        }
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    /// <summary>Kills the process without asking.</summary>
    public void Kill() => _child?.Kill();

    public void Dispose()
    {
        _run?.Dispose();
        _command.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new RestartBackoff();
        Failure = null;
        Change(ResourceState.Waiting, message: null, exitCode: null);
        // The caller holds the command's lock and must not do the preparation's work.
        await Task.Yield();
        try
        {
            while (true)
            {
                var code = await RunOnceAsync(cancellationToken);
                if (code == 0 && !runner.IsService)
                {
                    Change(ResourceState.Finished, message: null, code);
                    return;
                }

                var delay = backoff.Next(_healthySince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero);
                var message = string.Create(
                    CultureInfo.InvariantCulture, $"It ended with code {code}; starting it again in {delay.TotalSeconds:0} s.");
                Change(ResourceState.Restarting, message, code);
                instance.Log.Append(message, isError: true);
                await Task.Delay(delay, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Change(ResourceState.Exited, message: null, instance.Status.Current.ExitCode);
        }
        catch (Exception exception)
        {
            Failure = exception as AppHostException
                ?? new AppHostException(ExitReason.Failed, $"'{instance.Name}' cannot start: {exception.Message}", exception);
            instance.Log.Append(Failure.Message, isError: true);
            Change(ResourceState.FailedToStart, Failure.Message, exitCode: null);
        }
    }

    private async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        _healthySince = null;
        Change(ResourceState.Waiting, "Waiting for what it depends on.", exitCode: null);
        await dependencies(cancellationToken);
        Change(ResourceState.Starting, message: null, exitCode: null);
        var spec = await runner.PrepareAsync(cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        instance.Environment = spec.Environment;
        var child = ChildProcess.Start(spec, watchdog, instance.Log, time);
        _child = child;
        _starts++;
        instance.Status.Update(status => status with
        {
            State = ResourceState.Running,
            Pid = child.Pid,
            StartedAt = time.GetUtcNow(),
            Restarts = _starts - 1,
            Message = "Waiting for its first healthy answer.",
        });
        return await WatchAsync(child, cancellationToken);
    }

    private async Task<int> WatchAsync(ChildProcess child, CancellationToken cancellationToken)
    {
        using var watching = new CancellationTokenSource();
        var health = WatchHealthAsync(watching.Token);
        try
        {
            return await child.Exited.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await watching.CancelAsync();
            await health;
            Change(ResourceState.Stopping, message: null, exitCode: null);
            await child.StopAsync();
            var code = await child.Exited;
            instance.Status.Update(status => status with { ExitCode = code });
            throw;
        }
        finally
        {
            await watching.CancelAsync();
            await health;
            _child = null;
        }
    }

    private async Task WatchHealthAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var wasHealthy = false;
        try
        {
            while (true)
            {
                var result = await CheckAsync(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                if (result.IsHealthy) _healthySince ??= time.GetTimestamp();
                else _healthySince = null;
                wasHealthy |= result.IsHealthy;
                // One that has just been started is not ill, it is starting.
                var failing = wasHealthy || time.GetElapsedTime(start) > Patience ? ResourceHealth.Unhealthy : ResourceHealth.Unknown;
                var health = result.IsHealthy ? ResourceHealth.Healthy : failing;
                instance.Status.Update(status => status with { Health = health, Message = result.Reason });
                await Task.Delay(result.IsHealthy ? WhileHealthy : UntilHealthy, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The process ended or is being stopped: the caller says what comes next.
            instance.Status.Update(status => status with { Health = ResourceHealth.Unknown });
        }
    }

    private async Task<HealthResult> CheckAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(CheckTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await runner.CheckHealthAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthResult.Unhealthy("No answer within 5 s.");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return HealthResult.Unhealthy(exception.Message);
        }
    }

    private void Change(ResourceState state, string? message, int? exitCode) => instance.Status.Update(status => status with
    {
        State = state,
        Health = ResourceHealth.Unknown,
        Message = message,
        Pid = state is ResourceState.Stopping ? status.Pid : null,
        StartedAt = state is ResourceState.Stopping ? status.StartedAt : null,
        ExitCode = exitCode,
    });
}
