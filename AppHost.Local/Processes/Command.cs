using System.Diagnostics;
using Platform.AppHost.Local.State;

namespace Platform.AppHost.Local.Processes;

/// <summary>Runs a program to its end, for the preparation of a resource.</summary>
internal static class Command
{
    /// <exception cref="AppHostException">It ended with another code than 0; the message has its last output.</exception>
    public static async Task RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = "/",
        };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment.Clear();
        foreach (var (name, value) in ChildEnvironment.Minimal()) start.Environment[name] = value;

        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
            throw new AppHostException(ExitReason.Failed, $"'{program}' ended with code {process.ExitCode}: {(await error).Trim()} {(await output).Trim()}".Trim());
    }
}
