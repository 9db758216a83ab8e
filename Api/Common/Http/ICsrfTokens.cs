namespace Platform.Api.Common.Http;

/// <summary>The tokens that a page sends with changes by cookie; the accounts feature makes them.</summary>
internal interface ICsrfTokens
{
    /// <summary>Whether <paramref name="text"/> is the token of this session.</summary>
    bool IsCsrfToken(Guid sessionId, string text);
}

/// <summary>Cookies that several parts of the Api know by name.</summary>
internal static class CookieNames
{
    /// <summary>The access token; with the prefix <see cref="HostPrefix"/> wherever cookies are sent over https only.</summary>
    public const string AccessToken = "access_token";

    /// <summary>Browsers take a cookie of such a name only over https, for this host alone and its whole path: no neighbour can plant one.</summary>
    public const string HostPrefix = "__Host-";

    /// <summary>The same, for a cookie that is bound to a path.</summary>
    public const string SecurePrefix = "__Secure-";
}
