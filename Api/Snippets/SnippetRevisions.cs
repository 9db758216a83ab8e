using Platform.Api.Common;
using Platform.Api.Snippets.Documents;
using Platform.Core.Documents;

namespace Platform.Api.Snippets;

/// <summary>Reads what snippets were.</summary>
internal sealed class SnippetRevisions(IDocumentStore store, SnippetAccess access)
{
    private readonly IDocumentCollection<SnippetRevision> _revisions = store.GetCollection(SnippetRevision.Collection);

    /// <summary>The states that are kept and that the caller may see, the newest first; the first one is the current one.</summary>
    public async Task<SnippetRevisionListResponse> ListAsync(Snippet snippet, CurrentUser user, CancellationToken cancellationToken)
    {
        var oldest = await access.FindOldestVersionAsync(snippet, user, cancellationToken);
        var kept = await _revisions.QueryAsync(
            new DocumentQuery<SnippetRevision>().Equal(revision => revision.SnippetId, snippet.Id)
                .OrderByDescending(revision => revision.Number).Take(DocumentQuery<SnippetRevision>.LargestPage),
            cancellationToken);
        return new SnippetRevisionListResponse(
        [
            new SnippetRevisionItemResponse(snippet.Version, snippet.Title, snippet.Language, snippet.UpdatedAt, Current: true),
            // A change that did not come about leaves the current state among the earlier ones.
            .. kept.Items.Where(revision => revision.Number < snippet.Version && revision.Number >= oldest)
                .Select(revision => new SnippetRevisionItemResponse(revision.Number, revision.Title, revision.Language, revision.SavedAt, Current: false)),
        ]);
    }

    /// <summary>One state, or null when it is not kept or not the caller's to see.</summary>
    public async Task<SnippetRevision?> FindAsync(Snippet snippet, long version, CurrentUser user, CancellationToken cancellationToken)
    {
        if (version == snippet.Version) return SnippetRevision.Of(snippet);
        if (version < await access.FindOldestVersionAsync(snippet, user, cancellationToken)) return null;
        var found = await _revisions.QueryAsync(
            new DocumentQuery<SnippetRevision>().Equal(revision => revision.SnippetId, snippet.Id).Equal(revision => revision.Number, version).Take(1), cancellationToken);
        return found.Items is [var revision] ? revision : null;
    }
}
