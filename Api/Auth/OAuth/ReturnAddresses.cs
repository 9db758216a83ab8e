using Microsoft.AspNetCore.WebUtilities;
using Platform.Api.Common.Http;

namespace Platform.Api.Auth.OAuth;

/// <summary>Where a browser goes after it was at a provider: pages of the front end and nowhere else.</summary>
internal sealed class ReturnAddresses(PublicLinks links, AllowedOrigins origins)
{
    private const int Longest = 2000;

    /// <summary>Reads what the caller asked for: a path of the front end, or an address on an allowed origin. Null: it leads elsewhere.</summary>
    public string? Find(string? returnUrl, string otherwise)
    {
        if (string.IsNullOrEmpty(returnUrl)) return links.ToPage(otherwise).AbsoluteUri;
        if (returnUrl.Length > Longest || returnUrl.Any(character => char.IsControl(character) || character == '\\')) return null;
        // "//host" is an address without a scheme.
        if (returnUrl[0] == '/') return returnUrl.StartsWith("//", StringComparison.Ordinal) ? null : links.ToPage(returnUrl).AbsoluteUri;
        return Uri.TryCreate(returnUrl, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0
            && origins.Contains(address.GetLeftPart(UriPartial.Authority))
            ? address.AbsoluteUri
            : null;
    }

    public string Login(string error) => QueryHelpers.AddQueryString(links.ToPage("/login").AbsoluteUri, "error", error);

    public string LoginNotice(string notice) => QueryHelpers.AddQueryString(links.ToPage("/login").AbsoluteUri, "notice", notice);

    /// <summary>The login page with what its next step needs. It stands behind <c>#</c>, which browsers send to no server.</summary>
    public string LoginStep(params IReadOnlyList<KeyValuePair<string, string?>> values) =>
        links.ToPage("/login").AbsoluteUri + "#" + QueryString.Create(values).Value!.TrimStart('?');

    public static string With(string address, string name, string value) => QueryHelpers.AddQueryString(address, name, value);
}
