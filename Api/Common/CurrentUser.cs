using System.Reflection;
using System.Security.Claims;

namespace Platform.Api.Common;

/// <summary>Who asks: a parameter of handlers. As <c>CurrentUser?</c> it is null for anonymous callers.</summary>
/// <param name="Id">The account.</param>
/// <param name="SessionId">The device that signed in.</param>
/// <param name="Email">The address it signs in with.</param>
/// <param name="Name">The name shown to people.</param>
/// <param name="Role"><c>user</c> or <c>admin</c>.</param>
internal sealed record CurrentUser(Guid Id, Guid SessionId, string Email, string Name, string Role)
{
    /// <summary>Whose things the caller works on.</summary>
    public Guid OwnerId => Id;

    public bool IsAdmin => Role == PlatformRoles.Admin;

    /// <summary>Called by the framework for each parameter of this type.</summary>
    public static ValueTask<CurrentUser?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        _ = parameter;
        return ValueTask.FromResult(From(context.User));
    }

    public static CurrentUser? From(ClaimsPrincipal principal)
    {
        if (principal.Identity?.IsAuthenticated != true) return null;
        return Guid.TryParse(principal.FindFirstValue(PlatformClaims.UserId), out var id) &&
            Guid.TryParse(principal.FindFirstValue(PlatformClaims.SessionId), out var session)
            ? new CurrentUser(
                id,
                session,
                principal.FindFirstValue(PlatformClaims.Email) ?? "",
                principal.FindFirstValue(PlatformClaims.Name) ?? "",
                principal.FindFirstValue(PlatformClaims.Role) ?? PlatformRoles.User)
            : null;
    }
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
