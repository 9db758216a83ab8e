using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Common.Audit;
using Platform.Api.Common.Mail;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.SecondFactor;

/// <summary>Takes codes of authenticator apps and recovery codes, each once.</summary>
internal sealed class TwoFactorCodes(
    PlatformDbContext database, IDataProtectionProvider protection, IAuditLog audit, IMailer mailer, TimeProvider time)
{
    public const int Longest = 64;

    private const int RecoveryCodeCount = 10;

    // 80 bits: far beyond guessing, and short enough to be written down.
    private const int RecoveryCodeBytes = 10;

    private readonly IDataProtector _protector = protection.CreateProtector("Platform.TwoFactor.Secret.v1");

    public string Protect(byte[] secret) => Convert.ToBase64String(_protector.Protect(secret));

    public byte[] Unprotect(string stored) => _protector.Unprotect(Convert.FromBase64String(stored));

    /// <summary>True when the code is right and was not taken before, by this or any other request.</summary>
    public async Task<bool> TakeAsync(Guid userId, string text, CancellationToken cancellationToken)
    {
        var code = Normalize(text);
        return code.Length == Totp.Digits && code.All(char.IsAsciiDigit)
            ? await TakeTimedAsync(userId, code, cancellationToken)
            : await TakeRecoveryAsync(userId, code, cancellationToken);
    }

    /// <summary>The step that a code of this secret belongs to.</summary>
    public long? FindStep(TwoFactor factor, string text) => Totp.FindStep(Unprotect(factor.Secret), Normalize(text), time.GetUtcNow());

    /// <summary>New recovery codes in place of all earlier ones, in the caller's transaction.</summary>
    public async Task<IReadOnlyList<string>> RenewAsync(Guid userId, CancellationToken cancellationToken)
    {
        await database.RecoveryCodes.Where(row => row.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        var codes = Enumerable.Range(0, RecoveryCodeCount).Select(_ => NewRecoveryCode()).ToList();
        database.RecoveryCodes.AddRange(codes.Select(code => new RecoveryCode { UserId = userId, Hash = Hash(userId, Normalize(code)) }));
        await database.SaveChangesAsync(cancellationToken);
        return codes;
    }

    private async Task<bool> TakeTimedAsync(Guid userId, string code, CancellationToken cancellationToken)
    {
        var factor = await database.TwoFactors.AsNoTracking().SingleOrDefaultAsync(row => row.UserId == userId && row.EnabledAt != null, cancellationToken);
        if (factor is null || Totp.FindStep(Unprotect(factor.Secret), code, time.GetUtcNow()) is not { } step) return false;
        // The same code, or one from before it, is a replay: whoever comes second with it finds the step taken.
        return await database.TwoFactors.Where(row => row.UserId == userId && row.EnabledAt != null && row.LastUsedStep < step)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.LastUsedStep, step), cancellationToken) == 1;
    }

    private Task<bool> TakeRecoveryAsync(Guid userId, string code, CancellationToken cancellationToken) => database.InTransactionAsync(
        async token =>
        {
            var (hash, now) = (Hash(userId, code), time.GetUtcNow());
            if (await database.RecoveryCodes.Where(row => row.UserId == userId && row.Hash == hash && row.UsedAt == null)
                    .ExecuteUpdateAsync(row => row.SetProperty(each => each.UsedAt, now), token) == 0)
            {
                return false;
            }

            var left = await database.RecoveryCodes.CountAsync(row => row.UserId == userId && row.UsedAt == null, token);
            var email = await database.Users.Where(row => row.Id == userId).Select(row => row.Email).SingleAsync(token);
            await audit.RecordAsync(new AuditEntry(AuditActions.RecoveryCodeUsed, userId, "user", userId.ToString()), token);
            await mailer.SendAsync(
                email!,
                new MailContent("A recovery code was used", $"One of the recovery codes of your Autostack account was used. {left} are left.")
                {
                    Note = "If this was not you, change your password and make new recovery codes.",
                },
                token);
            return true;
        },
        cancellationToken);

    private static string NewRecoveryCode() =>
        string.Join('-', Base32.Encode(RandomNumberGenerator.GetBytes(RecoveryCodeBytes)).Chunk(4).Select(part => new string(part)));

    // People type spaces, dashes and small letters.
    private static string Normalize(string text) => text.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();

    private static string Hash(Guid userId, string code) => Convert.ToHexStringLower(SHA256.HashData([.. userId.ToByteArray(), .. Encoding.UTF8.GetBytes(code)]));
}
