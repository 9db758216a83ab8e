using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Platform.Api.Execution;

/// <summary>Where standard input comes from; it ends where the enumeration ends.</summary>
internal interface IRunSource
{
    /// <summary>Null: the run takes no input at all.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>>? Read(CancellationToken cancellationToken);
}

/// <summary>Input that is known from the start.</summary>
internal sealed class FixedSource(ReadOnlyMemory<byte>? data) : IRunSource
{
    /// <summary>No input, not even an empty one: the request brings its own, or nothing of the program runs.</summary>
    public static FixedSource Nothing { get; } = new(null);

    public IAsyncEnumerable<ReadOnlyMemory<byte>>? Read(CancellationToken cancellationToken) => data is { } bytes ? Once(bytes) : null;

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Once(ReadOnlyMemory<byte> bytes)
    {
        await ValueTask.CompletedTask;
        if (bytes.Length > 0) yield return bytes;
    }
}

/// <summary>Input that somebody types. What the program has not taken yet is kept up to a limit.</summary>
internal sealed class TypedSource(int limit) : IRunSource
{
    // The bytes are what is bounded.
    private readonly Channel<ReadOnlyMemory<byte>> _pieces = Channel.CreateUnbounded<ReadOnlyMemory<byte>>(new UnboundedChannelOptions { SingleReader = true });
    private int _kept;

    /// <summary>What was given beforehand, within the limits of requests: before anything that is typed, and before its end.</summary>
    public void Begin(ReadOnlyMemory<byte> given)
    {
        Interlocked.Add(ref _kept, given.Length);
        if (given.Length > 0) _pieces.Writer.TryWrite(given);
    }

    /// <summary>False when more waits than may be kept; nothing of the piece is taken then. What comes after the end is dropped.</summary>
    public bool Offer(ReadOnlyMemory<byte> piece)
    {
        if (piece.Length == 0) return true;
        if (Interlocked.Add(ref _kept, piece.Length) > limit)
        {
            Interlocked.Add(ref _kept, -piece.Length);
            return false;
        }

        if (!_pieces.Writer.TryWrite(piece)) Interlocked.Add(ref _kept, -piece.Length);
        return true;
    }

    /// <summary>Nothing more comes.</summary>
    public void End() => _pieces.Writer.TryComplete();

    public IAsyncEnumerable<ReadOnlyMemory<byte>> Read(CancellationToken cancellationToken) => ReadAllAsync(cancellationToken);

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var piece in _pieces.Reader.ReadAllAsync(cancellationToken))
        {
            yield return piece;
            Interlocked.Add(ref _kept, -piece.Length);
        }
    }
}
