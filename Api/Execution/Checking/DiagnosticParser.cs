using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Api.Execution.Checking;

/// <summary>
/// Finds places and messages in what compilers print. The shapes are few, whatever the language: each is tried on every line, and output in
/// which nothing is recognised becomes one diagnostic without a place.
/// </summary>
internal static partial class DiagnosticParser
{
    private const int MaxDiagnostics = 200;
    private const int MaxMessage = 2000;

    /// <param name="output">All that the tools printed.</param>
    /// <param name="failed">They refused the program: then there is at least one error.</param>
    public static IReadOnlyList<DiagnosticResponse> Parse(string output, bool failed)
    {
        var lines = Colour().Replace(output, "").ReplaceLineEndings("\n").Split('\n');
        var found = new List<DiagnosticResponse>();
        for (var index = 0; index < lines.Length && found.Count < MaxDiagnostics; index++)
        {
            if (ParseAt(lines, index) is { } diagnostic) found.Add(diagnostic);
        }

        if (failed && !found.Exists(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) && output.Trim() is { Length: > 0 } raw)
            found.Add(new DiagnosticResponse(null, null, null, DiagnosticSeverity.Error, Shorten(raw), null));
        return found;
    }

    private static DiagnosticResponse? ParseAt(string[] lines, int index) =>
        ParsePython(lines, index) ?? ParseNode(lines, index) ?? ParseRust(lines, index) ?? ParsePlaced(lines, index) ?? ParseSentence(lines[index]);

    /// <summary><c>File "main.py", line 3</c>, the line, a caret, and <c>SyntaxError: …</c> below. Of a traceback the last place counts.</summary>
    private static DiagnosticResponse? ParsePython(string[] lines, int index)
    {
        if (PythonPlace().Match(lines[index]) is not { Success: true } place) return null;
        int? column = null;
        for (var below = index + 1; below < lines.Length; below++)
        {
            if (PythonPlace().IsMatch(lines[below])) return null;
            if (Caret().Match(lines[below]) is { Success: true } caret && column is null)
            {
                // Python indents the line by four, without the blanks that it had.
                column = Math.Max(1, caret.Groups["indent"].Length - 3);
            }
            else if (NamedError().Match(lines[below]) is { Success: true } error)
            {
                return Make(place, column, DiagnosticSeverity.Error, error.Groups["message"].Value, error.Groups["name"].Value);
            }
        }

        return null;
    }

    /// <summary><c>/box/main.js:2</c>, the line, a caret, and <c>SyntaxError: …</c> below.</summary>
    private static DiagnosticResponse? ParseNode(string[] lines, int index)
    {
        if (NodePlace().Match(lines[index]) is not { Success: true } place) return null;
        for (var below = index + 1; below < lines.Length && below <= index + 6; below++)
        {
            if (NamedError().Match(lines[below]) is not { Success: true } error) continue;
            var caret = lines[(index + 1)..below].Select(line => Caret().Match(line)).FirstOrDefault(match => match.Success);
            return Make(place, caret is null ? null : caret.Groups["indent"].Length + 1, DiagnosticSeverity.Error, error.Groups["message"].Value, error.Groups["name"].Value);
        }

        return null;
    }

    /// <summary><c>error[E0308]: mismatched types</c> and its place on the next line.</summary>
    private static DiagnosticResponse? ParseRust(string[] lines, int index)
    {
        if (index + 1 == lines.Length || RustMessage().Match(lines[index]) is not { Success: true } message) return null;
        return RustPlace().Match(lines[index + 1]) is { Success: true } place
            ? Make(place, null, Severity(message.Groups["severity"].Value), message.Groups["message"].Value, Value(message, "code"))
            : null;
    }

    /// <summary>
    /// <c>main.c:3:5: error: …</c>, <c>./main.go:3:5: …</c>, <c>Main.java:3: error: …</c> with a caret below, <c>main.ts(3,5): error TS1005: …</c>,
    /// <c>main.pas(3,5) Fatal: …</c>.
    /// </summary>
    private static DiagnosticResponse? ParsePlaced(string[] lines, int index)
    {
        var line = lines[index];
        if (Parenthesised().Match(line) is { Success: true } parenthesised)
            return Make(parenthesised, null, Severity(parenthesised.Groups["severity"].Value), parenthesised.Groups["message"].Value, Value(parenthesised, "code"));
        // GHC writes what is wrong below the place.
        if (index + 1 < lines.Length && PlaceAlone().Match(line) is { Success: true } alone && lines[index + 1].StartsWith("  ", StringComparison.Ordinal))
            return Make(alone, null, Severity(alone.Groups["severity"].Value), Indented(lines, index + 1), Value(alone, "code"));
        if (Colons().Match(line) is not { Success: true } colons) return null;
        if (colons.Groups["severity"].Value.Contains("note", StringComparison.OrdinalIgnoreCase)) return null;

        // "12:30: …" is a time of day: a place without a column needs a word that says so.
        var saysSo = colons.Groups["severity"].Success || colons.Groups["message"].Value.StartsWith("syntax error", StringComparison.OrdinalIgnoreCase);
        if (!colons.Groups["column"].Success && !saysSo) return null;
        int? column = null;
        if (!colons.Groups["column"].Success && index + 2 < lines.Length && Caret().Match(lines[index + 2]) is { Success: true } caret)
            column = caret.Groups["indent"].Length + 1;
        return Make(colons, column, Severity(colons.Groups["severity"].Value), colons.Groups["message"].Value, Value(colons, "code"));
    }

    /// <summary>The first sentence of an indented text: up to an empty line, a line of the source or the next bullet.</summary>
    private static string Indented(string[] lines, int first) => string.Join(' ', lines.Skip(first)
        .TakeWhile((line, position) => line.StartsWith("  ", StringComparison.Ordinal) && !SourceLine().IsMatch(line) && (position == 0 || !line.TrimStart().StartsWith('•')))
        .Select(line => line.Trim().TrimStart('•').Trim()));

    /// <summary><c>… in main.php on line 3</c>, <c>… at main.pl line 3</c>, <c>main.sh: line 3: …</c>, <c>lua: main.lua:3: …</c>.</summary>
    private static DiagnosticResponse? ParseSentence(string line)
    {
        foreach (var pattern in new[] { InOnLine(), AtLine(), FileLine(), ToolFileLine() })
        {
            if (pattern.Match(line) is { Success: true } match) return Make(match, null, DiagnosticSeverity.Error, match.Groups["message"].Value, null);
        }

        return null;
    }

    private static DiagnosticResponse Make(Match place, int? column, DiagnosticSeverity severity, string message, string? code) => new(
        File(Value(place, "file")), Number(Value(place, "line")), Number(Value(place, "column")) ?? column, severity, Shorten(message.Trim()), code);

    private static string? Value(Match match, string group) => match.Groups[group] is { Success: true, Length: > 0 } found ? found.Value : null;

    private static string? File(string? path)
    {
        if (path is null) return null;
        var file = path.Replace("file://", "", StringComparison.Ordinal);
        foreach (var prefix in new[] { "/box/", "./" })
        {
            if (file.StartsWith(prefix, StringComparison.Ordinal)) return file[prefix.Length..];
        }

        return file;
    }

    private static int? Number(string? digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    private static DiagnosticSeverity Severity(string word) => word.ToUpperInvariant() switch
    {
        "WARNING" => DiagnosticSeverity.Warning,
        "NOTE" or "INFO" or "HINT" => DiagnosticSeverity.Info,
        _ => DiagnosticSeverity.Error,
    };

    private static string Shorten(string text) => text.Length <= MaxMessage ? text : text[..MaxMessage];

    private const RegexOptions Options = RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking;
    private const RegexOptions IgnoringCase = Options | RegexOptions.IgnoreCase;

    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]", Options)]
    private static partial Regex Colour();

    [GeneratedRegex(@"^\s*File ""(?<file>[^""]+)"", line (?<line>\d+)", Options)]
    private static partial Regex PythonPlace();

    [GeneratedRegex(@"^(?<file>(file://)?/?[^\s:()]+\.[A-Za-z]+):(?<line>\d+)$", Options)]
    private static partial Regex NodePlace();

    [GeneratedRegex(@"^(?<indent>\s*)\^", Options)]
    private static partial Regex Caret();

    [GeneratedRegex(@"^(?<name>[A-Z][A-Za-z]*(Error|Exception|Warning))(: (?<message>.*))?$", Options)]
    private static partial Regex NamedError();

    [GeneratedRegex(@"^(?<severity>error|warning)(\[(?<code>\w+)\])?: (?<message>.+)$", Options)]
    private static partial Regex RustMessage();

    [GeneratedRegex(@"^\s*--> (?<file>[^\s:]+):(?<line>\d+):(?<column>\d+)", Options)]
    private static partial Regex RustPlace();

    [GeneratedRegex(@"^(?<file>[^\s()]+)\((?<line>\d+),(?<column>\d+)\):? (?<severity>error|warning|fatal|note|hint)( (?<code>[A-Z]+\d+))?: (?<message>.+)$", IgnoringCase)]
    private static partial Regex Parenthesised();

    [GeneratedRegex(@"^(?<file>[^\s:()]+):(?<line>\d+)(:(?<column>\d+))?: ?((?<severity>fatal error|error|warning|note|info)( ?(?<code>[A-Z]+\d+))?: )?(?<message>.+)$", IgnoringCase)]
    private static partial Regex Colons();

    [GeneratedRegex(@"^(?<file>[^\s:()]+):(?<line>\d+):(?<column>\d+): (?<severity>error|warning):( \[(?<code>[^\]]+)\])*\s*$", Options)]
    private static partial Regex PlaceAlone();

    [GeneratedRegex(@"^\s*\d*\s*\|", Options)]
    private static partial Regex SourceLine();

    [GeneratedRegex(@"^(?<message>.+) in (?<file>\S+) on line (?<line>\d+)", Options)]
    private static partial Regex InOnLine();

    [GeneratedRegex(@"^(?<message>.+) at (?<file>\S+) line (?<line>\d+)[,.]", Options)]
    private static partial Regex AtLine();

    [GeneratedRegex(@"^(?<file>[^\s:]+): line (?<line>\d+): (?<message>.+)$", Options)]
    private static partial Regex FileLine();

    [GeneratedRegex(@"^[a-z0-9.]+: (?<file>[^\s:]+):(?<line>\d+): (?<message>.+)$", Options)]
    private static partial Regex ToolFileLine();
}
