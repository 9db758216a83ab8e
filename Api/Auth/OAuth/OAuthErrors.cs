namespace Platform.Api.Auth.OAuth;

/// <summary>Why a sign-in at a provider did not end in a session: codes in the address of the front end's page, never the provider's words.</summary>
internal static class OAuthErrors
{
    /// <summary>The person said no at the provider.</summary>
    public const string Denied = "OAUTH_DENIED";

    /// <summary>The answer does not belong to a sign-in that this browser began within the last minutes.</summary>
    public const string StateInvalid = "OAUTH_STATE_INVALID";

    /// <summary>The provider refused, or cannot be reached.</summary>
    public const string Failed = "OAUTH_FAILED";

    /// <summary>The provider tells no address.</summary>
    public const string EmailMissing = "EMAIL_MISSING";

    /// <summary>An account has the address, and the provider has not made sure that it is the person's.</summary>
    public const string EmailTaken = "EMAIL_TAKEN";

    /// <summary>An account has the address but nobody has proven to own it: somebody else may have made it.</summary>
    public const string AccountUnverified = "ACCOUNT_UNVERIFIED";

    public const string AccountDisabled = "ACCOUNT_DISABLED";

    /// <summary>The login belongs to another account.</summary>
    public const string LoginInUse = "LOGIN_IN_USE";

    /// <summary>The account has another login of this provider.</summary>
    public const string ProviderAlreadyLinked = "PROVIDER_ALREADY_LINKED";

    /// <summary>The session that asked for the connection is over.</summary>
    public const string SessionEnded = "SESSION_ENDED";
}
