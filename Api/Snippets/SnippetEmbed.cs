using System.Net;
using System.Security.Cryptography;
using System.Text;
using Platform.Api.Snippets.Documents;

namespace Platform.Api.Snippets;

/// <summary>The page that other sites show in a frame: the code, its title and a link. It runs nothing.</summary>
internal static class SnippetEmbed
{
    private const string Style = """
        :root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif }
        body { margin: 0; padding: 12px; background: Canvas; color: CanvasText }
        header { display: flex; gap: 12px; justify-content: space-between; align-items: baseline; margin-bottom: 8px }
        h1 { font-size: 1rem; margin: 0; overflow-wrap: anywhere }
        h2 { font: 600 12px ui-monospace, monospace; margin: 12px 0 4px }
        pre { margin: 0; padding: 10px; overflow: auto; border: 1px solid GrayText; border-radius: 6px; font: 13px/1.45 ui-monospace, monospace; tab-size: 4 }
        """;

    /// <summary>Frames are allowed, everything else of the page's own is not; the style is named by its hash.</summary>
    public static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; frame-ancestors *; base-uri 'none'; form-action 'none'";

    public static string Page(Snippet snippet, string shareUrl)
    {
        var page = new StringBuilder();
        var title = WebUtility.HtmlEncode(snippet.Title);
        page.Append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<meta name=\"robots\" content=\"noindex\"><title>").Append(title).Append("</title><style>").Append(Style).Append("</style></head><body><header><h1>")
            .Append(title).Append("</h1><a target=\"_blank\" rel=\"noopener\" href=\"").Append(WebUtility.HtmlEncode(shareUrl)).Append("\">Open in Autostack</a></header>");
        foreach (var file in snippet.Files)
        {
            if (snippet.Files.Count > 1) page.Append("<h2>").Append(WebUtility.HtmlEncode(file.Name)).Append("</h2>");
            page.Append("<pre tabindex=\"0\" aria-label=\"").Append(WebUtility.HtmlEncode(file.Name)).Append("\"><code>").Append(WebUtility.HtmlEncode(file.Content)).Append("</code></pre>");
        }

        return page.Append("</body></html>").ToString();
    }
}
