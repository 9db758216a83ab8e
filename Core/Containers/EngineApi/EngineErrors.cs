using System.Net;
using System.Text.Json;

namespace Platform.Core.Containers.EngineApi;

/// <summary>The engine's refusals in the seam's terms.</summary>
internal static class EngineErrors
{
    public static ContainerEngineException Create(HttpStatusCode status, string body)
    {
        var kind = status switch
        {
            HttpStatusCode.BadRequest => ContainerEngineError.Invalid,
            HttpStatusCode.NotFound => ContainerEngineError.NotFound,
            // 403 is a network that still has containers.
            HttpStatusCode.Conflict or HttpStatusCode.Forbidden => ContainerEngineError.Conflict,
            HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => ContainerEngineError.Unavailable,
            _ => ContainerEngineError.Failed,
        };
        return new ContainerEngineException(kind, Message(body) ?? $"The engine answered {(int)status}.");
    }

    private static string? Message(string body)
    {
        try
        {
            var message = JsonSerializer.Deserialize(body, EngineJson.Default.EngineMessage)?.Message;
            return string.IsNullOrWhiteSpace(message) ? null : message;
        }
        catch (JsonException)
        {
            // A proxy in between, or plain text.
            return string.IsNullOrWhiteSpace(body) ? null : body.Trim();
        }
    }
}
