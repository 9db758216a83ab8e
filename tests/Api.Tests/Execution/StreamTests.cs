using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Platform.Core.Execution;
using Platform.Testing;

namespace Platform.Api.Tests.Execution;

/// <summary>Runs on a socket.</summary>
[Trait("Category", "Integration")]
public sealed class StreamTests(ExecutionFixture fixture) : IClassFixture<ExecutionFixture>
{
    [Fact]
    public async Task A_program_is_typed_to_while_it_runs()
    {
        RunRequest? seen = null;
        fixture.Workers.On("talk", async (worker, request) =>
        {
            seen = request;
            await worker.StageAsync(RunStage.Compile);
            await worker.StageAsync(RunStage.Run);
            while (await worker.ReceiveAsync() is { Kind: RunMessageKind.Stdin } input)
            {
                await worker.SendAsync(RunMessageKind.Stdout, input.Payload.ToArray());
                await worker.SendAsync(RunMessageKind.Stderr, "!"u8.ToArray());
            }

            await worker.FinishAsync(FakeWorkers.Ok);
        });
        using var socket = await fixture.Api.ConnectAsync("/api/execute/stream/my-session");
        await socket.SendAsync(new { type = "start", language = "python", code = "talk", args = new[] { "a" } });
        foreach (var stage in new[] { "queued", "compiling", "running" })
        {
            var frame = await socket.ReceiveAsync("stage");
            (frame.GetProperty("stage").GetString(), frame.GetProperty("session").GetString()).ShouldBe((stage, "my-session"));
        }

        await socket.SendAsync(new { type = "stdin", data = "hä" });
        (await socket.ReceiveAsync("stdout")).GetProperty("data").GetString().ShouldBe("hä");
        (await socket.ReceiveAsync("stderr")).GetProperty("data").GetString().ShouldBe("!");
        await socket.SendAsync(new { type = "stdin", data = "/w==", encoding = "base64" });
        var bytes = await socket.ReceiveAsync("stdout");
        (bytes.GetProperty("data").GetString(), bytes.GetProperty("encoding").GetString()).ShouldBe(("/w==", "base64"));
        await socket.SendBinaryAsync([0xc3, 0xa4]);
        (await socket.ReceiveAsync("stdout")).GetProperty("data").GetString().ShouldBe("ä");
        await socket.SendAsync(new { type = "stdin_close" });
        var exit = await socket.ReceiveAsync("exit");

        (exit.GetProperty("status").GetString(), exit.GetProperty("exitCode").GetInt32()).ShouldBe(("ok", 0));
        (await socket.ReceiveAsync()).ShouldBeNull();
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
        seen!.Terminal.ShouldBeNull();
        seen.Arguments.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Input_that_is_given_beforehand_comes_before_its_end()
    {
        fixture.Workers.On("sum", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Run);
            while (await worker.ReceiveAsync() is { Kind: RunMessageKind.Stdin } input) await worker.SendAsync(RunMessageKind.Stdout, input.Payload.ToArray());
            await worker.FinishAsync(FakeWorkers.Ok);
        });
        using var socket = await fixture.Api.ConnectAsync("/api/execute/stream/given");
        await socket.SendAsync(new { type = "start", language = "python", code = "sum", stdin = "19 23" });
        await socket.SendAsync(new { type = "stdin_close" });

        (await socket.ReceiveAsync("stdout")).GetProperty("data").GetString().ShouldBe("19 23");
        (await socket.ReceiveAsync("exit")).GetProperty("status").GetString().ShouldBe("ok");
    }

    [Fact]
    public async Task A_terminal_is_resized_and_signalled()
    {
        var kinds = new List<(RunMessageKind Kind, byte[] Payload)>();
        TerminalSize? size = null;
        fixture.Workers.On("terminal", async (worker, request) =>
        {
            size = request.Terminal;
            await worker.StageAsync(RunStage.Run);
            while (kinds.Count < 3)
            {
                var message = await worker.ReceiveAsync();
                kinds.Add((message.Kind, message.Payload.ToArray()));
            }

            await worker.FinishAsync(FakeWorkers.Ok with { Verdict = RunVerdict.Signalled, Signal = "SIGINT", ExitCode = null });
        });
        using var socket = await fixture.Api.ConnectAsync("/api/execute/stream/t");
        await socket.SendAsync(new { type = "start", language = "python", code = "terminal", tty = true, columns = 100, rows = 30 });
        await UntilStageAsync(socket, "running");
        await socket.SendAsync(new { type = "resize", columns = 0, rows = 5 });
        (await socket.ReceiveAsync("error")).GetProperty("error").GetProperty("code").GetString().ShouldBe("BAD_REQUEST");
        await socket.SendAsync(new { type = "resize", columns = 300, rows = 50 });
        await socket.SendAsync(new { type = "signal", signal = "SIGNOTHING" });
        await socket.ReceiveAsync("error");
        await socket.SendAsync(new { type = "stdin" });
        await socket.ReceiveAsync("error");
        await socket.SendAsync(new { type = "signal", signal = "SIGINT" });
        await socket.SendAsync(new { type = "signal", signal = 15 });

        var exit = await socket.ReceiveAsync("exit");
        exit.GetProperty("signal").GetString().ShouldBe("SIGINT");
        size.ShouldBe(new TerminalSize(100, 30));
        kinds[0].Kind.ShouldBe(RunMessageKind.Resize);
        (BinaryPrimitives.ReadUInt16BigEndian(kinds[0].Payload), BinaryPrimitives.ReadUInt16BigEndian(kinds[0].Payload.AsSpan(2))).ShouldBe(((ushort)300, (ushort)50));
        kinds[1].Kind.ShouldBe(RunMessageKind.Signal);
        kinds[1].Payload.ShouldBe([2]);
        (kinds[2].Kind, kinds[2].Payload.Single()).ShouldBe((RunMessageKind.Signal, (byte)15));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Bytes_survive_wherever_they_are_broken(bool binary)
    {
        byte[] printed = [.. Encoding.UTF8.GetBytes("a€😀"), 0x00, 0xff, .. Encoding.UTF8.GetBytes("ß"), 0xe2, 0x82];
        fixture.Workers.On("bytewise", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Run);
            foreach (var value in printed) await worker.SendAsync(RunMessageKind.Stdout, [value]);
            await worker.FinishAsync(FakeWorkers.Ok);
        });
        using var socket = await fixture.Api.ConnectAsync("/api/execute/stream/b");
        await socket.SendAsync(new { type = "start", language = "python", code = "bytewise", binary });

        var seen = new List<byte>();
        while (await socket.ReceiveRawAsync() is { } frame)
        {
            if (frame.IsBinary)
            {
                frame.Payload[0].ShouldBe((byte)1);
                seen.AddRange(frame.Payload[1..]);
                continue;
            }

            var json = JsonElement.Parse(frame.Payload);
            if (json.GetProperty("type").GetString() != "stdout") continue;
            var data = json.GetProperty("data").GetString()!;
            seen.AddRange(json.GetProperty("encoding").GetString() == "utf8" ? Encoding.UTF8.GetBytes(data) : Convert.FromBase64String(data));
        }

        seen.ShouldBe(printed);
    }

    [Fact]
    public async Task A_slow_reader_slows_the_program_and_not_the_memory()
    {
        const int Total = 64 * 1024 * 1024;
        long sent = 0;
        fixture.Workers.On("flood", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Run);
            var piece = new byte[64 * 1024];
            Array.Fill(piece, (byte)'x');
            for (; Volatile.Read(ref sent) < Total; Interlocked.Add(ref sent, piece.Length)) await worker.SendAsync(RunMessageKind.Stdout, piece);
            await worker.FinishAsync(FakeWorkers.Ok);
        });
        using var socket = await fixture.Api.ConnectAsync("/api/execute/stream/s");
        await socket.SendAsync(new { type = "start", language = "python", code = "flood" });
        await UntilStageAsync(socket, "running");
        // Nothing is read: it comes to rest long before the end, when the buffers of the connections are full.
        var before = -1L;
        await Eventually.ValueAsync(
            async () =>
            {
                var last = before;
                before = Volatile.Read(ref sent);
                await Task.Delay(300);
                return (last, before);
            },
            state => state.last == state.before && state.before > 0);
        before.ShouldBeLessThan(Total);

        var received = 0L;
        foreach (var frame in await socket.ReceiveAllAsync())
            if (frame.GetProperty("type").GetString() == "stdout") received += frame.GetProperty("data").GetString()!.Length;
        received.ShouldBe(Total);
    }

    [Fact]
    public async Task Who_reads_nothing_any_more_is_cut_off()
    {
        var instance = fixture.Start(("Execution:Stream:SendTimeout", "00:00:00.500"));
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Workers.On("unread", async (worker, _) =>
        {
            try
            {
                while (true) await worker.SendAsync(RunMessageKind.Stdout, new byte[64 * 1024]);
            }
            finally
            {
                ended.SetResult();
            }
        });
        using var socket = await instance.ConnectAsync("/api/execute/stream/u");
        await socket.SendAsync(new { type = "start", language = "python", code = "unread" });

        await ended.Task.WaitAsync(Eventually.DefaultTimeout);
        await instance.StopAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_goes_away_takes_the_program_along(bool abruptly)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Workers.On("left", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Run);
            try
            {
                while (true) await worker.ReceiveAsync();
            }
            finally
            {
                ended.SetResult();
            }
        });
        using var socket = await fixture.Api.ConnectAsync("/api/execute/stream/l");
        await socket.SendAsync(new { type = "start", language = "python", code = "left" });
        await UntilStageAsync(socket, "running");
        // A program that does not read must not hide it.
        await socket.SendAsync(new { type = "stdin", data = new string('x', 500_000) });

        if (abruptly) socket.Abort();
        else await socket.CloseAsync();

        await ended.Task.WaitAsync(Eventually.DefaultTimeout);
    }

    [Fact]
    public async Task A_run_is_taken_back()
    {
        fixture.Workers.On("cancelled", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Run);
            await worker.SendAsync(RunMessageKind.Stdout, "half"u8.ToArray());
            while ((await worker.ReceiveAsync()).Kind != RunMessageKind.Cancel) await Task.Yield();
            await worker.FinishAsync(new RunResult { Verdict = RunVerdict.Cancelled });
        });
        using var socket = await fixture.Api.ConnectAsync("/api/execute/stream/c");
        await socket.SendAsync(new { type = "start", language = "python", code = "cancelled" });
        (await socket.ReceiveAsync("stdout")).GetProperty("data").GetString().ShouldBe("half");

        await socket.SendAsync(new { type = "cancel" });
        await socket.SendAsync(new { type = "cancel" });

        (await socket.ReceiveAsync("exit")).GetProperty("status").GetString().ShouldBe("cancelled");
    }

    [Fact]
    public async Task Input_that_nobody_takes_is_bounded()
    {
        fixture.Workers.On("deaf", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Run);
            while ((await worker.ReceiveAsync()).Kind != RunMessageKind.Cancel) await Task.Yield();
            await worker.FinishAsync(new RunResult { Verdict = RunVerdict.Cancelled });
        });
        using var socket = await fixture.Api.ConnectAsync("/api/execute/stream/d");
        await socket.SendAsync(new { type = "start", language = "python", code = "deaf" });
        for (var piece = 0; piece < 5; piece++) await socket.SendAsync(new { type = "stdin", data = new string('x', 300_000) });

        (await socket.ReceiveAsync("error")).GetProperty("error").GetProperty("message").GetString()!.ShouldContain("dropped");
        await socket.SendAsync(new { type = "cancel" });
        (await socket.ReceiveAsync("exit")).GetProperty("status").GetString().ShouldBe("cancelled");
    }

    [Theory]
    [InlineData("""{"type":"stdin","data":"x"}""", 400)]
    [InlineData("not json", 400)]
    [InlineData("""{"type":"start","language":"klingon","code":"x"}""", 422)]
    [InlineData("""{"type":"start","language":"python","files":[{"name":"/x","content":""}]}""", 422)]
    [InlineData("""{"type":"start","language":"python","code":"x","tty":true,"columns":100000}""", 422)]
    public async Task A_bad_start_is_refused(string first, int status)
    {
        using var socket = await fixture.Api.ConnectAsync("/api/execute/stream/x");
        await socket.SendTextAsync(first);

        (await socket.ReceiveAsync("error")).GetProperty("error").GetProperty("statusCode").GetInt32().ShouldBe(status);
        (await socket.ReceiveAsync()).ShouldBeNull();
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.PolicyViolation);
    }

    [Fact]
    public async Task Who_does_not_start_is_closed_and_long_frames_are_refused()
    {
        var hasty = fixture.Start(("Execution:Stream:StartTimeout", "00:00:00.300"));
        using (var silent = await hasty.ConnectAsync("/api/execute/stream/x"))
        {
            (await silent.ReceiveAsync("error")).GetProperty("error").GetProperty("code").GetString().ShouldBe("REQUEST_TIMEOUT");
            (await silent.ReceiveAsync()).ShouldBeNull();
        }

        await hasty.StopAsync();
        // Another one: here the frame has all the time it needs to come.
        var instance = fixture.Start(("Execution:Stream:MaxFrameBytes", "2000"));
        using var large = await instance.ConnectAsync("/api/execute/stream/x");
        await large.SendTextAsync(new string('x', 3000));
        (await large.ReceiveAsync("error")).GetProperty("error").GetProperty("statusCode").GetInt32().ShouldBe(413);
        await instance.StopAsync();
    }

    [Fact]
    public async Task So_many_sockets_are_open_at_a_time()
    {
        var instance = fixture.Start(("Execution:Stream:SocketsPerOwner", "2"));
        using var first = await instance.ConnectAsync("/api/execute/stream/1");
        using (var second = await instance.ConnectAsync("/api/execute/stream/2"))
        {
            (await Should.ThrowAsync<WebSocketException>(() => instance.ConnectAsync("/api/execute/stream/3"))).Message.ShouldContain("429");
            var user = await instance.SignUpAsync();
            using var other = await instance.ConnectAsync("/api/execute/stream/4", user.AccessToken);
            second.Abort();
        }

        await Eventually.TrueAsync(async () =>
        {
            try
            {
                (await instance.ConnectAsync("/api/execute/stream/5")).Dispose();
                return true;
            }
            catch (WebSocketException)
            {
                return false;
            }
        });
        await instance.StopAsync();
    }

    private static async Task UntilStageAsync(TestSocket socket, string stage)
    {
        while ((await socket.ReceiveAsync("stage")).GetProperty("stage").GetString() != stage) await Task.Yield();
    }
}
