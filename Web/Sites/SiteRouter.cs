using Platform.Core.Artifacts;

namespace Platform.Web.Sites;

/// <summary>How a path of a site is answered.</summary>
internal readonly record struct SiteAnswer(SiteAnswerKind Kind, SiteFile? File, string? Path);

internal enum SiteAnswerKind
{
    /// <summary>The file, 200.</summary>
    File,

    /// <summary>A directory without its slash: to <see cref="SiteAnswer.Path"/>.</summary>
    Redirect,

    /// <summary>The site's own 404 page.</summary>
    CustomNotFound,

    /// <summary>Nothing of the site fits.</summary>
    NotFound,
}

/// <summary>Finds the file of a path by looking it up in the manifest: a path that is not listed cannot reach anything.</summary>
internal static class SiteRouter
{
    private const string Index = "index.html";
    private const string NotFoundPage = "404.html";

    /// <param name="manifest">What the deployment published.</param>
    /// <param name="path">The decoded request path, with its leading slash.</param>
    public static SiteAnswer Route(SiteManifest manifest, string path)
    {
        var key = path.TrimStart('/');
        if (key.Length == 0 || key.EndsWith('/'))
        {
            if (manifest.Files.TryGetValue(key + Index, out var index)) return Answer(index, key + Index);
        }
        else if (manifest.Files.TryGetValue(key, out var file))
        {
            return Answer(file, key);
        }
        else if (manifest.Files.ContainsKey(key + "/" + Index))
        {
            return new SiteAnswer(SiteAnswerKind.Redirect, null, "/" + key + "/");
        }
        else if (manifest.Files.TryGetValue(key + ".html", out var page))
        {
            return Answer(page, key + ".html");
        }

        return Fallback(manifest, key);
    }

    private static SiteAnswer Fallback(SiteManifest manifest, string key)
    {
        // A missing script that answers with a page shows as a syntax error in the browser: only paths that look like pages fall back.
        if (manifest.SpaFallback && !Path.HasExtension(key) && manifest.Files.TryGetValue(Index, out var index)) return Answer(index, Index);
        return manifest.Files.TryGetValue(NotFoundPage, out var page)
            ? new SiteAnswer(SiteAnswerKind.CustomNotFound, page, NotFoundPage)
            : new SiteAnswer(SiteAnswerKind.NotFound, null, null);
    }

    private static SiteAnswer Answer(SiteFile file, string path) => new(SiteAnswerKind.File, file, path);
}
