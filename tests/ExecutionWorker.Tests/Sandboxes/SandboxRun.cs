using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Threading.Channels;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Runs;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Tests.Sandboxes;

/// <summary>Feeds a command its input within the window and collects what it prints.</summary>
internal sealed class SandboxRun(Sandbox sandbox, byte[] stdin) : ISandboxOutput
{
    private readonly ArrayBufferWriter<byte> _stdout = new();
    private readonly ArrayBufferWriter<byte> _stderr = new();
    private readonly Channel<int> _grants = Channel.CreateUnbounded<int>();

    public byte[] Stdout => _stdout.WrittenSpan.ToArray();

    public byte[] Stderr => _stderr.WrittenSpan.ToArray();

    public string Text => Encoding.UTF8.GetString(Stdout);

    public string Errors => Encoding.UTF8.GetString(Stderr);

    public SandboxExit Exit { get; private set; } = null!;

    public RunResult Result { get; private set; } = null!;

    public async Task FollowAsync(bool closeStdin)
    {
        using var ended = new CancellationTokenSource();
        var feeding = FeedAsync(closeStdin, ended.Token);
        try
        {
            Exit = await sandbox.FollowAsync(this, TimeSpan.FromMinutes(2), CancellationToken.None);
            Result = VerdictJudge.Judge(Exit);
        }
        catch (SandboxOutOfMemoryException)
        {
            Result = VerdictJudge.OutOfMemory(compiling: false);
        }

        await ended.CancelAsync();
        await feeding.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public ValueTask WriteAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        (isError ? _stderr : _stdout).Write(data.Span);
        return ValueTask.CompletedTask;
    }

    public ValueTask GrantAsync(ReadOnlyMemory<byte> window, CancellationToken cancellationToken)
    {
        _grants.Writer.TryWrite((int)BinaryPrimitives.ReadUInt32BigEndian(window.Span));
        return ValueTask.CompletedTask;
    }

    private async Task FeedAsync(bool closeStdin, CancellationToken cancellationToken)
    {
        var window = RunChannel.InitialWindow;
        for (var sent = 0; sent < stdin.Length;)
        {
            if (window == 0) window = await _grants.Reader.ReadAsync(cancellationToken);
            var piece = Math.Min(window, stdin.Length - sent);
            await sandbox.WriteStdinAsync(stdin.AsMemory(sent, piece), cancellationToken);
            sent += piece;
            window -= piece;
        }

        if (closeStdin) await sandbox.CloseStdinAsync(cancellationToken);
    }
}
