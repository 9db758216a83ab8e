namespace Platform.Api.Common.Access;

/// <summary>A kind of thing that belongs to owners. Register one for each kind: an organisation that still owns something is not deleted.</summary>
internal interface IOwnedResources
{
    /// <summary>What people call it, plural.</summary>
    string Kind { get; }

    Task<long> CountAsync(Guid ownerId, CancellationToken cancellationToken);
}
