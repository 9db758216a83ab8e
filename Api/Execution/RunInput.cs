using System.Buffers.Binary;
using System.Threading.Channels;
using Platform.Core.Execution;

namespace Platform.Api.Execution;

/// <summary>Sends standard input as fast as the program takes it.</summary>
internal sealed class RunInput(RunChannel channel, IRunSource source)
{
    private const int Piece = 32 * 1024;

    private readonly Channel<int> _grants = Channel.CreateUnbounded<int>();

    /// <summary>The worker takes so many bytes more.</summary>
    public void Grant(ReadOnlySpan<byte> window)
    {
        if (window.Length == sizeof(uint)) _grants.Writer.TryWrite((int)BinaryPrimitives.ReadUInt32BigEndian(window));
    }

    public async Task SendAsync(CancellationToken cancellationToken)
    {
        if (source.Read(cancellationToken) is not { } pieces) return;
        var window = RunChannel.InitialWindow;
        await foreach (var data in pieces)
        {
            for (var sent = 0; sent < data.Length;)
            {
                while (window == 0 || _grants.Reader.TryPeek(out _)) window += await _grants.Reader.ReadAsync(cancellationToken);
                var piece = Math.Min(Math.Min(window, Piece), data.Length - sent);
                await channel.SendAsync(RunMessageKind.Stdin, data.Slice(sent, piece), cancellationToken);
                sent += piece;
                window -= piece;
            }
        }

        await channel.SendAsync(RunMessageKind.StdinEnd, ReadOnlyMemory<byte>.Empty, cancellationToken);
    }
}
