using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Platform.Api.Execution.Streaming;

/// <summary>
/// Turns a stream of bytes into pieces of text without breaking characters: the beginning of a character at the end of a piece waits for its
/// rest. What is no UTF-8 comes as base64.
/// </summary>
internal sealed class Utf8Chunks
{
    private readonly byte[] _rest = new byte[4];
    private int _restLength;

    /// <summary>What can be said of the bytes so far; null when it is less than one character.</summary>
    public (string Data, string Encoding)? Next(ReadOnlySpan<byte> bytes)
    {
        if (_restLength == 0) return Word(bytes);
        var joined = ArrayPool<byte>.Shared.Rent(_restLength + bytes.Length);
        try
        {
            var length = _restLength + bytes.Length;
            _rest.AsSpan(0, _restLength).CopyTo(joined);
            bytes.CopyTo(joined.AsSpan(_restLength));
            _restLength = 0;
            return Word(joined.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    /// <summary>What is left at the end: the beginning of a character that never came.</summary>
    public (string Data, string Encoding)? Flush()
    {
        if (_restLength == 0) return null;
        var data = Convert.ToBase64String(_rest.AsSpan(0, _restLength));
        _restLength = 0;
        return (data, "base64");
    }

    private (string Data, string Encoding)? Word(ReadOnlySpan<byte> bytes)
    {
        var whole = bytes[..^IncompleteTail(bytes)];
        if (!Utf8.IsValid(whole)) return (Convert.ToBase64String(bytes), "base64");
        bytes[whole.Length..].CopyTo(_rest);
        _restLength = bytes.Length - whole.Length;
        return whole.Length == 0 ? null : (Encoding.UTF8.GetString(whole), "utf8");
    }

    private static int IncompleteTail(ReadOnlySpan<byte> bytes)
    {
        for (var length = 1; length <= 3 && length <= bytes.Length; length++)
        {
            if (Rune.DecodeFromUtf8(bytes[^length..], out _, out _) == OperationStatus.NeedMoreData) return length;
        }

        return 0;
    }
}
