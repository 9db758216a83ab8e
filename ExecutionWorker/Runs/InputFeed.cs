using System.Buffers.Binary;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Runs;

/// <summary>Gives a program an input that is there as a whole, within the window that the supervisor grants.</summary>
internal sealed class InputFeed(Sandbox sandbox, ReadOnlyMemory<byte> input)
{
    private int _sent;

    /// <summary>Adds what needs no grant: often all of it.</summary>
    public void Begin(SupervisorBatch batch)
    {
        var piece = input[..Math.Min(input.Length, RunChannel.InitialWindow)];
        if (piece.Length > 0) batch.Add(SupervisorProtocol.Stdin(piece.Span));
        _sent = piece.Length;
        if (_sent == input.Length) batch.Add(SupervisorProtocol.StdinEnd());
    }

    /// <summary>So many more bytes may be sent.</summary>
    public async ValueTask GrantAsync(ReadOnlyMemory<byte> window, CancellationToken cancellationToken)
    {
        var left = input.Length - _sent;
        if (left == 0) return;
        var piece = input.Slice(_sent, (int)Math.Min(left, BinaryPrimitives.ReadUInt32BigEndian(window.Span)));
        _sent += piece.Length;
        using var batch = new SupervisorBatch();
        batch.Add(SupervisorProtocol.Stdin(piece.Span));
        if (_sent == input.Length) batch.Add(SupervisorProtocol.StdinEnd());
        await sandbox.SendAsync(batch, cancellationToken);
    }
}
