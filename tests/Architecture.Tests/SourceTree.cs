using System.Runtime.CompilerServices;

namespace Platform.Architecture.Tests;

/// <summary>The checkout that these tests were built from.</summary>
internal static class SourceTree
{
    private static readonly string[] Ignored = ["artifacts", "node_modules", ".git", ".data", "bin", "obj", "wwwroot"];

    public static string Root { get; } = FindRoot();

    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>Files below a folder of the checkout, by their path relative to the root with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Enumerate(PathOf(folder), pattern).Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'));

    public static string Read(string relativePath) => File.ReadAllText(PathOf(relativePath));

    private static IEnumerable<string> Enumerate(string directory, string pattern)
    {
        foreach (var file in Directory.EnumerateFiles(directory, pattern)) yield return file;
        foreach (var child in Directory.EnumerateDirectories(directory))
        {
            if (Ignored.Contains(Path.GetFileName(child))) continue;
            foreach (var file in Enumerate(child, pattern)) yield return file;
        }
    }

    private static string FindRoot([CallerFilePath] string file = "")
    {
        // Deterministic builds map the compile-time path away, so the assembly's place is the second clue.
        foreach (var start in new[] { Path.GetDirectoryName(file), AppContext.BaseDirectory })
        {
            for (var directory = start; !string.IsNullOrEmpty(directory); directory = Path.GetDirectoryName(directory))
            {
                if (File.Exists(Path.Combine(directory, "Platform.sln"))) return directory;
            }
        }

        throw new InvalidOperationException("Platform.sln was not found above the tests.");
    }
}
