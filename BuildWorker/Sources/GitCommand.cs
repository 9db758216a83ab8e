using System.Diagnostics;
using System.Text;

namespace Platform.BuildWorker.Sources;

/// <summary>How a git command ended.</summary>
internal sealed record GitResult(int ExitCode, string Output, string Errors);

/// <summary>
/// Runs git so that neither the repository nor this machine decides what happens: no hooks, no configuration but ours, no prompts, only the
/// protocol that is asked for, nothing of this process's environment.
/// </summary>
internal sealed class GitCommand(string home)
{
    private const int MaxOutput = 64 * 1024;

    private static readonly string[] Hardening =
    [
        "-c", "core.hooksPath=/dev/null",
        "-c", "core.fsmonitor=false",
        "-c", "core.symlinks=true",
        "-c", "core.protectNTFS=true",
        "-c", "credential.helper=",
        "-c", "protocol.allow=never",
        "-c", "http.followRedirects=false",
        "-c", "submodule.recurse=false",
        "-c", "transfer.fsckObjects=true",
        "-c", "advice.detachedHead=false",
        "-c", "init.defaultBranch=main",
        "-c", "gc.auto=0",
    ];

    /// <param name="settings">Further <c>-c</c> settings.</param>
    /// <param name="arguments">The command.</param>
    /// <param name="environment">Variables beside the fixed ones.</param>
    /// <param name="cancellationToken">Kills git and what it started.</param>
    public async Task<GitResult> RunAsync(
        IEnumerable<string> settings, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Describe(settings, arguments, environment) };
        process.Start();
        process.StandardInput.Close();
        var output = ReadAsync(process.StandardOutput, cancellationToken);
        var errors = ReadAsync(process.StandardError, cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
            return new GitResult(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    private ProcessStartInfo Describe(IEnumerable<string> settings, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("git")
        {
            UseShellExecute = false,
            WorkingDirectory = home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var argument in Hardening.Concat(settings.SelectMany(setting => new[] { "-c", setting })).Concat(arguments))
            start.ArgumentList.Add(argument);

        var path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = home;
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_ASKPASS"] = "/bin/false";
        start.Environment["GIT_LFS_SKIP_SMUDGE"] = "1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return start;
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (text.Length < MaxOutput) text.Append(buffer, 0, Math.Min(read, MaxOutput - text.Length));
        }

        return text.ToString();
    }
}
