using Platform.Api.Common.Access;
using Platform.Api.Snippets.Documents;
using Platform.Core.Documents;

namespace Platform.Api.Snippets;

/// <summary>Snippets, when an organisation is to be deleted.</summary>
internal sealed class OwnedSnippets(IDocumentStore store) : IOwnedResources
{
    public string Kind => "snippets";

    public Task<long> CountAsync(Guid ownerId, CancellationToken cancellationToken) =>
        store.GetCollection(Snippet.Collection).CountAsync(new DocumentQuery<Snippet>().Equal(snippet => snippet.OwnerId, ownerId), cancellationToken);
}
