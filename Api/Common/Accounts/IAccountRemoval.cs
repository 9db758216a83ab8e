using Platform.Api.Common.Errors;
using Platform.Core.Data;

namespace Platform.Api.Common.Accounts;

/// <summary>A feature's part in the deletion of an account. All parts run in one transaction, after which the account's row goes, and what refers to it.</summary>
internal interface IAccountRemoval
{
    /// <summary>Why the account cannot be deleted now, or null.</summary>
    Task<ErrorResult?> FindObstacleAsync(PlatformDbContext database, Guid userId, CancellationToken cancellationToken);

    /// <summary>Removes or anonymises what the feature keeps of the account. May run again when the connection broke.</summary>
    /// <returns>
    /// What is to be done once it is committed, such as telling others or deleting what knows no transaction; null: nothing. It is tried again
    /// when it fails.
    /// </returns>
    Task<Func<CancellationToken, Task>?> RemoveAsync(PlatformDbContext database, LeavingAccount account, CancellationToken cancellationToken);
}

/// <summary>An account that is being deleted.</summary>
/// <param name="Id">The account.</param>
/// <param name="Email">Its address.</param>
/// <param name="Organizations">Those that nobody else is a member of: they go along with all they own.</param>
internal sealed record LeavingAccount(Guid Id, string Email, IReadOnlyList<Guid> Organizations)
{
    /// <summary>Whose things go.</summary>
    public IReadOnlyList<Guid> Owners { get; } = [Id, .. Organizations];
}
