using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Auth.Sessions;
using Platform.Api.Common;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Mail;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Users;

/// <summary>Changes a password, or gives one to an account that had none.</summary>
internal sealed class PasswordService(
    PlatformDbContext database, UserManager<PlatformUser> users, SessionService sessions, IAuditLog audit, IMailer mailer, TimeProvider time)
{
    /// <summary>The caller has shown who they are. Null: done, and every other session is over.</summary>
    public Task<ErrorResult?> ChangeAsync(CurrentUser caller, string password, CancellationToken cancellationToken) => database.InTransactionAsync<ErrorResult?>(
        async token =>
        {
            // The mailed link may have set another password since the old one was shown.
            await database.RequireSignedInAsync(caller, token);
            var user = await database.Users.SingleAsync(row => row.Id == caller.Id, token);
            if (string.Equals(password, user.Email, StringComparison.OrdinalIgnoreCase) || string.Equals(password, user.Name, StringComparison.OrdinalIgnoreCase))
                return ApiErrors.Invalid("newPassword", "The password must not be your name or email address.");
            user.PasswordHash = users.PasswordHasher.HashPassword(user, password);
            user.UpdatedAt = time.GetUtcNow();
            // Writes the row, and ends what hangs on the stamp, such as a sign-in that waits for its second step.
            var result = await users.UpdateSecurityStampAsync(user);
            if (!result.Succeeded) return new ErrorResult(StatusCodes.Status409Conflict, ErrorCodes.Conflict, ErrorCodes.ForStatus(StatusCodes.Status409Conflict).Message);

            await sessions.EndAllAsync(caller.Id, caller.SessionId, token);
            await audit.RecordAsync(new AuditEntry(AuditActions.PasswordChanged, caller.Id, "user", caller.Id.ToString()), token);
            await mailer.SendAsync(
                user.Email!,
                new MailContent("Your password was changed", "The password of your Autostack account was changed. All other sessions have ended.")
                {
                    Note = "If this was not you, reset your password now.",
                },
                token);
            return null;
        },
        cancellationToken);
}
