using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Platform.AppHost.Local.Dashboard;

/// <summary>The files of the page, which are part of the assembly.</summary>
internal static class DashboardPage
{
    private static readonly Dictionary<string, (string File, string Type)> Files = new(StringComparer.Ordinal)
    {
        ["/"] = ("index.html", "text/html; charset=utf-8"),
        ["/dashboard.css"] = ("dashboard.css", "text/css; charset=utf-8"),
        ["/dashboard.js"] = ("dashboard.js", "text/javascript; charset=utf-8"),
        ["/favicon.svg"] = ("favicon.svg", "image/svg+xml"),
    };

    public static void MapDashboardPage(this IEndpointRouteBuilder routes)
    {
        foreach (var (path, (file, type)) in Files)
        {
            var content = Read(file);
            routes.MapGet(path, async (HttpContext context) =>
            {
                context.Response.ContentType = type;
                await context.Response.Body.WriteAsync(content, context.RequestAborted);
            });
        }
    }

    private static byte[] Read(string file)
    {
        using var stream = typeof(DashboardPage).Assembly.GetManifestResourceStream($"dashboard/{file}")
            ?? throw new InvalidOperationException($"The dashboard's {file} is not embedded.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
