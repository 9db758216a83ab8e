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
        await using var sandbox = Make(Substitute.For<IContainerStream>());

        var exception = await Should.ThrowAsync<SandboxSilentException>(() => sandbox.FollowAsync(Substitute.For<ISandboxOutput>(), TimeSpan.FromMilliseconds(10), CancellationToken.None));

        exception.Message.ShouldBe("The sandbox did not answer any more.");
    }

    [Fact]
    public async Task A_slow_reader_of_the_output_is_no_silence()
    {
        byte[] frame = [(byte)SupervisorFrameType.Stdout, 0, 0, 0, 1, (byte)'x'];
        await using var sandbox = Make(Substitute.For<IContainerStream>(), frame, frame);
        var written = 0;
        var output = Substitute.For<ISandboxOutput>();
        output.WriteAsync(Arg.Any<bool>(), Arg.Any<ReadOnlyMemory<byte>>(), Arg.Any<CancellationToken>()).Returns(async ValueTask (_) =>
        {
            await Task.Delay(Grace * 2);
            written++;
        });

        await Should.ThrowAsync<SandboxSilentException>(() => sandbox.FollowAsync(output, TimeSpan.Zero, CancellationToken.None));

        written.ShouldBe(2);
    }

    [Fact]
    public async Task A_supervisor_that_takes_nothing_is_given_up()
    {
        var stream = Substitute.For<IContainerStream>();
        stream.WriteAsync(Arg.Any<ReadOnlyMemory<byte>>(), Arg.Any<CancellationToken>()).Returns(call => new ValueTask(Task.Delay(Timeout.Infinite, call.Arg<CancellationToken>())));
        await using var sandbox = Make(stream);
        using var batch = new SupervisorBatch();
        batch.Add(SupervisorProtocol.StdinEnd());

        await Should.ThrowAsync<SandboxSilentException>(() => sandbox.SendAsync(batch, CancellationToken.None).AsTask());
    }

    [Fact]
    public async Task Who_stops_waiting_is_not_told_of_silence()
    {
        using var stop = new CancellationTokenSource();
        await using var sandbox = Make(Substitute.For<IContainerStream>());
        var following = sandbox.FollowAsync(Substitute.For<ISandboxOutput>(), TimeSpan.FromMinutes(1), stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => following);
    }

    private static Sandbox Make(IContainerStream stream, params byte[][] output)
    {
        var frames = new Queue<byte[]>(output);
        stream.ReadAsync(Arg.Any<Memory<byte>>(), Arg.Any<CancellationToken>()).Returns(async ValueTask<OutputChunk> (call) =>
        {
            if (frames.TryDequeue(out var frame))
            {
                frame.CopyTo(call.Arg<Memory<byte>>());
                return new OutputChunk(OutputKind.Stdout, frame.Length);
            }

            await Task.Delay(Timeout.Infinite, call.Arg<CancellationToken>());
            return default;
        });
        return new Sandbox("silent", new SupervisorConnection(stream), Substitute.For<IContainerEngine>(), new SandboxRegistry()) { Grace = Grace };
    }
}
