using System.Text;

namespace Platform.Core.Containers;

/// <summary>Reports whole lines of a text that comes in pieces.</summary>
internal sealed class LineSplitter(IProgress<string> lines)
{
    private readonly StringBuilder _pending = new();

    public void Add(string? text)
    {
        foreach (var letter in text ?? "")
        {
            if (letter == '\n') Flush();
            else _pending.Append(letter);
        }
    }

    /// <summary>Reports a last line without an end.</summary>
    public void Complete()
    {
        if (_pending.Length > 0) Flush();
    }

    private void Flush()
    {
        lines.Report(_pending.ToString().TrimEnd('\r'));
        _pending.Clear();
    }
}
