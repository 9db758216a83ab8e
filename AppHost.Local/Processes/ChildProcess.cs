using System.Diagnostics;
using Platform.AppHost.Local.Logs;

namespace Platform.AppHost.Local.Processes;

/// <summary>What to start and how to stop it.</summary>
internal sealed record ChildSpec(
    string Program,
    IReadOnlyList<string> Arguments,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> Environment,
    string? User = null,
    Signal StopSignal = Signal.Terminate);

/// <summary>A process in a session and group of its own, so that a Ctrl-C at the terminal does not reach it before the host stops it in order.</summary>
internal sealed class ChildProcess
{
    /// <summary>How long a process may take to end before it is killed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    // It waits for a word from the host, which first tells the watchdog: at no moment does it run unwatched.
    private const string Launcher = "read -r go && exec \"$@\" </dev/null";
    private readonly Process _process;
    private readonly Watchdog _watchdog;
    private readonly ChildSpec _spec;
    private readonly TimeProvider _time;

    private ChildProcess(Process process, Watchdog watchdog, ChildSpec spec, LogBuffer log, TimeProvider time)
    {
        (_process, _watchdog, _spec, _time) = (process, watchdog, spec, time);
        Pid = process.Id;
        Exited = WaitAsync(log);
    }

    public int Pid { get; }

    /// <summary>Ends with the exit code when the process has ended and its output is read.</summary>
    public Task<int> Exited { get; }

    public static ChildProcess Start(ChildSpec spec, Watchdog watchdog, LogBuffer log, TimeProvider time)
    {
        var process = Process.Start(Describe(spec)) ?? throw new InvalidOperationException($"{spec.Program} did not start.");
        watchdog.Add(process.Id, spec.StopSignal);
        var child = new ChildProcess(process, watchdog, spec, log, time);
        try
        {
            process.StandardInput.WriteLine("go");
            process.StandardInput.Close();
        }
        catch (IOException exception)
        {
            // It ended before it could read; its exit code and output tell why.
            log.Append($"it did not start: {exception.Message}", isError: true);
        }

        return child;
    }

    /// <summary>Asks the whole group to stop, and kills what is left after <see cref="Grace"/>.</summary>
    public async Task StopAsync()
    {
        Signals.SendToGroup(Pid, _spec.StopSignal);
        using var deadline = new CancellationTokenSource(Grace, _time);
        try
        {
            await Exited.WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Signals.SendToGroup(Pid, Signal.Kill);
            await Exited;
        }
    }

    public void Kill() => Signals.SendToGroup(Pid, Signal.Kill);

    private static ProcessStartInfo Describe(ChildSpec spec)
    {
        var start = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = spec.WorkingDirectory,
        };
        // Every step replaces itself by the next (exec), so that the process id stays and is the group's.
        string[] launcher = ["sh", "-c", Launcher, "launch"];
        string[] identity = spec.User is null ? [] : ["setpriv", $"--reuid={spec.User}", $"--regid={spec.User}", "--init-groups", "--no-new-privs", "--"];
        foreach (var argument in launcher.Concat(identity).Append(spec.Program).Concat(spec.Arguments)) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in spec.Environment) start.Environment[name] = value;
        return start;
    }

    private async Task<int> WaitAsync(LogBuffer log)
    {
        var output = LineReader.CopyAsync(_process.StandardOutput, line => log.Append(line));
        // Many programs print everything to standard error: it says nothing about how bad it is.
        var error = LineReader.CopyAsync(_process.StandardError, line => log.Append(line));
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        await EndGroupAsync();
        await Task.WhenAll(output, error);
        _watchdog.Remove(Pid);
        var code = _process.ExitCode;
        _process.Dispose();
        return code;
    }

    // What the process started may outlive it for a moment, but not for good; it also holds the output open.
    private async Task EndGroupAsync()
    {
        var start = _time.GetTimestamp();
        while (Signals.SendToGroup(Pid, Signal.None))
        {
            if (_time.GetElapsedTime(start) > TimeSpan.FromSeconds(2))
            {
                Signals.SendToGroup(Pid, Signal.Kill);
                return;
            }

            Signals.SendToGroup(Pid, Signal.Terminate);
            await Task.Delay(TimeSpan.FromMilliseconds(50), _time);
        }
    }
}
