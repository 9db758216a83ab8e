using System.Collections.Concurrent;
using System.Diagnostics;

namespace Platform.Testing;

/// <summary>One of the platform's processes, as it is deployed: started from its build output and killed without a word.</summary>
public sealed class PlatformProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private PlatformProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <summary>Starts the project's process and waits until it is alive.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="environment">Variables beside this process's own.</param>
    /// <param name="address">Null: a free port.</param>
    public static async Task<PlatformProcess> StartAsync(string project, IReadOnlyDictionary<string, string> environment, Uri? address = null)
    {
        address ??= new Uri($"http://127.0.0.1:{FreePorts.Take()}");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Assembly(project));
        start.Environment["ASPNETCORE_URLS"] = address.OriginalString;
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = new PlatformProcess(Process.Start(start)!, address);
        await process.WaitUntilAliveAsync();
        return process;
    }

    /// <summary>SIGKILL: nothing is said, nothing is cleaned up.</summary>
    public void Kill()
    {
        if (_process.HasExited) return;
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private async Task WaitUntilAliveAsync()
    {
        using var http = new HttpClient();
        try
        {
            await Eventually.TrueAsync(() => IsAliveAsync(http), TimeSpan.FromMinutes(3));
        }
        catch (TimeoutException exception)
        {
            Dispose();
            throw new InvalidOperationException($"The process did not start:\n{string.Join('\n', _lines)}", exception);
        }
    }

    private async Task<bool> IsAliveAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(Address, "/alive"));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _lines.Enqueue(line);
        while (_lines.Count > 200) _lines.TryDequeue(out _);
    }

    /// <summary>Build outputs of all projects lie side by side: artifacts/…/bin/project/configuration.</summary>
    private static string Assembly(string project)
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(own.Parent!.Parent!.FullName, project, own.Name, $"Platform.{project}.dll");
    }
}
