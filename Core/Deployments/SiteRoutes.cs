using Microsoft.AspNetCore.WebUtilities;
using Platform.Core.Artifacts;

namespace Platform.Core.Deployments;

/// <summary>How a path of a site is answered.</summary>
/// <param name="Kind">What the other values mean.</param>
/// <param name="Target">The file's path in the manifest, or where the visitor is sent.</param>
/// <param name="Status">The status of the answer.</param>
public readonly record struct SiteAnswer(SiteAnswerKind Kind, string? Target, int Status)
{
    internal static SiteAnswer Of(string file, int status = 200) => new(SiteAnswerKind.File, file, status);
}

public enum SiteAnswerKind
{
    /// <summary>Nothing of the site fits.</summary>
    NotFound,

    /// <summary>The file, with the status.</summary>
    File,

    /// <summary>Elsewhere, ready for a header.</summary>
    Redirect,
}

/// <summary>
/// Finds the file of a path by looking it up in the manifest: a path that is not listed cannot reach anything. The sites host answers by it,
/// and the check of a publication asks it the same questions.
/// </summary>
public sealed class SiteRoutes(SiteManifest manifest, SiteRedirects redirects, bool spaFallback)
{
    /// <summary>The page of a directory.</summary>
    public const string Index = "index.html";

    private const string NotFoundPage = "404.html";
    private const string PageExtension = ".html";
    private const int PermanentRedirect = 308;

    /// <summary>What was published.</summary>
    public SiteManifest Manifest => manifest;

    /// <summary>Some rule wins over files, so that a path alone does not tell its answer.</summary>
    public bool HasForcedRules => redirects.HasForced;

    /// <param name="path">The decoded request path, with its leading slash.</param>
    /// <param name="query">The query with its question mark, or nothing.</param>
    public SiteAnswer Route(string path, string query)
    {
        if (redirects.HasForced && Apply(path, query, forced: true) is { } forced) return forced;
        if (FindFile(path) is { } file) return file with { Target = file.Kind == SiteAnswerKind.Redirect ? file.Target + query : file.Target };
        if (redirects.Rules.Count > 0 && Apply(path, query, forced: false) is { } redirected) return redirected;

        // A missing script that answers with a page shows as a syntax error in the browser: only paths that look like pages fall back.
        if (spaFallback && !Path.HasExtension(path) && manifest.Files.ContainsKey(Index)) return SiteAnswer.Of(Index);
        return NotFound();
    }

    /// <summary>The file of a path or the address that it really has; null when the site has none.</summary>
    private SiteAnswer? FindFile(string path)
    {
        var key = path.TrimStart('/');
        if (key is SiteRedirects.FileName or SiteHeaders.FileName) return null;
        if (key.Length == 0 || key.EndsWith('/'))
        {
            if (manifest.Files.ContainsKey(key + Index)) return SiteAnswer.Of(key + Index);
            var page = key.TrimEnd('/');
            return page.Length > 0 && manifest.Files.ContainsKey(page + PageExtension) ? Redirect("/" + Escape(page)) : null;
        }

        if (manifest.Files.ContainsKey(key)) return SiteAnswer.Of(key);
        if (manifest.Files.ContainsKey(key + "/" + Index)) return Redirect("/" + Escape(key) + "/");
        return manifest.Files.ContainsKey(key + PageExtension) ? SiteAnswer.Of(key + PageExtension) : null;
    }

    private SiteAnswer? Apply(string path, string query, bool forced)
    {
        foreach (var rule in redirects.Rules)
        {
            if (rule.Force != forced || !rule.From.Matches(path, out var captures) || !MatchesQuery(rule, query, ref captures)) continue;
            if (rule.IsRewrite)
            {
                var target = Fill(rule.To.Split('?', '#')[0], captures, escape: false);
                if (FindFile(Uri.UnescapeDataString(target)) is { Kind: SiteAnswerKind.File } file) return file with { Status = rule.Status };
                if (FindFile(Uri.UnescapeDataString(target) + "/") is { Kind: SiteAnswerKind.File } index) return index with { Status = rule.Status };
                return NotFound();
            }

            var location = SameSite(Fill(rule.To, captures, escape: true));
            // A rule that leads to the very path it came from would never end.
            if (location.Split('?', '#')[0].TrimEnd('/') == Escape(path.TrimStart('/')).Insert(0, "/").TrimEnd('/')) continue;
            if (rule.Query.Count == 0 && !location.Contains('?', StringComparison.Ordinal)) location = WithQuery(location, query);
            return new SiteAnswer(SiteAnswerKind.Redirect, location, rule.Status);
        }

        return null;
    }

    private static bool MatchesQuery(SiteRedirect rule, string query, ref Dictionary<string, string>? captures)
    {
        if (rule.Query.Count == 0) return true;
        var given = QueryHelpers.ParseQuery(query);
        foreach (var (name, value) in rule.Query)
        {
            if (!given.TryGetValue(name, out var values) || values is not [{ } actual, ..]) return false;
            if (value.StartsWith(':')) (captures ??= [])[value[1..]] = actual;
            else if (value != actual) return false;
        }

        return true;
    }

    private static string Fill(string target, Dictionary<string, string>? captures, bool escape)
    {
        if (captures is null || !target.Contains(':', StringComparison.Ordinal)) return target;
        return SiteRedirects.Placeholder().Replace(
            target, match => captures.TryGetValue(match.Groups["name"].Value, out var value) ? escape ? Escape(value) : value : match.Value);
    }

    /// <summary>What a visitor put into a path must not make another host's address of it: <c>//host</c>.</summary>
    private static string SameSite(string location) => location.StartsWith('/') ? "/" + location.TrimStart('/') : location;

    private static string WithQuery(string location, string query)
    {
        if (query.Length == 0) return location;
        var cut = location.IndexOf('#', StringComparison.Ordinal);
        return cut < 0 ? location + query : location[..cut] + query + location[cut..];
    }

    private static SiteAnswer Redirect(string location) => new(SiteAnswerKind.Redirect, location, PermanentRedirect);

    private SiteAnswer NotFound() => manifest.Files.ContainsKey(NotFoundPage) ? SiteAnswer.Of(NotFoundPage, 404) : new SiteAnswer(SiteAnswerKind.NotFound, null, 404);

    private static string Escape(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
