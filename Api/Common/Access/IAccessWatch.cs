namespace Platform.Api.Common.Access;

/// <summary>For what outlives the request that was allowed, such as an open stream: whether it still would be.</summary>
internal interface IAccessWatch
{
    /// <summary>Looks afresh: the session or token still lives, the account is open, and it may do this with things of this owner. Ask every few seconds.</summary>
    Task<bool> IsStillAllowedAsync(CurrentUser user, Guid ownerId, AccessAction action, CancellationToken cancellationToken);
}
