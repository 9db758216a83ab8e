using Platform.Api.Common;
using Platform.Api.Common.Validation;
using Platform.Api.Snippets.Documents;

namespace Platform.Api.Snippets;

/// <summary>A new snippet: one source in <c>code</c>, or several <c>files</c>, the first of which is the main one.</summary>
/// <param name="Title">One line.</param>
/// <param name="Language">Id or alias of a language.</param>
/// <param name="Owner">An organisation of the caller; nothing: the caller.</param>
internal sealed record CreateSnippetRequest(
    string? Title,
    string? Language,
    string? Code = null,
    IReadOnlyList<SnippetFileRequest>? Files = null,
    string? Description = null,
    IReadOnlyList<string>? Tags = null,
    SnippetVisibility? Visibility = null,
    string? Stdin = null,
    IReadOnlyList<string>? Args = null,
    Guid? Owner = null);

/// <summary>Changes; what is left out stays as it is.</summary>
/// <param name="Version">The version that was read; another one in the store means that somebody else was faster (409).</param>
internal sealed record UpdateSnippetRequest(
    long? Version,
    string? Title = null,
    string? Language = null,
    string? Code = null,
    IReadOnlyList<SnippetFileRequest>? Files = null,
    string? Description = null,
    IReadOnlyList<string>? Tags = null,
    SnippetVisibility? Visibility = null,
    string? Stdin = null,
    IReadOnlyList<string>? Args = null);

internal sealed record SnippetFileRequest(string? Name, string? Content);

/// <param name="Search">Text in title, tags or description.</param>
/// <param name="Visibility"><c>private</c>, <c>unlisted</c> or <c>public</c>.</param>
/// <param name="Scope"><c>mine</c> (as default), <c>public</c> or <c>starred</c>.</param>
/// <param name="Owner">With <c>mine</c>: an organisation of the caller.</param>
/// <param name="Cursor">Goes on where <c>next</c> of an answer points; instead of <c>page</c>.</param>
internal sealed record SnippetListQuery(
    string? Search, string? Language, string? Tag, string? Visibility, string? Scope, Guid? Owner, int? Page, int? Limit, string? Cursor) : IRepeatedQuery;

/// <param name="Stdin">Instead of the saved one.</param>
/// <param name="Args">Instead of the saved ones.</param>
internal sealed record RunSnippetRequest(string? Stdin = null, IReadOnlyList<string>? Args = null);

/// <param name="Snippets">As an export has them.</param>
internal sealed record ImportSnippetsRequest(IReadOnlyList<CreateSnippetRequest>? Snippets);

internal sealed record ImportSnippetsResponse(IReadOnlyList<Guid> Ids);

internal sealed record SnippetFileResponse(string Name, string Content);

internal sealed record SnippetAuthorResponse(Guid Id, string Name);

/// <summary>A snippet with all its files.</summary>
/// <param name="Code">The main file's content.</param>
/// <param name="Version">For changes.</param>
/// <param name="ShareUrl">The page for whoever has the link; null while it is private.</param>
/// <param name="EmbedUrl">For an <c>iframe</c>; null while it is private.</param>
/// <param name="Starred">The caller marked it.</param>
internal sealed record SnippetResponse(
    Guid Id,
    Guid Owner,
    SnippetAuthorResponse? Author,
    string Title,
    string Description,
    string Language,
    string Code,
    IReadOnlyList<SnippetFileResponse> Files,
    IReadOnlyList<string> Tags,
    SnippetVisibility Visibility,
    string Stdin,
    IReadOnlyList<string> Args,
    long Version,
    Guid? ForkedFrom,
    long Stars,
    long Forks,
    bool Starred,
    bool CanWrite,
    string? ShareUrl,
    string? EmbedUrl,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>A snippet in a list.</summary>
/// <param name="Preview">The first lines of the main file.</param>
internal sealed record SnippetItemResponse(
    Guid Id,
    Guid Owner,
    SnippetAuthorResponse? Author,
    string Title,
    string Description,
    string Language,
    IReadOnlyList<string> Tags,
    SnippetVisibility Visibility,
    string Preview,
    int FileCount,
    long Version,
    long Stars,
    long Forks,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <param name="Next">For <c>cursor</c>; null at the end.</param>
internal sealed record SnippetListResponse(IReadOnlyList<SnippetItemResponse> Snippets, PaginationResponse Pagination, string? Next);

internal sealed record SnippetRevisionItemResponse(long Version, string Title, string Language, DateTimeOffset SavedAt, bool Current);

internal sealed record SnippetRevisionListResponse(IReadOnlyList<SnippetRevisionItemResponse> Revisions);

internal sealed record SnippetRevisionResponse(
    long Version, string Title, string Language, IReadOnlyList<SnippetFileResponse> Files, DateTimeOffset SavedAt, bool Current);

internal sealed record SnippetStarsResponse(long Stars, bool Starred);

/// <summary>All snippets of an owner, in the form that an import takes.</summary>
internal sealed record SnippetExportResponse(DateTimeOffset ExportedAt, IReadOnlyList<CreateSnippetRequest> Snippets);
