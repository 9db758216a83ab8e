using System.Net;
using System.Text.RegularExpressions;

namespace Platform.BuildWorker.Publishing;

/// <summary>A file that a page names.</summary>
/// <param name="Address">As the page writes it.</param>
/// <param name="Url">Where it leads.</param>
/// <param name="IsEssential">The page does not work without it: a script or a style sheet.</param>
internal sealed record PageAsset(string Address, Uri Url, bool IsEssential);

/// <summary>Finds the files that a page names. It reads what build tools write, not everything that a browser forgives.</summary>
internal static partial class PageAssets
{
    private const int MaxAssets = 500;
    private static readonly string[] EssentialLinks = ["stylesheet", "modulepreload"];
    private static readonly string[] OtherLinks = ["icon", "apple-touch-icon", "manifest", "preload", "prefetch"];

    /// <param name="html">The page.</param>
    /// <param name="page">Its own address.</param>
    public static IReadOnlyList<PageAsset> Find(string html, Uri page)
    {
        // What stands in comments and scripts only looks like tags.
        var markup = Unread().Replace(html, match => match.Groups["open"].Value);
        var assets = new List<PageAsset>();
        var origin = page;
        foreach (Match tag in Tag().Matches(markup))
        {
            var attributes = Attributes(tag.Groups["attributes"].Value);
            var name = tag.Groups["name"].Value;
            if (name.Equals("base", StringComparison.OrdinalIgnoreCase))
            {
                if (attributes.TryGetValue("href", out var href) && Uri.TryCreate(page, href, out var moved) && origin == page) origin = moved;
            }
            else
            {
                foreach (var (address, essential) in Read(name, attributes))
                {
                    if (address.Length > 0 && Uri.TryCreate(origin, address, out var url) && IsPage(url)) assets.Add(new PageAsset(address, url, essential));
                }
            }

            if (assets.Count >= MaxAssets) break;
        }

        // A script that is also loaded ahead is no less needed.
        return [.. assets.GroupBy(asset => asset.Url, (_, same) => same.MaxBy(asset => asset.IsEssential)!)];
    }

    private static bool IsPage(Uri url) => url.Scheme is "http" or "https";

    private static IEnumerable<(string Address, bool IsEssential)> Read(string tag, Dictionary<string, string> attributes)
    {
        if (tag.Equals("link", StringComparison.OrdinalIgnoreCase))
        {
            var kinds = attributes.GetValueOrDefault("rel", "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var essential = kinds.Intersect(EssentialLinks, StringComparer.OrdinalIgnoreCase).Any();
            if (!essential && !kinds.Intersect(OtherLinks, StringComparer.OrdinalIgnoreCase).Any()) yield break;
            if (attributes.TryGetValue("href", out var href)) yield return (href, essential);
        }
        else if (tag.Equals("object", StringComparison.OrdinalIgnoreCase))
        {
            if (attributes.TryGetValue("data", out var data)) yield return (data, false);
        }
        else
        {
            if (attributes.TryGetValue("src", out var source)) yield return (source, tag.Equals("script", StringComparison.OrdinalIgnoreCase));
            if (attributes.TryGetValue("poster", out var poster)) yield return (poster, false);
        }

        foreach (var set in new[] { "srcset", "imagesrcset" })
        {
            if (!attributes.TryGetValue(set, out var candidates)) continue;
            // An address may hold commas; one at its end belongs to the list. What describes a candidate stands behind white space.
            foreach (Match candidate in Candidate().Matches(candidates)) yield return (candidate.Groups["address"].Value, false);
        }
    }

    private static Dictionary<string, string> Attributes(string text)
    {
        var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Attribute().Matches(text))
            attributes.TryAdd(match.Groups["name"].Value, WebUtility.HtmlDecode(match.Groups["value"].Value.Trim('"', '\'')).Trim());
        return attributes;
    }

    [GeneratedRegex("<!--.*?-->|(?<open><script\\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*>).*?</script|(?<open><style\\b[^>]*>).*?</style", RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Unread();

    [GeneratedRegex("<(?<name>script|link|img|source|video|audio|embed|object|base)(?<attributes>(\\s|/)(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex("(?<name>[a-z][a-z0-9:-]*)\\s*=\\s*(?<value>\"[^\"]*\"|'[^']*'|[^\\s\"'>]+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Attribute();

    /// <summary>Of <c>srcset</c>, after "parse a srcset attribute" of the HTML standard.</summary>
    [GeneratedRegex("[\\s,]*(?<address>\\S*[^\\s,])(?:\\s[^,]*|,|$)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Candidate();
}
