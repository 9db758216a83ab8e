using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Pools;
using Platform.ExecutionWorker.Runs;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.Bench;

/// <summary>What a worker does by itself: a run that finds its pool empty, and many inputs of one program.</summary>
internal sealed class SandboxBench(SandboxFactory factory, BenchArguments arguments)
{
    private const int Inputs = 50;
    private const int Rounds = 5;
    private const string Code = "print(6 * 7)";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Language _python = LanguageCatalog.Load("languages.yaml").Find("python")!;

    public async Task RunAsync(ResultTable table, CancellationToken cancellationToken)
    {
        Samples floor = new(), measured = new(), unprepared = new();
        using var remover = new SandboxRemover(new RunActivity(TimeProvider.System), NullLogger<SandboxRemover>.Instance);
        // As in a worker: nothing is started, one is in reserve.
        var pool = new SandboxPool(_python, least: 0, reserve: 1, factory, remover, TimeProvider.System);
        for (var i = -3; i < arguments.Samples; i++)
        {
            var began = Stopwatch.GetTimestamp();
            TimeSpan started, whole;
            await using (var sandbox = await factory.StartAsync(_python, cancellationToken))
            {
                started = Stopwatch.GetElapsedTime(began);
                await BareRun.MeasureAsync(sandbox, _python, Code, "42\n", cancellationToken);
                whole = Stopwatch.GetElapsedTime(began);
            }

            await pool.AddToReserveAsync(cancellationToken);
            await Task.Delay(Pause, cancellationToken);
            began = Stopwatch.GetTimestamp();
            await using var reserved = await pool.TakeAsync(cancellationToken);
            await BareRun.MeasureAsync(reserved, _python, Code, "42\n", cancellationToken);
            var elapsed = Stopwatch.GetElapsedTime(began);
            await Task.Delay(Pause, cancellationToken);
            if (i < 0) continue;
            floor.Add(started);
            measured.Add(elapsed);
            unprepared.Add(whole);
        }

        table.AddLimit("Python one-liner, empty pool (floor: creation and start of the sandbox)", floor, measured, milliseconds: 200);
        table.AddFact("  the same with an empty reserve", unprepared);
        await RunInputsAsync(table, cancellationToken);
    }

    private async Task RunInputsAsync(ResultTable table, CancellationToken cancellationToken)
    {
        Samples floor = new(), measured = new();
        for (var round = 0; round < Rounds; round++)
        {
            await using (var sandbox = await factory.StartAsync(_python, cancellationToken))
            {
                var sum = TimeSpan.Zero;
                for (var i = 0; i < Inputs; i++) sum += await BareRun.MeasureAsync(sandbox, _python, Code, "42\n", cancellationToken);
                floor.Add(sum);
            }

            measured.Add(await MeasureInputsAsync(cancellationToken));
        }

        table.AddLimit($"{Inputs} inputs of one Python program (floor: {Inputs} bare runs)", floor, measured, milliseconds: 1500);
    }

    /// <summary>The worker's own session, over a socket as in a run.</summary>
    private async Task<TimeSpan> MeasureInputsAsync(CancellationToken cancellationToken)
    {
        var request = new RunRequest
        {
            Language = _python.Id,
            Files = [new RunFile(_python.File, "print(int(input()) * 2)"u8.ToArray())],
            Inputs = [.. Enumerable.Range(0, Inputs).Select(number => Encoding.UTF8.GetBytes($"{number}\n"))],
        };
        using var ends = await SocketPair.ConnectAsync(cancellationToken);
        using var worker = new RunChannel(ends.Client);
        using var api = new RunChannel(ends.Server);
        await using var sandbox = await factory.StartAsync(_python, cancellationToken);
        await Task.Delay(Pause, cancellationToken);

        var began = Stopwatch.GetTimestamp();
        var inbox = new RunInbox(worker);
        var reading = CountAsync(api, cancellationToken);
        var listening = inbox.ListenAsync(cancellationToken);
        var result = await new RunSession(worker, inbox, sandbox, new RunPlan(_python, request), TimeProvider.System).RunAsync(listening, cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(began);
        await worker.CloseAsync(cancellationToken);
        if (result.Verdict != RunVerdict.Ok || await reading != Inputs) throw new InvalidOperationException($"The run of many inputs failed: {result}");
        await api.CloseAsync(cancellationToken);
        return elapsed;
    }

    private static async Task<int> CountAsync(RunChannel channel, CancellationToken cancellationToken)
    {
        var results = 0;
        while (await channel.ReceiveAsync(cancellationToken) is { } message)
        {
            if (message.Kind == RunMessageKind.InputResult) results++;
        }

        return results;
    }

    private sealed record SocketPair(WebSocket Client, WebSocket Server) : IDisposable
    {
        public static async Task<SocketPair> ConnectAsync(CancellationToken cancellationToken)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var client = new TcpClient { NoDelay = true };
            var connecting = client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken);
            var server = await listener.AcceptTcpClientAsync(cancellationToken);
            server.NoDelay = true;
            await connecting;
            return new SocketPair(
                WebSocket.CreateFromStream(client.GetStream(), new WebSocketCreationOptions { IsServer = false }),
                WebSocket.CreateFromStream(server.GetStream(), new WebSocketCreationOptions { IsServer = true }));
        }

        public void Dispose()
        {
            Client.Dispose();
            Server.Dispose();
        }
    }
}
