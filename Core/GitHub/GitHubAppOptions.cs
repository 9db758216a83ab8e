using System.Security.Cryptography;

namespace Platform.Core.GitHub;

/// <summary>The GitHub App of this installation. Without an id, a slug and a key there is none.</summary>
public sealed class GitHubAppOptions
{
    public const string SectionName = "GitHubApp";

    /// <summary>The App's number or client id (<c>GITHUB_APP_ID</c>), the issuer of its tokens.</summary>
    public string? AppId { get; set; }

    /// <summary>The App's name in addresses (<c>GITHUB_APP_SLUG</c>).</summary>
    public string? Slug { get; set; }

    /// <summary>The App's private key, PEM (<c>GITHUB_APP_PRIVATE_KEY</c>); <c>\n</c> may stand for line ends.</summary>
    public string? PrivateKey { get; set; }

    /// <summary>The App's client id (<c>GITHUB_APP_CLIENT_ID</c>), where it asks for the person's authorization during installation.</summary>
    public string? ClientId { get; set; }

    /// <summary>The secret that belongs to it (<c>GITHUB_APP_CLIENT_SECRET</c>).</summary>
    public string? ClientSecret { get; set; }

    /// <summary>Where GitHub's pages are; a GitHub Enterprise server has its own address.</summary>
    public Uri WebUrl { get; set; } = new("https://github.com/");

    public bool IsConfigured => !string.IsNullOrWhiteSpace(AppId) && !string.IsNullOrWhiteSpace(Slug) && !string.IsNullOrWhiteSpace(PrivateKey);

    /// <summary>Whether the key, where there is one, can be read.</summary>
    internal bool HasReadableKey()
    {
        if (string.IsNullOrWhiteSpace(PrivateKey)) return true;
        try
        {
            using var key = CreateKey();
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    internal RSA CreateKey()
    {
        var key = RSA.Create();
        // Environment variables of one line.
        key.ImportFromPem((PrivateKey ?? "").Replace("\\n", "\n", StringComparison.Ordinal));
        return key;
    }
}
