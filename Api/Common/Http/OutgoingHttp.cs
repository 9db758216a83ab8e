using System.Net;

namespace Platform.Api.Common.Http;

/// <summary>Calls to addresses that users name.</summary>
internal static class OutgoingHttp
{
    private const int MaxLength = 2000;

    /// <summary>Why the address is refused; null when it is not. What a name resolves to is looked at when it is called.</summary>
    public static string? Refuse(string? url, bool allowPrivate)
    {
        if (string.IsNullOrEmpty(url) || url.Length > MaxLength || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return "Give an http or https address.";
        if (uri.UserInfo.Length > 0) return "An address carries no user name or password.";
        if (allowPrivate) return null;
        var isPrivate = IPAddress.TryParse(uri.DnsSafeHost, out var address)
            ? !PublicAddresses.Contains(address)
            : uri.IsLoopback || !uri.DnsSafeHost.Contains('.', StringComparison.Ordinal) || uri.DnsSafeHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        return isPrivate ? "This is no address of the open internet." : null;
    }

    /// <summary>A client of its own: no proxy that could reach further, no redirect to where nobody has looked, no repetition but the caller's.</summary>
    public static HttpClient CreateClient(TimeSpan timeout, bool allowPrivate) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = timeout,
        MaxResponseHeadersLength = 16,
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        ConnectCallback = (context, cancellationToken) => PublicAddresses.ConnectAsync(context.DnsEndPoint, allowPrivate, cancellationToken),
    })
    {
        Timeout = timeout,
    };
}
