using System.Net;
using Microsoft.Extensions.Options;
using Platform.Api.Common.Http;

namespace Platform.Api.Execution.Callbacks;

/// <summary>Which addresses may be called back.</summary>
internal sealed class CallbackAddresses(IOptions<CallbackOptions> options, IHostEnvironment environment)
{
    private const int MaxLength = 2000;

    public bool AllowPrivate { get; } = options.Value.AllowPrivateHosts ?? environment.IsDevelopment();

    /// <summary>Why the address is refused; null when it is not. What a name resolves to is looked at when it is called.</summary>
    public string? Refuse(string? url)
    {
        if (string.IsNullOrEmpty(url) || url.Length > MaxLength || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return "Give an http or https address.";
        if (uri.UserInfo.Length > 0) return "An address carries no user name or password.";
        if (AllowPrivate) return null;
        var isPrivate = IPAddress.TryParse(uri.DnsSafeHost, out var address)
            ? !PublicAddresses.Contains(address)
            : uri.IsLoopback || !uri.DnsSafeHost.Contains('.', StringComparison.Ordinal) || uri.DnsSafeHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        return isPrivate ? "This is no address of the open internet." : null;
    }
}
