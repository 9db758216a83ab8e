using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;

namespace Platform.Api.Mail.Outbox;

/// <summary>The mails of a development installation as pages and as JSON: the inbox of whoever tries the platform.</summary>
internal static class MailOutboxApi
{
    private const string PageStyle = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    public static IEndpointRouteBuilder MapMailOutbox(this IEndpointRouteBuilder routes, IHostEnvironment environment)
    {
        if (!environment.IsDevelopment()) return routes;
        var group = routes.MapGroup("/api/dev/outbox").WithTags("Development").AllowAnonymous().ExcludeFromDescription().AddEndpointFilter(AdmitAsync);
        group.MapGet("", ListAsync).WithName("listOutbox").WithSummary("The newest mails, as a page or as JSON.");
        group.MapGet("/{id:guid}", ShowAsync).WithName("showOutboxMail").WithSummary("One mail as it looks.");
        return routes;
    }

    private static async Task<IResult> ListAsync(MailOutbox outbox, HttpContext context, CancellationToken cancellationToken)
    {
        var mails = await outbox.ListAsync(cancellationToken);
        var wantsPage = context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        return wantsPage ? Page(context, PageStyle, List(mails)) : TypedResults.Ok(new OutboxResponse(mails));
    }

    private static async Task<Results<ContentHttpResult, ErrorResult>> ShowAsync(
        Guid id, MailOutbox outbox, HttpContext context, CancellationToken cancellationToken) =>
        await outbox.FindHtmlAsync(id, cancellationToken) is { } html
            // The sandbox: were there a script or a form in it, it could do nothing here; its links open elsewhere.
            ? Page(context, $"{PageStyle}; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation", html)
            : ApiErrors.NotFound("MAIL_NOT_FOUND", "There is no such mail any more.");

    private static ContentHttpResult Page(HttpContext context, string policy, string html)
    {
        context.Features.Set<IPagePolicy>(new PagePolicy(policy));
        return TypedResults.Content(html, "text/html; charset=utf-8");
    }

    /// <summary>
    /// For administrators, and for whoever sits at this machine: a connection from loopback that no proxy forwarded, to a host name that is
    /// loopback's (a page elsewhere cannot make its own name point here).
    /// </summary>
    private static async ValueTask<object?> AdmitAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var here = http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && !http.Request.Headers.Keys.Any(name => name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase))
            && http.Request.Host.Host is "localhost" or "127.0.0.1" or "[::1]";
        return here || CurrentUser.From(http.User) is { IsAdmin: true }
            ? await next(context)
            : ApiErrors.NotFound(ErrorCodes.NotFound, "There is nothing at this address.");
    }

    private static string List(IReadOnlyList<OutboxMailResponse> mails)
    {
        var rows = new StringBuilder();
        foreach (var mail in mails)
        {
            rows.Append("<tr><td>").Append(Encode(mail.CreatedAt.ToString("u"))).Append("</td><td>").Append(Encode(mail.To))
                .Append("</td><td><a href=\"/api/dev/outbox/").Append(mail.Id).Append("\">").Append(Encode(mail.Subject))
                .Append("</a></td><td>").Append(Encode(mail.State)).Append("</td></tr>\n");
        }

        return $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <title>Outbox</title>
            <style>
            body { font-family: system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #1a1d23; }
            table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .5rem; border-bottom: 1px solid #dfe2e8; }
            </style>
            </head>
            <body>
            <main>
            <h1>Outbox</h1>
            <p>Mails of this development installation, newest first.</p>
            <table>
            <thead><tr><th scope="col">Written</th><th scope="col">To</th><th scope="col">Subject</th><th scope="col">State</th></tr></thead>
            <tbody>
            {{rows}}</tbody>
            </table>
            </main>
            </body>
            </html>
            """;
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
