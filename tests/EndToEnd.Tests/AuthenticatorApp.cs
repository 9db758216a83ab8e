using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Platform.EndToEnd.Tests;

/// <summary>What a person's telephone does: RFC 6238 with SHA-1, 30 seconds and six digits. On its own, so that it checks what the platform computes.</summary>
internal sealed class AuthenticatorApp(string secret)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int StepSeconds = 30;

    private readonly byte[] _key = Decode(secret);
    private long _last;

    /// <summary>The code that is shown now, or the next one when that was given already: a code is good once.</summary>
    public string NextCode()
    {
        _last = Math.Max(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / StepSeconds, _last + 1);
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, _last);
#pragma warning disable CA5350 // The algorithm of the standard.
        var hash = HMACSHA1.HashData(_key, counter);
#pragma warning restore CA5350
        var offset = hash[^1] & 0xF;
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(offset)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    private static byte[] Decode(string text)
    {
        var (bytes, buffer, bits) = (new List<byte>(), 0, 0);
        foreach (var letter in text)
        {
            buffer = ((buffer << 5) | Alphabet.IndexOf(letter, StringComparison.Ordinal)) & 0xFFF;
            bits += 5;
            if (bits < 8) continue;
            bits -= 8;
            bytes.Add((byte)(buffer >> bits));
        }

        return [.. bytes];
    }
}
