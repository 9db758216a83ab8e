using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Http;
using Platform.Api.Snippets.Documents;
using Platform.Core.Data;
using Platform.Core.Documents;
using Platform.Core.Execution;

namespace Platform.Api.Snippets;

/// <summary>Reads snippets in the shapes of the contract.</summary>
internal sealed class SnippetQueries(
    IDocumentStore store,
    PlatformDbContext database,
    SnippetAccess access,
    LanguageCatalog catalog,
    IOptions<PublicUrlOptions> urls)
{
    private const int PreviewLines = 8;
    private const int PreviewLength = 600;

    private readonly IDocumentCollection<Snippet> _snippets = store.GetCollection(Snippet.Collection);
    private readonly IDocumentCollection<SnippetStar> _stars = store.GetCollection(SnippetStar.Collection);
    private readonly IDocumentCollection<SnippetCounts> _counts = store.GetCollection(SnippetCounts.Collection);

    /// <summary>What the caller marked, newest mark first; never cached, since others decide what stays visible.</summary>
    public async Task<SnippetListResponse> ListStarredAsync(SnippetListQuery query, CurrentUser user, CancellationToken cancellationToken)
    {
        var page = new PageQuery(query.Page, query.Limit);
        var mine = new DocumentQuery<SnippetStar>().Equal(star => star.OwnerId, user.Id);
        var stars = await _stars.QueryAsync(
            mine.OrderByDescending(star => star.StarredAt).Skip(query.Cursor is null ? page.Skip : 0).Take(page.Size).After(query.Cursor), cancellationToken);
        var total = await _stars.CountAsync(mine, cancellationToken);
        var found = await FindManyAsync(stars.Items.Select(star => star.SnippetId), cancellationToken);
        var visible = new List<Snippet>();
        foreach (var star in stars.Items)
        {
            if (found.GetValueOrDefault(star.SnippetId) is { } snippet && await IsVisibleAsync(snippet, user, cancellationToken)) visible.Add(snippet);
        }

        return new SnippetListResponse(await DescribeAsync(visible, cancellationToken), PaginationResponse.Of(page, total), stars.Next);
    }

    public async Task<SnippetResponse> DescribeAsync(Snippet snippet, CurrentUser? user, CancellationToken cancellationToken)
    {
        var counts = await _counts.FindAsync(snippet.Id, cancellationToken);
        var starred = user is not null && await IsStarredAsync(snippet.Id, user.Id, cancellationToken);
        var author = await FindAuthorsAsync([snippet.AuthorId], cancellationToken);
        var shared = snippet.Visibility != SnippetVisibility.Private;
        return new SnippetResponse(
            snippet.Id, snippet.OwnerId, author.GetValueOrDefault(snippet.AuthorId), snippet.Title, snippet.Description, snippet.Language,
            snippet.Files[0].Content, [.. snippet.Files.Select(file => new SnippetFileResponse(file.Name, file.Content))], snippet.Tags, snippet.Visibility,
            snippet.Stdin, snippet.Arguments, snippet.Version, snippet.ForkedFrom, counts?.Stars ?? 0, counts?.Forks ?? 0, starred,
            await access.CanWriteAsync(snippet, user, cancellationToken),
            shared ? $"{urls.Value.Frontend?.TrimEnd('/')}/s/{snippet.ShareId}" : null,
            shared ? $"/api/snippets/shared/{snippet.ShareId}/embed" : null,
            snippet.CreatedAt, snippet.UpdatedAt);
    }

    public async Task<bool> IsStarredAsync(Guid snippetId, Guid userId, CancellationToken cancellationToken) =>
        await _stars.CountAsync(new DocumentQuery<SnippetStar>().Equal(star => star.SnippetId, snippetId).Equal(star => star.OwnerId, userId), cancellationToken) > 0;

    /// <summary>An owner's or the public list as it is now.</summary>
    public async Task<SnippetListResponse> ListAsync(SnippetListQuery query, Guid owner, CancellationToken cancellationToken)
    {
        var page = new PageQuery(query.Page, query.Limit);
        var filter = Filter(query, owner);
        var total = await _snippets.CountAsync(filter, cancellationToken);
        var found = await _snippets.QueryAsync(
            filter.OrderByDescending(snippet => snippet.UpdatedAt).Skip(query.Cursor is null ? page.Skip : 0).Take(page.Size).After(query.Cursor), cancellationToken);
        return new SnippetListResponse(await DescribeAsync(found.Items, cancellationToken), PaginationResponse.Of(page, total), found.Next);
    }

    private DocumentQuery<Snippet> Filter(SnippetListQuery query, Guid owner)
    {
        var filter = query.Scope == SnippetListQueryValidator.Public
            ? new DocumentQuery<Snippet>().Equal(snippet => snippet.Visibility, SnippetVisibility.Public)
            : new DocumentQuery<Snippet>().Equal(snippet => snippet.OwnerId, owner);
        if (SnippetListQueryValidator.FindVisibility(query.Visibility) is { } visibility && query.Scope != SnippetListQueryValidator.Public) filter = filter.Equal(snippet => snippet.Visibility, visibility);
        if (!string.IsNullOrEmpty(query.Language)) filter = filter.Equal(snippet => snippet.Language, catalog.Find(query.Language)!.Id);
        if (query.Tag?.Trim() is { Length: > 0 } tag) filter = filter.Contains(snippet => snippet.TagText, Snippet.TagFilter(tag));
        if (query.Search?.Trim() is { Length: > 0 } search) filter = filter.Contains(snippet => snippet.SearchText, search);
        return filter;
    }

    private async Task<List<SnippetItemResponse>> DescribeAsync(IReadOnlyList<Snippet> snippets, CancellationToken cancellationToken)
    {
        if (snippets.Count == 0) return [];
        var counts = (await _counts.QueryAsync(
            new DocumentQuery<SnippetCounts>().In(count => count.Id, snippets.Select(snippet => snippet.Id)).Take(snippets.Count), cancellationToken))
            .Items.ToDictionary(count => count.Id);
        var authors = await FindAuthorsAsync(snippets.Select(snippet => snippet.AuthorId), cancellationToken);
        return
        [
            .. snippets.Select(snippet => new SnippetItemResponse(
                snippet.Id, snippet.OwnerId, authors.GetValueOrDefault(snippet.AuthorId), snippet.Title, snippet.Description, snippet.Language, snippet.Tags,
                snippet.Visibility, Preview(snippet.Files[0].Content), snippet.Files.Count, snippet.Version,
                counts.GetValueOrDefault(snippet.Id)?.Stars ?? 0, counts.GetValueOrDefault(snippet.Id)?.Forks ?? 0, snippet.CreatedAt, snippet.UpdatedAt)),
        ];
    }

    private async Task<Dictionary<Guid, Snippet>> FindManyAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var wanted = ids.Distinct().ToList();
        if (wanted.Count == 0) return [];
        var found = await _snippets.QueryAsync(new DocumentQuery<Snippet>().In(snippet => snippet.Id, wanted).Take(wanted.Count), cancellationToken);
        return found.Items.ToDictionary(snippet => snippet.Id);
    }

    private async Task<bool> IsVisibleAsync(Snippet snippet, CurrentUser user, CancellationToken cancellationToken) =>
        snippet.Visibility == SnippetVisibility.Public || await access.RefuseOwnerAsync(snippet.OwnerId, user, Common.Access.AccessAction.Read, cancellationToken) is null;

    private async Task<Dictionary<Guid, SnippetAuthorResponse>> FindAuthorsAsync(IEnumerable<Guid> ids, CancellationToken cancellationToken)
    {
        var wanted = ids.Distinct().ToList();
        return await database.Users.AsNoTracking().Where(user => wanted.Contains(user.Id))
            .Select(user => new SnippetAuthorResponse(user.Id, user.Name)).ToDictionaryAsync(author => author.Id, cancellationToken);
    }

    private static string Preview(string content)
    {
        var text = string.Join('\n', content.Split('\n').Take(PreviewLines));
        return text.Length <= PreviewLength ? text : text[..(char.IsHighSurrogate(text[PreviewLength - 1]) ? PreviewLength - 1 : PreviewLength)];
    }
}
