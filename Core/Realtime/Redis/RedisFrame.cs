using System.Text.Json;

namespace Platform.Core.Realtime.Redis;

/// <summary>A message of a channel; read once, however many listeners the channel has in this process.</summary>
internal sealed class RedisFrame(ReadOnlyMemory<byte> payload)
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private object? _read;

    public ReadOnlyMemory<byte> Payload { get; } = payload;

    /// <summary>Frames are handed to the listeners of a channel one after the other, so nothing races here.</summary>
    public T Read<T>(Func<ReadOnlyMemory<byte>, T> reader)
        where T : class
    {
        if (_read is not T value) _read = value = reader(Payload);
        return value;
    }
}
