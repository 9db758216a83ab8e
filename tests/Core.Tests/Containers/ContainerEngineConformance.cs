using System.Text;
using Platform.Core.Containers;

namespace Platform.Core.Tests.Containers;

/// <summary>What every container engine adapter must do, shown on a real engine with the image <c>debian:bookworm-slim</c>.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public abstract partial class ContainerEngineConformance : IAsyncLifetime
{
    protected const string Image = "debian:bookworm-slim";

    private readonly Dictionary<string, string> _labels = new()
    {
        [ContainerLabels.Platform] = "tests-conformance",
        [ContainerLabels.Worker] = Guid.NewGuid().ToString("N"),
    };

    private IContainerEngine _engine = null!;

    protected static CancellationToken Token => CancellationToken.None;

    protected abstract IContainerEngine CreateEngine(string? endpoint = null);

    public Task InitializeAsync()
    {
        _engine = CreateEngine();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var container in await _engine.ListAsync(_labels, Token)) await _engine.RemoveAsync(container.Id, Token);
        foreach (var network in await _engine.ListNetworksAsync(_labels, Token)) await _engine.RemoveNetworkAsync(network.Id, Token);
        foreach (var image in await _engine.ListImagesAsync(_labels, Token)) await _engine.RemoveImageAsync(image.Id, Token);
        (_engine as IDisposable)?.Dispose();
    }

    [Fact]
    public async Task Info_names_version_and_runtimes()
    {
        var info = await _engine.GetInfoAsync(Token);

        info.Version.ShouldNotBeEmpty();
        Version.Parse(info.ApiVersion).ShouldBeGreaterThanOrEqualTo(new Version(1, 41));
        info.CgroupVersion.ShouldBeOneOf(1, 2);
        info.Runtimes.ShouldContain("runc");
    }

    [Fact]
    public async Task Output_of_both_kinds_and_exit_code_arrive()
    {
        var result = await RunAsync(Shell("echo out; echo err >&2; exit 7"));

        result.ShouldBe(new Result("out\n", "err\n", new ContainerExit(7, false)));
    }

    [Fact]
    public async Task Input_reaches_the_process_and_its_end_too()
    {
        var result = await RunAsync(Shell("cat; echo done") with { OpenStdin = true }, "first\nsecond\n");

        result.Stdout.ShouldBe("first\nsecond\ndone\n");
        result.Exit.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_dialogue_goes_both_ways_while_the_process_runs()
    {
        var id = await CreateAsync(Shell("while read line; do echo \"got $line\"; done") with { OpenStdin = true });
        await using var stream = await _engine.AttachAsync(id, Token);
        await _engine.StartAsync(id, Token);
        var output = new StreamText(stream);

        foreach (var word in (string[])["one", "two", "three"])
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(word + "\n"), Token);
            (await output.UntilAsync($"got {word}\n")).ShouldEndWith($"got {word}\n");
        }

        await stream.CloseInputAsync(Token);
        (await output.ToEndAsync()).ShouldBe("got one\ngot two\ngot three\n");
    }

    [Fact]
    public async Task Much_output_of_both_kinds_loses_nothing()
    {
        const long size = 100L * 1024 * 1024;
        var id = await CreateAsync(Shell($"head -c {size} /dev/zero & head -c {size / 4} /dev/zero >&2; wait"));
        await using var stream = await _engine.AttachAsync(id, Token);
        await _engine.StartAsync(id, Token);

        var (stdout, stderr) = (0L, 0L);
        var buffer = new byte[64 * 1024];
        while (await stream.ReadAsync(buffer, Token) is { Length: > 0 } chunk)
        {
            buffer.AsSpan(0, chunk.Length).IndexOfAnyExcept((byte)0).ShouldBe(-1);
            if (chunk.Kind == OutputKind.Stdout) stdout += chunk.Length;
            else stderr += chunk.Length;
        }

        (stdout, stderr).ShouldBe((size, size / 4));
        (await _engine.WaitAsync(id, Token)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Tiny_buffers_cut_no_frame()
    {
        var id = await CreateAsync(Shell("for i in 1 2 3 4 5; do echo o$i; echo e$i >&2; done"));
        await using var stream = await _engine.AttachAsync(id, Token);
        await _engine.StartAsync(id, Token);
        var (stdout, stderr) = (new StringBuilder(), new StringBuilder());
        var buffer = new byte[1];
        while (await stream.ReadAsync(buffer, Token) is { Length: > 0 } chunk)
        {
            (chunk.Kind == OutputKind.Stdout ? stdout : stderr).Append((char)buffer[0]);
        }

        stdout.ToString().ShouldBe("o1\no2\no3\no4\no5\n");
        stderr.ToString().ShouldBe("e1\ne2\ne3\ne4\ne5\n");
    }

    [Fact]
    public async Task A_terminal_has_the_size_it_was_given()
    {
        var id = await CreateAsync(Shell("read line; stty size; tty") with { Tty = true, OpenStdin = true });
        await using var stream = await _engine.AttachAsync(id, Token);
        await _engine.StartAsync(id, Token);
        await _engine.ResizeAsync(id, new TerminalSize(101, 37), Token);
        await stream.WriteAsync("go\n"u8.ToArray(), Token);

        var text = await new StreamText(stream).ToEndAsync();

        text.ShouldContain("37 101\r\n");
        text.ShouldContain("/dev/pts/");
    }

    [Fact]
    public async Task A_flooding_container_is_killed_once_its_stream_is_closed()
    {
        var id = await CreateAsync(Shell("while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done"));
        var stream = await _engine.AttachAsync(id, Token);
        await _engine.StartAsync(id, Token);
        (await stream.ReadAsync(new byte[4096], Token)).Length.ShouldBeGreaterThan(0);

        await stream.DisposeAsync();
        await _engine.KillAsync(id, "SIGKILL", Token);

        (await _engine.WaitAsync(id, Token)).ExitCode.ShouldBe(137);
    }

    [Fact]
    public async Task A_signal_reaches_the_process_and_is_ignored_after_its_end()
    {
        var id = await CreateAsync(Shell("trap 'echo caught; exit 3' USR1; echo ready; while :; do sleep 0.05; done"));
        await using var stream = await _engine.AttachAsync(id, Token);
        await _engine.StartAsync(id, Token);
        var output = new StreamText(stream);
        await output.UntilAsync("ready\n");

        await _engine.KillAsync(id, "SIGUSR1", Token);

        (await output.ToEndAsync()).ShouldEndWith("caught\n");
        (await _engine.WaitAsync(id, Token)).ShouldBe(new ContainerExit(3, false));
        await _engine.KillAsync(id, "SIGKILL", Token);
    }

    [Fact]
    public async Task Reading_ends_when_the_stream_is_disposed()
    {
        var id = await CreateAsync(Shell("sleep 600"));
        var stream = await _engine.AttachAsync(id, Token);
        await _engine.StartAsync(id, Token);
        var read = stream.ReadAsync(new byte[16], Token).AsTask();

        await stream.DisposeAsync();

        (await read).Length.ShouldBe(0);
        (await _engine.FindAsync(id, Token))!.Running.ShouldBeTrue();
    }

    [Fact]
    public async Task Cancelled_reading_can_be_taken_up_again()
    {
        var id = await CreateAsync(Shell("cat") with { OpenStdin = true });
        await using var stream = await _engine.AttachAsync(id, Token);
        await _engine.StartAsync(id, Token);
        using (var cancel = new CancellationTokenSource())
        {
            var read = stream.ReadAsync(new byte[16], cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => read);
        }

        await stream.WriteAsync("later"u8.ToArray(), Token);
        await stream.CloseInputAsync(Token);
        (await new StreamText(stream).ToEndAsync()).ShouldBe("later");
    }

    private ContainerSpec Shell(string script) => new()
    {
        Image = Image,
        Command = ["sh", "-c", script],
        Labels = _labels,
    };

    private Task<string> CreateAsync(ContainerSpec spec) => _engine.CreateAsync(spec, Token);

    private async Task<string> StartedAsync(ContainerSpec spec)
    {
        var id = await CreateAsync(spec);
        await _engine.StartAsync(id, Token);
        return id;
    }

    private async Task<Result> RunAsync(ContainerSpec spec, string? input = null)
    {
        var id = await CreateAsync(spec);
        await using var stream = await _engine.AttachAsync(id, Token);
        await _engine.StartAsync(id, Token);
        if (input is not null)
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(input), Token);
            await stream.CloseInputAsync(Token);
        }

        var output = new StreamText(stream);
        await output.ToEndAsync();
        return new Result(output.Stdout, output.Stderr, await _engine.WaitAsync(id, Token));
    }

    private sealed record Result(string Stdout, string Stderr, ContainerExit Exit);
}
