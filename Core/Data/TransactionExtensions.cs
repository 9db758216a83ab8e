using Microsoft.EntityFrameworkCore;

namespace Platform.Core.Data;

/// <summary>Several statements as one.</summary>
public static class TransactionExtensions
{
    /// <summary>
    /// Runs <paramref name="work"/> in the transaction that is open, or in one of its own, which is tried again when the connection was lost:
    /// the work must start over cleanly, and do nothing outside of the database that may not happen twice.
    /// </summary>
    public static Task<T> InTransactionAsync<T>(
        this PlatformDbContext database, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        if (database.Database.CurrentTransaction is not null) return work(cancellationToken);
        var again = false;
        return database.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                // What a failed attempt left behind is not to be saved by the next one.
                if (again) database.ChangeTracker.Clear();
                again = true;
                await using var transaction = await database.Database.BeginTransactionAsync(token);
                var result = await work(token);
                await transaction.CommitAsync(token);
                return result;
            },
            cancellationToken);
    }

    /// <inheritdoc cref="InTransactionAsync{T}"/>
    public static Task InTransactionAsync(this PlatformDbContext database, Func<CancellationToken, Task> work, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async token =>
            {
                await work(token);
                return true;
            },
            cancellationToken);
}
