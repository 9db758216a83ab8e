using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Platform.Testing;

/// <summary>The App that <see cref="FakeGitHub"/> knows: takes tokens that its key signed, for as long as GitHub does.</summary>
public sealed class FakeGitHubApp
{
    public const string Id = "314159";

    private readonly RSA _key = RSA.Create(2048);

    /// <summary>PEM, in one line as environment variables have it.</summary>
    public string PrivateKey => _key.ExportRSAPrivateKeyPem().Replace("\n", "\\n", StringComparison.Ordinal);

    public ConcurrentDictionary<long, FakeGitHubInstallation> Installations { get; } = new();

    public string CreateToken()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var input = $"{Encode("""{"alg":"RS256","typ":"JWT"}""")}.{Encode($$"""{"iat":{{now - 60}},"exp":{{now + 300}},"iss":"{{Id}}"}""")}";
        return $"{input}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>Whether the request is made by the App.</summary>
    public bool IsItself(HttpContext context)
    {
        var parts = context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal).Split('.');
        if (parts.Length != 3) return false;
        var signed = _key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        var (issued, ends, now) = (claims["iat"]!.GetValue<long>(), claims["exp"]!.GetValue<long>(), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        return signed && claims["iss"]!.GetValue<string>() == Id && issued <= now && ends > now && ends - now <= 600
            && JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!["alg"]!.GetValue<string>() == "RS256";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}

/// <summary>An installation of <see cref="FakeGitHubApp"/>.</summary>
public sealed record FakeGitHubInstallation(long Id, long AccountId, string AccountLogin, string AccountType)
{
    /// <summary>Numbers of the accounts that can reach its repositories.</summary>
    public HashSet<long> Members { get; } = [];

    public JsonObject ToJson() => new()
    {
        ["id"] = Id,
        ["account"] = new JsonObject { ["id"] = AccountId, ["login"] = AccountLogin, ["type"] = AccountType },
        ["target_type"] = AccountType,
        ["app_id"] = long.Parse(FakeGitHubApp.Id, System.Globalization.CultureInfo.InvariantCulture),
    };
}
