using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Auth.Sessions;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.ApiTokens;

/// <summary>Makes, lists and revokes the tokens of an account.</summary>
internal sealed class ApiTokenService(
    PlatformDbContext database, IAccessControl access, IAuditLog audit, IOptions<ApiTokenOptions> options, TimeProvider time)
{
    /// <returns>The token itself, which is not kept, and its row; or why not.</returns>
    public Task<(string Token, ApiToken? Row, ErrorResult? Refusal)> CreateAsync(
        CreateApiTokenRequest request, CurrentUser user, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async token =>
            {
                if (request.OrganizationId is { } organization &&
                    await access.RefuseAsync(user, organization, AccessAction.Read, ApiTokenErrors.OrganizationNotFound(organization), token) is { } hidden)
                {
                    return ("", (ApiToken?)null, (ErrorResult?)hidden);
                }

                // Counted under the account's lock: many at once are no way around the limit, and none outlives the account or a new password.
                await database.RequireSignedInAsync(user, token);
                var now = time.GetUtcNow();
                if (await Live(user.Id).CountAsync(row => row.ExpiresAt == null || row.ExpiresAt > now, token) >= options.Value.MaxPerUser) return ("", null, ApiTokenErrors.TooMany);

                var text = ApiTokenText.Create();
                var created = new ApiToken
                {
                    Id = Guid.CreateVersion7(now),
                    UserId = user.Id,
                    OrganizationId = request.OrganizationId,
                    Name = request.Name!.Trim(),
                    TokenHash = OpaqueToken.Hash(text),
                    Hint = ApiTokenText.Hint(text),
                    Scopes = [.. request.Scopes!.Distinct(StringComparer.Ordinal)],
                    ExpiresAt = FindEnd(request, now),
                    CreatedAt = now,
                };
                database.ApiTokens.Add(created);
                await database.SaveChangesAsync(token);
                await RecordAsync(AuditActions.ApiTokenCreated, user, created, token);
                return (text, created, null);
            },
            cancellationToken);

    /// <summary>Tokens that are not revoked, newest first; those that have run out are shown as such.</summary>
    public Task<List<ApiToken>> ListAsync(Guid userId, CancellationToken cancellationToken) =>
        Live(userId).AsNoTracking().OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id).ToListAsync(cancellationToken);

    public Task<bool> RevokeAsync(Guid id, CurrentUser user, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            async token =>
            {
                var found = await Live(user.Id).AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, token);
                if (found is null) return false;
                var now = time.GetUtcNow();
                if (await Live(user.Id).Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(each => each.RevokedAt, now), token) == 0) return false;
                await RecordAsync(AuditActions.ApiTokenRevoked, user, found, token);
                return true;
            },
            cancellationToken);

    private DateTimeOffset? FindEnd(CreateApiTokenRequest request, DateTimeOffset now)
    {
        if (request.NeverExpires == true) return null;
        var days = request.ExpiresInDays ?? Math.Min(options.Value.DefaultDays, options.Value.MaxDays ?? int.MaxValue);
        return now.AddDays(days);
    }

    private IQueryable<ApiToken> Live(Guid userId) => database.ApiTokens.Where(row => row.UserId == userId && row.RevokedAt == null);

    private Task RecordAsync(string action, CurrentUser user, ApiToken token, CancellationToken cancellationToken) =>
        audit.RecordAsync(
            new AuditEntry(action, user.Id, "api_token", token.Id.ToString())
            {
                OwnerId = token.OrganizationId ?? user.Id,
                Details = new Dictionary<string, string?>(StringComparer.Ordinal) { ["name"] = token.Name, ["scopes"] = string.Join(' ', token.Scopes) },
            },
            cancellationToken);
}

internal static class ApiTokenErrors
{
    public static ErrorResult NotFound(Guid id) => ApiErrors.NotFound("API_TOKEN_NOT_FOUND", $"API token with ID '{id}' not found");

    public static ErrorResult OrganizationNotFound(Guid id) => ApiErrors.NotFound("ORGANIZATION_NOT_FOUND", $"Organization with ID '{id}' not found");

    public static ErrorResult TooMany { get; } = ApiErrors.Conflict("TOO_MANY_API_TOKENS", "Revoke a token before you make another one.");
}
