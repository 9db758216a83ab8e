using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data;
using Platform.Core.Deployments;

namespace Platform.Api.Deployments;

/// <summary>Makes the host-name label of a project from its name.</summary>
internal static class ProjectSlug
{
    private const string Suffixes = "abcdefghijkmnpqrstuvwxyz23456789";
    private const int SuffixLength = 5;
    private const int MaxBase = SiteAddresses.MaxSlugLength - SuffixLength - 1;
    private static readonly string[] Reserved = ["www", "api", "app", "admin", "mail", "status", "static", "cdn"];

    /// <summary>Lower-case letters, digits and single dashes; never empty.</summary>
    public static string From(string name)
    {
        var slug = new StringBuilder(MaxBase);
        foreach (var character in name.ToLowerInvariant())
        {
            if (slug.Length == MaxBase) break;
            if (char.IsAsciiLetterOrDigit(character)) slug.Append(character);
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }

        var result = slug.ToString().Trim('-');
        return result.Length == 0 ? "site" : result;
    }

    /// <summary>True when the plain form must not be given to a project.</summary>
    public static bool IsReserved(string slug) => Reserved.Contains(slug);

    /// <summary>The plain form, or one with a random ending where somebody has that. Saving can still collide.</summary>
    public static async Task<string> FindFreeAsync(PlatformDbContext database, string name, CancellationToken cancellationToken)
    {
        var slug = From(name);
        return IsReserved(slug) || await database.Projects.AnyAsync(project => project.Slug == slug, cancellationToken) ? WithSuffix(slug) : slug;
    }

    /// <summary>The same with a random ending, for when the plain form is taken.</summary>
    public static string WithSuffix(string slug) => $"{slug}-{RandomNumberGenerator.GetString(Suffixes, SuffixLength)}";
}
