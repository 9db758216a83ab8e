using Platform.Core.Deployments;

namespace Platform.BuildWorker.Sources;

/// <summary>What is to be checked out, and for whom.</summary>
/// <param name="Source">Where it is.</param>
/// <param name="Branch">Which branch.</param>
/// <param name="OwnerId">Whose deployment it is: an uploaded archive must be theirs.</param>
/// <param name="UserId">Who asked for it: their connected account opens private repositories.</param>
/// <param name="Submodules">Check out submodules, too.</param>
/// <param name="Commit">This commit; null: the branch's latest.</param>
internal sealed record CheckoutRequest(RepositorySource Source, string Branch, Guid OwnerId, Guid UserId, bool Submodules, string? Commit = null);
