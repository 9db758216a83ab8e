using System.Diagnostics.CodeAnalysis;

namespace Platform.Core.Deployments;

/// <summary>A directory inside a repository, as users give it.</summary>
public static class RelativePath
{
    /// <summary>As wide as the columns it is stored in.</summary>
    public const int MaxLength = 255;

    /// <summary>Brings a path into the form <c>a/b</c>; empty is the root. Refuses what leaves the repository or enters <c>.git</c>.</summary>
    public static bool TryNormalize(string? path, [NotNullWhen(true)] out string? normalized)
    {
        normalized = null;
        path = path?.Trim() ?? "";
        if (path.Length > MaxLength || path.Any(char.IsControl) || path.Contains('\\', StringComparison.Ordinal)) return false;
        if (path.StartsWith('/')) return false;
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToArray();
        if (parts.Any(part => part == ".." || part.Equals(".git", StringComparison.OrdinalIgnoreCase))) return false;
        normalized = string.Join('/', parts);
        return true;
    }
}
