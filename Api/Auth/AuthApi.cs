using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Auth.Recovery;
using Platform.Api.Auth.Sessions;
using Platform.Api.Auth.SignIn;
using Platform.Api.Auth.Tokens;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Api.Common.Limits;
using Platform.Core.Data;

namespace Platform.Api.Auth;

internal static class AuthApi
{
    private static readonly ErrorResult WrongCredentials =
        ApiErrors.Unauthorized("INVALID_CREDENTIALS", "The email address or the password is wrong, or the account is locked for some minutes.");

    private static readonly ErrorResult AccountDisabled = ApiErrors.Forbidden("ACCOUNT_DISABLED", "This account was closed by an administrator.");

    public static IEndpointRouteBuilder MapAuth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth").WithTags("Auth");

        var credentials = group.MapGroup("").AllowAnonymous().WithMetadata(IgnoresSignIn.Instance).WithRateLimit(RateLimitPolicy.Auth);
        credentials.MapPost("/signup", SignUpAsync).WithName("signUp").WithSummary("Creates an account and signs it in.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        credentials.MapPost("/register", SignUpAsync).WithName("register").WithSummary("The same as signup.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        credentials.MapPost("/login", LogInAsync).WithName("logIn").WithSummary("Signs in with email and password.")
            .ProducesError(StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden);

        RecoveryApi.Map(credentials);
        SessionsApi.Map(group);
        SigningKeysApi.Map(group);

        group.MapPost("/refresh", RefreshAsync).AllowAnonymous().WithMetadata(IgnoresSignIn.Instance)
            .WithName("refreshSession").WithSummary("Takes the refresh token, from the body or the cookie, for new tokens.")
            .ProducesError(StatusCodes.Status401Unauthorized);

        var session = group.MapGroup("").RequireAuthorization();
        session.MapPost("/logout", LogOutAsync).WithName("logOut").WithSummary("Ends the session.");
        session.MapGet("/session", GetSessionAsync).WithName("getSession").WithSummary("Who is signed in, and the token for changes by cookie.");
        return routes;
    }

    private static async Task<Results<Created<AuthResponse>, ErrorResult>> SignUpAsync(
        SignUpRequest request, AccountService accounts, SignInService signIn, HttpContext context, CancellationToken cancellationToken)
    {
        var user = await accounts.CreateAsync(request.Name!, request.Email!, request.Password!, verified: false, cancellationToken);
        if (user is null) return ApiErrors.Conflict("EMAIL_TAKEN", "There is an account with this email address already.");
        return await signIn.CompleteAsync(user, "sign_up", persistent: false, context, cancellationToken) is SignInOutcome.SignedIn(var tokens)
            ? TypedResults.Created("/api/auth/session", tokens.ToResponse())
            : AccountDisabled;
    }

    private static async Task<Results<Ok<AuthResponse>, Ok<SecondFactorResponse>, ErrorResult>> LogInAsync(
        LogInRequest request, AccountService accounts, SignInService signIn, HttpContext context, CancellationToken cancellationToken)
    {
        var user = await accounts.CheckPasswordAsync(request.Email!, request.Password!, cancellationToken);
        if (user is null) return WrongCredentials;
        return await signIn.SignInAsync(user, "password", request.RememberMe ?? false, context, cancellationToken) switch
        {
            SignInOutcome.SignedIn(var tokens) => TypedResults.Ok(tokens.ToResponse()),
            SignInOutcome.SecondFactorNeeded(var challenge) => TypedResults.Ok(challenge.ToResponse()),
            SignInOutcome.Outdated => WrongCredentials,
            _ => AccountDisabled,
        };
    }

    private static async Task<Results<Ok<AuthResponse>, ErrorResult>> RefreshAsync(
        RefreshRequest? request, SessionService sessions, AuthCookies cookies, HttpContext context, CancellationToken cancellationToken)
    {
        var given = request?.RefreshToken;
        var byCookie = string.IsNullOrEmpty(given);
        var tokens = await sessions.ContinueAsync(byCookie ? cookies.FindRefreshToken(context.Request) : given, cancellationToken);
        if (tokens is null)
        {
            if (byCookie) cookies.Clear(context.Response);
            return ApiErrors.Unauthorized("INVALID_REFRESH_TOKEN", "The session is over. Sign in again.");
        }

        if (byCookie) cookies.Set(context.Response, tokens);
        return TypedResults.Ok(tokens.ToResponse());
    }

    private static async Task<NoContent> LogOutAsync(
        CurrentUser caller, SessionService sessions, AuthCookies cookies, HttpContext context, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(caller.Id, caller.SessionId, cancellationToken);
        cookies.Clear(context.Response);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<SessionResponse>, ErrorResult>> GetSessionAsync(
        CurrentUser caller, PlatformDbContext database, SessionService sessions, AuthKeys keys, HttpContext context, CancellationToken cancellationToken)
    {
        var user = await database.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == caller.Id, cancellationToken);
        if (user is null) return ApiErrors.Unauthorized(ErrorCodes.Unauthorized, "The account is gone.");
        var ticket = await context.AuthenticateAsync(PlatformAuthenticationHandler.SchemeName);
        return TypedResults.Ok(new SessionResponse(
            user.ToResponse(await sessions.FindRoleAsync(user.Id, cancellationToken)),
            keys.CsrfToken(caller.SessionId),
            ticket.Properties?.ExpiresUtc ?? throw new InvalidOperationException("A ticket of this scheme has an end.")));
    }
}
