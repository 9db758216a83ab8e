using System.Net.WebSockets;
using System.Text.Json;
using Platform.Core.Execution;

namespace Platform.Api.Tests.Execution;

/// <summary>
/// However a run on a socket ends: who still sends, and reads late, gets everything that was told, the close with its code, and no broken connection.
/// </summary>
[Trait("Category", "Integration")]
public sealed class SocketEndTests(ExecutionFixture fixture) : IClassFixture<ExecutionFixture>
{
    private const int Repetitions = 20;

    // What the server has not read when it says the end; enough that it comes in several reads.
    private static readonly byte[] Flood = new byte[200_000];

    private static readonly byte[] Printed = [.. Enumerable.Repeat((byte)'x', 10_000)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_frame_that_is_too_long(bool whileTheProgramPrints)
    {
        var strict = fixture.Start(("Execution:Stream:MaxFrameBytes", "2000"));
        await AgainAsync("/api/execute/stream/x", async socket =>
        {
            if (whileTheProgramPrints)
            {
                await socket.SendAsync(new { type = "start", language = "python", code = "prints" });
                await socket.ReceiveAsync("stdout");
            }

            await socket.SendTextAsync(new string('x', 300_000));
            await socket.SendBinaryAsync(Flood);
            await EndsAsync(socket, 1008, "PAYLOAD_TOO_LARGE");
        }, strict);
        await strict.StopAsync();
    }

    [Fact]
    public Task A_bad_start() => AgainAsync("/api/execute/stream/x", async socket =>
    {
        await socket.SendAsync(new { type = "start", language = "klingon", code = "x" });
        await socket.SendBinaryAsync(Flood);
        await EndsAsync(socket, 1008, "VALIDATION_ERROR");
    });

    [Fact]
    public async Task No_start_at_all()
    {
        var hasty = fixture.Start(("Execution:Stream:StartTimeout", "00:00:00.100"));
        await AgainAsync("/api/execute/stream/x", socket => EndsAsync(socket, 1008, "REQUEST_TIMEOUT"), hasty);
        await hasty.StopAsync();
    }

    [Fact]
    public Task An_exit_with_input_on_its_way() => AgainAsync("/api/execute/stream/x", async socket =>
    {
        await socket.SendAsync(new { type = "start", language = "python", code = "ends" });
        await socket.SendBinaryAsync(Flood);
        await socket.SendBinaryAsync(Flood);
        var frames = await EndsAsync(socket, 1000, null);
        frames[^1].GetProperty("type").GetString().ShouldBe("exit");
        frames.Sum(frame => frame.GetProperty("type").GetString() == "stdout" ? frame.GetProperty("data").GetString()!.Length : 0).ShouldBe(300_000);
    });

    [Fact]
    public async Task A_run_that_nobody_takes()
    {
        Programs();
        var alone = fixture.Start(("Execution:MaxInFlight", "1"), ("Execution:MaxInFlightPerOwner", "1"), ("Execution:MaxPending", "1"));
        using var first = await alone.ConnectAsync("/api/execute/stream/1");
        await first.SendAsync(new { type = "start", language = "python", code = "prints" });
        await first.ReceiveAsync("stdout");
        await AgainAsync("/api/execute/stream/x", async socket =>
        {
            await socket.SendAsync(new { type = "start", language = "python", code = "x" });
            await socket.SendBinaryAsync(Flood);
            await EndsAsync(socket, 1008, "EXECUTION_BUSY");
        }, alone);
        await first.SendAsync(new { type = "cancel" });
        await alone.StopAsync();
    }

    [Theory]
    [InlineData("nonsense", 4002)]
    [InlineData("""{"type":"data","stream":"stdin","data":"x"}""", 4003)]
    [InlineData("""{"type":"init","language":"python","version":"*","files":[{"content":"ends"}]}""", 4999)]
    public Task An_end_in_Pistons_words(string message, int code) => AgainAsync("/api/v2/connect", async socket =>
    {
        await socket.SendTextAsync(message);
        await socket.SendTextAsync(JsonSerializer.Serialize(new { type = "data", stream = "stdin", data = new string('x', 200_000) }));
        await EndsAsync(socket, code, null);
    });

    [Fact]
    public async Task A_caller_that_says_goodbye_is_answered_and_an_instance_that_stops_says_so()
    {
        Programs();
        var instance = fixture.Start();
        using var leaving = await instance.ConnectAsync("/api/execute/stream/1");
        await leaving.SendAsync(new { type = "start", language = "python", code = "prints" });
        await leaving.ReceiveAsync("stdout");
        await leaving.CloseAsync();
        leaving.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);

        using var staying = await instance.ConnectAsync("/api/execute/stream/2");
        await staying.SendAsync(new { type = "start", language = "python", code = "prints" });
        await staying.ReceiveAsync("stdout");
        var stopping = instance.StopAsync();
        await staying.ReceiveAllAsync();
        staying.CloseStatus.ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
        await staying.AnswerCloseAsync();
        await stopping;
    }

    [Fact]
    public async Task A_frame_that_is_too_long_in_Pistons_words()
    {
        var strict = fixture.Start(("Execution:Stream:MaxFrameBytes", "2000"));
        await AgainAsync("/api/v2/connect", async socket =>
        {
            await socket.SendTextAsync(new string('x', 300_000));
            await socket.SendBinaryAsync(Flood);
            await EndsAsync(socket, 4002, null);
        }, strict);
        await strict.StopAsync();
    }

    private async Task AgainAsync(string path, Func<TestSocket, Task> talk, ApiInstance? instance = null)
    {
        Programs();
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            using var socket = await (instance ?? fixture.Api).ConnectAsync(path);
            await talk(socket);
        }
    }

    private void Programs()
    {
        fixture.Workers.On("prints", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Run);
            var cancelled = worker.UntilCancelledAsync();
            while (!cancelled.IsCompleted) await worker.SendAsync(RunMessageKind.Stdout, new byte[1000]);
            await worker.FinishAsync(new RunResult { Verdict = RunVerdict.Cancelled });
        });
        fixture.Workers.On("ends", async (worker, _) =>
        {
            await worker.StageAsync(RunStage.Run);
            for (var piece = 0; piece < 30; piece++) await worker.SendAsync(RunMessageKind.Stdout, Printed);
            await worker.FinishAsync(FakeWorkers.Ok);
        });
    }

    private static async Task<List<JsonElement>> EndsAsync(TestSocket socket, int status, string? code)
    {
        var frames = await socket.ReceiveAllAsync();
        ((int?)socket.CloseStatus).ShouldBe(status);
        if (code is not null) frames[^1].GetProperty("error").GetProperty("code").GetString().ShouldBe(code);
        await socket.AnswerCloseAsync();
        return frames;
    }
}
