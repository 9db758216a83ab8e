using Platform.Api.Snippets.Documents;
using Platform.Core.Documents;

namespace Platform.Api.Snippets;

/// <summary>Reads all snippets of an owner in the form that an import takes.</summary>
internal sealed class SnippetExport(IDocumentStore store, TimeProvider time)
{
    private const int PageSize = 200;
    private readonly IDocumentCollection<Snippet> _snippets = store.GetCollection(Snippet.Collection);

    public async Task<SnippetExportResponse> ReadAsync(Guid owner, CancellationToken cancellationToken)
    {
        var all = new List<CreateSnippetRequest>();
        var query = new DocumentQuery<Snippet>().Equal(snippet => snippet.OwnerId, owner).OrderBy(snippet => snippet.UpdatedAt).Take(PageSize);
        string? next = null;
        do
        {
            var page = await _snippets.QueryAsync(query.After(next), cancellationToken);
            all.AddRange(page.Items.Select(ToRequest));
            next = page.Next;
        }
        while (next is not null);
        return new SnippetExportResponse(time.GetUtcNow(), all);
    }

    private static CreateSnippetRequest ToRequest(Snippet snippet) => new(
        snippet.Title, snippet.Language, Code: null, [.. snippet.Files.Select(file => new SnippetFileRequest(file.Name, file.Content))],
        snippet.Description, snippet.Tags, snippet.Visibility, snippet.Stdin, snippet.Arguments);
}
