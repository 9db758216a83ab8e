using System.Net.Mime;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Api.Common.Limits;
using Platform.Api.Snippets.Documents;
using Platform.Core.Documents;

namespace Platform.Api.Snippets;

internal static class SnippetsApi
{
    public static IEndpointRouteBuilder MapSnippets(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/snippets").WithTags("Snippets").RequireAuthorization();
        var read = group.MapGroup("").RequireScope(ApiScopes.SnippetsRead);
        var write = group.MapGroup("").RequireScope(ApiScopes.Snippets);
        read.MapGet("", ListAsync).WithName("listSnippets").WithSummary("The caller's, an organisation's, the public or the marked snippets, newest change first.")
            .Produces<SnippetListResponse>().Produces(StatusCodes.Status304NotModified).ProducesError(StatusCodes.Status404NotFound);
        write.MapPost("", CreateAsync).WithName("createSnippet").WithSummary("Keeps a piece of code.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        read.MapGet("/export", ExportAsync).WithName("exportSnippets").WithSummary("All snippets of the caller, or of an organisation, in the form that an import takes.")
            .ProducesError(StatusCodes.Status404NotFound);
        write.MapPost("/import", ImportAsync).WithName("importSnippets").WithSummary("Adds the snippets of an export, all or none.")
            .ProducesError(StatusCodes.Status409Conflict);
        read.MapGet("/{id:guid}", GetAsync).WithName("getSnippet").WithSummary("One snippet with its files.").AllowAnonymous();
        write.MapPut("/{id:guid}", UpdateAsync).WithName("updateSnippet").WithSummary("Changes a snippet that still has the version that was read.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        write.MapDelete("/{id:guid}", DeleteAsync).WithName("deleteSnippet").WithSummary("Deletes a snippet with its earlier states.").ProducesError(StatusCodes.Status403Forbidden);
        write.MapPost("/{id:guid}/fork", ForkAsync).WithName("forkSnippet").WithSummary("Copies a visible snippet to the caller.").ProducesError(StatusCodes.Status409Conflict);
        write.MapPut("/{id:guid}/star", StarAsync).WithName("starSnippet").WithSummary("Marks a snippet.");
        write.MapDelete("/{id:guid}/star", UnstarAsync).WithName("unstarSnippet").WithSummary("Takes the mark back.");
        read.MapGet("/{id:guid}/revisions", ListRevisionsAsync).WithName("listSnippetRevisions").WithSummary("The states that are kept, newest first; of a foreign snippet those since it is public.");
        read.MapGet("/{id:guid}/revisions/{version:long}", GetRevisionAsync).WithName("getSnippetRevision").WithSummary("One state with its files.");
        write.MapPost("/{id:guid}/revisions/{version:long}/restore", RestoreAsync).WithName("restoreSnippetRevision").WithSummary("Makes an earlier state the newest one.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);

        group.MapPost("/{id:guid}/run", SnippetRuns.RunAsync).WithName("runSnippet").WithSummary("Runs a visible snippet, with its saved input or another one.").AllowAnonymous()
            .WithRateLimit(RateLimitPolicy.AnonymousRuns).RequireScope(ApiScopes.Execute)
            .ProducesError(StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);

        var shared = routes.MapGroup("/api/snippets/shared/{shareId}").WithTags("Snippets").AllowAnonymous().RequireScope(ApiScopes.SnippetsRead)
            .WithMetadata(SecretInPathMetadata.Instance);
        shared.MapGet("", GetSharedAsync).WithName("getSharedSnippet").WithSummary("The snippet of a share link.");
        shared.MapGet("/embed", EmbedAsync).WithName("embedSnippet").WithSummary("The snippet as a page for a frame.").Produces<string>(contentType: MediaTypeNames.Text.Html);
        shared.MapGet("/raw", RawAsync).WithName("getRawSnippet").WithSummary("The main file as plain text.").Produces<string>(contentType: MediaTypeNames.Text.Plain);
        shared.MapPost("/run", SnippetRuns.RunSharedAsync).WithName("runSharedSnippet").WithSummary("Runs the snippet of a share link.")
            .WithRateLimit(RateLimitPolicy.AnonymousRuns).RequireScope(ApiScopes.Execute)
            .ProducesError(StatusCodes.Status401Unauthorized, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);
        routes.MapGroup("/api/snippets/shared/{shareId}").WithTags("Snippets").RequireAuthorization().RequireScope(ApiScopes.Snippets)
            .WithMetadata(SecretInPathMetadata.Instance)
            .MapPost("/fork", ForkSharedAsync).WithName("forkSharedSnippet").WithSummary("Copies the snippet of a share link to the caller.")
            .ProducesError(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        return routes;
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] SnippetListQuery query, CurrentUser user, SnippetLists lists, HttpContext context, CancellationToken cancellationToken)
    {
        var owner = query.Owner ?? user.OwnerId;
        // Reading one's own needs no look, and a list that is known no database.
        var isOwn = owner == user.Id && user.Token is null;
        var services = context.RequestServices;
        if (!isOwn && await services.GetRequiredService<SnippetAccess>().RefuseOwnerAsync(owner, user, AccessAction.Read, cancellationToken) is { } refusal) return refusal;
        try
        {
            return query.Scope == SnippetListQueryValidator.Starred
                ? TypedResults.Ok(await services.GetRequiredService<SnippetQueries>().ListStarredAsync(query, user, cancellationToken))
                : new CachedListResult(await lists.FindAsync(query, owner, cancellationToken));
        }
        catch (FormatException)
        {
            return ApiErrors.Invalid("cursor", "This cursor is not from a list like this one.");
        }
    }

    private static async Task<Results<Created<SnippetResponse>, ErrorResult>> CreateAsync(
        CreateSnippetRequest request, CurrentUser user, SnippetService service, SnippetQueries snippets, SnippetAccess access, IOptions<SnippetOptions> options, CancellationToken cancellationToken)
    {
        var owner = request.Owner ?? user.OwnerId;
        if (await access.RefuseOwnerAsync(owner, user, AccessAction.Write, cancellationToken) is { } refusal) return refusal;
        return await service.CreateAsync(request, owner, user, cancellationToken) is { } snippet
            ? TypedResults.Created($"/api/snippets/{snippet.Id}", await snippets.DescribeAsync(snippet, user, cancellationToken))
            : SnippetErrors.TooMany(options.Value.MaxPerOwner);
    }

    private static async Task<Results<Ok<SnippetResponse>, ErrorResult>> GetAsync(
        Guid id, CurrentUser? user, SnippetQueries snippets, SnippetAccess access, CancellationToken cancellationToken)
    {
        var (snippet, refusal) = await access.FindAsync(id, user, AccessAction.Read, cancellationToken);
        return refusal is not null ? refusal : TypedResults.Ok(await snippets.DescribeAsync(snippet!, user, cancellationToken));
    }

    private static Task<Results<Ok<SnippetResponse>, ErrorResult>> UpdateAsync(
        Guid id, UpdateSnippetRequest request, CurrentUser user, SnippetService service, SnippetQueries snippets, SnippetAccess access, CancellationToken cancellationToken) =>
        ChangeAsync(
            id, user, snippets, access,
            snippet => snippet.Version == request.Version
                ? service.UpdateAsync(snippet, request, cancellationToken)
                : throw new DocumentStoreException(DocumentStoreError.VersionMismatch, "The snippet has another version."),
            cancellationToken);

    private static async Task<Results<NoContent, ErrorResult>> DeleteAsync(
        Guid id, CurrentUser user, SnippetService service, SnippetAccess access, CancellationToken cancellationToken)
    {
        var (snippet, refusal) = await access.FindAsync(id, user, AccessAction.Write, cancellationToken);
        if (refusal is not null) return refusal;
        await service.DeleteAsync(snippet!, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Created<SnippetResponse>, ErrorResult>> ForkAsync(
        Guid id, CurrentUser user, SnippetService service, SnippetQueries snippets, SnippetAccess access, IOptions<SnippetOptions> options, CancellationToken cancellationToken)
    {
        var (original, refusal) = await access.FindAsync(id, user, AccessAction.Read, cancellationToken);
        return refusal is not null ? refusal : await CopyAsync(original!, user, service, snippets, access, options, cancellationToken);
    }

    private static async Task<Results<Created<SnippetResponse>, ErrorResult>> ForkSharedAsync(
        string shareId, CurrentUser user, SnippetService service, SnippetQueries snippets, SnippetAccess access, IOptions<SnippetOptions> options, CancellationToken cancellationToken) =>
        await access.FindSharedAsync(shareId, cancellationToken) is { } original
            ? await CopyAsync(original, user, service, snippets, access, options, cancellationToken)
            : SnippetErrors.NotFound();

    private static async Task<Results<Created<SnippetResponse>, ErrorResult>> CopyAsync(
        Snippet original, CurrentUser user, SnippetService service, SnippetQueries snippets, SnippetAccess access, IOptions<SnippetOptions> options, CancellationToken cancellationToken)
    {
        if (await access.RefuseOwnerAsync(user.OwnerId, user, AccessAction.Write, cancellationToken) is { } notThere) return notThere;
        return await service.ForkAsync(original, user, cancellationToken) is { } fork
            ? TypedResults.Created($"/api/snippets/{fork.Id}", await snippets.DescribeAsync(fork, user, cancellationToken))
            : SnippetErrors.TooMany(options.Value.MaxPerOwner);
    }

    private static Task<Results<Ok<SnippetStarsResponse>, ErrorResult>> StarAsync(
        Guid id, CurrentUser user, SnippetService service, SnippetAccess access, CancellationToken cancellationToken) =>
        MarkAsync(id, user, service, access, starred: true, cancellationToken);

    private static Task<Results<Ok<SnippetStarsResponse>, ErrorResult>> UnstarAsync(
        Guid id, CurrentUser user, SnippetService service, SnippetAccess access, CancellationToken cancellationToken) =>
        MarkAsync(id, user, service, access, starred: false, cancellationToken);

    private static async Task<Results<Ok<SnippetRevisionListResponse>, ErrorResult>> ListRevisionsAsync(
        Guid id, CurrentUser user, SnippetRevisions revisions, SnippetAccess access, CancellationToken cancellationToken)
    {
        var (snippet, refusal) = await access.FindAsync(id, user, AccessAction.Read, cancellationToken);
        return refusal is not null ? refusal : TypedResults.Ok(await revisions.ListAsync(snippet!, user, cancellationToken));
    }

    private static async Task<Results<Ok<SnippetRevisionResponse>, ErrorResult>> GetRevisionAsync(
        Guid id, long version, CurrentUser user, SnippetRevisions revisions, SnippetAccess access, CancellationToken cancellationToken)
    {
        var (snippet, refusal) = await access.FindAsync(id, user, AccessAction.Read, cancellationToken);
        if (refusal is not null) return refusal;
        return await revisions.FindAsync(snippet!, version, user, cancellationToken) is { } found
            ? TypedResults.Ok(new SnippetRevisionResponse(
                found.Number, found.Title, found.Language, [.. found.Files.Select(file => new SnippetFileResponse(file.Name, file.Content))], found.SavedAt, version == snippet!.Version))
            : SnippetErrors.RevisionNotFound();
    }

    private static async Task<Results<Ok<SnippetResponse>, ErrorResult>> RestoreAsync(
        Guid id, long version, CurrentUser user, SnippetService service, SnippetRevisions revisions, SnippetQueries snippets, SnippetAccess access, CancellationToken cancellationToken)
    {
        var (snippet, refusal) = await access.FindAsync(id, user, AccessAction.Write, cancellationToken);
        if (refusal is not null) return refusal;
        if (await revisions.FindAsync(snippet!, version, user, cancellationToken) is not { } found) return SnippetErrors.RevisionNotFound();
        return await ChangeAsync(id, user, snippets, access, current => service.RestoreAsync(current, found, cancellationToken), cancellationToken);
    }

    private static async Task<Results<Ok<SnippetExportResponse>, ErrorResult>> ExportAsync(
        Guid? owner, CurrentUser user, SnippetExport export, SnippetAccess access, HttpContext context, CancellationToken cancellationToken)
    {
        if (await access.RefuseOwnerAsync(owner ?? user.OwnerId, user, AccessAction.Read, cancellationToken) is { } refusal) return refusal;
        context.Response.Headers.ContentDisposition = "attachment; filename=\"snippets.json\"";
        return TypedResults.Ok(await export.ReadAsync(owner ?? user.OwnerId, cancellationToken));
    }

    private static async Task<Results<Created<ImportSnippetsResponse>, ErrorResult>> ImportAsync(
        ImportSnippetsRequest request, CurrentUser user, SnippetService service, SnippetAccess access, IOptions<SnippetOptions> options, CancellationToken cancellationToken)
    {
        if (await access.RefuseOwnerAsync(user.OwnerId, user, AccessAction.Write, cancellationToken) is { } refusal) return refusal;
        return await service.ImportAsync(request.Snippets!, user.OwnerId, user, cancellationToken) is { } ids
            ? TypedResults.Created("/api/snippets", new ImportSnippetsResponse(ids))
            : SnippetErrors.TooMany(options.Value.MaxPerOwner);
    }

    private static async Task<Results<Ok<SnippetResponse>, ErrorResult>> GetSharedAsync(
        string shareId, CurrentUser? user, SnippetAccess access, SnippetQueries snippets, CancellationToken cancellationToken) =>
        await access.FindSharedAsync(shareId, cancellationToken) is { } snippet
            ? TypedResults.Ok(await snippets.DescribeAsync(snippet, user, cancellationToken))
            : SnippetErrors.NotFound();

    private static async Task<IResult> EmbedAsync(
        string shareId, SnippetAccess access, IOptions<PublicUrlOptions> urls, HttpContext context, CancellationToken cancellationToken)
    {
        if (await access.FindSharedAsync(shareId, cancellationToken) is not { } snippet) return SnippetErrors.NotFound();
        context.Features.Set<IPagePolicy>(new PagePolicy(SnippetEmbed.Policy));
        return TypedResults.Text(SnippetEmbed.Page(snippet, $"{urls.Value.Frontend?.TrimEnd('/')}/s/{snippet.ShareId}"), "text/html; charset=utf-8");
    }

    private static async Task<IResult> RawAsync(string shareId, SnippetAccess access, CancellationToken cancellationToken) =>
        await access.FindSharedAsync(shareId, cancellationToken) is { } snippet
            ? TypedResults.Text(snippet.Files[0].Content, "text/plain; charset=utf-8")
            : SnippetErrors.NotFound();

    private static async Task<Results<Ok<SnippetStarsResponse>, ErrorResult>> MarkAsync(
        Guid id, CurrentUser user, SnippetService service, SnippetAccess access, bool starred, CancellationToken cancellationToken)
    {
        var (snippet, refusal) = await access.FindAsync(id, user, AccessAction.Read, cancellationToken);
        return refusal is not null ? refusal : TypedResults.Ok(new SnippetStarsResponse(await service.StarAsync(snippet!, user, starred, cancellationToken), starred));
    }

    private static async Task<Results<Ok<SnippetResponse>, ErrorResult>> ChangeAsync(
        Guid id, CurrentUser user, SnippetQueries snippets, SnippetAccess access, Func<Snippet, Task<Snippet>> change, CancellationToken cancellationToken)
    {
        var (snippet, refusal) = await access.FindAsync(id, user, AccessAction.Write, cancellationToken);
        if (refusal is not null) return refusal;
        try
        {
            return TypedResults.Ok(await snippets.DescribeAsync(await change(snippet!), user, cancellationToken));
        }
        catch (DocumentStoreException exception) when (exception.Error == DocumentStoreError.VersionMismatch)
        {
            var (current, gone) = await access.FindAsync(id, user, AccessAction.Write, cancellationToken);
            return gone is not null ? gone : SnippetErrors.Changed(current!.Version);
        }
        catch (DocumentStoreException exception) when (exception.Error == DocumentStoreError.NotFound)
        {
            return SnippetErrors.NotFound();
        }
    }
}
