using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Tests.Sandboxes;

public sealed class SupervisorProtocolTests
{
    [Fact]
    public void A_file_is_one_frame_of_flags_path_and_content()
    {
        var frames = SupervisorProtocol.File("a/b", new byte[] { 1, 2 }).ToArray();

        frames.ShouldHaveSingleItem().ShouldBe([(byte)'F', 0, 0, 0, 7, 0, (byte)'a', (byte)'/', (byte)'b', 0, 1, 2]);
    }

    [Fact]
    public void An_empty_file_is_a_frame_too() =>
        SupervisorProtocol.File("x", ReadOnlyMemory<byte>.Empty).ShouldHaveSingleItem().Length.ShouldBe(8);

    [Fact]
    public void A_long_file_goes_in_pieces_that_a_supervisor_takes()
    {
        var frames = SupervisorProtocol.File("x", new byte[500_000]).ToArray();

        frames.Length.ShouldBe(3);
        frames.ShouldAllBe(frame => frame.Length <= SupervisorProtocol.HeaderSize + SupervisorProtocol.MaxPayload);
        frames.Select(frame => frame[SupervisorProtocol.HeaderSize]).ShouldBe([(byte)0, (byte)1, (byte)1]);
    }

    [Fact]
    public void A_command_carries_its_limits_arguments_and_environment()
    {
        var frame = SupervisorProtocol.Command(new SandboxCommand
        {
            Arguments = ["a", ""],
            Environment = new Dictionary<string, string> { ["K"] = "v" },
            WithStdin = true,
            WallTime = TimeSpan.FromSeconds(1),
            CpuTime = TimeSpan.FromMilliseconds(2),
            OutputBytes = 3,
            FileBytes = 4,
            OpenFiles = 5,
        });

        Convert.ToHexStringLower(frame).ShouldBe(
            "43" + "00000028" + "01" + "000003e8" + "00000002" + "00000003" + "00000003" + "0000000000000004" + "00000005" + "0002" + "0001"
            + "6100" + "00" + "4b3d7600");
    }

    [Fact]
    public void A_frame_that_no_supervisor_takes_is_not_made() =>
        Should.Throw<SandboxException>(() => SupervisorProtocol.Stdin(new byte[SupervisorProtocol.MaxPayload + 1]));

    [Fact]
    public void An_exit_report_is_read_field_by_field()
    {
        var payload = Convert.FromHexString(
            "01" + "0b" + "0007" + "00000005" + "00000000000003e8" + "00000000000007d0" + "0000000000100000" + "0000000000000002" + "0000000000000000" + "0000000000000000");

        SupervisorProtocol.Exit(payload).ShouldBe(new SandboxExit
        {
            How = SandboxExitKind.Signalled,
            Code = 11,
            Error = 7,
            Flags = SandboxExitFlags.WallTime | SandboxExitFlags.StdoutLimit,
            WallTime = TimeSpan.FromMilliseconds(1),
            CpuTime = TimeSpan.FromMilliseconds(2),
            MemoryBytes = 1_048_576,
            OutOfMemoryKills = 2,
        });
    }

    [Fact]
    public void An_exit_report_of_another_length_is_refused() =>
        Should.Throw<SandboxException>(() => SupervisorProtocol.Exit(new byte[55]));

    [Fact]
    public void A_terminal_is_a_flag_and_its_size_before_the_strings()
    {
        var command = new SandboxCommand
        {
            Arguments = ["a"],
            WithStdin = true,
            Terminal = new Core.Execution.TerminalSize(80, 25),
            WallTime = TimeSpan.FromSeconds(1),
            CpuTime = TimeSpan.FromSeconds(1),
            OutputBytes = 1,
            FileBytes = 1,
            OpenFiles = 1,
        };

        var frame = SupervisorProtocol.Command(command);

        frame[SupervisorProtocol.HeaderSize].ShouldBe((byte)3);
        frame[(SupervisorProtocol.HeaderSize + 33)..].ShouldBe([0, 80, 0, 25, (byte)'a', 0]);
        SupervisorProtocol.Command(command with { Terminal = null })[(SupervisorProtocol.HeaderSize + 33)..].ShouldBe([(byte)'a', 0]);
    }

    [Fact]
    public void A_size_fits_the_frame_whatever_it_is() =>
        SupervisorProtocol.Resize(new Core.Execution.TerminalSize(-1, 100_000)).ShouldBe([(byte)'Z', 0, 0, 0, 4, 0, 1, 255, 255]);

    [Theory]
    [InlineData(new byte[] { 1, 2 }, true)]
    [InlineData(new byte[] { 2, 2 }, true)]
    [InlineData(new byte[] { 2, 9 }, true)]
    [InlineData(new byte[] { 1 }, false)]
    [InlineData(new byte[] { 3, 4 }, false)]
    [InlineData(new byte[] { }, false)]
    public void A_supervisor_tells_which_versions_it_understands(byte[] ready, bool understood) => SupervisorProtocol.IsUnderstood(ready).ShouldBe(understood);
}
