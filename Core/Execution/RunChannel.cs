using System.Buffers;
using System.Net.WebSockets;

namespace Platform.Core.Execution;

/// <summary>
/// The socket of one run, between the Api instance that waits for it and the worker that runs it. Each binary message is one byte of
/// <see cref="RunMessageKind"/> and its payload. Input is under flow control: <see cref="InitialWindow"/> bytes may be on their way, and as many more
/// as <see cref="RunMessageKind.Window"/> grants. One reader and any number of writers.
/// </summary>
public sealed class RunChannel(WebSocket socket) : IDisposable
{
    /// <summary>Path below an instance's address at which a worker finds the run; the id follows.</summary>
    public const string CallbackPath = "/internal/executions/";

    /// <summary>Scheme of the Authorization header that carries the run's token.</summary>
    public const string AuthorizationScheme = "Run";

    /// <summary>Bytes of input that may be sent before any are granted.</summary>
    public const int InitialWindow = 64 * 1024;

    /// <summary>Bytes of the largest message.</summary>
    public const int MaxMessage = 16 * 1024 * 1024;

    private readonly SemaphoreSlim _sending = new(1, 1);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);

    /// <summary>Sends one message; waits while the other side does not take it.</summary>
    public async ValueTask SendAsync(RunMessageKind kind, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        var message = ArrayPool<byte>.Shared.Rent(payload.Length + 1);
        await _sending.WaitAsync(cancellationToken);
        try
        {
            message[0] = (byte)kind;
            payload.CopyTo(message.AsMemory(1));
            await socket.SendAsync(message.AsMemory(0, payload.Length + 1), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        }
        finally
        {
            _sending.Release();
            ArrayPool<byte>.Shared.Return(message);
        }
    }

    /// <summary>The next message, or null when the other side has closed. Its payload is valid until the next call.</summary>
    /// <exception cref="WebSocketException">The connection broke, or a message is too long.</exception>
    public async ValueTask<RunMessage?> ReceiveAsync(CancellationToken cancellationToken)
    {
        var length = 0;
        while (true)
        {
            if (length == _buffer.Length) Grow();
            var received = await socket.ReceiveAsync(_buffer.AsMemory(length), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close) return null;
            length += received.Count;
            if (!received.EndOfMessage) continue;
            if (length == 0) throw new WebSocketException(WebSocketError.InvalidMessageType, "A message of a run is empty.");
            return new RunMessage((RunMessageKind)_buffer[0], _buffer.AsMemory(1, length - 1));
        }
    }

    /// <summary>Says that nothing more comes.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, cancellationToken);
    }

    public void Dispose()
    {
        _sending.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void Grow()
    {
        if (_buffer.Length >= MaxMessage) throw new WebSocketException(WebSocketError.HeaderError, "A message of a run is too long.");
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}

/// <summary>A message of a run's socket.</summary>
public readonly record struct RunMessage(RunMessageKind Kind, ReadOnlyMemory<byte> Payload);

/// <summary>Kinds of messages and who sends them.</summary>
public enum RunMessageKind : byte
{
    /// <summary>Api, first: <see cref="RunRequest"/> as JSON.</summary>
    Request = 1,

    /// <summary>Api: bytes for standard input.</summary>
    Stdin = 2,

    /// <summary>Api: standard input ends.</summary>
    StdinEnd = 3,

    /// <summary>Api: one byte, the number of a signal for the program.</summary>
    Signal = 4,

    /// <summary>Api: four bytes, big-endian: columns and rows of the terminal.</summary>
    Resize = 5,

    /// <summary>Api: the run is taken back; the worker ends it and answers with <see cref="RunVerdict.Cancelled"/>.</summary>
    Cancel = 6,

    /// <summary>Worker: bytes of standard output.</summary>
    Stdout = 16,

    /// <summary>Worker: bytes of standard error.</summary>
    Stderr = 17,

    /// <summary>Worker: four bytes, big-endian: so many more bytes of input may be sent.</summary>
    Window = 18,

    /// <summary>Worker, last: <see cref="RunResult"/> as JSON.</summary>
    Result = 19,

    /// <summary>Worker, last: it cannot run this language now; a <see cref="RunRefusal"/>.</summary>
    Unavailable = 20,

    /// <summary>Worker: one byte, the <see cref="RunStage"/> that begins. Output that follows belongs to it.</summary>
    Stage = 21,

    /// <summary>Worker: <see cref="RunResult"/> as JSON for the next of <see cref="RunRequest.Inputs"/>; its outputs have come before it.</summary>
    InputResult = 22,

    /// <summary>Worker: UTF-8 text for people about what is waited for, such as the progress of an image that is being built.</summary>
    Progress = 23,
}
