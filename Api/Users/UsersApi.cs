using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Platform.Api.Auth;
using Platform.Api.Auth.SecondFactor;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Api.Common.Limits;

namespace Platform.Api.Users;

internal static class UsersApi
{
    private static readonly ErrorResult Gone = ApiErrors.Unauthorized(ErrorCodes.Unauthorized, "The account is gone.");
    private static readonly ErrorResult BadToken = ApiErrors.Unauthorized("INVALID_EMAIL_TOKEN", "The link or the code is not valid, or not any more.");

    public static IEndpointRouteBuilder MapUsers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/user").WithTags("User").RequireAuthorization();
        group.MapGet("/profile", GetProfileAsync).WithName("getProfile").WithSummary("Who is signed in.").RequireScope(ApiScopes.AccountRead);
        group.MapPut("/profile", PutProfileAsync).WithName("putProfile").WithSummary("Changes the name.");
        group.MapGet("/preferences", GetPreferencesAsync).WithName("getPreferences").WithSummary("Theme and notifications.").RequireScope(ApiScopes.AccountRead);
        group.MapPut("/preferences", PutPreferencesAsync).WithName("putPreferences").WithSummary("Changes theme and notifications.");
        group.MapGet("/export", ExportAsync).WithName("exportAccount").WithSummary("Everything that is stored about the account, as JSON.");

        var guarded = group.MapGroup("").WithRateLimit(RateLimitPolicy.Auth);
        guarded.MapPut("/password", PutPasswordAsync).WithName("putPassword").WithSummary("Changes the password and ends all other sessions.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        guarded.MapPut("/email", PutEmailAsync).WithName("putEmail").WithSummary("Begins to move the account to another address, which gets a mail.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);
        guarded.MapDelete("/account", DeleteAccountAsync).WithName("deleteAccount").WithSummary("Deletes the account, its projects and its sites. Takes the password or a code.")
            .ProducesError(StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict);

        var mailed = routes.MapGroup("/api/user/email").WithTags("User").AllowAnonymous().WithRateLimit(RateLimitPolicy.Auth);
        mailed.MapPost("/confirm", ConfirmEmailAsync).WithName("confirmEmail").WithSummary("Proves the new address, by the mailed link or by the mailed code.")
            .ProducesError(StatusCodes.Status401Unauthorized, StatusCodes.Status409Conflict);
        mailed.MapPost("/undo", UndoEmailAsync).WithMetadata(IgnoresSignIn.Instance)
            .WithName("undoEmail").WithSummary("Gives the account back to its old address and ends all sessions.")
            .ProducesError(StatusCodes.Status401Unauthorized, StatusCodes.Status409Conflict);
        return routes;
    }

    private static async Task<Results<Ok<ProfileResponse>, ErrorResult>> GetProfileAsync(CurrentUser caller, ProfileService profiles, CancellationToken cancellationToken) =>
        await profiles.FindAsync(caller, cancellationToken) is { } profile ? TypedResults.Ok(profile) : Gone;

    private static async Task<Results<Ok<ProfileResponse>, ErrorResult>> PutProfileAsync(
        UpdateProfileRequest request, CurrentUser caller, ProfileService profiles, CancellationToken cancellationToken)
    {
        if (await profiles.FindAsync(caller, cancellationToken) is not { } before) return Gone;
        if (request.Email is not null && !string.Equals(request.Email, before.Email, StringComparison.OrdinalIgnoreCase))
            return ApiErrors.Invalid("email", "The address is changed by PUT /api/user/email.");
        await profiles.RenameAsync(caller.Id, request.Name!.Trim(), cancellationToken);
        return await profiles.FindAsync(caller, cancellationToken) is { } profile ? TypedResults.Ok(profile) : Gone;
    }

    private static async Task<Ok<PreferencesResponse>> GetPreferencesAsync(CurrentUser caller, ProfileService profiles, CancellationToken cancellationToken) =>
        TypedResults.Ok(await profiles.GetPreferencesAsync(caller.Id, cancellationToken));

    private static async Task<Ok<PreferencesResponse>> PutPreferencesAsync(
        UpdatePreferencesRequest request, CurrentUser caller, ProfileService profiles, CancellationToken cancellationToken) =>
        TypedResults.Ok(await profiles.SetPreferencesAsync(caller.Id, request, cancellationToken));

    private static async Task<Results<NoContent, ErrorResult>> PutPasswordAsync(
        ChangePasswordRequest request, CurrentUser caller, AccountProof proof, PasswordService passwords, CancellationToken cancellationToken)
    {
        // A code does not stand for a password that there is: who changes it knows it.
        if (await proof.RefusalAsync(caller, request.CurrentPassword, request.Code, codeSuffices: false, cancellationToken) is { } refusal) return refusal;
        return await passwords.ChangeAsync(caller, request.NewPassword!, cancellationToken) is { } failure ? failure : TypedResults.NoContent();
    }

    private static async Task<Results<Accepted<ChangeEmailResponse>, ErrorResult>> PutEmailAsync(
        ChangeEmailRequest request, CurrentUser caller, AccountProof proof, EmailChangeService emails, CancellationToken cancellationToken)
    {
        if (await proof.RefusalAsync(caller, request.Password, request.Code, cancellationToken) is { } refusal) return refusal;
        return await emails.RequestAsync(caller, request.Email!, cancellationToken) is { } failure
            ? failure
            : TypedResults.Accepted((string?)null, new ChangeEmailResponse(request.Email!, (int)EmailChangeService.Lifetime.TotalSeconds));
    }

    private static async Task<Results<Ok<EmailResponse>, ErrorResult>> ConfirmEmailAsync(
        ConfirmEmailRequest request, CurrentUser? caller, EmailChangeService emails, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(request.Token) && caller is null) return ApiErrors.Unauthorized(ErrorCodes.Unauthorized, "Sign in to enter the code, or follow the link.");
        var result = string.IsNullOrEmpty(request.Token)
            ? await emails.ConfirmByCodeAsync(caller!.Id, request.Code!, cancellationToken)
            : await emails.ConfirmByTokenAsync(request.Token, cancellationToken);
        return Answer(result);
    }

    private static async Task<Results<Ok<EmailResponse>, ErrorResult>> UndoEmailAsync(UndoEmailRequest request, EmailChangeService emails, CancellationToken cancellationToken) =>
        Answer(await emails.UndoAsync(request.Token!, cancellationToken));

    private static Results<Ok<EmailResponse>, ErrorResult> Answer((string? Email, ErrorResult? Refusal)? result) => result switch
    {
        null => BadToken,
        (_, { } refusal) => refusal,
        ({ } email, _) => TypedResults.Ok(new EmailResponse(email)),
        _ => BadToken,
    };

    private static async Task<Results<NoContent, ErrorResult>> DeleteAccountAsync(
        [FromBody] ProofRequest? request, CurrentUser caller, AccountProof proof, AccountDeletion deletion, AuthCookies cookies, HttpContext context, CancellationToken cancellationToken)
    {
        if (await proof.RefusalAsync(caller, request?.Password, request?.Code, cancellationToken) is { } refusal) return refusal;
        if (await deletion.DeleteAsync(caller, cancellationToken) is { } obstacle) return obstacle;
        cookies.Clear(context.Response);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<AccountExportResponse>> ExportAsync(CurrentUser caller, AccountExporter exporter, HttpResponse response, CancellationToken cancellationToken)
    {
        response.Headers.ContentDisposition = "attachment; filename=\"autostack-account.json\"";
        return TypedResults.Ok(await exporter.ExportAsync(caller, cancellationToken));
    }
}
