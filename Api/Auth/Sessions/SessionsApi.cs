using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.Sessions;

/// <summary>The devices that are signed in.</summary>
internal static class SessionsApi
{
    public static void Map(IEndpointRouteBuilder auth)
    {
        var group = auth.MapGroup("/sessions").RequireAuthorization();
        group.MapGet("", ListSessionsAsync).WithName("listSessions").WithSummary("Where the account is signed in, last seen first.");
        group.MapDelete("", EndOtherSessionsAsync).WithName("endOtherSessions").WithSummary("Signs all other devices out.");
        group.MapDelete("/{id:guid}", EndSessionAsync).WithName("endSession").WithSummary("Signs one device out.");
    }

    private static async Task<Ok<SessionListResponse>> ListSessionsAsync(
        CurrentUser caller, SessionService sessions, CancellationToken cancellationToken)
    {
        var rows = await sessions.ListAsync(caller.Id, cancellationToken);
        return TypedResults.Ok(new SessionListResponse([.. rows.Select(row => Describe(row, caller))]));
    }

    private static async Task<Ok<SessionsEndedResponse>> EndOtherSessionsAsync(
        CurrentUser caller, SessionService sessions, CancellationToken cancellationToken) =>
        TypedResults.Ok(new SessionsEndedResponse(await sessions.EndAllAsync(caller.Id, caller.SessionId, cancellationToken)));

    private static async Task<Results<NoContent, ErrorResult>> EndSessionAsync(
        Guid id, CurrentUser caller, SessionService sessions, AuthCookies cookies, HttpContext context, CancellationToken cancellationToken)
    {
        if (!await sessions.EndAsync(caller.Id, id, cancellationToken)) return ApiErrors.NotFound("SESSION_NOT_FOUND", $"Session with ID '{id}' not found");
        if (id == caller.SessionId) cookies.Clear(context.Response);
        return TypedResults.NoContent();
    }

    private static DeviceSessionResponse Describe(Session row, CurrentUser caller) =>
        new(row.Id, DeviceNames.Describe(row.UserAgent), row.IpAddress, row.Id == caller.SessionId, row.CreatedAt, row.LastSeenAt, row.ExpiresAt);
}

internal sealed record SessionListResponse(IReadOnlyList<DeviceSessionResponse> Sessions);

/// <param name="Device">Browser and system, for people.</param>
/// <param name="Current">Whether it is the one that asks.</param>
internal sealed record DeviceSessionResponse(
    Guid Id, string Device, string? IpAddress, bool Current, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt);

/// <param name="Ended">How many devices were signed out.</param>
internal sealed record SessionsEndedResponse(int Ended);
