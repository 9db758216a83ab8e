using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Api.Common.Http;

/// <summary>
/// <c>X-Autostack-Signature: sha256=</c> and the HMAC-SHA256 in hex of the timestamp (<c>X-Autostack-Timestamp</c>, seconds since 1970), a dot and
/// the body, by a secret that both sides know. The timestamp is part of it so that nobody can send an old one again.
/// </summary>
internal static class PayloadSignature
{
    public const string TimestampHeader = "X-Autostack-Timestamp";
    public const string SignatureHeader = "X-Autostack-Signature";

    public static string Create(string secret, long timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.ASCII.GetBytes(timestamp.ToString(CultureInfo.InvariantCulture) + "."));
        hash.AppendData(body);
        return $"sha256={Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }
}
