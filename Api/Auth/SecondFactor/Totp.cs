using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Api.Auth.SecondFactor;

/// <summary>Time-based one-time passwords: RFC 6238 over RFC 4226 with HMAC-SHA-1 and six digits, which is what all authenticator apps know.</summary>
internal static class Totp
{
    public const int Digits = 6;
    public const int StepSeconds = 30;

    /// <summary>As many as HMAC-SHA-1 gives; RFC 4226 recommends it.</summary>
    public const int SecretBytes = 20;

    // Clocks of telephones go wrong, and people type slowly: one step to either side.
    private const int Tolerance = 1;

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / StepSeconds;

    // SHA-1 is the algorithm of the standard; as a MAC it is not broken.
#pragma warning disable CA5350
    public static string Compute(ReadOnlySpan<byte> secret, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(secret, counter, hash);
        // The last four bits say which four bytes are the number.
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash[(hash[^1] & 0xF)..]) & 0x7FFF_FFFF;
        var modulus = 1u;
        for (var i = 0; i < digits; i++) modulus *= 10;
        return (number % modulus).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }
#pragma warning restore CA5350

    /// <summary>The step that the code belongs to, or null. All candidates are compared, in equal time.</summary>
    public static long? FindStep(ReadOnlySpan<byte> secret, string code, DateTimeOffset time)
    {
        var given = Encoding.UTF8.GetBytes(code);
        long? found = null;
        for (var step = StepAt(time) - Tolerance; step <= StepAt(time) + Tolerance; step++)
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Compute(secret, step)), given)) found = step;
        }

        return found;
    }
}
