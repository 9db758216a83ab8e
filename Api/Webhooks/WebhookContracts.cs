namespace Platform.Api.Webhooks;

/// <param name="Url">Where to.</param>
/// <param name="Events">What is told: <c>deployment.queued</c>, <c>.building</c>, <c>.succeeded</c>, <c>.failed</c>, <c>.cancelled</c>, <c>.promoted</c>.</param>
/// <param name="AllProjects">Told of all projects of the owner, later ones as well; else of this one.</param>
internal sealed record CreateWebhookRequest(string? Url, IReadOnlyList<string>? Events, bool? AllProjects);

/// <param name="Enabled">Switching it on again forgets how long it has failed.</param>
internal sealed record UpdateWebhookRequest(string? Url, IReadOnlyList<string>? Events, bool? Enabled);

internal sealed record WebhookListResponse(IReadOnlyList<WebhookResponse> Webhooks);

/// <param name="FailingSince">The first failure since the last success.</param>
/// <param name="DisabledAt">When it was switched off because it had failed for so long.</param>
internal sealed record WebhookResponse(
    Guid Id,
    string Url,
    IReadOnlyList<string> Events,
    bool AllProjects,
    bool Enabled,
    DateTimeOffset? FailingSince,
    DateTimeOffset? DisabledAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <param name="Secret">The key of the signature; not shown again.</param>
internal sealed record WebhookSecretResponse(string Secret, WebhookResponse Webhook);

/// <param name="Cursor">The nextCursor of the page before.</param>
/// <param name="Limit">Up to 100, else 20.</param>
internal sealed record WebhookDeliveryQuery(string? Cursor, int? Limit);

internal sealed record WebhookDeliveryListResponse(IReadOnlyList<WebhookDeliveryResponse> Deliveries, string? NextCursor);

/// <param name="State"><c>pending</c>, <c>delivered</c> or <c>failed</c>.</param>
/// <param name="ResponseStatus">The status of the last answer.</param>
/// <param name="DurationMs">How long the last attempt took.</param>
/// <param name="Payload">The body that was signed.</param>
/// <param name="RedeliveryOf">The delivery that this one repeats.</param>
internal sealed record WebhookDeliveryResponse(
    Guid Id,
    string Event,
    string State,
    int Attempts,
    int? ResponseStatus,
    int? DurationMs,
    string? Error,
    string Payload,
    Guid? RedeliveryOf,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? CompletedAt,
    DateTimeOffset Timestamp);

/// <summary>What a receiver is sent.</summary>
/// <param name="Deployment">Null in a test.</param>
internal sealed record WebhookPayload(string Event, DateTimeOffset Timestamp, WebhookProject Project, WebhookDeployment? Deployment);

internal sealed record WebhookProject(Guid Id, string Name, string Slug, string Repository);

/// <param name="Status">As it was when it happened.</param>
/// <param name="BuildDuration">Seconds.</param>
internal sealed record WebhookDeployment(
    Guid Id,
    string Status,
    string Branch,
    string Environment,
    string? CommitHash,
    string? CommitMessage,
    string? Author,
    string? Url,
    int? BuildDuration,
    string? ErrorCode,
    string? ErrorMessage,
    DateTimeOffset CreatedAt);

/// <summary>Something that webhooks may ask for.</summary>
/// <param name="Key">The same for the same happening, which is told once.</param>
internal sealed record WebhookHappening(string Event, string Key, Guid OwnerId, Guid ProjectId);
