using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using FluentValidation;

namespace Platform.Api.Common;

/// <summary>A place in a list that is ordered by time and id, newest first: what the next page starts after.</summary>
internal sealed record TimeCursor(DateTimeOffset At, Guid Id)
{
    private const int TimeBytes = sizeof(long);
    private const int Bytes = TimeBytes + 16;

    /// <summary>Opaque to the caller.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, At.UtcTicks);
        Id.TryWriteBytes(bytes[TimeBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    public static bool TryRead(string? text, [NotNullWhen(true)] out TimeCursor? cursor)
    {
        cursor = null;
        if (text is null || !Base64Url.IsValid(text, out var length) || length != Bytes) return false;
        var bytes = Base64Url.DecodeFromChars(text);
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks) return false;
        cursor = new TimeCursor(new DateTimeOffset(ticks, TimeSpan.Zero), new Guid(bytes.AsSpan(TimeBytes)));
        return true;
    }
}

internal static class TimeCursorRules
{
    /// <summary>Nothing, or what an earlier page gave.</summary>
    public static IRuleBuilderOptions<T, string?> TimeCursor<T>(this IRuleBuilder<T, string?> rule) =>
        rule.Must(text => string.IsNullOrEmpty(text) || Common.TimeCursor.TryRead(text, out _)).WithMessage("Take the nextCursor of the page before.");
}
