using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Platform.AppHost.Local.Processes;
using Platform.Testing;

namespace Platform.AppHost.Tests.Hosts;

/// <summary>An app host in a process of its own, so that it can be ended in every way.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    // A host makes databases and starts runtimes, perhaps while others have the machine.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Task _output;

    private HostProcess(Process process)
    {
        _process = process;
        _output = Task.WhenAll(
            LineReader.CopyAsync(process.StandardOutput, _lines.Enqueue), LineReader.CopyAsync(process.StandardError, _lines.Enqueue));
    }

    public int Pid => _process.Id;

    public string Output => string.Join('\n', _lines);

    public static HostProcess Start(string data, params string[] arguments)
    {
        Directory.CreateDirectory(data);
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = data,
        };
        start.ArgumentList.Add(Path.GetFullPath(Path.Combine(
            AppContext.BaseDirectory, "..", "..", "AppHost.TestHost", Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/')), "Platform.AppHost.TestHost.dll")));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["DATA_DIR"] = data;
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        return new(Process.Start(start)!);
    }

    /// <summary>Waits for the first line that has the text, and returns it.</summary>
    public async Task<string> LineAsync(string text, int count = 1)
    {
        var lines = await Eventually.ValueAsync(
            () => Task.FromResult(_lines.Where(line => line.Contains(text, StringComparison.Ordinal)).ToList()),
            // What it printed last may be read after its end was seen.
            found => found.Count >= count || (_process.HasExited && _output.IsCompleted),
            Patience);
        return lines.Count >= count ? lines[count - 1] : throw new InvalidOperationException($"The host ended without printing '{text}':\n{Output}");
    }

    /// <summary>The number behind the text in the host's output.</summary>
    public async Task<int> NumberAsync(string text)
    {
        var line = await LineAsync(text);
        var digits = line[(line.IndexOf(text, StringComparison.Ordinal) + text.Length)..].TakeWhile(char.IsAsciiDigit);
        return int.Parse(string.Concat(digits), CultureInfo.InvariantCulture);
    }

    public void Send(string signal) => Send(signal, Pid);

    public static void Send(string signal, int pid)
    {
        using var kill = Process.Start("kill", ["-s", signal, pid.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> ExitCodeAsync()
    {
        using var timeout = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(timeout.Token);
        return _process.ExitCode;
    }

    /// <summary>Whether a process lives; a zombie, which only waits to be reaped, does not.</summary>
    public static bool IsAlive(int pid)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Send("TERM");
            await ExitCodeAsync();
        }

        await _output;
        _process.Dispose();
    }
}
