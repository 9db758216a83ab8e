using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Platform.Api.Auth.Sessions;
using Platform.Api.Auth.SignIn;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Api.Common.Limits;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.OAuth;

internal static class OAuthApi
{
    public static IEndpointRouteBuilder MapOAuth(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth").WithTags("Auth").AllowAnonymous().WithMetadata(IgnoresSignIn.Instance);
        group.MapGet("/providers", ListProvidersAsync).WithName("listSignInProviders").WithSummary("The providers that this installation offers.");
        foreach (var provider in SignInProvider.All)
        {
            group.MapGet($"/{provider.Id}", (string? returnUrl, bool? rememberMe, ReturnAddresses addresses, ProviderSignIn signIn, IAuthenticationSchemeProvider schemes, HttpContext context) =>
                    SignInAsync(provider, returnUrl, rememberMe, addresses, signIn, schemes, context))
                .WithName($"signInWith{provider.Title}").WithSummary($"Sends the browser to {provider.Title} to sign in.")
                .Produces(StatusCodes.Status302Found).ProducesError(StatusCodes.Status404NotFound, StatusCodes.Status422UnprocessableEntity);
            group.MapGet($"/{provider.Id}/callback", (IAuthenticationSchemeProvider schemes, IAuthenticationHandlerProvider handlers, HttpContext context) =>
                    FinishAsync(provider, schemes, handlers, context))
                .WithName($"finishSignInWith{provider.Title}").WithSummary($"Where {provider.Title} sends the browser back to; goes on to the front end.")
                .Produces(StatusCodes.Status302Found).ProducesError(StatusCodes.Status404NotFound);
        }

        group.MapPost("/link", LinkAsync).WithRateLimit(RateLimitPolicy.Auth)
            .WithName("linkLogin").WithSummary("Connects the provider of an interrupted sign-in with the account that has its address, and signs in.")
            .ProducesError(StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        return routes;
    }

    public static ErrorResult NotConfigured(SignInProvider provider) =>
        ApiErrors.NotFound("PROVIDER_NOT_CONFIGURED", $"This installation does not offer to sign in with {provider.Title}.");

    private static async Task<Ok<ProvidersResponse>> ListProvidersAsync(IAuthenticationSchemeProvider schemes)
    {
        var offered = new List<ProviderResponse>();
        foreach (var provider in SignInProvider.All)
        {
            if (await schemes.GetSchemeAsync(provider.Id) is not null) offered.Add(new ProviderResponse(provider.Id, provider.Title, provider.SignInPath));
        }

        return TypedResults.Ok(new ProvidersResponse(offered));
    }

    private static async Task<IResult> SignInAsync(
        SignInProvider provider, string? returnUrl, bool? rememberMe, ReturnAddresses addresses, ProviderSignIn signIn, IAuthenticationSchemeProvider schemes, HttpContext context)
    {
        if (await schemes.GetSchemeAsync(provider.Id) is null) return NotConfigured(provider);
        if (addresses.Find(returnUrl, "/dashboard") is not { } target) return ApiErrors.Invalid("returnUrl", "Must be a page of the front end.");
        await context.ChallengeAsync(provider.Id, signIn.BeginSignIn(target, rememberMe ?? false));
        return Results.Empty;
    }

    private static async Task<IResult> FinishAsync(
        SignInProvider provider, IAuthenticationSchemeProvider schemes, IAuthenticationHandlerProvider handlers, HttpContext context)
    {
        if (await schemes.GetSchemeAsync(provider.Id) is null) return NotConfigured(provider);
        var handler = (ProviderHandler)(await handlers.GetHandlerAsync(context, provider.Id))!;
        await handler.HandleCallbackAsync();
        return Results.Empty;
    }

    private static async Task<Results<Ok<AuthResponse>, Ok<SecondFactorResponse>, ErrorResult>> LinkAsync(
        LinkRequest request,
        PendingLogins pending,
        ProviderSignIn provider,
        ExternalLogins logins,
        AccountService accounts,
        UserManager<PlatformUser> users,
        PlatformDbContext database,
        SignInService signIn,
        HttpContext context,
        CancellationToken cancellationToken)
    {
        var invalid = ApiErrors.Unauthorized("INVALID_LINK_TOKEN", "The link is not valid any more. Sign in with the provider again.");
        if (await pending.FindAsync(request.Token!, cancellationToken) is not var (login, byMail)) return invalid;
        if (!byMail)
        {
            // An account that does not exist yet has no password to give.
            if (login.UserId is null) return invalid;
            if (string.IsNullOrEmpty(request.Password)) return ApiErrors.Invalid("password", "Enter the password of the account.");
            if (await accounts.CheckPasswordAsync(login.Email, request.Password, cancellationToken) is not { } owner || owner.Id != login.UserId)
                return ApiErrors.Unauthorized("INVALID_CREDENTIALS", "The password is wrong, or the account is locked for some minutes.");
        }

        if (!await pending.TakeAsync(login.Id, cancellationToken)) return invalid;
        var user = login.UserId is null
            ? await provider.CreateAsync(login.Provider, login.ProviderKey, login.DisplayName, login.Name, login.Email, login.AvatarUrl, cancellationToken)
            : await users.FindByEmailAsync(login.Email);
        // The address may have moved to another account, or lost its proof, since the mail was sent.
        if (user is null || (login.UserId is { } id && (user.Id != id || !user.EmailConfirmed)))
            return ApiErrors.Conflict(OAuthErrors.EmailTaken, "Another account has this address by now. Sign in with the provider again.");
        var linked = await logins.AddAsync(
            user.Id, login.Provider, login.ProviderKey, login.DisplayName, announce: true,
            async stop => await database.LockOpenAccountAsync(user.Id, stop) == user.SecurityStamp, cancellationToken);
        if (linked == LinkOutcome.NotProven) return invalid;
        if (linked != LinkOutcome.Linked) return ApiErrors.Conflict(OAuthErrors.LoginInUse, "This login, or another one of the same provider, is connected already.");

        return await signIn.SignInAsync(user, login.Provider, persistent: false, context, cancellationToken) switch
        {
            SignInOutcome.SignedIn(var tokens) => TypedResults.Ok(tokens.ToResponse()),
            SignInOutcome.SecondFactorNeeded(var challenge) => TypedResults.Ok(challenge.ToResponse()),
            SignInOutcome.Outdated => invalid,
            _ => ApiErrors.Forbidden(OAuthErrors.AccountDisabled, "This account was closed by an administrator."),
        };
    }
}
