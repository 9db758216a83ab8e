using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Core.Data;

namespace Platform.Api.Auth.OAuth;

internal static class LoginsApi
{
    private static readonly ErrorResult NoSuchProvider = ApiErrors.NotFound("PROVIDER_NOT_FOUND", "There is no such provider.");

    public static IEndpointRouteBuilder MapLogins(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/user/logins").WithTags("User").RequireAuthorization();
        group.MapGet("", ListAsync).WithName("listLogins").WithSummary("The providers that can sign in to the account.").RequireScope(ApiScopes.AccountRead);
        group.MapPost("/{provider}", BeginAsync).WithName("connectLogin").WithSummary("Begins to connect a provider; answers where to send the browser.")
            .ProducesError(StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity);
        group.MapDelete("/{provider}", RemoveAsync).WithName("disconnectLogin").WithSummary("Disconnects a provider, unless it is the only way to sign in.")
            .ProducesError(StatusCodes.Status409Conflict);
        return routes;
    }

    public static async Task<LoginsResponse> ReadAsync(PlatformDbContext database, Guid userId, CancellationToken cancellationToken)
    {
        var logins = await database.UserLogins.AsNoTracking().Where(row => row.UserId == userId).OrderBy(row => row.LoginProvider)
            .Select(row => new LoginResponse(row.LoginProvider, row.ProviderDisplayName)).ToListAsync(cancellationToken);
        var hasPassword = await database.Users.AnyAsync(row => row.Id == userId && row.PasswordHash != null, cancellationToken);
        return new LoginsResponse(logins, hasPassword, hasPassword || logins.Count > 1);
    }

    private static async Task<Ok<LoginsResponse>> ListAsync(CurrentUser caller, PlatformDbContext database, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ReadAsync(database, caller.Id, cancellationToken));

    private static async Task<Results<Ok<LinkLoginResponse>, ErrorResult>> BeginAsync(
        string provider, LinkLoginRequest? request, CurrentUser caller, PlatformDbContext database, ReturnAddresses addresses, ProviderSignIn signIn,
        IAuthenticationSchemeProvider schemes, HttpContext context, CancellationToken cancellationToken)
    {
        if (SignInProvider.Find(provider) is not { } known) return NoSuchProvider;
        if (await schemes.GetSchemeAsync(known.Id) is null) return OAuthApi.NotConfigured(known);
        if (addresses.Find(request?.ReturnUrl, "/settings") is not { } target) return ApiErrors.Invalid("returnUrl", "Must be a page of the front end.");
        if (await database.UserLogins.AnyAsync(row => row.UserId == caller.Id && row.LoginProvider == known.Id, cancellationToken))
            return ApiErrors.Conflict(OAuthErrors.ProviderAlreadyLinked, $"{known.Title} is connected already. Disconnect it first.");

        var properties = signIn.BeginLink(target, caller.Id, caller.SessionId);
        var address = new AuthorizationAddress();
        properties.SetParameter(nameof(AuthorizationAddress), address);
        await context.ChallengeAsync(known.Id, properties);
        return TypedResults.Ok(new LinkLoginResponse(address.Value ?? throw new InvalidOperationException("The handler made no address.")));
    }

    private static async Task<Results<NoContent, ErrorResult>> RemoveAsync(string provider, CurrentUser caller, ExternalLogins logins, CancellationToken cancellationToken)
    {
        if (SignInProvider.Find(provider) is not { } known) return NoSuchProvider;
        return await logins.RemoveAsync(caller.Id, known, cancellationToken) switch
        {
            UnlinkOutcome.Unlinked => TypedResults.NoContent(),
            UnlinkOutcome.LastWayIn => ApiErrors.Conflict("LAST_LOGIN", "This is the only way to sign in. Set a password or connect another provider first."),
            _ => ApiErrors.NotFound("LOGIN_NOT_FOUND", $"{known.Title} is not connected."),
        };
    }
}
