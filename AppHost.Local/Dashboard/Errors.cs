using Microsoft.AspNetCore.Http;

namespace Platform.AppHost.Local.Dashboard;

/// <summary>The error envelope of the platform.</summary>
internal static class Errors
{
    public static Task WriteAsync(HttpResponse response, int statusCode, string code, string message)
    {
        response.StatusCode = statusCode;
        return response.WriteAsJsonAsync(new { error = new { code, message, statusCode, details = (object?)null } }, response.HttpContext.RequestAborted);
    }
}
