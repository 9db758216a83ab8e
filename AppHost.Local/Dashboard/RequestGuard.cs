using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Platform.AppHost.Local.Dashboard;

/// <summary>
/// Lets only this machine's own dashboard page and tools in. A page of another site can reach a loopback port: by a name of its own
/// that it lets point to 127.0.0.1 (the Host header tells), or by a cross-site request (the Origin and the fetch metadata tell).
/// </summary>
internal sealed class RequestGuard(RequestDelegate next, int port)
{
    /// <summary>A header that a form or a link of another site cannot send, and a script of one only after a preflight that is not answered.</summary>
    public const string CommandHeader = "X-Dashboard-Request";

    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private readonly HashSet<string> _hosts = new[] { "localhost", "127.0.0.1", "[::1]" }
        .Select(host => string.Create(CultureInfo.InvariantCulture, $"{host}:{port}"))
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    public async Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";

        var refusal = Refuse(context.Request);
        if (refusal is null && context.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address))
            refusal = "The dashboard answers this machine only.";
        if (refusal is not null)
        {
            await Errors.WriteAsync(context.Response, StatusCodes.Status403Forbidden, "FORBIDDEN", refusal);
            return;
        }

        await next(context);
    }

    private string? Refuse(HttpRequest request)
    {
        if (!_hosts.Contains(request.Host.Value ?? "")) return "The dashboard answers under its own address only.";

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            // A link from elsewhere may open the page; nothing else of another site may load anything.
            var opensPage = request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Path == "/";
            return site is "cross-site" or "same-site" && !opensPage ? "Requests of other sites are not answered." : null;
        }

        if (request.Headers[HeaderNames.Origin] != $"http://{request.Host.Value}") return "The Origin header is not the dashboard's.";
        return request.Headers.ContainsKey(CommandHeader) ? null : $"The header {CommandHeader} is missing.";
    }
}
