using System.Text;

namespace Platform.Api.Execution;

/// <summary>Which names files of a run may have: nothing that leaves the work directory, or that two systems read differently.</summary>
internal static class FileNames
{
    public const int MaxBytes = 255;
    public const int MaxDepth = 16;

    /// <summary>Why a file must not be called so; null when it may.</summary>
    public static string? Refuse(string name)
    {
        if (name.Length == 0) return "A file has no name.";
        if (name.Length > MaxBytes || Encoding.UTF8.GetByteCount(name) > MaxBytes) return $"A name is longer than {MaxBytes} bytes.";
        if (name.Any(char.IsControl)) return "A name contains a control character.";
        if (name.Contains('\\', StringComparison.Ordinal)) return "A name contains a backslash; folders are separated by '/'.";
        if (name[0] == '/') return "A name is absolute.";
        if (HasLoneSurrogate(name)) return "A name is not valid Unicode.";
        var segments = name.Split('/');
        if (segments.Length > MaxDepth) return $"A name is more than {MaxDepth} folders deep.";
        if (segments.Any(segment => segment.Length == 0)) return "A name contains an empty folder.";
        // "-o" and its like would be an option of the compiler.
        if (name[0] == '-') return "A name starts with '-'.";
        return segments.Any(segment => segment is "." or "..") ? "A name contains '.' or '..'." : null;
    }

    /// <summary>Why these names do not fit together; null when they do.</summary>
    public static string? RefuseTogether(IReadOnlyCollection<string> names)
    {
        var files = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (!files.Add(name)) return $"Two files are called '{name}'.";
        }

        foreach (var name in names)
        {
            for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
            {
                if (files.Contains(name[..slash])) return $"'{name[..slash]}' is both a file and a folder.";
            }
        }

        return null;
    }

    private static bool HasLoneSurrogate(string name)
    {
        for (var index = 0; index < name.Length; index++)
        {
            if (!char.IsSurrogate(name[index])) continue;
            if (index + 1 == name.Length || !char.IsSurrogatePair(name, index)) return true;
            index++;
        }

        return false;
    }
}
