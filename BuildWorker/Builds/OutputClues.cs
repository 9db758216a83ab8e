using System.Text.RegularExpressions;

namespace Platform.BuildWorker.Builds;

/// <summary>Watches the output of a build for what explains a failure.</summary>
internal sealed partial class OutputClues
{
    private const int Overlap = 256;
    private string _tail = "";

    public bool HeapExhausted { get; private set; }

    public string? MissingScript { get; private set; }

    public bool LockFileDrift { get; private set; }

    public bool NoNetwork { get; private set; }

    public void Observe(string text)
    {
        // Pieces end anywhere: the end of the last one is looked at again.
        var seen = _tail + text;
        HeapExhausted |= seen.Contains("JavaScript heap out of memory", StringComparison.Ordinal);
        LockFileDrift |= seen.Contains("npm ci` can only install packages when", StringComparison.Ordinal)
            || seen.Contains("ERR_PNPM_OUTDATED_LOCKFILE", StringComparison.Ordinal)
            || seen.Contains("Your lockfile needs to be updated", StringComparison.Ordinal);
        NoNetwork |= seen.Contains("ENOTFOUND", StringComparison.Ordinal) || seen.Contains("EAI_AGAIN", StringComparison.Ordinal)
            || seen.Contains("ECONNREFUSED", StringComparison.Ordinal);
        if (MissingScript is null && Missing().Match(seen) is { Success: true } match) MissingScript = match.Groups["name"].Value;
        _tail = seen.Length <= Overlap ? seen : seen[^Overlap..];
    }

    [GeneratedRegex(@"Missing script: ""?(?<name>[^""\s]{1,64})", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Missing();
}
