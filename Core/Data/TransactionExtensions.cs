using Microsoft.EntityFrameworkCore;

namespace Platform.Core.Data;

public static class TransactionExtensions
{
    /// <summary>
    /// Runs the work in one transaction, again from its beginning when the connection breaks: it must do nothing that cannot be done twice
    /// except through this database. Joins the transaction that is open already.
    /// </summary>
    public static async Task<T> InTransactionAsync<T>(
        this PlatformDbContext database, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (database.Database.CurrentTransaction is not null) return await work(cancellationToken);
        return await database.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                database.ChangeTracker.Clear();
                await using var transaction = await database.Database.BeginTransactionAsync(token);
                var result = await work(token);
                await transaction.CommitAsync(token);
                return result;
            },
            cancellationToken);
    }
}
