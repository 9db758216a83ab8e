using System.Diagnostics;

namespace Platform.BuildWorker.Tests.Builds;

/// <summary>A bare repository on disk and a work tree that pushes to it.</summary>
internal sealed class GitRepository : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public GitRepository()
    {
        Git(".", "init", "--bare", "-b", "main", "bare.git");
        Git(".", "clone", "-q", "bare.git", "work");
    }

    /// <summary>The directory that holds <c>bare.git</c>.</summary>
    public string Root => _directory.Path;

    public string Url => $"file://{Path.Combine(_directory.Path, "bare.git")}";

    public void Write(string name, string content) => _directory.Write(Path.Combine("work", name), content);

    public void AddSubmodule(string url, string path) => Git("work", "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, path);

    /// <returns>The hash of the commit.</returns>
    public string Commit(string message, string branch = "main")
    {
        Git("work", "checkout", "-q", "-B", branch);
        Git("work", "add", "-A");
        Git("work", "-c", "user.name=Tester", "-c", "user.email=tester@example.test", "commit", "-q", "--allow-empty", "-m", message);
        Git("work", "push", "-q", "origin", $"HEAD:{branch}");
        return Git("work", "rev-parse", "HEAD").Trim();
    }

    /// <summary>Another name of <c>bare.git</c> under <see cref="Root"/>.</summary>
    public void Link(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Root, path))!);
        Directory.CreateSymbolicLink(Path.Combine(Root, path), Path.Combine(Root, "bare.git"));
    }

    public void Dispose() => _directory.Dispose();

    private string Git(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = Path.Combine(_directory.Path, directory),
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, string.Join(' ', arguments));
        _ = errors;
        return output;
    }
}
