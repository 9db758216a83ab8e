using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Api.Snippets.Documents;
using Platform.Core.Documents;

namespace Platform.Api.Snippets;

/// <summary>Finds snippets for callers: what they may not see is not there.</summary>
internal sealed class SnippetAccess(IDocumentStore store, IAccessControl access)
{
    private readonly IDocumentCollection<Snippet> _snippets = store.GetCollection(Snippet.Collection);

    /// <summary>The snippet, or why not.</summary>
    public async Task<(Snippet? Snippet, ErrorResult? Refusal)> FindAsync(
        Guid id, CurrentUser? user, AccessAction action, CancellationToken cancellationToken)
    {
        if (await _snippets.FindAsync(id, cancellationToken) is not { } snippet) return (null, SnippetErrors.NotFound());
        var refusal = await RefuseAsync(snippet, user, action, sharedByLink: false, cancellationToken);
        return refusal is null ? (snippet, null) : (null, refusal);
    }

    /// <summary>The snippet of a share link, for whoever has it; null when there is none or it is private.</summary>
    public async Task<Snippet?> FindSharedAsync(string shareId, CancellationToken cancellationToken)
    {
        var page = await _snippets.QueryAsync(new DocumentQuery<Snippet>().Equal(snippet => snippet.ShareId, shareId).Take(1), cancellationToken);
        return page.Items is [{ Visibility: not SnippetVisibility.Private } snippet] ? snippet : null;
    }

    /// <summary>Why the caller may not make or list snippets of an owner, or null.</summary>
    public async Task<ErrorResult?> RefuseOwnerAsync(Guid owner, CurrentUser user, AccessAction action, CancellationToken cancellationToken) =>
        await access.DecideAsync(user, owner, action, cancellationToken) switch
        {
            AccessDecision.Allowed => null,
            AccessDecision.Hidden => ApiErrors.NotFound("OWNER_NOT_FOUND", "There is no such owner, or you do not belong to it."),
            var decision => Refusal(decision),
        };

    public async Task<bool> CanWriteAsync(Snippet snippet, CurrentUser? user, CancellationToken cancellationToken) =>
        user is not null && await access.DecideAsync(user, snippet.OwnerId, AccessAction.Write, cancellationToken) == AccessDecision.Allowed;

    /// <summary>The oldest version that the caller may see of a snippet that they may see: all, if it would be theirs to see in private too.</summary>
    public async Task<long> FindOldestVersionAsync(Snippet snippet, CurrentUser user, CancellationToken cancellationToken) =>
        await access.DecideAsync(user, snippet.OwnerId, AccessAction.Read, cancellationToken) == AccessDecision.Allowed ? 1 : snippet.OldestPublicVersion;

    private async Task<ErrorResult?> RefuseAsync(
        Snippet snippet, CurrentUser? user, AccessAction action, bool sharedByLink, CancellationToken cancellationToken)
    {
        var visible = snippet.Visibility == SnippetVisibility.Public || (sharedByLink && snippet.Visibility == SnippetVisibility.Unlisted);
        if (visible && action is AccessAction.Read or AccessAction.Use) return null;
        if (user is null) return visible ? ApiErrors.Unauthorized(ErrorCodes.Unauthorized, "Sign in to change snippets.") : SnippetErrors.NotFound();
        return await access.DecideAsync(user, snippet.OwnerId, action, cancellationToken) switch
        {
            AccessDecision.Allowed => null,
            AccessDecision.Hidden when !visible => SnippetErrors.NotFound(),
            var decision => Refusal(decision),
        };
    }

    private static ErrorResult Refusal(AccessDecision decision) => decision == AccessDecision.VerificationNeeded
        ? ApiErrors.Forbidden("EMAIL_NOT_VERIFIED", "Confirm your email address first.")
        : ApiErrors.Forbidden(ErrorCodes.Forbidden, "Your role does not allow this.");
}
