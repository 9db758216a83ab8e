using System.Buffers;
using System.Text.RegularExpressions;

namespace Platform.BuildWorker.Builds;

/// <summary>Watches the lines of a build, masked as they are stored, for what explains a failure. Of each kind the first line stays.</summary>
internal sealed partial class OutputClues
{
    private const int MaxLine = 500;

    private static readonly SearchValues<string> HeapWords = Words("JavaScript heap out of memory", "Allocation failed - JavaScript", "ENOMEM");

    private static readonly SearchValues<string> DriftWords = Words(
        "can only install packages when your package.json and", "ERR_PNPM_OUTDATED_LOCKFILE", "ERR_PNPM_LOCKFILE_CONFIG_MISMATCH", "Your lockfile needs to be updated",
        "YN0028", "lockfile had changes, but lockfile is frozen");

    private static readonly SearchValues<string> NodeWords = Words(
        "npm error code EBADENGINE", "npm ERR! code EBADENGINE", "ERR_PNPM_UNSUPPORTED_ENGINE", "The engine \"node\" is incompatible", "ERR_OSSL_EVP_UNSUPPORTED",
        "requires Node.js version", "requires a minimum Node.js version", "Unsupported Node.js version", "is not supported by Astro", "Node.js version is not supported");

    private static readonly SearchValues<string> NetworkWords = Words(
        "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ENETUNREACH", "EHOSTUNREACH", "ETIMEDOUT", "ECONNRESET", "Could not resolve host", "Network is unreachable",
        "Temporary failure in name resolution");

    private static readonly SearchValues<string> DiskWords = Words("ENOSPC", "No space left on device", "EFBIG", "File too large");
    private static readonly SearchValues<string> Noise = Words(
        "0 errors", "npm warn", "npm WARN", "no errors", "without errors", "npm error code", "npm ERR! code", "A complete log of this run", "Failed with errors");

    public string? Heap { get; private set; }

    public string? LockFileDrift { get; private set; }

    public string? WrongNode { get; private set; }

    public string? Network { get; private set; }

    public string? Disk { get; private set; }

    public string? Killed { get; private set; }

    /// <summary>The script that is missing, and the line that says so.</summary>
    public (string Script, string Line)? MissingScript { get; private set; }

    /// <summary>The first line that looks like an error; the last one when none does.</summary>
    public string? Error => _error ?? _last;

    private string? _error;
    private string? _last;

    /// <returns>The line without colours; null when it says nothing.</returns>
    public string? Observe(string line)
    {
        var text = Colours().Replace(line, "").Trim();
        // Package managers repeat the command that they run; what stands in it has not happened.
        if (text.Length == 0 || text.StartsWith("> ", StringComparison.Ordinal) || text.StartsWith("$ ", StringComparison.Ordinal)) return null;
        if (text.Length > MaxLine) text = text[..MaxLine];
        _last = text;
        if (Heap is null && text.AsSpan().ContainsAny(HeapWords)) Heap = text;
        if (LockFileDrift is null && text.AsSpan().ContainsAny(DriftWords)) LockFileDrift = text;
        if (WrongNode is null && text.AsSpan().ContainsAny(NodeWords)) WrongNode = text;
        if (Network is null && text.AsSpan().ContainsAny(NetworkWords)) Network = text;
        if (Disk is null && text.AsSpan().ContainsAny(DiskWords)) Disk = text;
        if (Killed is null && text.EndsWith("Killed", StringComparison.Ordinal)) Killed = text;
        if (MissingScript is null && Missing().Match(text) is { Success: true } match) MissingScript = (match.Groups["name"].Value, text);
        if (_error is null && ErrorWord().IsMatch(text) && !text.AsSpan().ContainsAny(Noise)) _error = text;
        return text;
    }

    private static SearchValues<string> Words(params string[] words) => SearchValues.Create(words, StringComparison.Ordinal);

    // npm, pnpm, Yarn 1, Yarn Berry, Bun.
    [GeneratedRegex("""(Missing script: ?"?|Script not found "|Couldn't find a script named ")(?<name>[^"\s]{1,64})|Command "(?<name>[^"\s]{1,64})" not found""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Missing();

    [GeneratedRegex(@"(?i)(^|[^a-z])(error|err!|errors|fatal|cannot find|could not|failed|✘|exception)([^a-z]|$)|[a-z]+error:|YN00(01|02|28|35|41|82):", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ErrorWord();

    [GeneratedRegex(@"\e\[[0-9;?]*[A-Za-z]", RegexOptions.NonBacktracking)]
    private static partial Regex Colours();
}
