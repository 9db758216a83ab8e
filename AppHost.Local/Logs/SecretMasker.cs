using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Platform.AppHost.Local.Logs;

/// <summary>Replaces secrets in what is shown: those it was told, and what looks like one.</summary>
internal sealed partial class SecretMasker
{
    public const string Mark = "••••••";
    private const int MinimumLength = 8;
    private readonly ConcurrentDictionary<string, byte> _secrets = new(StringComparer.Ordinal);

    /// <summary>Masks the value from now on; one of less than eight characters would blank out innocent text.</summary>
    public void Add(string? secret)
    {
        if (secret is { Length: >= MinimumLength }) _secrets.TryAdd(secret, 0);
    }

    public string Mask(string text)
    {
        foreach (var secret in _secrets.Keys) text = text.Replace(secret, Mark, StringComparison.Ordinal);
        return text;
    }

    /// <summary>A variable's value as the dashboard shows it.</summary>
    public string MaskVariable(string name, string value)
    {
        if (value.Length == 0) return value;
        if (SecretName().IsMatch(name)) return Mark;
        return UserInfo().Replace(PasswordPart().Replace(Mask(value), "${before}" + Mark), "${before}" + Mark + "@");
    }

    public static bool IsSecretName(string name) => SecretName().IsMatch(name);

    [GeneratedRegex("SECRET|TOKEN|PASSWORD|PASSWD|_PASS$|PASSPHRASE|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIAL|_PAT$|OTLP_HEADERS", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex SecretName();

    [GeneratedRegex("(?<before>(?:password|pwd)=)[^;,]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PasswordPart();

    [GeneratedRegex("(?<before>://[^:/@\\s]*:)[^@/\\s]+@", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserInfo();
}
