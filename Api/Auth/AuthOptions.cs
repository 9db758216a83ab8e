using System.ComponentModel.DataAnnotations;
using System.Text;

namespace Platform.Api.Auth;

/// <summary>Tokens and sessions.</summary>
internal sealed class AuthOptions
{
    public const string SectionName = "Auth";
    public const int MinSecretBytes = 32;

    /// <summary>Signs the tokens (<c>JWT_SECRET</c>); every instance of the Api has the same one.</summary>
    public string? JwtSecret { get; set; }

    /// <summary>Authenticates refresh tokens (<c>REFRESH_TOKEN_SECRET</c>); null: derived from <see cref="JwtSecret"/>.</summary>
    public string? RefreshTokenSecret { get; set; }

    /// <summary>Life of an access token (<c>JWT_EXPIRES_IN</c>).</summary>
    [Range(typeof(TimeSpan), "00:00:10", "90.00:00:00")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a session lasts without being used (<c>REFRESH_TOKEN_EXPIRES_IN</c>).</summary>
    [Range(typeof(TimeSpan), "00:01:00", "366.00:00:00")]
    public TimeSpan RefreshTokenLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>A spent refresh token is answered once more within this time, with the same successor: answers get lost, and tabs refresh together.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan RefreshGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Wrong passwords in a row that lock an account for <see cref="LockoutTime"/>.</summary>
    [Range(3, 1000)]
    public int LockoutAfter { get; set; } = 10;

    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan LockoutTime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The address that becomes administrator once it is proven (<c>ADMIN_EMAIL</c>); null: the first account does.</summary>
    public string? AdminEmail { get; set; }

    /// <summary>How long a mailed link or code proves an address.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan VerificationLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a mailed link lets one set a new password.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan ResetLifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a key signs new tokens before the next one takes over.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan SigningKeyLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a new key is known to all instances before it signs; they read keys four times within it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan SigningKeyNotice { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Rounds of PBKDF2 with SHA-512.</summary>
    [Range(210_000, 10_000_000)]
    public int PasswordIterations { get; set; } = 210_000;

    /// <summary>Whether cookies are sent over https only; null: everywhere but in Development.</summary>
    public bool? SecureCookies { get; set; }

    public static bool IsStrong(string? secret) => secret is not null && Encoding.UTF8.GetByteCount(secret) >= MinSecretBytes;
}
