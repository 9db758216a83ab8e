using System.Collections.Frozen;

namespace Platform.Api.Auth.Passwords;

/// <summary>The passwords that are tried first, as far as they are long enough to be taken at all.</summary>
internal static class CommonPasswords
{
    private static readonly FrozenSet<string> Entries = Load();

    public static int Count => Entries.Count;

    public static bool Contains(string password) => Entries.Contains(password);

    private static FrozenSet<string> Load()
    {
        using var stream = typeof(CommonPasswords).Assembly.GetManifestResourceStream("common-passwords.txt")
            ?? throw new InvalidOperationException("The list of common passwords is not part of the build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase);
    }
}
