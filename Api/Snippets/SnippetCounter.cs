using Platform.Api.Snippets.Documents;
using Platform.Core.Documents;

namespace Platform.Api.Snippets;

/// <summary>Keeps <see cref="SnippetCounts"/>. Each change counts anew what is there, so a lost one is mended by the next.</summary>
internal sealed class SnippetCounter(IDocumentStore store)
{
    private readonly IDocumentCollection<SnippetCounts> _counts = store.GetCollection(SnippetCounts.Collection);
    private readonly IDocumentCollection<SnippetStar> _stars = store.GetCollection(SnippetStar.Collection);

    public async Task<long> CountStarsAsync(Guid snippetId, CancellationToken cancellationToken) =>
        (await ChangeAsync(
            snippetId,
            async counts => counts with
            {
                Stars = await _stars.CountAsync(new DocumentQuery<SnippetStar>().Equal(star => star.SnippetId, snippetId), cancellationToken),
            },
            cancellationToken)).Stars;

    public Task CountForkAsync(Guid snippetId, CancellationToken cancellationToken) =>
        ChangeAsync(snippetId, counts => Task.FromResult(counts with { Forks = counts.Forks + 1 }), cancellationToken);

    public Task DeleteAsync(Guid snippetId, CancellationToken cancellationToken) => _counts.DeleteAsync(snippetId, expectedVersion: null, cancellationToken);

    private async Task<SnippetCounts> ChangeAsync(Guid id, Func<SnippetCounts, Task<SnippetCounts>> change, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await _counts.FindAsync(id, cancellationToken) is { } known
                    ? await _counts.ReplaceAsync(await change(known), cancellationToken)
                    : await _counts.InsertAsync(await change(new SnippetCounts { Id = id }), cancellationToken);
            }
            catch (DocumentStoreException exception) when (
                exception.Error is DocumentStoreError.VersionMismatch or DocumentStoreError.Duplicate or DocumentStoreError.NotFound)
            {
                // Somebody counted at the same moment: one of the two always gets through, so this ends.
            }
        }
    }
}
