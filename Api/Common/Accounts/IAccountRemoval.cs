using Platform.Api.Common.Errors;
using Platform.Core.Data;

namespace Platform.Api.Common.Accounts;

/// <summary>A feature's part in the deletion of an account. All parts run in one transaction, after which the account's row goes, and what refers to it.</summary>
internal interface IAccountRemoval
{
    /// <summary>Why the account cannot be deleted now, or null.</summary>
    Task<ErrorResult?> FindObstacleAsync(PlatformDbContext database, Guid userId, CancellationToken cancellationToken);

    /// <summary>Removes or anonymises what the feature keeps of the account. May run again when the connection broke.</summary>
    /// <returns>What is to be done once it is committed, such as telling others; null: nothing.</returns>
    Task<Func<CancellationToken, Task>?> RemoveAsync(PlatformDbContext database, Guid userId, CancellationToken cancellationToken);
}
