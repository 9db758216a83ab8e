using Platform.AppHost.Local.State;

namespace Platform.AppHost.Local.Processes;

/// <summary>Finds the programs that the resources need.</summary>
internal static class Programs
{
    /// <exception cref="AppHostException">It is in none of the directories.</exception>
    public static string Find(string name, IEnumerable<string>? furtherDirectories = null) =>
        TryFind(name, furtherDirectories)
        ?? throw new AppHostException(ExitReason.MissingProgram, $"The program '{name}' was not found. './platform setup' installs what is missing.");

    public static string? TryFind(string name, IEnumerable<string>? furtherDirectories = null)
    {
        if (name.Contains('/', StringComparison.Ordinal)) return File.Exists(name) ? name : null;

        var path = Environment.GetEnvironmentVariable("PATH")?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [];
        return (furtherDirectories ?? []).Concat(path).Select(directory => Path.Combine(directory, name)).FirstOrDefault(File.Exists);
    }
}
