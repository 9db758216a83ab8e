using System.ComponentModel.DataAnnotations;

namespace Platform.Api.Execution.Streaming;

/// <summary>Limits of sockets on which programs run.</summary>
internal sealed class StreamOptions
{
    public const string SectionName = "Execution:Stream";

    /// <summary>Sockets of one account or address at this instance.</summary>
    [Range(1, 10_000)]
    public int SocketsPerOwner { get; set; } = 8;

    /// <summary>How long the first frame may take to come.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The same on Piston's socket: a second, as its clients know it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan InitTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a reader may take for one frame before it counts as gone. Until then its program waits.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of input that may wait for the program.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxWaitingInput { get; set; } = 1024 * 1024;

    /// <summary>Bytes of a frame of the caller; the first one carries the program.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxFrameBytes { get; set; } = 4 * 1024 * 1024;
}
