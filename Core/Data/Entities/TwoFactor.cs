namespace Platform.Core.Data.Entities;

/// <summary>The authenticator app of an account.</summary>
public sealed class TwoFactor
{
    public Guid UserId { get; set; }

    /// <summary>The shared secret, encrypted with Data Protection.</summary>
    public required string Secret { get; set; }

    /// <summary>The time step of the last code that was taken: it and all before it are spent.</summary>
    public long LastUsedStep { get; set; }

    /// <summary>Null: set up but not confirmed by a code.</summary>
    public DateTimeOffset? EnabledAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>One way in when the authenticator app is lost; good once.</summary>
public sealed class RecoveryCode
{
    public Guid Id { get; set; }

    public Guid UserId { get; set; }

    /// <summary>SHA-256 over the account and the code, hexadecimal.</summary>
    public required string Hash { get; set; }

    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>The first step of a sign-in was right; the second is awaited.</summary>
public sealed class TwoFactorChallenge
{
    public Guid Id { get; set; }

    public Guid UserId { get; set; }

    /// <summary>SHA-256 of the token, hexadecimal.</summary>
    public required string TokenHash { get; set; }

    /// <summary>How the first step was done.</summary>
    public required string Method { get; set; }

    /// <summary>What was chosen at the first step.</summary>
    public bool Persistent { get; set; }

    /// <summary>The account's security stamp at the first step: a changed password ends the challenge.</summary>
    public string? SecurityStamp { get; set; }

    public int Attempts { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? UsedAt { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
