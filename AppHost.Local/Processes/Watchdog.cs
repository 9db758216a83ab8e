using System.Diagnostics;
using System.Globalization;

namespace Platform.AppHost.Local.Processes;

/// <summary>
/// A shell that holds the read end of a pipe whose write end only the host has. When the host is gone — also by SIGKILL, where no code
/// of its own runs — the pipe ends, and the shell stops every process group it was told of: first politely, after ten seconds not.
/// The kernel's parent-death signal was not chosen: it is sent when the *thread* that forked ends, which in .NET is one of the pool,
/// it reaches only the child and not what that started, and it leaves a database no time for an orderly stop.
/// </summary>
internal sealed class Watchdog : IAsyncDisposable
{
    private const string ProcessName = "platform-watchdog";
    // Far more than its ten seconds, which it counts in steps: on a busy machine each takes longer.
    private static readonly TimeSpan PredecessorGrace = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<int, Signal> _groups = [];
    private readonly string _pidFile;
    private Process _process;

    public Watchdog(string pidFile)
    {
        _pidFile = pidFile;
        _process = Start(pidFile);
    }

    public int Pid => _process.Id;

    /// <summary>
    /// After a SIGKILL of the host its watchdog may still be stopping what that host had started; until it is done, ports and data are in use.
    /// </summary>
    public static async Task WaitForPredecessorAsync(string pidFile, Action<string> say, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!File.Exists(pidFile) || !int.TryParse(await File.ReadAllTextAsync(pidFile, cancellationToken), CultureInfo.InvariantCulture, out var pid)) return;
        if (!IsWatchdog(pid)) return;

        say("Waiting for the processes of the last start to end.");
        var start = time.GetTimestamp();
        while (IsWatchdog(pid) && time.GetElapsedTime(start) < PredecessorGrace)
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
    }

    public void Add(int group, Signal stopSignal)
    {
        lock (_gate)
        {
            _groups[group] = stopSignal;
            Tell(AddLine(group, stopSignal));
        }
    }

    public void Remove(int group)
    {
        lock (_gate)
        {
            _groups.Remove(group);
            Tell(string.Create(CultureInfo.InvariantCulture, $"del {group}"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
        File.Delete(_pidFile);
    }

    private static string AddLine(int group, Signal stopSignal) =>
        string.Create(CultureInfo.InvariantCulture, $"add {Signals.Name(stopSignal)} {group}");

    private static Process Start(string pidFile)
    {
        using var stream = typeof(Watchdog).Assembly.GetManifestResourceStream("watchdog.sh")
            ?? throw new InvalidOperationException("The watchdog's script is not embedded.");
        using var reader = new StreamReader(stream);
        var start = new ProcessStartInfo("setsid")
        {
            ArgumentList = { "sh", "-c", reader.ReadToEnd(), ProcessName },
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        var process = Process.Start(start) ?? throw new InvalidOperationException("The watchdog did not start.");
        File.WriteAllText(pidFile, process.Id.ToString(CultureInfo.InvariantCulture));
        return process;
    }

    private static bool IsWatchdog(int pid)
    {
        var file = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline");
        try
        {
            return File.ReadAllText(file).TrimEnd('\0').EndsWith(ProcessName, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return false;
        }
    }

    private void Tell(string line)
    {
        try
        {
            Write(line);
        }
        catch (IOException)
        {
            // Somebody ended the watchdog: a new one learns all that the old one knew.
            _process.Dispose();
            _process = Start(_pidFile);
            foreach (var (group, signal) in _groups) Write(AddLine(group, signal));
        }
    }

    private void Write(string line)
    {
        _process.StandardInput.Write(line + "\n");
        _process.StandardInput.Flush();
    }
}
