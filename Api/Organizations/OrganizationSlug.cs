using System.Security.Cryptography;
using System.Text;

namespace Platform.Api.Organizations;

/// <summary>The name of an organisation in addresses.</summary>
internal static class OrganizationSlug
{
    public const int MaxLength = 39;

    private const string Suffixes = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int SuffixLength = 5;

    // What stands, or may come to stand, where the name of an owner does.
    private static readonly HashSet<string> Reserved =
    [
        "admin", "api", "app", "apps", "auth", "docs", "help", "login", "logout", "me", "new", "organizations", "register", "settings", "signup",
        "status", "support", "user", "users", "www",
    ];

    public static bool IsValid(string slug) =>
        slug.Length is > 0 and <= MaxLength && slug.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
        && slug[0] != '-' && slug[^1] != '-' && !slug.Contains("--", StringComparison.Ordinal) && !Reserved.Contains(slug);

    /// <summary>Made from a name; always valid.</summary>
    public static string From(string name)
    {
        var slug = new StringBuilder(MaxLength);
        foreach (var character in name.ToLowerInvariant())
        {
            if (slug.Length == MaxLength - SuffixLength - 1) break;
            if (char.IsAsciiLetterOrDigit(character)) slug.Append(character);
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }

        var result = slug.ToString().Trim('-');
        return IsValid(result) ? result : WithSuffix(result.Length == 0 ? "team" : result);
    }

    /// <summary>The same with a random ending, for when the plain form is taken.</summary>
    public static string WithSuffix(string slug) =>
        $"{slug[..Math.Min(slug.Length, MaxLength - SuffixLength - 1)].TrimEnd('-')}-{RandomNumberGenerator.GetString(Suffixes, SuffixLength)}";
}
