using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Platform.Api.Execution;

/// <summary>Bytes that a request carries as text.</summary>
internal static class ContentText
{
    /// <summary>How many bytes the text stands for; -1 when it is not written in the encoding.</summary>
    public static long Measure(string? text, ContentEncoding? encoding) => encoding switch
    {
        _ when string.IsNullOrEmpty(text) => 0,
        ContentEncoding.Base64 => Base64.IsValid(text, out var length) ? length : -1,
        ContentEncoding.Hex => text.Length % 2 == 0 && !text.AsSpan().ContainsAnyExcept(HexDigits) ? text.Length / 2 : -1,
        _ => Encoding.UTF8.GetByteCount(text),
    };

    /// <summary>The bytes of text that <see cref="Measure"/> has accepted.</summary>
    public static byte[] Decode(string? text, ContentEncoding? encoding) => encoding switch
    {
        _ when string.IsNullOrEmpty(text) => [],
        ContentEncoding.Base64 => Convert.FromBase64String(text),
        ContentEncoding.Hex => Convert.FromHexString(text),
        _ => Encoding.UTF8.GetBytes(text),
    };

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
}

internal static class Milliseconds
{
    public static double Of(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
