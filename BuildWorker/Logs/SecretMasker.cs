using System.Text;
using System.Text.RegularExpressions;

namespace Platform.BuildWorker.Logs;

/// <summary>Replaces secrets in a log line. It sees whole lines, so that a secret that arrived in pieces is found too.</summary>
internal sealed partial class SecretMasker
{
    public const string Mask = "••••••";

    /// <summary>Shorter values are words that occur by chance.</summary>
    public const int MinLength = 8;

    // Values that every build prints about itself: masking them would hide nothing and spoil the log.
    private static readonly HashSet<string> Commonplace = new(StringComparer.OrdinalIgnoreCase) { "production", "development" };
    private readonly string[] _secrets;

    public SecretMasker(IReadOnlyDictionary<string, string> environment)
    {
        _secrets = [.. environment.Values
            .SelectMany(value => value.Split('\n'))
            .Select(value => value.Trim())
            .Where(value => value.Length >= MinLength && !Commonplace.Contains(value))
            .SelectMany(Forms)
            .Distinct()
            // The longer one first: it may contain a shorter one.
            .OrderByDescending(value => value.Length)];
        LongestSecret = _secrets.FirstOrDefault()?.Length ?? 0;
    }

    /// <summary>Length of the longest text that is masked; 0 when there is none.</summary>
    public int LongestSecret { get; }

    public string Apply(string line)
    {
        foreach (var secret in _secrets) line = line.Replace(secret, Mask, StringComparison.Ordinal);
        return line.Contains("://", StringComparison.Ordinal) ? Credentials().Replace(line, "${scheme}" + Mask + "@") : line;
    }

    // As programs print them: plain, in an address, in Basic authentication.
    private static IEnumerable<string> Forms(string value) =>
        [value, Uri.EscapeDataString(value), Convert.ToBase64String(Encoding.UTF8.GetBytes(value))];

    [GeneratedRegex(@"(?<scheme>[a-zA-Z][a-zA-Z0-9+.-]*://)[^\s/@'""]{1,512}@", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Credentials();
}
