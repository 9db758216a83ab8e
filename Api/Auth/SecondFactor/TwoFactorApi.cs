using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Auth.SignIn;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Api.Common.Limits;

namespace Platform.Api.Auth.SecondFactor;

internal static class TwoFactorApi
{
    private static readonly ErrorResult NotEnabled = ApiErrors.Conflict("TWO_FACTOR_NOT_ENABLED", "Two-factor authentication is not on.");
    private static readonly ErrorResult SignInOver = ApiErrors.Unauthorized("INVALID_TWO_FACTOR_TOKEN", "This sign-in is over. Begin again.");
    private static readonly ErrorResult AccountDisabled = ApiErrors.Forbidden("ACCOUNT_DISABLED", "This account was closed by an administrator.");

    public static IEndpointRouteBuilder MapTwoFactor(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/auth/2fa").WithTags("Auth");
        group.MapPost("/verify", VerifyAsync).AllowAnonymous().WithMetadata(IgnoresSignIn.Instance).WithRateLimit(RateLimitPolicy.Auth)
            .WithName("verifyTwoFactor").WithSummary("The second step of signing in: takes a code of the authenticator app or a recovery code.")
            .ProducesError(StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden);

        var own = group.MapGroup("").RequireAuthorization();
        own.MapGet("", GetAsync).WithName("getTwoFactor").WithSummary("Whether the account asks for a second factor.");
        var guarded = own.MapGroup("").WithRateLimit(RateLimitPolicy.Auth);
        guarded.MapPost("/setup", SetUpAsync).WithName("setUpTwoFactor").WithSummary("A new secret for an authenticator app, as text and as a picture.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        guarded.MapPost("/enable", EnableAsync).WithName("enableTwoFactor").WithSummary("Turns the second factor on by a code of the new secret; answers the recovery codes.")
            .ProducesError(StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity);
        guarded.MapPost("/disable", DisableAsync).WithName("disableTwoFactor").WithSummary("Turns the second factor off; takes the password or a code.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        guarded.MapPost("/recovery-codes", RenewAsync).WithName("renewRecoveryCodes").WithSummary("New recovery codes in place of the old ones; takes the password or a code.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        return routes;
    }

    private static async Task<Results<Ok<AuthResponse>, ErrorResult>> VerifyAsync(
        VerifyTwoFactorRequest request, TwoFactorChallenges challenges, SignInService signIn, HttpContext context, CancellationToken cancellationToken)
    {
        switch (await challenges.AnswerAsync(request.TwoFactorToken!, request.Code!, cancellationToken))
        {
            case TwoFactorAnswer.Right(var user, var method, var persistent):
                return await signIn.CompleteAsync(user, $"{method}+two_factor", persistent, context, cancellationToken) switch
                {
                    SignInOutcome.SignedIn(var tokens) => TypedResults.Ok(tokens.ToResponse()),
                    SignInOutcome.Outdated => SignInOver,
                    _ => AccountDisabled,
                };
            case TwoFactorAnswer.Wrong:
                return ApiErrors.Unauthorized("INVALID_TWO_FACTOR_CODE", "The code is wrong or was used before, or the account is locked for some minutes.");
            case TwoFactorAnswer.Disabled:
                return AccountDisabled;
            default:
                return SignInOver;
        }
    }

    private static async Task<Ok<TwoFactorStatusResponse>> GetAsync(CurrentUser caller, TwoFactorService service, CancellationToken cancellationToken) =>
        TypedResults.Ok(await service.GetStatusAsync(caller.Id, cancellationToken));

    private static async Task<Results<Ok<TwoFactorSetupResponse>, ErrorResult>> SetUpAsync(
        ProofRequest? request, CurrentUser caller, AccountProof proof, TwoFactorService service, CancellationToken cancellationToken)
    {
        if (await proof.RefusalAsync(caller, request?.Password, request?.Code, cancellationToken) is { } refusal) return refusal;
        return await service.SetUpAsync(caller, cancellationToken) is { } setup
            ? TypedResults.Ok(setup)
            : ApiErrors.Conflict("TWO_FACTOR_ENABLED", "Two-factor authentication is on already. Turn it off to set it up anew.");
    }

    private static async Task<Results<Ok<RecoveryCodesResponse>, ErrorResult>> EnableAsync(
        EnableTwoFactorRequest request, CurrentUser caller, TwoFactorService service, CancellationToken cancellationToken)
    {
        if ((await service.GetStatusAsync(caller.Id, cancellationToken)).Enabled)
            return ApiErrors.Conflict("TWO_FACTOR_ENABLED", "Two-factor authentication is on already.");
        return await service.EnableAsync(caller, request.Code!, cancellationToken) is { } codes
            ? TypedResults.Ok(new RecoveryCodesResponse(codes))
            : ApiErrors.Invalid("code", "The code is wrong. Look at the clock of your device, and take the newest code.");
    }

    private static async Task<Results<NoContent, ErrorResult>> DisableAsync(
        ProofRequest? request, CurrentUser caller, AccountProof proof, TwoFactorService service, CancellationToken cancellationToken)
    {
        if (await proof.RefusalAsync(caller, request?.Password, request?.Code, cancellationToken) is { } refusal) return refusal;
        return await service.DisableAsync(caller, cancellationToken) ? TypedResults.NoContent() : NotEnabled;
    }

    private static async Task<Results<Ok<RecoveryCodesResponse>, ErrorResult>> RenewAsync(
        ProofRequest? request, CurrentUser caller, AccountProof proof, TwoFactorService service, CancellationToken cancellationToken)
    {
        if (await proof.RefusalAsync(caller, request?.Password, request?.Code, cancellationToken) is { } refusal) return refusal;
        return await service.RenewAsync(caller, cancellationToken) is { } codes ? TypedResults.Ok(new RecoveryCodesResponse(codes)) : NotEnabled;
    }
}
