using NSubstitute;
using Platform.Core.Containers;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Tests.Sandboxes;

/// <summary>A supervisor that hangs, as under a runtime that does not keep its promises: the worker gives it up.</summary>
public sealed class SilentSandboxTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task A_command_whose_end_is_not_reported_is_given_up()
    {
        await using var sandbox = Make(new SilentStream());

        var exception = await Should.ThrowAsync<SandboxSilentException>(() => sandbox.FollowAsync(Substitute.For<ISandboxOutput>(), TimeSpan.FromMilliseconds(10), CancellationToken.None));

        exception.Message.ShouldBe("The sandbox did not answer any more.");
    }

    [Fact]
    public async Task A_slow_reader_of_the_output_is_no_silence()
    {
        byte[] frame = [(byte)SupervisorFrameType.Stdout, 0, 0, 0, 1, (byte)'x'];
        await using var sandbox = Make(new SilentStream(frame, frame));
        var output = new SlowOutput();

        await Should.ThrowAsync<SandboxSilentException>(() => sandbox.FollowAsync(output, TimeSpan.Zero, CancellationToken.None));

        output.Written.ShouldBe(2);
    }

    [Fact]
    public async Task A_supervisor_that_takes_nothing_is_given_up()
    {
        await using var sandbox = Make(new SilentStream { TakesInput = false });
        using var batch = new SupervisorBatch();
        batch.Add(SupervisorProtocol.StdinEnd());

        await Should.ThrowAsync<SandboxSilentException>(() => sandbox.SendAsync(batch, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task Who_stops_waiting_is_not_told_of_silence()
    {
        using var stop = new CancellationTokenSource();
        await using var sandbox = Make(new SilentStream());
        var following = sandbox.FollowAsync(Substitute.For<ISandboxOutput>(), TimeSpan.FromMinutes(1), stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => following);
    }

    private static Sandbox Make(SilentStream stream) =>
        new("silent", new SupervisorConnection(stream), Substitute.For<IContainerEngine>(), new SandboxRegistry()) { Grace = Grace };

    /// <summary>Says what it was given, and nothing more.</summary>
    private sealed class SilentStream(params byte[][] output) : IContainerStream
    {
        private readonly Queue<byte[]> _output = new(output);

        public bool TakesInput { get; init; } = true;

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            if (!TakesInput) await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        public ValueTask CloseInputAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public async ValueTask<OutputChunk> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (!_output.TryDequeue(out var frame)) await Task.Delay(Timeout.Infinite, cancellationToken);
            frame.CopyTo(buffer);
            return new OutputChunk(OutputKind.Stdout, frame!.Length);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class SlowOutput : ISandboxOutput
    {
        public int Written { get; private set; }

        public async ValueTask WriteAsync(bool isError, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
        {
            await Task.Delay(Grace * 2, cancellationToken);
            Written++;
        }

        public ValueTask GrantAsync(ReadOnlyMemory<byte> window, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
