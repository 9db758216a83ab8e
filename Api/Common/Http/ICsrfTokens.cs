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
    public const string AccessToken = "access_token";
}
