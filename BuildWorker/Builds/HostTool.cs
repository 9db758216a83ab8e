using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Platform.BuildWorker.Builds;

/// <summary>
/// Runs a program of this host on a directory that a build has written. The system's own tools open such trees step by step, follow no links
/// and have no limit on their depth, none of which holds for paths as text.
/// </summary>
internal static class HostTool
{
    private const int MaxErrors = 4096;

    /// <exception cref="IOException">It failed.</exception>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? output : throw Failed(program, process.ExitCode, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Deletes whatever lies there.</summary>
    public static Task RemoveAsync(string path, CancellationToken cancellationToken) => RunAsync("rm", ["-rf", "--", path], cancellationToken);

    /// <summary>Kilobytes or entries of several trees together. What vanishes meanwhile is not counted.</summary>
    public static async Task<long> MeasureAsync(IReadOnlyList<string> paths, bool entries, CancellationToken cancellationToken)
    {
        using var process = Start("du", ["-sc", entries ? "--inodes" : "-k", "--", .. paths]);
        process.StandardError.Close();
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            var total = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()?.Split('\t')[0];
            return long.TryParse(total, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Starts a program whose output the caller reads.</summary>
    public static Process Start(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["LC_ALL"] = "C.UTF-8";
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public static IOException Failed(string program, int exitCode, string errors) =>
        new($"{program} ended with exit code {exitCode}: {(errors.Length > MaxErrors ? errors[..MaxErrors] : errors).Trim()}");
}
