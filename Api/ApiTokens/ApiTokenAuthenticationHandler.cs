using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Core.Data;

namespace Platform.Api.ApiTokens;

/// <summary>
/// Signs programs in by their API token. Each request looks it up, so that a revoked token is refused at once, everywhere. The scheme of
/// sessions hands over whatever begins like an API token.
/// </summary>
internal sealed class ApiTokenAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    PlatformDbContext database,
    IOptions<ApiTokenOptions> tokens,
    TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiToken";
    private const int MaxAddress = 64;

    /// <summary>The text that is to be an API token; null: the request shows none.</summary>
    public static string? FindToken(HttpContext context) =>
        ShownToken.Find(context) is var (text, _) && text.StartsWith(ApiTokenText.Prefix, StringComparison.Ordinal) ? text : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (FindToken(Context) is not { } text) return AuthenticateResult.NoResult();
        if (!ApiTokenText.IsValid(text)) return Refuse("This is no API token.");
        var hash = OpaqueToken.Hash(text);
        var now = time.GetUtcNow();
        var found = await database.ApiTokens.AsNoTracking()
            .Where(token => token.TokenHash == hash && token.RevokedAt == null && (token.ExpiresAt == null || token.ExpiresAt > now))
            .Join(database.Users.Where(user => user.DisabledAt == null), token => token.UserId, user => user.Id, (token, user) => new { Token = token, user.Email, user.Name, user.EmailConfirmed })
            .SingleOrDefaultAsync(Context.RequestAborted);
        if (found is null) return Refuse("The API token is not valid or no longer.");

        await RememberUseAsync(found.Token.Id, found.Token.LastUsedAt, now);
        var claims = new List<Claim>
        {
            new(PlatformClaims.UserId, found.Token.UserId.ToString()),
            new(PlatformClaims.Email, found.Email ?? ""),
            new(PlatformClaims.Name, found.Name),
            new(PlatformClaims.TokenId, found.Token.Id.ToString()),
            new(PlatformClaims.Method, "api_token"),
        };
        claims.AddRange(found.Token.Scopes.Select(scope => new Claim(PlatformClaims.Scope, scope)));
        if (!found.EmailConfirmed) claims.Add(new Claim(PlatformClaims.Unverified, "true"));
        if (found.Token.OrganizationId is { } organization) claims.Add(new Claim(PlatformClaims.TokenOrganization, organization.ToString()));
        var identity = new ClaimsIdentity(claims, SchemeName, PlatformClaims.Name, PlatformClaims.Role);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return ErrorWriter.WriteAsync(Context, StatusCodes.Status401Unauthorized);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => ErrorWriter.WriteAsync(Context, StatusCodes.Status403Forbidden);

    private AuthenticateResult Refuse(string reason)
    {
        Context.Features.Set(RefusedSignIn.Instance);
        return AuthenticateResult.Fail(reason);
    }

    private async Task RememberUseAsync(Guid id, DateTimeOffset? last, DateTimeOffset now)
    {
        var limit = now - tokens.Value.LastUsedInterval;
        if (last > limit) return;
        var address = Context.Connection.RemoteIpAddress?.ToString();
        if (address?.Length > MaxAddress) address = address[..MaxAddress];
        // The condition again: of many requests at once one writes.
        await database.ApiTokens.Where(token => token.Id == id && (token.LastUsedAt == null || token.LastUsedAt <= limit)).ExecuteUpdateAsync(
            row => row.SetProperty(token => token.LastUsedAt, now).SetProperty(token => token.LastUsedIp, address), Context.RequestAborted);
    }
}
