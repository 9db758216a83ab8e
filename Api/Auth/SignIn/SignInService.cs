using Platform.Api.Auth.Sessions;
using Platform.Api.Common.Audit;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.SignIn;

/// <summary>The last step of every way to sign in (password, provider, mailed link): refuses closed accounts, asks for the second factor, starts the session.</summary>
internal sealed class SignInService(
    PlatformDbContext database,
    SessionService sessions,
    NewDevices devices,
    Administrators administrators,
    AuthCookies cookies,
    IAuditLog audit,
    ISecondFactor? secondFactor = null)
{
    /// <summary>Signs the account in, or tells what is missing. The caller has proven who they are by <paramref name="method"/>.</summary>
    public async Task<SignInOutcome> SignInAsync(
        PlatformUser user, string method, bool persistent, HttpContext context, CancellationToken cancellationToken)
    {
        if (user.DisabledAt is not null)
        {
            await RecordAsync(AuditActions.SignInRefused, user, method, "disabled", cancellationToken);
            return new SignInOutcome.Disabled();
        }

        if (secondFactor is not null && await secondFactor.ChallengeAsync(user, method, persistent, cancellationToken) is { } challenge)
            return new SignInOutcome.SecondFactorNeeded(challenge);
        return await CompleteAsync(user, method, persistent, context, cancellationToken);
    }

    /// <summary>
    /// Starts the session; everything that is asked for has been given. Since the caller looked, the account may have been closed, or the
    /// password that was shown replaced: <paramref name="user"/> is the account as it was when they proved who they are.
    /// </summary>
    public async Task<SignInOutcome> CompleteAsync(
        PlatformUser user, string method, bool persistent, HttpContext context, CancellationToken cancellationToken)
    {
        var outcome = await database.InTransactionAsync<SignInOutcome>(
            async stop =>
            {
                var stamp = await database.LockOpenAccountAsync(user.Id, stop);
                if (stamp is null)
                {
                    await RecordAsync(AuditActions.SignInRefused, user, method, "disabled", stop);
                    return new SignInOutcome.Disabled();
                }

                if (stamp != user.SecurityStamp)
                {
                    await RecordAsync(AuditActions.SignInRefused, user, method, "credentials changed meanwhile", stop);
                    return new SignInOutcome.Outdated();
                }

                await administrators.NameConfiguredAsync(user.Id, stop);
                await devices.NoticeAsync(user, context, stop);
                await RecordAsync(AuditActions.SignedIn, user, method, reason: null, stop);
                return new SignInOutcome.SignedIn(await sessions.StartAsync(user, persistent, context, stop));
            },
            cancellationToken);
        if (outcome is SignInOutcome.SignedIn(var tokens)) cookies.Set(context.Response, tokens);
        return outcome;
    }

    private Task RecordAsync(string action, PlatformUser user, string method, string? reason, CancellationToken cancellationToken)
    {
        var details = new Dictionary<string, string?> { ["method"] = method };
        if (reason is not null) details["reason"] = reason;
        return audit.RecordAsync(new AuditEntry(action, user.Id, "user", user.Id.ToString()) { Details = details }, cancellationToken);
    }
}

/// <summary>How far a sign-in came.</summary>
internal abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    public sealed record SignedIn(SessionTokens Tokens) : SignInOutcome;

    public sealed record SecondFactorNeeded(SecondFactorChallenge Challenge) : SignInOutcome;

    /// <summary>An administrator closed the account.</summary>
    public sealed record Disabled : SignInOutcome;

    /// <summary>What the caller proved was true a moment ago: the password or address has changed since.</summary>
    public sealed record Outdated : SignInOutcome;
}

/// <summary>Asks for a second proof where an account wants one.</summary>
internal interface ISecondFactor
{
    /// <summary>A challenge to answer, or null when the account has no second factor.</summary>
    Task<SecondFactorChallenge?> ChallengeAsync(PlatformUser user, string method, bool persistent, CancellationToken cancellationToken);
}

/// <summary>The first step is done; the second one presents this.</summary>
/// <param name="Token">Opaque, short-lived, good for the second step only.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="Methods"><c>totp</c>, <c>recovery_code</c>.</param>
internal sealed record SecondFactorChallenge(string Token, int ExpiresIn, IReadOnlyList<string> Methods);
