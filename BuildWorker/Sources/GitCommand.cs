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

    // The helper inherits the pipe from git, which inherited it from the shell; both read built in, so that no argument ever holds the secret.
    private const string PipeCredential = "exec 3<&0 </dev/null; exec git \"$@\"";
    private const string Helper = "!f() { test \"$1\" = get || exit 0; IFS= read -r user <&3; IFS= read -r secret <&3; printf 'username=%s\\npassword=%s\\n' \"$user\" \"$secret\"; }; f";

    // A clone asks once per connection, and submodules have connections of their own.
    private const int Copies = 32;

    /// <param name="settings">Further <c>-c</c> settings.</param>
    /// <param name="arguments">The command.</param>
    /// <param name="environment">Variables beside the fixed ones.</param>
    /// <param name="credential">Given to git when the host asks for it: by a pipe, never by an argument, a variable or a file.</param>
    /// <param name="cancellationToken">Kills git and what it started.</param>
    public async Task<GitResult> RunAsync(
        IEnumerable<string> settings,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        GitCredential? credential,
        CancellationToken cancellationToken)
    {
        if (credential is not null) settings = settings.Append($"credential.https://{credential.Host}.helper={Helper}");
        using var process = new Process { StartInfo = Describe(settings, arguments, environment, credential is not null) };
        process.Start();
        if (credential is not null) await OfferAsync(process, credential);
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

    private static async Task OfferAsync(Process process, GitCredential credential)
    {
        try
        {
            for (var i = 0; i < Copies; i++) await process.StandardInput.WriteAsync($"{credential.UserName}\n{credential.Secret}\n");
            await process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // git has ended already: its exit code tells why.
            return;
        }
    }

    private ProcessStartInfo Describe(IEnumerable<string> settings, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, bool piped)
    {
        var start = new ProcessStartInfo(piped ? "/bin/sh" : "git")
        {
            UseShellExecute = false,
            WorkingDirectory = home,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            StandardOutputEncoding = Encoding.UTF8,
        };
        if (piped)
        {
            foreach (var argument in new[] { "-c", PipeCredential, "git" }) start.ArgumentList.Add(argument);
        }

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
