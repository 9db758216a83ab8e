using System.Buffers;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Api.ApiTokens;

/// <summary>
/// How a token looks: <c>ast_</c>, 30 random letters and digits (178 bits), 6 that check them. Scanners for leaked secrets find it by
/// <c>ast_[0-9A-Za-z]{36}</c> and know by the check that it is one, without asking us.
/// </summary>
internal static class ApiTokenText
{
    public const string Prefix = "ast_";

    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private const int RandomLength = 30;
    private const int CheckLength = 6;
    private const int HintLength = 8;
    private static readonly SearchValues<char> Allowed = SearchValues.Create(Alphabet);

    public static string Create()
    {
        var random = RandomNumberGenerator.GetString(Alphabet, RandomLength);
        return $"{Prefix}{random}{Check(random)}";
    }

    /// <summary>True when the text has the form and the check is right; a typo costs no look into the database.</summary>
    public static bool IsValid(string text)
    {
        if (text.Length != Prefix.Length + RandomLength + CheckLength || !text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var random = text.AsSpan(Prefix.Length, RandomLength);
        return !random.ContainsAnyExcept(Allowed) && text.AsSpan(Prefix.Length + RandomLength).SequenceEqual(Check(random));
    }

    /// <summary>Its beginning, which gives nothing away and is enough to know it again.</summary>
    public static string Hint(string token) => token[..HintLength];

    // CRC-32C in base 62.
    private static string Check(ReadOnlySpan<char> random)
    {
        var crc = uint.MaxValue;
        foreach (var character in random) crc = BitOperations.Crc32C(crc, (byte)character);
        crc = ~crc;
        var text = new StringBuilder(CheckLength);
        for (var i = 0; i < CheckLength; i++, crc /= 62) text.Insert(0, Alphabet[(int)(crc % 62)]);
        return text.ToString();
    }
}
