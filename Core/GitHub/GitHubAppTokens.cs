using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;

namespace Platform.Core.GitHub;

/// <summary>
/// Tokens by which the GitHub App speaks for itself: JWT with RS256, see
/// https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app.
/// </summary>
public sealed class GitHubAppTokens(IOptions<GitHubAppOptions> options, TimeProvider time)
{
    // GitHub takes ten minutes at most, and clocks differ.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(9);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);
    private static readonly string Header = Base64Url.EncodeToString("""{"alg":"RS256","typ":"JWT"}"""u8);

    /// <summary>A token that is good for some minutes.</summary>
    /// <exception cref="InvalidOperationException">There is no GitHub App.</exception>
    public string Create()
    {
        if (!options.Value.IsConfigured) throw new InvalidOperationException("No GitHub App is configured.");
        var now = time.GetUtcNow();
        var claims = new JsonObject
        {
            ["iat"] = (now - ClockSkew).ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            ["iss"] = options.Value.AppId,
        };
        var input = $"{Header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        using var key = options.Value.CreateKey();
        var signature = key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{input}.{Base64Url.EncodeToString(signature)}";
    }
}
