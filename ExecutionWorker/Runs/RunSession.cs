using System.Text.Json;
using System.Threading.Channels;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Runs;

/// <summary>One run in one sandbox, streaming both ways with the Api instance that waits for it.</summary>
internal sealed class RunSession(RunChannel channel, Sandbox sandbox, Language language, RunRequest request) : ISandboxOutput
{
    // The window bounds it: the other side may not send more than is granted.
    private readonly Channel<(RunMessageKind Kind, byte[] Payload)> _input = Channel.CreateUnbounded<(RunMessageKind, byte[])>();
    private bool _compiling;

    /// <summary>Runs to the end; the result is not sent yet.</summary>
    /// <param name="listening">The running <see cref="ListenAsync"/>; its end is the end of the run.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <exception cref="RunAbandonedException">The waiting side went away.</exception>
    public async Task<RunResult> RunAsync(Task listening, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = RunCommandsAsync(stop.Token);
        if (await Task.WhenAny(running, listening) == running)
        {
            await stop.CancelAsync();
            return await running;
        }

        await stop.CancelAsync();
        await SettleAsync(running);
        cancellationToken.ThrowIfCancellationRequested();
        throw new RunAbandonedException();
    }

    /// <summary>Takes input from the other side until it closes. It must always be read, or the close would not be seen.</summary>
    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        while (await channel.ReceiveAsync(cancellationToken) is { } message) _input.Writer.TryWrite((message.Kind, message.Payload.ToArray()));
    }

    public ValueTask WriteAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        channel.SendAsync(isError || _compiling ? RunMessageKind.Stderr : RunMessageKind.Stdout, data, cancellationToken);

    public ValueTask GrantAsync(ReadOnlyMemory<byte> window, CancellationToken cancellationToken) =>
        channel.SendAsync(RunMessageKind.Window, window, cancellationToken);

    public ValueTask SendResultAsync(RunResult result, CancellationToken cancellationToken) =>
        channel.SendAsync(RunMessageKind.Result, JsonSerializer.SerializeToUtf8Bytes(result, RunJson.Default.RunResult), cancellationToken);

    private async Task<RunResult> RunCommandsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await CompileAsync(cancellationToken) ?? await RunProgramAsync(cancellationToken);
        }
        catch (SandboxOutOfMemoryException)
        {
            return VerdictJudge.OutOfMemory(_compiling);
        }
    }

    private async Task<RunResult?> CompileAsync(CancellationToken cancellationToken)
    {
        if (language.Compile is not { } compiler) return null;
        _compiling = true;
        var command = RunCommands.Compile(language, Language.Fill(compiler, request.Files[0].Path));
        await sandbox.StartAsync(Files, command, cancellationToken);
        var failure = VerdictJudge.JudgeCompiler(await sandbox.FollowAsync(this, cancellationToken));
        _compiling = failure is not null;
        return failure;
    }

    private async Task<RunResult> RunProgramAsync(CancellationToken cancellationToken)
    {
        var command = RunCommands.Run(language, [.. Language.Fill(language.Run, request.Files[0].Path), .. request.Arguments]);
        await sandbox.StartAsync(language.Compile is null ? Files : [], command, cancellationToken);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var forwarding = ForwardAsync(ended.Token);
        try
        {
            return VerdictJudge.Judge(await sandbox.FollowAsync(this, cancellationToken));
        }
        finally
        {
            await ended.CancelAsync();
            await SettleAsync(forwarding);
        }
    }

    private IEnumerable<(string Path, ReadOnlyMemory<byte> Content)> Files =>
        request.Files.Select(file => (file.Path, (ReadOnlyMemory<byte>)file.Content));

    private async Task ForwardAsync(CancellationToken cancellationToken)
    {
        await foreach (var (kind, payload) in _input.Reader.ReadAllAsync(cancellationToken))
        {
            switch (kind)
            {
                case RunMessageKind.Stdin: await sandbox.WriteStdinAsync(payload, cancellationToken); break;
                case RunMessageKind.StdinEnd: await sandbox.CloseStdinAsync(cancellationToken); break;
                case RunMessageKind.Signal when payload.Length == 1: await sandbox.SignalAsync(payload[0], cancellationToken); break;
                default: throw new InvalidDataException($"The waiting side of a run does not send {kind}.");
            }
        }
    }

    /// <summary>Waits for what has lost its purpose; how it ends says nothing any more.</summary>
    private static async Task SettleAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

/// <summary>Nobody waits for the run any more.</summary>
internal sealed class RunAbandonedException() : Exception("Nobody waits for this run any more.");
