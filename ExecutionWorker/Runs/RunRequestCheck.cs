using System.Text;
using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Runs;

/// <summary>
/// Looks a request through before anything of it reaches a sandbox. The Api has validated it for its caller; this holds even when it has not.
/// </summary>
internal static class RunRequestCheck
{
    private const int MaxFiles = 1000;
    private const int MaxPathBytes = 1024;
    private const int MaxNameBytes = 255;
    private const int MaxInputs = 1000;
    private const int MaxStrings = 4000;

    /// <summary>The kernel takes no longer argument or variable.</summary>
    private const int MaxStringBytes = 128 * 1024 - 1;

    /// <summary>All of a command fits into one frame, its other fields included.</summary>
    private const int MaxCommandBytes = 240 * 1024;

    /// <summary>What is wrong with it, or null.</summary>
    public static string? Problem(RunRequest request, Language language) =>
        Files(request.Files, language) ?? Strings(request, language) ?? (request switch
        {
            { Inputs.Count: > MaxInputs } => $"there are more than {MaxInputs} inputs",
            { Inputs.Count: > 0, Terminal: not null } => "a terminal takes no prepared inputs",
            _ => null,
        });

    /// <summary>Whether a path stays in the work directory whatever it meets there.</summary>
    public static bool IsPathAllowed(string? path) =>
        !string.IsNullOrEmpty(path) && !path.Contains('\0', StringComparison.Ordinal) && Encoding.UTF8.GetByteCount(path) <= MaxPathBytes &&
        path.Split('/').All(part => part is not ("" or "." or "..") && Encoding.UTF8.GetByteCount(part) <= MaxNameBytes);

    private static string? Files(IReadOnlyList<RunFile> files, Language language)
    {
        if (files.Count is 0 or > MaxFiles) return $"there must be 1 to {MaxFiles} files";
        if (files.Any(file => !IsPathAllowed(file.Path))) return "the path of a file is not allowed";
        if (files.Any(file => file.Content is null)) return "a file has no content";
        var paths = files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        if (paths.Count < files.Count) return "two files have the same path";
        if (files.Any(file => Folders(file.Path).Any(paths.Contains))) return "a file is in the way of a folder";
        return files.Sum(file => (long)file.Content.Length) > language.Limits.WorkMegabytes * 1024L * 1024L ? "the files are larger than the work directory" : null;
    }

    private static string? Strings(RunRequest request, Language language)
    {
        var variables = request.Environment.Select(pair => $"{pair.Key}={pair.Value}").ToArray();
        if (request.Environment.Keys.Any(name => name.Length == 0 || name.Contains('=', StringComparison.Ordinal))) return "the name of a variable is not allowed";
        string[] all = [.. language.Run, .. request.Arguments, .. variables];
        if (all.Length > MaxStrings) return "there are too many arguments and variables";
        if (all.Any(text => text is null || text.Contains('\0', StringComparison.Ordinal))) return "an argument or variable contains a zero byte";
        var sizes = all.Select(Encoding.UTF8.GetByteCount).ToArray();
        return sizes.Any(size => size > MaxStringBytes) || sizes.Sum(size => size + 1L) > MaxCommandBytes ? "the arguments and variables are too long" : null;
    }

    private static IEnumerable<string> Folders(string path)
    {
        for (var slash = path.IndexOf('/', StringComparison.Ordinal); slash >= 0; slash = path.IndexOf('/', slash + 1)) yield return path[..slash];
    }
}
