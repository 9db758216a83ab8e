using System.Buffers.Binary;
using System.Threading.Channels;
using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Runs;

/// <summary>What the waiting side of a run sends. It is always read, or neither a cancellation nor the close would be seen.</summary>
internal sealed class RunInbox(RunChannel channel)
{
    private const byte LastSignal = 64;

    // The window bounds it: the other side may not send more than is granted.
    private readonly Channel<(RunMessageKind Kind, byte[] Payload)> _stdin = Channel.CreateUnbounded<(RunMessageKind, byte[])>();
    private readonly Channel<(RunMessageKind Kind, byte[] Payload)> _control = Channel.CreateUnbounded<(RunMessageKind, byte[])>();
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the run was taken back.</summary>
    public Task Cancelled => _cancelled.Task;

    /// <summary>Input and its end, for the program alone.</summary>
    public ChannelReader<(RunMessageKind Kind, byte[] Payload)> Stdin => _stdin.Reader;

    /// <summary>Signals and sizes, for whatever runs.</summary>
    public ChannelReader<(RunMessageKind Kind, byte[] Payload)> Control => _control.Reader;

    /// <summary>The terminal's size as it was told last.</summary>
    public TerminalSize? Size { get; private set; }

    /// <summary>Ends when the other side has closed.</summary>
    /// <exception cref="InvalidDataException">The other side does not keep to the contract.</exception>
    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (await channel.ReceiveAsync(cancellationToken) is { } message)
        {
            switch (message.Kind)
            {
                case RunMessageKind.Stdin or RunMessageKind.StdinEnd:
                    _stdin.Writer.TryWrite((message.Kind, message.Payload.ToArray()));
                    break;
                case RunMessageKind.Signal when message.Payload.Length == 1 && message.Payload.Span[0] is >= 1 and <= LastSignal:
                    _control.Writer.TryWrite((message.Kind, message.Payload.ToArray()));
                    break;
                case RunMessageKind.Resize when message.Payload.Length == 4:
                    Size = ReadSize(message.Payload.Span);
                    _control.Writer.TryWrite((message.Kind, message.Payload.ToArray()));
                    break;
                case RunMessageKind.Cancel:
                    _cancelled.TrySetResult();
                    break;
                default:
                    throw new InvalidDataException($"The waiting side of a run does not send {message.Kind} with {message.Payload.Length} bytes.");
            }
        }
    }

    public static TerminalSize ReadSize(ReadOnlySpan<byte> payload) =>
        new(BinaryPrimitives.ReadUInt16BigEndian(payload), BinaryPrimitives.ReadUInt16BigEndian(payload[2..]));
}
