using System.Buffers;
using System.Net.WebSockets;
using Platform.Core.Execution;

namespace Platform.Api.Execution.Streaming;

/// <summary>Passes on what a run sends, at the pace of the caller. When the caller is gone the run is ended by <paramref name="gone"/>.</summary>
/// <param name="socket">The caller's.</param>
/// <param name="session">The caller's name for it.</param>
/// <param name="binary">Outputs are binary frames.</param>
/// <param name="transcript">Keeps the same, for the history.</param>
/// <param name="gone">Cancelled when the caller is gone.</param>
internal sealed class StreamListener(FrameSocket socket, string session, bool binary, RunTranscript transcript, CancellationTokenSource gone) : IRunListener
{
    public RunTranscript Transcript { get; } = transcript;

    private readonly Utf8Chunks _stdout = new();
    private readonly Utf8Chunks _stderr = new();

    public async ValueTask OnStageAsync(RunStage stage, CancellationToken cancellationToken)
    {
        await Transcript.OnStageAsync(stage, cancellationToken);
        await TellAsync(async token =>
        {
            await FlushAsync(token);
            await socket.SendAsync(new StageFrame(stage == RunStage.Compile ? "compiling" : "running", session), token);
        });
    }

    public async ValueTask OnOutputAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        await Transcript.OnOutputAsync(isError, data, cancellationToken);
        await TellAsync(token => binary ? SendBinaryAsync(isError, data, token) : SendTextAsync(isError, (isError ? _stderr : _stdout).Next(data.Span), token));
    }

    public ValueTask OnInputResultAsync(RunResult result, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask OnProgressAsync(string text, CancellationToken cancellationToken) =>
        TellAsync(token => socket.SendAsync(new ProgressFrame(text), token));

    /// <summary>What is left of characters that never came to their end.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await SendTextAsync(isError: false, _stdout.Flush(), cancellationToken);
        await SendTextAsync(isError: true, _stderr.Flush(), cancellationToken);
    }

    private async ValueTask SendBinaryAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var frame = ArrayPool<byte>.Shared.Rent(data.Length + 1);
        frame[0] = isError ? (byte)2 : (byte)1;
        data.CopyTo(frame.AsMemory(1));
        await socket.SendAsync(frame.AsMemory(0, data.Length + 1), isBinary: true, cancellationToken);
        // Not when that failed: the frame may still be on its way.
        ArrayPool<byte>.Shared.Return(frame);
    }

    private ValueTask SendTextAsync(bool isError, (string Data, string Encoding)? text, CancellationToken cancellationToken) => text is { } piece
        ? socket.SendAsync(new OutputFrame(isError ? "stderr" : "stdout", piece.Data, piece.Encoding), cancellationToken)
        : ValueTask.CompletedTask;

    /// <summary>That a caller is gone is not the worker's fault, whose socket this is called for.</summary>
    private async ValueTask TellAsync(Func<CancellationToken, ValueTask> tell)
    {
        if (gone.IsCancellationRequested) return;
        try
        {
            await tell(gone.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            await gone.CancelAsync();
        }
    }
}
