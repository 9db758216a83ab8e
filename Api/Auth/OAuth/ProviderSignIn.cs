using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Auth.Sessions;
using Platform.Api.Auth.SignIn;
using Platform.Core.Data;
using Platform.Core.Data.Entities;

namespace Platform.Api.Auth.OAuth;

/// <summary>What follows when a provider has told who somebody is. Each way ends at a page of the front end.</summary>
internal sealed class ProviderSignIn(
    UserManager<PlatformUser> users,
    PlatformDbContext database,
    AccountService accounts,
    ExternalLogins logins,
    PendingLogins pending,
    SignInService signIn,
    ActiveSessions sessions,
    ReturnAddresses addresses,
    IGitHubConnector connector,
    TimeProvider time)
{
    /// <summary>How long somebody may stay at the provider.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private const string LinkUser = "link.user";
    private const string LinkSession = "link.session";
    private const string Connect = "connect";
    private const string Persistent = "persistent";

    public static bool IsLinking(AuthenticationProperties properties) => properties.Items.ContainsKey(LinkUser);

    /// <summary>What travels through the provider, protected.</summary>
    public AuthenticationProperties BeginSignIn(string returnUrl, bool persistent) =>
        new(new Dictionary<string, string?> { [Persistent] = persistent ? "1" : "0" }) { RedirectUri = returnUrl, IssuedUtc = time.GetUtcNow() };

    public AuthenticationProperties BeginLink(string returnUrl, Guid userId, Guid sessionId) =>
        new(new Dictionary<string, string?> { [LinkUser] = userId.ToString(), [LinkSession] = sessionId.ToString() }) { RedirectUri = returnUrl, IssuedUtc = time.GetUtcNow() };

    /// <summary>Lets the platform use the person's repositories; who signs in stays as it is.</summary>
    public AuthenticationProperties BeginConnect(string returnUrl, Guid userId, Guid sessionId)
    {
        var properties = BeginLink(returnUrl, userId, sessionId);
        properties.Items[Connect] = "1";
        return properties;
    }

    /// <summary>Signs in, connects, or asks for what is missing. Returns the page to go to.</summary>
    public async Task<string> FinishAsync(ExternalIdentity identity, AuthenticationProperties properties, string? returnUrl, HttpContext context)
    {
        var cancellationToken = context.RequestAborted;
        var back = returnUrl ?? addresses.Login(OAuthErrors.StateInvalid);
        // The cookie ends with the browser's patience; this is ours.
        if (properties.IssuedUtc is not { } issued || time.GetUtcNow() - issued > Patience) return addresses.Login(OAuthErrors.StateInvalid);
        if (IsLinking(properties)) return await LinkAsync(identity, properties, back, cancellationToken);

        var persistent = properties.Items.TryGetValue(Persistent, out var flag) && flag == "1";
        if (await users.FindByLoginAsync(identity.Provider.Id, identity.Key) is { } known)
        {
            await logins.KeepTokenAsync(known.Id, identity, cancellationToken);
            return await EnterAsync(known, identity.Provider.Id, persistent, back, context);
        }

        if (identity.Email is null) return addresses.Login(OAuthErrors.EmailMissing);
        return await users.FindByEmailAsync(identity.Email) is { } account
            ? await MeetAsync(identity, account, cancellationToken)
            : await WelcomeAsync(identity, persistent, back, context);
    }

    /// <summary>Makes the account of somebody whose address is proven. Null: somebody else has the address or the login now.</summary>
    public async Task<PlatformUser?> CreateAsync(
        string provider, string key, string? login, string name, string email, string? avatarUrl, CancellationToken cancellationToken)
    {
        if (await accounts.CreateAsync(name, email, password: null, verified: true, cancellationToken) is not { } user) return null;
        // Until this is written the account has a proven address and no way in: the same sign-in offers to connect the two.
        await database.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(
            row => row.SetProperty(each => each.AvatarUrl, avatarUrl), cancellationToken);
        if (await logins.AddAsync(user.Id, provider, key, login, announce: false, _ => Task.FromResult(true), cancellationToken) != LinkOutcome.Linked) return null;
        return await database.Users.AsNoTracking().SingleAsync(row => row.Id == user.Id, cancellationToken);
    }

    private async Task<string> EnterAsync(PlatformUser user, string method, bool persistent, string back, HttpContext context) =>
        await signIn.SignInAsync(user, method, persistent, context, context.RequestAborted) switch
        {
            SignInOutcome.SignedIn => back,
            SignInOutcome.SecondFactorNeeded(var challenge) => addresses.LoginStep(
                new("twoFactorToken", challenge.Token),
                new("expiresIn", challenge.ExpiresIn.ToString(CultureInfo.InvariantCulture)),
                new("methods", string.Join(',', challenge.Methods)),
                new("returnUrl", back)),
            SignInOutcome.Outdated => addresses.Login(OAuthErrors.StateInvalid),
            _ => addresses.Login(OAuthErrors.AccountDisabled),
        };

    /// <summary>Nobody has the address yet.</summary>
    private async Task<string> WelcomeAsync(ExternalIdentity identity, bool persistent, string back, HttpContext context)
    {
        if (!identity.IsEmailVerified)
        {
            await pending.AddAsync(identity, account: null, context.RequestAborted);
            return addresses.LoginNotice("CONFIRM_EMAIL");
        }

        var user = await CreateAsync(
            identity.Provider.Id, identity.Key, identity.Login, identity.Name, identity.Email!, identity.AvatarUrl, context.RequestAborted);
        if (user is null)
        {
            // A second tab was quicker with the same sign-in.
            return await users.FindByLoginAsync(identity.Provider.Id, identity.Key) is { } twin
                ? await EnterAsync(twin, identity.Provider.Id, persistent, back, context)
                : addresses.Login(OAuthErrors.EmailTaken);
        }

        await logins.KeepTokenAsync(user.Id, identity, context.RequestAborted);
        return await EnterAsync(user, identity.Provider.Id, persistent, back, context);
    }

    /// <summary>
    /// An account has the address. It is never opened by that alone: an account that nobody has proven may be a trap that somebody set for
    /// the owner of the address, and one that is proven is connected by its password or by a mailed link.
    /// </summary>
    private async Task<string> MeetAsync(ExternalIdentity identity, PlatformUser account, CancellationToken cancellationToken)
    {
        if (!identity.IsEmailVerified) return addresses.Login(OAuthErrors.EmailTaken);
        if (!account.EmailConfirmed) return addresses.Login(OAuthErrors.AccountUnverified);
        if (account.DisabledAt is not null) return addresses.Login(OAuthErrors.AccountDisabled);
        var token = await pending.AddAsync(identity, account, cancellationToken);
        if (token is null) return addresses.LoginNotice("CONFIRM_LINK");
        return addresses.LoginStep(
            new("linkToken", token),
            new("provider", identity.Provider.Id),
            new("email", account.Email),
            new("methods", account.PasswordHash is null ? "mail" : "password,mail"));
    }

    private async Task<string> LinkAsync(ExternalIdentity identity, AuthenticationProperties properties, string back, CancellationToken cancellationToken)
    {
        var (userId, sessionId) = (Guid.Parse(properties.Items[LinkUser]!), Guid.Parse(properties.Items[LinkSession]!));
        if (!await sessions.IsActiveAsync(sessionId, cancellationToken)) return ReturnAddresses.With(back, "error", OAuthErrors.SessionEnded);
        if (properties.Items.ContainsKey(Connect))
        {
            await connector.ConnectAsync(userId, identity, identity.GrantedScopes, cancellationToken);
            return ReturnAddresses.With(back, "github", "connected");
        }

        var outcome = await logins.AddAsync(
            userId, identity.Provider.Id, identity.Key, identity.Login, announce: true, stop => database.LockSignedInAsync(userId, sessionId, stop), cancellationToken);
        if (outcome == LinkOutcome.Linked) await logins.KeepTokenAsync(userId, identity, cancellationToken);
        return outcome switch
        {
            LinkOutcome.Linked => ReturnAddresses.With(back, "linked", identity.Provider.Id),
            LinkOutcome.InUse => ReturnAddresses.With(back, "error", OAuthErrors.LoginInUse),
            LinkOutcome.NotProven => ReturnAddresses.With(back, "error", OAuthErrors.SessionEnded),
            _ => ReturnAddresses.With(back, "error", OAuthErrors.ProviderAlreadyLinked),
        };
    }
}
