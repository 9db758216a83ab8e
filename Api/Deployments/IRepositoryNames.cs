using Platform.Api.Common.Errors;

namespace Platform.Api.Deployments;

/// <summary>Looks repositories up in the connected account of whoever deploys.</summary>
internal interface IRepositoryNames
{
    /// <summary>
    /// For <c>owner/name</c> or a bare name of the connected account: where it is, or why it is not found. For an address: what GitHub knows about
    /// it, or null where nothing is known.
    /// </summary>
    Task<(NamedRepository? Found, ErrorResult? Problem)> FindAsync(Guid userId, string repository, CancellationToken cancellationToken);
}

/// <param name="Address">To be cloned from.</param>
/// <param name="GitHubId">GitHub's number of it, which the account has shown that it can read.</param>
internal sealed record NamedRepository(string Address, string GitHubId);
