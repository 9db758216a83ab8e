using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Audit;
using Platform.Core.Data;

namespace Platform.Api.Audit;

/// <summary>Writes to <c>audit_events</c> by the request's own connection, so that an act and its record are committed together.</summary>
internal sealed class AuditLog(PlatformDbContext database, IHttpContextAccessor requests, IEnumerable<IAuditObserver> observers, TimeProvider time) : IAuditLog
{
    public async Task RecordAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var request = requests.HttpContext;
        var id = Guid.CreateVersion7(now);
        var caller = request is null ? null : CurrentUser.From(request.User);
        Guid? session = caller is { Token: null } ? caller.SessionId : null;
        var address = Cut(request?.Connection.RemoteIpAddress?.ToString(), 64);
        var device = Cut(request?.Request.Headers.UserAgent.ToString(), 512);
        var details = JsonSerializer.Serialize(
            caller?.Token is { } key ? entry.Details.Append(new("apiToken", key.Id.ToString())).ToDictionary() : entry.Details);
        await database.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO audit_events (id, created_at, action, actor_id, owner_id, target_type, target_id, session_id, ip_address, user_agent, details)
             VALUES ({id}, {now}, {entry.Action}, {entry.ActorId}, {entry.OwnerId}, {entry.TargetType}, {entry.TargetId}, {session}, {address}, {device}, {details}::jsonb)
             """,
            cancellationToken);
        foreach (var observer in observers) await observer.ObserveAsync(entry, cancellationToken);
    }

    private static string? Cut(string? text, int length) =>
        text is { Length: > 0 } ? text[..Math.Min(text.Length, length)].Replace("\0", "", StringComparison.Ordinal) : null;
}
