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
    private readonly Process _process;
    private readonly Lock _gate = new();

    private Watchdog(Process process) => _process = process;

    public static Watchdog Start()
    {
        using var stream = typeof(Watchdog).Assembly.GetManifestResourceStream("watchdog.sh")
            ?? throw new InvalidOperationException("The watchdog's script is not embedded.");
        using var reader = new StreamReader(stream);
        var start = new ProcessStartInfo("setsid")
        {
            ArgumentList = { "sh", "-c", reader.ReadToEnd(), "platform-watchdog" },
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        return new(Process.Start(start) ?? throw new InvalidOperationException("The watchdog did not start."));
    }

    public int Pid => _process.Id;

    public void Add(int group, Signal stopSignal) => Tell(string.Create(CultureInfo.InvariantCulture, $"add {Signals.Name(stopSignal)} {group}"));

    public void Remove(int group) => Tell(string.Create(CultureInfo.InvariantCulture, $"del {group}"));

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Tell(string line)
    {
        lock (_gate)
        {
            _process.StandardInput.Write(line + "\n");
            _process.StandardInput.Flush();
        }
    }
}
