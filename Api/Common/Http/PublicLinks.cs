using Microsoft.Extensions.Options;

namespace Platform.Api.Common.Http;

/// <summary>Addresses of pages of the single-page application, for mails. Built from configuration, never from what a request says its host is.</summary>
internal sealed class PublicLinks(IOptions<PublicUrlOptions> options)
{
    public const string DevelopmentFrontend = "http://localhost:8080";

    /// <summary>A page that takes a secret. It stands behind <c>#</c>: browsers send that to no server, so that it is in no log and no referrer.</summary>
    public Uri ToPage(string path, string token) => new(ToPage(path) + "#token=" + Uri.EscapeDataString(token));

    public Uri ToPage(string path) => new(Base + "/" + path.TrimStart('/'));

    private string Base => (Given(options.Value.Frontend) ?? Given(options.Value.App) ?? DevelopmentFrontend).TrimEnd('/');

    private static string? Given(string? url) => string.IsNullOrEmpty(url) ? null : url;
}
