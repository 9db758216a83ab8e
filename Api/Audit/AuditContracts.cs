namespace Platform.Api.Audit;

/// <param name="Actor">The account that acted.</param>
/// <param name="Action">A word such as <c>session.started</c>, or its beginning: <c>session.</c></param>
/// <param name="Target">The id of what it was done to.</param>
/// <param name="From">Not before.</param>
/// <param name="To">Before.</param>
/// <param name="Cursor">The nextCursor of the page before.</param>
/// <param name="Limit">Up to 100, else 50.</param>
internal sealed record AuditQuery(Guid? Actor, string? Action, string? Target, DateTimeOffset? From, DateTimeOffset? To, string? Cursor, int? Limit);

/// <param name="NextCursor">For the next page; null: this is the last one.</param>
internal sealed record AuditListResponse(IReadOnlyList<AuditEventResponse> Events, string? NextCursor);

/// <param name="Owner">The person or organisation that it concerns beside the actor.</param>
/// <param name="IpAddress">Where it came from; of what others did to one's own account it is not shown.</param>
internal sealed record AuditEventResponse(
    Guid Id,
    DateTimeOffset Timestamp,
    string Action,
    AuditActorResponse? Actor,
    string? TargetType,
    string? TargetId,
    Guid? Owner,
    string? IpAddress,
    string? UserAgent,
    IReadOnlyDictionary<string, string?> Details);

/// <param name="Name">Null: the account is gone.</param>
internal sealed record AuditActorResponse(Guid Id, string? Name, string? Email);
