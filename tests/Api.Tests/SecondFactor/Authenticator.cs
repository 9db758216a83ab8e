using System.Net.Http.Json;
using Platform.Api.Auth.SecondFactor;

namespace Platform.Api.Tests.SecondFactor;

/// <summary>Somebody's authenticator app.</summary>
internal sealed class Authenticator(ApiFactory api, byte[] secret, IReadOnlyList<string> recoveryCodes, string? spentCode = null)
{
    public IReadOnlyList<string> RecoveryCodes => recoveryCodes;

    /// <summary>The code that turned the second factor on. (That of now may already be the next one.)</summary>
    public string SpentCode => spentCode ?? throw new InvalidOperationException("No code of this app was spent.");

    /// <summary>The code of a step; later ones than the current serve tests that need several.</summary>
    public string Code(int offset = 0) => Totp.Compute(secret, Totp.StepAt(api.Time.GetUtcNow()) + offset);

    /// <summary>A code that was never given out, whatever was before.</summary>
    public string FreshCode()
    {
        api.Time.Advance(TimeSpan.FromSeconds(Totp.StepSeconds));
        return Code();
    }

    /// <summary>Turns the second factor on. The code that did it is spent.</summary>
    public static async Task<Authenticator> TurnOnAsync(ApiFactory api, HttpClient client, object? proof = null)
    {
        var setup = await (await client.PostAsJsonAsync("/api/auth/2fa/setup", proof ?? new { password = ApiFactory.Password })).ReadJsonAsync();
        var secret = Decode(setup.GetProperty("secret").GetString()!);
        var code = Totp.Compute(secret, Totp.StepAt(api.Time.GetUtcNow()));
        var enabled = await (await client.PostAsJsonAsync("/api/auth/2fa/enable", new { code })).ReadJsonAsync();
        return new Authenticator(api, secret, [.. enabled.GetProperty("recoveryCodes").EnumerateArray().Select(each => each.GetString()!)], code);
    }

    public static byte[] Decode(string base32)
    {
        var (bytes, buffer, bits) = (new List<byte>(), 0, 0);
        foreach (var character in base32)
        {
            buffer = ((buffer << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(character, StringComparison.Ordinal)) & 0xFFF;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(buffer >> bits));
        }

        return [.. bytes];
    }
}
