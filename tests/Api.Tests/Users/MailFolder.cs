using System.Text;
using System.Text.RegularExpressions;
using Platform.Testing;

namespace Platform.Api.Tests.Users;

/// <summary>The mails that this class's Api has sent.</summary>
internal static partial class MailFolder
{
    /// <summary>The text of a mail to the address that contains the words; waits for it.</summary>
    public static Task<string> WaitForMailAsync(this ApiFactory api, string to, string words) =>
        Eventually.ValueAsync(() => Task.FromResult(api.MailsTo(to).FirstOrDefault(text => text.Contains(words, StringComparison.Ordinal)) ?? ""), text => text.Length > 0);

    public static IReadOnlyList<string> MailsTo(this ApiFactory api, string to) =>
        !Directory.Exists(api.Mails)
            ? []
            : [.. Directory.EnumerateFiles(api.Mails, "*.eml").OrderByDescending(File.GetLastWriteTimeUtc).Select(Read)
                .Where(mail => mail.Contains($"To: {to}", StringComparison.OrdinalIgnoreCase) || mail.Contains($"<{to}>", StringComparison.OrdinalIgnoreCase)).Select(PlainText)];

    /// <summary>The secret of the link in a mail.</summary>
    public static string Token(string mail) => Token().Match(mail).Groups["token"].Value;

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            // Being written: the next look finds it.
            return "";
        }
    }

    private static string PlainText(string mail)
    {
        var part = PlainPart().Match(mail.ReplaceLineEndings("\n"));
        if (!part.Success) return mail;
        var (headers, body) = (part.Groups["headers"].Value, part.Groups["body"].Value);
        if (headers.Contains("base64", StringComparison.OrdinalIgnoreCase)) return Encoding.UTF8.GetString(Convert.FromBase64String(body));
        return headers.Contains("quoted-printable", StringComparison.OrdinalIgnoreCase)
            ? QuotedByte().Replace(body.Replace("=\n", "", StringComparison.Ordinal), match => ((char)Convert.ToByte(match.Groups["hex"].Value, 16)).ToString())
            : body;
    }

    [GeneratedRegex(@"(?<headers>Content-Type: text/plain[^\n]*\n(?:[^\n]+\n)*)\n(?<body>.*?)\n--", RegexOptions.Singleline | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex PlainPart();

    [GeneratedRegex("=(?<hex>[0-9A-F]{2})", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex QuotedByte();

    [GeneratedRegex("#token=(?<token>[A-Za-z0-9_-]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
