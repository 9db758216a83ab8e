using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Auth.Sessions;
using Platform.Api.Common;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Mail;
using Platform.Core.Data;
using QRCoder;

namespace Platform.Api.Auth.SecondFactor;

/// <summary>Turns the second factor of an account on and off.</summary>
internal sealed class TwoFactorService(PlatformDbContext database, TwoFactorCodes codes, IAuditLog audit, IMailer mailer, TimeProvider time)
{
    private const string Issuer = "Autostack";
    private const string Doubt = "If this was not you, somebody has your password: change it and end all other sessions.";

    public async Task<TwoFactorStatusResponse> GetStatusAsync(Guid userId, CancellationToken cancellationToken)
    {
        var enabledAt = await database.TwoFactors.Where(row => row.UserId == userId).Select(row => row.EnabledAt).SingleOrDefaultAsync(cancellationToken);
        var left = enabledAt is null ? 0 : await database.RecoveryCodes.CountAsync(row => row.UserId == userId && row.UsedAt == null, cancellationToken);
        return new TwoFactorStatusResponse(enabledAt is not null, enabledAt, left);
    }

    /// <summary>A new secret, which counts once a code of it was entered; null: there is one that counts.</summary>
    public async Task<TwoFactorSetupResponse?> SetUpAsync(CurrentUser caller, CancellationToken cancellationToken)
    {
        var (secret, now) = (RandomNumberGenerator.GetBytes(Totp.SecretBytes), time.GetUtcNow());
        var stored = codes.Protect(secret);
        var written = await database.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO two_factors (user_id, secret, last_used_step, created_at) VALUES ({caller.Id}, {stored}, 0, {now})
             ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_used_step = 0, created_at = excluded.created_at
             WHERE two_factors.enabled_at IS NULL
             """,
            cancellationToken);
        if (written == 0) return null;
        var email = await database.Users.Where(row => row.Id == caller.Id).Select(row => row.Email).SingleAsync(cancellationToken);
        var text = Base32.Encode(secret);
        // Algorithm, digits and period are the standard's; some apps refuse addresses that spell them out.
        var uri = $"otpauth://totp/{Issuer}:{Uri.EscapeDataString(email!)}?secret={text}&issuer={Issuer}";
        return new TwoFactorSetupResponse(text, uri, Draw(uri));
    }

    /// <summary>Turns it on by the first right code; the answer is the recovery codes. Null: the code is wrong, or nothing was set up.</summary>
    public Task<IReadOnlyList<string>?> EnableAsync(CurrentUser caller, string code, CancellationToken cancellationToken) => database.InTransactionAsync(
        async token =>
        {
            // Whoever was thrown out by a new password must not shut the owner out by a factor of their own.
            await database.RequireSignedInAsync(caller, token);
            var factor = await database.TwoFactors.AsNoTracking().SingleOrDefaultAsync(row => row.UserId == caller.Id && row.EnabledAt == null, token);
            if (factor is null || codes.FindStep(factor, code) is not { } step) return null;
            DateTimeOffset? now = time.GetUtcNow();
            // The secret too: another tab may have made a new one meanwhile, of which this code is not.
            if (await database.TwoFactors.Where(row => row.UserId == caller.Id && row.EnabledAt == null && row.Secret == factor.Secret)
                    .ExecuteUpdateAsync(row => row.SetProperty(each => each.EnabledAt, now).SetProperty(each => each.LastUsedStep, step), token) == 0)
            {
                return null;
            }

            await SetFlagAsync(caller.Id, true, token);
            var fresh = await codes.RenewAsync(caller.Id, token);
            await TellAsync(caller, AuditActions.TwoFactorEnabled, "Two-factor authentication is on", "From now on, signing in to Autostack needs a code of your authenticator app.", token);
            return fresh;
        },
        cancellationToken);

    /// <summary>Turns it off. False: it was not on.</summary>
    public Task<bool> DisableAsync(CurrentUser caller, CancellationToken cancellationToken) => database.InTransactionAsync(
        async token =>
        {
            await database.RequireSignedInAsync(caller, token);
            if (await database.TwoFactors.Where(row => row.UserId == caller.Id && row.EnabledAt != null).ExecuteDeleteAsync(token) == 0) return false;
            await database.RecoveryCodes.Where(row => row.UserId == caller.Id).ExecuteDeleteAsync(token);
            await database.TwoFactorChallenges.Where(row => row.UserId == caller.Id).ExecuteDeleteAsync(token);
            await SetFlagAsync(caller.Id, false, token);
            await TellAsync(caller, AuditActions.TwoFactorDisabled, "Two-factor authentication is off", "Signing in to Autostack needs no code any more.", token);
            return true;
        },
        cancellationToken);

    /// <summary>New recovery codes; null: it is not on.</summary>
    public Task<IReadOnlyList<string>?> RenewAsync(CurrentUser caller, CancellationToken cancellationToken) => database.InTransactionAsync(
        async token =>
        {
            await database.RequireSignedInAsync(caller, token);
            // Locked: of two renewals at once one's codes are the last, and all of them.
            if (await database.TwoFactors.Where(row => row.UserId == caller.Id && row.EnabledAt != null)
                    .ExecuteUpdateAsync(row => row.SetProperty(each => each.EnabledAt, each => each.EnabledAt), token) == 0)
            {
                return null;
            }

            var fresh = await codes.RenewAsync(caller.Id, token);
            await TellAsync(caller, AuditActions.RecoveryCodesRenewed, "New recovery codes", "The recovery codes of your Autostack account were made anew; the earlier ones are void.", token);
            return fresh;
        },
        cancellationToken);

    private static string Draw(string uri)
    {
        using var data = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.M);
        using var code = new SvgQRCode(data);
        return code.GetGraphic(4, "#000000", "#ffffff", drawQuietZones: true, SvgQRCode.SizingMode.ViewBoxAttribute);
    }

    private Task<int> SetFlagAsync(Guid userId, bool enabled, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return database.Users.Where(row => row.Id == userId)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.TwoFactorEnabled, enabled).SetProperty(each => each.UpdatedAt, now), cancellationToken);
    }

    private async Task TellAsync(CurrentUser caller, string action, string subject, string text, CancellationToken cancellationToken)
    {
        var email = await database.Users.Where(row => row.Id == caller.Id).Select(row => row.Email).SingleAsync(cancellationToken);
        await audit.RecordAsync(new AuditEntry(action, caller.Id, "user", caller.Id.ToString()), cancellationToken);
        await mailer.SendAsync(email!, new MailContent(subject, text) { Note = Doubt }, cancellationToken);
    }
}
