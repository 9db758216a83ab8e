using Microsoft.EntityFrameworkCore;
using Platform.Api.Common.Accounts;
using Platform.Api.Common.Errors;
using Platform.Core.Data;

namespace Platform.Api.Execution.Storage;

/// <summary>Deletes the runs of organisations that go along with an account; those that the person asked for go with the account's row. The instance that works on one finds it gone.</summary>
internal sealed class ExecutionsRemoval : IAccountRemoval
{
    public Task<ErrorResult?> FindObstacleAsync(PlatformDbContext database, Guid userId, CancellationToken cancellationToken) => Task.FromResult<ErrorResult?>(null);

    public async Task<Func<CancellationToken, Task>?> RemoveAsync(PlatformDbContext database, LeavingAccount account, CancellationToken cancellationToken)
    {
        await database.Executions.Where(row => account.Owners.Contains(row.OwnerId)).ExecuteDeleteAsync(cancellationToken);
        return null;
    }
}
