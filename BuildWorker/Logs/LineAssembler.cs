using System.Text;
using Platform.Core.Deployments.Logs;

namespace Platform.BuildWorker.Logs;

/// <summary>
/// Makes lines of pieces of output: characters may be split over pieces, a carriage return starts the line over as a terminal would, and
/// what is longer than the limit is cut after masking.
/// </summary>
internal sealed class LineAssembler(SecretMasker masker)
{
    /// <summary>Longest stored line in characters.</summary>
    public const int MaxLine = 8 * 1024;

    private const int MaxBuffer = 8 * MaxLine;
    private const string CutMark = " … (line cut)";
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _buffer = new();
    private bool _discarding;

    /// <summary>Takes a piece and returns the lines that it completes.</summary>
    public IReadOnlyList<string> Add(ReadOnlySpan<byte> bytes)
    {
        var characters = new char[_decoder.GetCharCount(bytes, flush: false)];
        _decoder.GetChars(bytes, characters, flush: false);
        List<string> lines = [];
        var rest = characters.AsSpan();
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf('\n');
            Append(end < 0 ? rest : rest[..end]);
            if (end < 0) break;
            lines.Add(TakeLine());
            rest = rest[(end + 1)..];
        }

        return lines;
    }

    /// <summary>The last line when it has no end, or null.</summary>
    public string? Complete() => _buffer.Length > 0 ? TakeLine() : null;

    private void Append(ReadOnlySpan<char> text)
    {
        var room = MaxBuffer - _buffer.Length;
        _buffer.Append(text[..Math.Min(room, text.Length)]);
        _discarding |= text.Length > room;
    }

    private string TakeLine()
    {
        // What was discarded may have been the end of a secret, so its possible beginning goes too.
        if (_discarding) _buffer.Length -= Math.Min(_buffer.Length, masker.LongestSecret);
        var line = masker.Apply(Clean(_buffer.ToString()));
        if (line.Length > MaxLine || _discarding) line = Cut(line);
        _buffer.Clear();
        _discarding = false;
        return line;
    }

    private static string Cut(string line)
    {
        var length = Math.Min(line.Length, MaxLine);
        if (length > 0 && char.IsHighSurrogate(line[length - 1])) length--;
        return line[..length] + CutMark;
    }

    private static string Clean(string line)
    {
        line = line.TrimEnd('\r');
        var restart = line.LastIndexOf('\r');
        if (restart >= 0) line = line[(restart + 1)..];
        // PostgreSQL text cannot hold NUL; ESC stays, it starts colours.
        return line.Any(IsUnwanted) ? string.Concat(line.Select(character => IsUnwanted(character) ? '\uFFFD' : character)) : line;
    }

    private static bool IsUnwanted(char character) => char.IsControl(character) && character is not ('\t' or '\e');
}
