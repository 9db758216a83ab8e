using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Snippets.Documents;
using Platform.Core.Documents;
using Platform.Core.Execution;

namespace Platform.Api.Snippets;

/// <summary>Writes snippets. Callers have asked <see cref="SnippetAccess"/> before.</summary>
internal sealed class SnippetService(
    IDocumentStore store, SnippetCache cache, LanguageCatalog catalog, IOptions<SnippetOptions> options, TimeProvider time)
{
    private const int ShareIdBytes = 16;

    private readonly IDocumentCollection<Snippet> _snippets = store.GetCollection(Snippet.Collection);
    private readonly IDocumentCollection<SnippetRevision> _revisions = store.GetCollection(SnippetRevision.Collection);
    private readonly IDocumentCollection<SnippetStar> _stars = store.GetCollection(SnippetStar.Collection);
    private readonly SnippetCounter _counter = new(store);

    /// <summary>The new snippet, or null when the owner has as many as allowed.</summary>
    public async Task<Snippet?> CreateAsync(CreateSnippetRequest request, Guid owner, CurrentUser author, CancellationToken cancellationToken)
    {
        if (!await HasRoomAsync(owner, 1, cancellationToken)) return null;
        var snippet = await _snippets.InsertAsync(Make(request, owner, author), cancellationToken);
        await ForgetAsync(snippet);
        return snippet;
    }

    /// <summary>All of them, or null when the owner would have more than allowed; nothing is kept then.</summary>
    public async Task<IReadOnlyList<Guid>?> ImportAsync(
        IReadOnlyList<CreateSnippetRequest> requests, Guid owner, CurrentUser author, CancellationToken cancellationToken)
    {
        if (!await HasRoomAsync(owner, requests.Count, cancellationToken)) return null;
        var ids = new List<Guid>();
        try
        {
            foreach (var request in requests) ids.Add((await _snippets.InsertAsync(Make(request, owner, author), cancellationToken)).Id);
        }
        catch
        {
            // All or nothing: a half import could not be repeated without doubles.
            foreach (var id in ids) await _snippets.DeleteAsync(id, expectedVersion: null, CancellationToken.None);
            throw;
        }
        finally
        {
            await cache.ForgetAsync(owner.ToString("N"), SnippetCache.Everybody);
        }

        return ids;
    }

    /// <summary>The changed snippet.</summary>
    /// <exception cref="DocumentStoreException"><see cref="DocumentStoreError.VersionMismatch"/> or <see cref="DocumentStoreError.NotFound"/>: somebody was faster.</exception>
    public async Task<Snippet> UpdateAsync(Snippet current, UpdateSnippetRequest request, CancellationToken cancellationToken)
    {
        var visibility = request.Visibility ?? current.Visibility;
        var language = request.Language is null ? current.Language : catalog.Find(request.Language)!.Id;
        var changed = current with
        {
            Title = request.Title?.Trim() ?? current.Title,
            Description = request.Description ?? current.Description,
            Language = language,
            Files = Files(request.Files, request.Code, language) ?? current.Files,
            Tags = request.Tags is null ? current.Tags : Tags(request.Tags),
            Visibility = visibility,
            PublicFrom = PublicFrom(current, visibility),
            // Old links shall not come back to life.
            ShareId = visibility == SnippetVisibility.Private && current.Visibility != SnippetVisibility.Private ? NewShareId() : current.ShareId,
            Stdin = request.Stdin ?? current.Stdin,
            Arguments = request.Args ?? current.Arguments,
            UpdatedAt = time.GetUtcNow(),
        };
        return await SaveAsync(current, changed, cancellationToken);
    }

    /// <summary>Makes an earlier state the newest one.</summary>
    public Task<Snippet> RestoreAsync(Snippet current, SnippetRevision revision, CancellationToken cancellationToken) => SaveAsync(
        current,
        current with
        {
            Title = revision.Title,
            Language = revision.Language,
            Files = revision.Files,
            PublicFrom = PublicFrom(current, current.Visibility),
            UpdatedAt = time.GetUtcNow(),
        },
        cancellationToken);

    public async Task<Snippet?> ForkAsync(Snippet original, CurrentUser user, CancellationToken cancellationToken)
    {
        if (!await HasRoomAsync(user.Id, 1, cancellationToken)) return null;
        var now = time.GetUtcNow();
        var fork = await _snippets.InsertAsync(
            original with
            {
                Id = Guid.NewGuid(),
                OwnerId = user.Id,
                AuthorId = user.Id,
                Visibility = SnippetVisibility.Private,
                PublicFrom = null,
                ShareId = NewShareId(),
                ForkedFrom = original.Id,
                CreatedAt = now,
                UpdatedAt = now,
            },
            cancellationToken);
        await _counter.CountForkAsync(original.Id, cancellationToken);
        await ForgetAsync(fork);
        await ForgetAsync(original);
        return fork;
    }

    public async Task DeleteAsync(Snippet snippet, CancellationToken cancellationToken)
    {
        await _snippets.DeleteAsync(snippet.Id, expectedVersion: null, cancellationToken);
        await _revisions.DeleteManyAsync(new DocumentQuery<SnippetRevision>().Equal(revision => revision.SnippetId, snippet.Id), cancellationToken);
        await _stars.DeleteManyAsync(new DocumentQuery<SnippetStar>().Equal(star => star.SnippetId, snippet.Id), cancellationToken);
        await _counter.DeleteAsync(snippet.Id, cancellationToken);
        await ForgetAsync(snippet);
    }

    /// <summary>Marks the snippet or takes the mark back; both can be repeated.</summary>
    public async Task<long> StarAsync(Snippet snippet, CurrentUser user, bool starred, CancellationToken cancellationToken)
    {
        var mine = new DocumentQuery<SnippetStar>().Equal(star => star.SnippetId, snippet.Id).Equal(star => star.OwnerId, user.Id);
        if (starred)
        {
            try
            {
                await _stars.InsertAsync(new SnippetStar { SnippetId = snippet.Id, OwnerId = user.Id, StarredAt = time.GetUtcNow() }, cancellationToken);
            }
            catch (DocumentStoreException exception) when (exception.Error == DocumentStoreError.Duplicate)
            {
                // It is marked already.
            }
        }
        else
        {
            await _stars.DeleteManyAsync(mine, cancellationToken);
        }

        var stars = await _counter.CountStarsAsync(snippet.Id, cancellationToken);
        await ForgetAsync(snippet);
        return stars;
    }

    private async Task<Snippet> SaveAsync(Snippet current, Snippet changed, CancellationToken cancellationToken)
    {
        await KeepAsync(current, cancellationToken);
        var saved = await _snippets.ReplaceAsync(changed.Indexed(), cancellationToken);
        await PruneAsync(saved, cancellationToken);
        await ForgetAsync(current);
        await ForgetAsync(saved);
        return saved;
    }

    /// <summary>Before the change, so that none is lost; of two writers with the same version both keep the same state, once.</summary>
    private async Task KeepAsync(Snippet current, CancellationToken cancellationToken)
    {
        if (options.Value.MaxRevisions == 0) return;
        try
        {
            await _revisions.InsertAsync(SnippetRevision.Of(current), cancellationToken);
        }
        catch (DocumentStoreException exception) when (exception.Error == DocumentStoreError.Duplicate)
        {
            // Kept by somebody who was about to change it, too.
        }
    }

    private async Task PruneAsync(Snippet saved, CancellationToken cancellationToken)
    {
        var oldest = saved.Version - options.Value.MaxRevisions;
        if (oldest > 1)
        {
            await _revisions.DeleteManyAsync(
                new DocumentQuery<SnippetRevision>().Equal(revision => revision.SnippetId, saved.Id).Range<long>(revision => revision.Number, null, oldest), cancellationToken);
        }
    }

    private Task ForgetAsync(Snippet snippet) => snippet.Visibility == SnippetVisibility.Public
        ? cache.ForgetAsync(snippet.OwnerId.ToString("N"), SnippetCache.Everybody)
        : cache.ForgetAsync(snippet.OwnerId.ToString("N"));

    private async Task<bool> HasRoomAsync(Guid owner, int more, CancellationToken cancellationToken) =>
        await _snippets.CountAsync(new DocumentQuery<Snippet>().Equal(snippet => snippet.OwnerId, owner), cancellationToken) + more <= options.Value.MaxPerOwner;

    private Snippet Make(CreateSnippetRequest request, Guid owner, CurrentUser author)
    {
        var now = time.GetUtcNow();
        var language = catalog.Find(request.Language!)!.Id;
        return new Snippet
        {
            OwnerId = owner,
            AuthorId = author.Id,
            Title = request.Title!.Trim(),
            Description = request.Description ?? "",
            Language = language,
            Files = Files(request.Files, request.Code, language)!,
            Tags = Tags(request.Tags ?? []),
            Visibility = request.Visibility ?? SnippetVisibility.Private,
            PublicFrom = request.Visibility == SnippetVisibility.Public ? 1 : null,
            ShareId = NewShareId(),
            Stdin = request.Stdin ?? "",
            Arguments = request.Args ?? [],
            CreatedAt = now,
            UpdatedAt = now,
        }.Indexed();
    }

    /// <summary>The version that is about to be saved, when that makes it public.</summary>
    private static long? PublicFrom(Snippet current, SnippetVisibility visibility) => (current.Visibility, visibility) switch
    {
        (_, not SnippetVisibility.Public) => null,
        (SnippetVisibility.Public, _) => current.OldestPublicVersion,
        _ => current.Version + 1,
    };

    private List<SnippetFile>? Files(IReadOnlyList<SnippetFileRequest>? files, string? code, string language) => (files, code) switch
    {
        ({ } several, _) => [.. several.Select(file => new SnippetFile(file.Name!, file.Content!))],
        (null, { } one) => [new SnippetFile(catalog.Find(language)!.File, one)],
        _ => null,
    };

    private static List<string> Tags(IEnumerable<string> tags) => [.. tags.Select(tag => tag.ToLowerInvariant()).Distinct()];

    private static string NewShareId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(ShareIdBytes));
}
