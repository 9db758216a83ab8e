using System.Linq.Expressions;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Audit;

/// <summary>Reads the audit log, newest first, from a cursor on.</summary>
internal sealed class AuditQueries(PlatformDbContext database)
{
    private const string UserTarget = "user";

    /// <summary>What the account did, and what was done to it. Where others acted from is theirs to know.</summary>
    public Task<AuditListResponse> ListOwnAsync(Guid userId, AuditQuery query, CancellationToken cancellationToken)
    {
        var target = userId.ToString();
        return ListAsync(
            entry => entry.ActorId == userId || (entry.TargetId == target && entry.TargetType == UserTarget),
            query,
            row => row.Event.ActorId is { } actor && actor != userId,
            cancellationToken);
    }

    public Task<AuditListResponse> ListOfOrganizationAsync(Guid organizationId, AuditQuery query, CancellationToken cancellationToken) =>
        ListAsync(entry => entry.OwnerId == organizationId, query, _ => false, cancellationToken);

    public Task<AuditListResponse> ListAllAsync(AuditQuery query, CancellationToken cancellationToken) =>
        ListAsync(_ => true, query, _ => false, cancellationToken);

    private async Task<AuditListResponse> ListAsync(
        Expression<Func<AuditEvent, bool>> visible, AuditQuery query, Func<Row, bool> isVeiled, CancellationToken cancellationToken)
    {
        var limit = query.Limit ?? AuditQueryValidator.DefaultLimit;
        var found = Filter(database.AuditEvents.AsNoTracking().Where(visible), query);
        if (TimeCursor.TryRead(query.Cursor, out var cursor))
        {
            var (at, id) = cursor;
            found = found.Where(entry => EF.Functions.LessThan(ValueTuple.Create(entry.CreatedAt, entry.Id), ValueTuple.Create(at, id)));
        }

        // One more than asked for tells whether there is a next page.
        var rows = await found.OrderByDescending(entry => entry.CreatedAt).ThenByDescending(entry => entry.Id).Take(limit + 1)
            .Select(entry => new Row(entry, database.Users.Where(user => user.Id == entry.ActorId).Select(user => new Actor(user.Name, user.Email)).FirstOrDefault()))
            .ToListAsync(cancellationToken);
        var page = rows.Take(limit).ToList();
        var next = rows.Count > limit ? new TimeCursor(page[^1].Event.CreatedAt, page[^1].Event.Id).ToString() : null;
        return new AuditListResponse([.. page.Select(row => ToResponse(row, isVeiled(row)))], next);
    }

    private static IQueryable<AuditEvent> Filter(IQueryable<AuditEvent> found, AuditQuery query)
    {
        if (query.Actor is { } actor) found = found.Where(entry => entry.ActorId == actor);
        if (query.Action is { Length: > 0 } action)
            found = action.EndsWith('.') ? found.Where(entry => entry.Action.StartsWith(action)) : found.Where(entry => entry.Action == action);
        if (query.Target is { Length: > 0 } target) found = found.Where(entry => entry.TargetId == target);
        // PostgreSQL's driver takes times in UTC only.
        if (query.From?.ToUniversalTime() is { } from) found = found.Where(entry => entry.CreatedAt >= from);
        if (query.To?.ToUniversalTime() is { } to) found = found.Where(entry => entry.CreatedAt < to);
        return found;
    }

    private static AuditEventResponse ToResponse(Row row, bool veiled) => new(
        row.Event.Id,
        row.Event.CreatedAt,
        row.Event.Action,
        row.Event.ActorId is { } id ? new AuditActorResponse(id, row.Actor?.Name, veiled ? null : row.Actor?.Email) : null,
        row.Event.TargetType,
        row.Event.TargetId,
        row.Event.OwnerId,
        veiled ? null : row.Event.IpAddress,
        veiled ? null : row.Event.UserAgent,
        JsonSerializer.Deserialize<Dictionary<string, string?>>(row.Event.Details) ?? []);

    private sealed record Row(AuditEvent Event, Actor? Actor);

    private sealed record Actor(string Name, string? Email);
}
