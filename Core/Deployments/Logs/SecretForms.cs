using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Core.Deployments.Logs;

/// <summary>The forms in which programs print a secret: as it is, in addresses, in JSON, in Basic authentication, as hexadecimal digits.</summary>
internal static partial class SecretForms
{
    private const string Unreserved = "-_.!~*'()";
    private const string UnreservedInAddress = Unreserved + ";/?:@&=+$,#";
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All forms, some perhaps twice; the shortest may be a little shorter than the secret.</summary>
    public static IEnumerable<string> Of(string secret)
    {
        yield return secret;
        foreach (var json in new[] { JsonSerializer.Serialize(secret, Relaxed)[1..^1], JsonSerializer.Serialize(secret)[1..^1] }) yield return json;
        foreach (var encoded in new[] { Uri.EscapeDataString(secret), Percent(secret, Unreserved), Percent(secret, UnreservedInAddress), WebUtility.UrlEncode(secret) })
        {
            yield return encoded;
            yield return Escapes().Replace(encoded, match => match.Value.ToLowerInvariant());
        }

        var bytes = Encoding.UTF8.GetBytes(secret);
        yield return Convert.ToHexStringLower(bytes);
        yield return Convert.ToHexString(bytes);
        foreach (var encoded in Base64(bytes))
        {
            yield return encoded;
            yield return encoded.Replace('+', '-').Replace('/', '_');
        }
    }

    /// <summary>
    /// Base64 of a text that contains the secret looks different by where the secret begins. Of each of the three looks this is the part that
    /// depends on the secret alone; alone in a text it is the whole.
    /// </summary>
    private static IEnumerable<string> Base64(byte[] secret)
    {
        var whole = Convert.ToBase64String(secret);
        yield return whole;
        yield return whole.TrimEnd('=');
        for (var before = 0; before < 3; before++)
        {
            var text = Convert.ToBase64String([.. new byte[before], .. secret]).TrimEnd('=');
            // A character of six bits belongs to the secret when all of its bits do.
            var first = ((before * 8) + 5) / 6;
            var end = (before + secret.Length) * 8 / 6;
            yield return text[first..end];
        }
    }

    private static string Percent(string text, string kept)
    {
        var encoded = new StringBuilder();
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || kept.Contains((char)value, StringComparison.Ordinal)) encoded.Append((char)value);
            else encoded.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }

        return encoded.ToString();
    }

    [GeneratedRegex("%[0-9A-F]{2}", RegexOptions.NonBacktracking)]
    private static partial Regex Escapes();
}
