using Microsoft.AspNetCore.Http.HttpResults;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Mail;

namespace Platform.Api.Auth.Recovery;

/// <summary>What people do who are not, or not quite, signed in: prove an address, get a mail again, set a new password.</summary>
internal static class RecoveryApi
{
    /// <summary>Maps into the group of endpoints that take credentials: anonymous, limited per address.</summary>
    public static void Map(IEndpointRouteBuilder credentials)
    {
        credentials.MapPost("/verify-email", VerifyEmailAsync).WithName("verifyEmail")
            .WithSummary("Proves an address by the mailed link's token, or by the code and the address.").ProducesError(StatusCodes.Status400BadRequest);
        credentials.MapPost("/resend-verification", ResendVerificationAsync).WithName("resendVerification")
            .WithSummary("Mails link and code again. Answers alike whether there is such an account or not.");
        credentials.MapPost("/forgot-password", ForgotPasswordAsync).WithName("forgotPassword")
            .WithSummary("Mails a link to set a new password. Answers alike whether there is such an account or not.");
        credentials.MapPost("/reset-password", ResetPasswordAsync).WithName("resetPassword")
            .WithSummary("Sets a new password by the mailed link's token and ends all sessions.").ProducesError(StatusCodes.Status400BadRequest);
    }

    private static async Task<Results<Ok<EmailVerifiedResponse>, ErrorResult>> VerifyEmailAsync(
        VerifyEmailRequest request, EmailVerification verification, CancellationToken cancellationToken)
    {
        var verified = request.Token is { } token
            ? await verification.VerifyAsync(token, cancellationToken)
            : await verification.VerifyAsync(request.Email!, request.Code!, cancellationToken);
        return verified
            ? TypedResults.Ok(new EmailVerifiedResponse(EmailVerified: true))
            : Invalid("INVALID_VERIFICATION", "This link or code is wrong, was used, or is too old. Ask for a new mail.");
    }

    private static async Task<Accepted<MessageResponse>> ResendVerificationAsync(
        EmailOnlyRequest request, IMailRequests mails, CancellationToken cancellationToken)
    {
        await mails.AddAsync(MailedTokenPurpose.VerifyEmail, request.Email!, cancellationToken);
        return Accepted("If this address waits to be confirmed, a mail is on its way.");
    }

    private static async Task<Accepted<MessageResponse>> ForgotPasswordAsync(
        EmailOnlyRequest request, IMailRequests mails, CancellationToken cancellationToken)
    {
        await mails.AddAsync(MailedTokenPurpose.ResetPassword, request.Email!, cancellationToken);
        return Accepted("If there is an account with this address, a mail is on its way.");
    }

    private static async Task<Results<Ok<MessageResponse>, ErrorResult>> ResetPasswordAsync(
        ResetPasswordRequest request, PasswordReset reset, AuthCookies cookies, HttpContext context, CancellationToken cancellationToken)
    {
        switch (await reset.ResetAsync(request.Token!, request.Password!, cancellationToken))
        {
            case PasswordResetOutcome.Done:
                // Whoever this browser was signed in as before: it starts afresh.
                cookies.Clear(context.Response);
                return TypedResults.Ok(new MessageResponse("The password is set. Sign in with it."));
            case PasswordResetOutcome.OwnName:
                return ApiErrors.Invalid("password", "The password must not be your name or email address.");
            default:
                return Invalid("INVALID_RESET_TOKEN", "This link was used, or is too old. Ask for a new mail.");
        }
    }

    private static Accepted<MessageResponse> Accepted(string message) => TypedResults.Accepted((string?)null, new MessageResponse(message));

    private static ErrorResult Invalid(string code, string message) => new(StatusCodes.Status400BadRequest, code, message);
}
