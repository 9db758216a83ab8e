using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Api.Auth.Sessions;
using Platform.Api.Common;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Http;
using Platform.Api.Common.Mail;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Users;

/// <summary>
/// Moves an account to another address: the new one is proven first, by a mailed link or code; the old one is told at once, and gets a link
/// that takes the change back, because whoever stole an account moves it away.
/// </summary>
internal sealed class EmailChangeService(
    PlatformDbContext database, UserManager<PlatformUser> users, SessionService sessions, IAuditLog audit, IMailer mailer, PublicLinks links, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);
    public static readonly TimeSpan UndoLifetime = TimeSpan.FromDays(7);
    public const int MostAttempts = 5;
    private const int CodeDigits = 8;

    private static readonly ErrorResult Taken = ApiErrors.Conflict("EMAIL_TAKEN", "There is an account with this email address already.");

    /// <summary>Mails both addresses. The caller has shown who they are.</summary>
    public async Task<ErrorResult?> RequestAsync(CurrentUser caller, string email, CancellationToken cancellationToken)
    {
        var normalized = users.NormalizeEmail(email);
        var (token, code) = (OpaqueToken.Create(), NewCode());
        return await database.InTransactionAsync<ErrorResult?>(
            async cancel =>
            {
                await database.RequireSignedInAsync(caller, cancel);
                var user = await database.Users.AsNoTracking().SingleAsync(row => row.Id == caller.Id, cancel);
                if (string.Equals(user.Email, email, StringComparison.Ordinal)) return ApiErrors.Invalid("email", "This is your address already.");
                if (await database.Users.AnyAsync(row => row.NormalizedEmail == normalized && row.Id != caller.Id, cancel)) return Taken;
                var now = time.GetUtcNow();
                // The last wish counts.
                await database.EmailChanges.Where(row => row.UserId == caller.Id && row.ConfirmedAt == null).ExecuteDeleteAsync(cancel);
                var change = new EmailChange
                {
                    Id = Guid.CreateVersion7(now),
                    UserId = caller.Id,
                    OldEmail = user.Email!,
                    NewEmail = email,
                    SecurityStamp = user.SecurityStamp,
                    TokenHash = OpaqueToken.Hash(token),
                    CodeHash = "",
                    ExpiresAt = now + Lifetime,
                    CreatedAt = now,
                };
                change.CodeHash = HashCode(change.Id, code);
                database.EmailChanges.Add(change);
                await database.SaveChangesAsync(cancel);
                await RecordAsync(AuditActions.EmailChangeRequested, caller.Id, cancel);
                await mailer.SendAsync(email, ToNew(token, code), cancel);
                await mailer.SendAsync(user.Email!, ToOld(email), cancel);
                return null;
            },
            cancellationToken);
    }

    /// <summary>Moves the account by the token of the mail. Null: the token is not good any more.</summary>
    public async Task<(string? Email, ErrorResult? Refusal)?> ConfirmByTokenAsync(string token, CancellationToken cancellationToken)
    {
        var (hash, now) = (OpaqueToken.Hash(token), time.GetUtcNow());
        var change = await database.EmailChanges.AsNoTracking().SingleOrDefaultAsync(row => row.TokenHash == hash && row.ConfirmedAt == null && row.ExpiresAt > now, cancellationToken);
        return change is null ? null : await ConfirmAsync(change, cancellationToken);
    }

    /// <summary>Moves the account by the code of the mail. Null: the code is wrong, or there were too many wrong ones.</summary>
    public async Task<(string? Email, ErrorResult? Refusal)?> ConfirmByCodeAsync(Guid userId, string code, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var open = database.EmailChanges.Where(row => row.UserId == userId && row.ConfirmedAt == null && row.ExpiresAt > now);
        // Counted before it is looked at.
        if (await open.Where(row => row.Attempts < MostAttempts).ExecuteUpdateAsync(row => row.SetProperty(each => each.Attempts, each => each.Attempts + 1), cancellationToken) == 0) return null;
        var change = await open.AsNoTracking().OrderByDescending(row => row.CreatedAt).FirstOrDefaultAsync(cancellationToken);
        if (change is null) return null;
        var given = HashCode(change.Id, code.Replace(" ", "", StringComparison.Ordinal));
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(given), Encoding.ASCII.GetBytes(change.CodeHash))
            ? await ConfirmAsync(change, cancellationToken)
            : null;
    }

    /// <summary>Gives the account back to its old address and ends all sessions. Null: the token is not good any more.</summary>
    public async Task<(string? Email, ErrorResult? Refusal)?> UndoAsync(string token, CancellationToken cancellationToken)
    {
        var (hash, now) = (OpaqueToken.Hash(token), time.GetUtcNow());
        var change = await database.EmailChanges.AsNoTracking().SingleOrDefaultAsync(row => row.UndoTokenHash == hash && row.UndoneAt == null && row.UndoExpiresAt > now, cancellationToken);
        if (change is null) return null;
        try
        {
            return await database.InTransactionAsync<(string?, ErrorResult?)?>(
                async cancel =>
                {
                    if (await database.EmailChanges.Where(row => row.Id == change.Id && row.UndoneAt == null)
                            .ExecuteUpdateAsync(row => row.SetProperty(each => each.UndoneAt, now), cancel) == 0)
                    {
                        return null;
                    }

                    // A change that came after this one falls with it.
                    await database.EmailChanges.Where(row => row.UserId == change.UserId && row.ConfirmedAt == null).ExecuteDeleteAsync(cancel);
                    await MoveAsync(change.UserId, change.OldEmail, cancel);
                    await RemoveLaterFactorAsync(change, cancel);
                    await sessions.EndAllAsync(change.UserId, null, cancel);
                    await RecordAsync(AuditActions.EmailChangeUndone, change.UserId, cancel);
                    return (change.OldEmail, null);
                },
                cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return (null, Taken);
        }
    }

    private async Task<(string? Email, ErrorResult? Refusal)?> ConfirmAsync(EmailChange change, CancellationToken cancellationToken)
    {
        var undo = OpaqueToken.Create();
        try
        {
            return await database.InTransactionAsync<(string?, ErrorResult?)?>(
                async cancel =>
                {
                    var now = time.GetUtcNow();
                    // Whoever was warned and changed the password has thereby ended this.
                    if (!await database.Users.AnyAsync(row => row.Id == change.UserId && row.SecurityStamp == change.SecurityStamp, cancel)) return null;
                    var wasProven = await database.Users.AnyAsync(row => row.Id == change.UserId && row.EmailConfirmed && row.Email == change.OldEmail, cancel);
                    var undoHash = wasProven ? OpaqueToken.Hash(undo) : null;
                    DateTimeOffset? undoUntil = wasProven ? now + UndoLifetime : null;
                    if (await database.EmailChanges.Where(row => row.Id == change.Id && row.ConfirmedAt == null).ExecuteUpdateAsync(
                            row => row.SetProperty(each => each.ConfirmedAt, now).SetProperty(each => each.UndoTokenHash, undoHash).SetProperty(each => each.UndoExpiresAt, undoUntil),
                            cancel) == 0)
                    {
                        return null;
                    }

                    await MoveAsync(change.UserId, change.NewEmail, cancel);
                    await RecordAsync(AuditActions.EmailChanged, change.UserId, cancel);
                    if (wasProven) await mailer.SendAsync(change.OldEmail, Moved(change.NewEmail, undo), cancel);
                    return (change.NewEmail, null);
                },
                cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Somebody else signed up with it between the mail and the click.
            return (null, Taken);
        }
    }

    private Task<int> MoveAsync(Guid userId, string email, CancellationToken cancellationToken)
    {
        var (now, normalizedEmail, normalizedName, stamp) = (time.GetUtcNow(), users.NormalizeEmail(email), users.NormalizeName(email), Guid.NewGuid().ToString());
        return database.Users.Where(row => row.Id == userId).ExecuteUpdateAsync(
            row => row
                .SetProperty(each => each.Email, email).SetProperty(each => each.NormalizedEmail, normalizedEmail)
                .SetProperty(each => each.UserName, email).SetProperty(each => each.NormalizedUserName, normalizedName)
                .SetProperty(each => each.EmailConfirmed, true).SetProperty(each => each.SecurityStamp, stamp).SetProperty(each => each.UpdatedAt, now),
            cancellationToken);
    }

    /// <summary>A second factor that was turned on after the wish for another address would shut the owner out of the account that comes back.</summary>
    private async Task RemoveLaterFactorAsync(EmailChange change, CancellationToken cancellationToken)
    {
        if (await database.TwoFactors.Where(row => row.UserId == change.UserId && row.EnabledAt > change.CreatedAt).ExecuteDeleteAsync(cancellationToken) == 0) return;
        await database.RecoveryCodes.Where(row => row.UserId == change.UserId).ExecuteDeleteAsync(cancellationToken);
        await database.Users.Where(row => row.Id == change.UserId).ExecuteUpdateAsync(row => row.SetProperty(each => each.TwoFactorEnabled, false), cancellationToken);
    }

    private Task RecordAsync(string action, Guid userId, CancellationToken cancellationToken) =>
        audit.RecordAsync(new AuditEntry(action, userId, "user", userId.ToString()), cancellationToken);

    private MailContent ToNew(string token, string code) =>
        new("Confirm your new address", "Your Autostack account is to be moved to this address. Confirm it within 15 minutes, by the link or by this code:")
        {
            Code = code,
            Link = new MailLink("Confirm the address", links.ToPage("/confirm-email", token)),
            Note = "If you know nothing of this, do nothing.",
        };

    private static MailContent ToOld(string email) =>
        new("Your address is about to change", $"Somebody who is signed in to your Autostack account asked to move it to {email}.")
        {
            Note = "If this was not you, change your password now: it ends all other sessions.",
        };

    private MailContent Moved(string email, string undo) =>
        new("Your address was changed", $"Your Autostack account was moved to {email}. If that was you, nothing is left to do.")
        {
            Link = new MailLink("This was not me: take it back", links.ToPage("/undo-email", undo)),
            Note = "The link works for seven days. It gives the account back to this address and ends all sessions; then reset your password.",
        };

    private static string NewCode() => RandomNumberGenerator.GetInt32(0, 100_000_000).ToString(CultureInfo.InvariantCulture).PadLeft(CodeDigits, '0');

    private static string HashCode(Guid id, string code) => Convert.ToHexStringLower(SHA256.HashData([.. id.ToByteArray(), .. Encoding.UTF8.GetBytes(code)]));
}
