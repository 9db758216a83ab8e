using System.Net.WebSockets;
using System.Text;
using Platform.Api.Execution;
using Platform.Api.Execution.Streaming;
using Platform.Core.Execution;

namespace Platform.Api.Piston;

/// <summary>Tells a run in Piston's messages.</summary>
internal sealed class PistonListener(FrameSocket socket, CancellationTokenSource gone) : IRunListener
{
    private readonly Decoder _stdout = Encoding.UTF8.GetDecoder();
    private readonly Decoder _stderr = Encoding.UTF8.GetDecoder();
    private RunStage? _stage;

    public ValueTask OnStageAsync(RunStage stage, CancellationToken cancellationToken) => TellAsync(token => BeginAsync(stage, token));

    public ValueTask OnOutputAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => TellAsync(async token =>
    {
        if (_stage is null) await BeginAsync(RunStage.Run, token);
        await SendAsync(isError, data, flush: false, token);
    });

    public ValueTask OnInputResultAsync(RunResult result, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask OnProgressAsync(string text, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <summary>The run is over.</summary>
    /// <returns>The last message.</returns>
    public async ValueTask<ExitMessage> EndAsync(RunResult result, CancellationToken cancellationToken)
    {
        if (_stage is null) await BeginAsync(result.Verdict == RunVerdict.CompileError ? RunStage.Compile : RunStage.Run, cancellationToken);
        await FlushAsync(cancellationToken);
        var (code, signal) = PistonResults.Exit(result);
        return new ExitMessage(Word(_stage!.Value), code, signal);
    }

    private async ValueTask BeginAsync(RunStage stage, CancellationToken cancellationToken)
    {
        // That another one begins is how the end of the compiler is told.
        if (_stage == RunStage.Compile && stage != RunStage.Compile)
        {
            await FlushAsync(cancellationToken);
            await socket.SendAsync(new ExitMessage(Word(RunStage.Compile), 0, null), cancellationToken);
        }

        _stage = stage;
        await socket.SendAsync(new StageMessage(Word(stage)), cancellationToken);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await SendAsync(isError: false, ReadOnlyMemory<byte>.Empty, flush: true, cancellationToken);
        await SendAsync(isError: true, ReadOnlyMemory<byte>.Empty, flush: true, cancellationToken);
    }

    private async ValueTask SendAsync(bool isError, ReadOnlyMemory<byte> data, bool flush, CancellationToken cancellationToken)
    {
        var decoder = isError ? _stderr : _stdout;
        var characters = new char[Encoding.UTF8.GetMaxCharCount(data.Length)];
        var count = decoder.GetChars(data.Span, characters, flush);
        if (count > 0) await socket.SendAsync(new DataMessage(isError ? "stderr" : "stdout", new string(characters, 0, count)), cancellationToken);
    }

    private static string Word(RunStage stage) => stage == RunStage.Compile ? "compile" : "run";

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
