using System.Buffers;
using System.Text;

namespace Platform.Api.Execution;

/// <summary>One output of a run, kept up to a limit.</summary>
internal sealed class RunOutput(int limit)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public bool Truncated { get; private set; }

    public void Append(ReadOnlySpan<byte> data)
    {
        var room = limit - _bytes.WrittenCount;
        if (data.Length > room) Truncated = true;
        _bytes.Write(data[..Math.Min(room, data.Length)]);
    }

    /// <summary>Something was lost before it came here.</summary>
    public void Cut() => Truncated = true;

    /// <summary>What was kept.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    /// <summary>Forgets what is beyond the given length.</summary>
    public void Shorten(int length)
    {
        if (_bytes.WrittenCount <= length) return;
        var kept = _bytes.WrittenSpan[..length].ToArray();
        _bytes.Clear();
        _bytes.Write(kept);
        Truncated = true;
    }

    /// <summary>The text, or the bytes in base64 when they are not UTF-8.</summary>
    /// <param name="cut">The end was cut off: half a character there is dropped.</param>
    public (string Text, string Encoding) Read(bool cut)
    {
        var bytes = _bytes.WrittenSpan;
        if (cut || Truncated) bytes = bytes[..^IncompleteTail(bytes)];
        try
        {
            return (Strict.GetString(bytes), "utf8");
        }
        catch (DecoderFallbackException)
        {
            return (Convert.ToBase64String(_bytes.WrittenSpan), "base64");
        }
    }

    /// <summary>Bytes at the end that begin a character and do not complete it.</summary>
    private static int IncompleteTail(ReadOnlySpan<byte> bytes)
    {
        for (var length = 1; length <= 3 && length <= bytes.Length; length++)
        {
            if (Rune.DecodeFromUtf8(bytes[^length..], out _, out _) == OperationStatus.NeedMoreData) return length;
        }

        return 0;
    }
}
