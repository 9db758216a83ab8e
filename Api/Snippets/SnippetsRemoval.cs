using Platform.Api.Common.Accounts;
using Platform.Api.Common.Errors;
using Platform.Api.Snippets.Documents;
using Platform.Core.Data;
using Platform.Core.Documents;

namespace Platform.Api.Snippets;

/// <summary>
/// Deletes an account's snippets. Documents know no transaction with the account's row: they go once it is certain that the account does, so
/// that a deletion that fails costs nobody a snippet.
/// </summary>
internal sealed class SnippetsRemoval(IDocumentStore store, SnippetService snippets) : IAccountRemoval
{
    private const int PageSize = 100;

    public Task<ErrorResult?> FindObstacleAsync(PlatformDbContext database, Guid userId, CancellationToken cancellationToken) => Task.FromResult<ErrorResult?>(null);

    public Task<Func<CancellationToken, Task>?> RemoveAsync(PlatformDbContext database, LeavingAccount account, CancellationToken cancellationToken) =>
        Task.FromResult<Func<CancellationToken, Task>?>(
            async token =>
            {
                foreach (var owner in account.Owners) await DeleteAsync(owner, token);
            });

    private async Task DeleteAsync(Guid owner, CancellationToken cancellationToken)
    {
        var own = store.GetCollection(Snippet.Collection);
        var query = new DocumentQuery<Snippet>().Equal(snippet => snippet.OwnerId, owner).Take(PageSize);
        while ((await own.QueryAsync(query, cancellationToken)).Items is { Count: > 0 } some)
        {
            foreach (var snippet in some) await snippets.DeleteAsync(snippet, cancellationToken);
        }

        await store.GetCollection(SnippetStar.Collection).DeleteManyAsync(new DocumentQuery<SnippetStar>().Equal(star => star.OwnerId, owner), cancellationToken);
    }
}
