using System.Reflection;
using System.Security.Claims;

namespace Platform.Api.Common;

/// <summary>Who asks: a parameter of handlers. As <c>CurrentUser?</c> it is null for anonymous callers.</summary>
/// <param name="Id">The account.</param>
/// <param name="SessionId">The device that signed in; empty when a program shows an API token.</param>
/// <param name="Email">The address it signs in with.</param>
/// <param name="Name">The name shown to people.</param>
/// <param name="Role"><c>user</c> or <c>admin</c>.</param>
internal sealed record CurrentUser(Guid Id, Guid SessionId, string Email, string Name, string Role)
{
    /// <summary>The API token that was shown instead of a session's; its bearer never has more rights than a user.</summary>
    public ApiTokenGrant? Token { get; init; }

    /// <summary>Whom new things belong to when the caller names no owner.</summary>
    public Guid OwnerId => Token?.OrganizationId ?? Id;

    public bool IsAdmin => Role == PlatformRoles.Admin;

    /// <summary>Called by the framework for each parameter of this type.</summary>
    public static ValueTask<CurrentUser?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        _ = parameter;
        return ValueTask.FromResult(From(context.User));
    }

    public static CurrentUser? From(ClaimsPrincipal principal) => principal is KnownPrincipal known ? known.User : Read(principal);

    internal static CurrentUser? Read(ClaimsPrincipal principal)
    {
        if (principal.Identity?.IsAuthenticated != true) return null;
        if (!Guid.TryParse(principal.FindFirstValue(PlatformClaims.UserId), out var id)) return null;
        var token = ApiTokenGrant.From(principal);
        if (!Guid.TryParse(principal.FindFirstValue(PlatformClaims.SessionId), out var session) && token is null) return null;
        return new CurrentUser(
            id,
            session,
            principal.FindFirstValue(PlatformClaims.Email) ?? "",
            principal.FindFirstValue(PlatformClaims.Name) ?? "",
            token is null ? principal.FindFirstValue(PlatformClaims.Role) ?? PlatformRoles.User : PlatformRoles.User)
        {
            Token = token,
        };
    }
}

/// <summary>A principal that is asked several times in a request, and by many requests, who it is: its claims are read once.</summary>
internal sealed class KnownPrincipal : ClaimsPrincipal
{
    public KnownPrincipal(ClaimsIdentity identity)
        : base(identity)
    {
        User = CurrentUser.Read(this);
        Partition = User is null ? null : PartitionOf(User);
    }

    public CurrentUser? User { get; }

    /// <summary>The name under which the account's requests are counted.</summary>
    public string? Partition { get; }

    public static string PartitionOf(CurrentUser user) => $"user:{user.Id:N}";
}

/// <summary>What an API token allows.</summary>
/// <param name="Id">The token.</param>
/// <param name="Scopes">Words of the catalogue of scopes.</param>
/// <param name="OrganizationId">The only owner whose things it works on; null: all of its person's.</param>
internal sealed record ApiTokenGrant(Guid Id, IReadOnlyList<string> Scopes, Guid? OrganizationId)
{
    public static ApiTokenGrant? From(ClaimsPrincipal principal) =>
        Guid.TryParse(principal.FindFirstValue(PlatformClaims.TokenId), out var id)
            ? new ApiTokenGrant(
                id,
                [.. principal.FindAll(PlatformClaims.Scope).Select(claim => claim.Value)],
                Guid.TryParse(principal.FindFirstValue(PlatformClaims.TokenOrganization), out var organization) ? organization : null)
            : null;
}

/// <summary>Names of the claims in tokens.</summary>
internal static class PlatformClaims
{
    public const string UserId = "userId";
    public const string Email = "email";
    public const string Name = "name";
    public const string SessionId = "sid";
    public const string Role = "role";

    /// <summary>How the caller showed who they are: <c>bearer</c>, <c>query</c> or <c>cookie</c>. Not part of a token.</summary>
    public const string Method = "auth_method";

    public const string MethodCookie = "cookie";

    /// <summary>The API token that was shown. Not part of a session's token, as the two that follow.</summary>
    public const string TokenId = "token_id";
    public const string Scope = "scope";
    public const string TokenOrganization = "token_organization";

    /// <summary>Present when the caller's address is not proven yet: they have what anonymous callers have. Not part of a token.</summary>
    public const string Unverified = "email_unverified";
}

internal static class PlatformRoles
{
    public const string User = "user";
    public const string Admin = "admin";
}

/// <summary>Names of authorization policies.</summary>
internal static class PlatformPolicies
{
    /// <summary>Only administrators of the installation.</summary>
    public const string Admin = "admin";
}
