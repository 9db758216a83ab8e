namespace Platform.Core.Deployments;

/// <summary>The rules of <c>git check-ref-format --branch</c>, and none that starts with a dash.</summary>
public static class BranchName
{
    /// <summary>As wide as the column it is stored in.</summary>
    public const int MaxLength = 100;

    /// <summary>True when Git would accept the name for a branch.</summary>
    public static bool IsValid(string name)
    {
        if (name.Length is 0 or > MaxLength || name is "@" or "HEAD") return false;
        if (name[0] is '-' or '/' || name[^1] is '/' or '.') return false;
        if (name.Contains("..", StringComparison.Ordinal) || name.Contains("//", StringComparison.Ordinal) || name.Contains("@{", StringComparison.Ordinal)) return false;
        if (name.Any(character => character <= ' ' || character == 127 || "~^:?*[\\".Contains(character, StringComparison.Ordinal))) return false;
        return name.Split('/').All(part => part[0] != '.' && !part.EndsWith(".lock", StringComparison.Ordinal));
    }
}
