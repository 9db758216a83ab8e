using System.Diagnostics;

namespace Platform.Bench;

/// <summary>A bare repository on this machine with a commit; Development accepts such addresses.</summary>
internal sealed class BenchRepository : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("platform-bench-");

    public BenchRepository(IReadOnlyDictionary<string, string> files)
    {
        Files = files;
        Git(".", "init", "-q", "--bare", "-b", "main", "bare.git");
        Git(".", "clone", "-q", "bare.git", "work");
        foreach (var (path, content) in files) Write(path, content);
        Push();
    }

    public IReadOnlyDictionary<string, string> Files { get; }

    public string Url => $"file://{Path.Combine(_directory.FullName, "bare.git")}";

    /// <summary>One more commit, which changes a file.</summary>
    public void Commit(string path, string content)
    {
        Write(path, content);
        Push();
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private void Write(string path, string content)
    {
        var target = Path.Combine(_directory.FullName, "work", path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllText(target, content);
    }

    private void Push()
    {
        Git("work", "add", "-A");
        Git("work", "-c", "user.name=Bench", "-c", "user.email=bench@example.org", "commit", "-q", "-m", "Bench");
        Git("work", "push", "-q", "origin", "HEAD:main");
    }

    private void Git(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = Path.Combine(_directory.FullName, directory), UseShellExecute = false, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"git {arguments[0]}: {errors}");
    }
}
