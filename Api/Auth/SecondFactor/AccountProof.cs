using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Errors;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.SecondFactor;

/// <summary>
/// Asks somebody who is signed in to show once more who they are, before what cannot be undone or would shut them out. Wrong answers count
/// towards the account's lock like wrong sign-ins.
/// </summary>
internal sealed class AccountProof(PlatformDbContext database, UserManager<PlatformUser> users, AccountService accounts, TwoFactorCodes codes, TimeProvider time)
{
    /// <summary>An account that has neither password nor codes shows it by having signed in at its provider just now.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>Null: it is shown. Else the refusal, which names the ways.</summary>
    public Task<ErrorResult?> RefusalAsync(CurrentUser caller, string? password, string? code, CancellationToken cancellationToken) =>
        RefusalAsync(caller, password, code, codeSuffices: true, cancellationToken);

    /// <summary>The same; a code does not stand for a password that the account has where <paramref name="codeSuffices"/> is false.</summary>
    public async Task<ErrorResult?> RefusalAsync(CurrentUser caller, string? password, string? code, bool codeSuffices, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var user = await database.Users.AsNoTracking().SingleOrDefaultAsync(row => row.Id == caller.Id, cancellationToken);
        if (user is null) return ApiErrors.Unauthorized(ErrorCodes.Unauthorized, "The account is gone.");
        if (user.LockoutEnd > now) return ApiErrors.Forbidden("ACCOUNT_LOCKED", "There were too many wrong attempts. Try again in some minutes.");

        if (!string.IsNullOrEmpty(password) && user.PasswordHash is not null)
        {
            if (await users.CheckPasswordAsync(user, password)) return null;
            await accounts.CountFailureAsync(user.Id, cancellationToken);
            return ApiErrors.Forbidden("WRONG_PASSWORD", "The password is wrong.");
        }

        var takesCode = user.TwoFactorEnabled && (codeSuffices || user.PasswordHash is null);
        if (!string.IsNullOrEmpty(code) && takesCode)
        {
            if (await codes.TakeAsync(user.Id, code, cancellationToken)) return null;
            await accounts.CountFailureAsync(user.Id, cancellationToken);
            return ApiErrors.Forbidden("WRONG_CODE", "The code is wrong or was used before.");
        }

        if (user.PasswordHash is null && !user.TwoFactorEnabled && await IsFreshAsync(caller.SessionId, now, cancellationToken)) return null;
        return new ErrorResult(
            StatusCodes.Status403Forbidden, "PROOF_REQUIRED", "Show once more who you are.", new Dictionary<string, object?> { ["methods"] = Methods(user, takesCode) });
    }

    private static List<string> Methods(PlatformUser user, bool takesCode)
    {
        var methods = new List<string>();
        if (user.PasswordHash is not null) methods.Add("password");
        if (takesCode) methods.Add("code");
        if (methods.Count == 0) methods.Add("sign_in_again");
        return methods;
    }

    private Task<bool> IsFreshAsync(Guid sessionId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var limit = now - Fresh;
        return database.Sessions.AnyAsync(row => row.Id == sessionId && row.RevokedAt == null && row.CreatedAt > limit, cancellationToken);
    }
}
