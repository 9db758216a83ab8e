using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;

namespace Platform.Bench;

/// <summary>
/// Programs on a socket: how long a keystroke takes until its echo is there, beside a local process on pipes; how fast much output comes; and how
/// long one program takes with many inputs.
/// </summary>
internal sealed class StreamBench(BenchArguments arguments)
{
    private const int Keystrokes = 300;
    private const int WarmUp = 30;
    private const int Inputs = 50;
    private const int PrintedBytes = 10 * 1024 * 1024;

    private const string Echo = "import os\nwhile (b := os.read(0, 1)): os.write(1, b)";

    public async Task RunAsync(ResultTable table, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = arguments.Api };
        await using var account = await BenchAccount.SignUpAsync(http, cancellationToken);
        var token = account.Token;
        var floor = await TypeToPipeAsync(cancellationToken);
        var typed = await TypeToSocketAsync(token, cancellationToken);
        table.AddLimit("WebSocket, keystroke to echo", floor, typed, 10);
        table.AddLimit("  its p95", Tail(floor), Tail(typed), 10);

        Samples output = new(), local = new();
        local.Add(await PrintToPipeAsync(cancellationToken));
        output.Add(await PrintToSocketAsync(token, cancellationToken));
        table.AddRatio("WebSocket, 10 MiB of output of one run (beside a local one)", local, output, 20);

        Samples single = new(), many = new();
        for (var round = 0; round < 5; round++)
        {
            single.Add(await JudgeAsync(http, 1, cancellationToken));
            many.Add(await JudgeAsync(http, Inputs, cancellationToken));
        }

        table.AddLimit($"{Inputs} inputs of one Python program (beside one)", single, many, 1500);
    }

    private static Samples Tail(Samples samples)
    {
        var tail = new Samples();
        tail.Add(TimeSpan.FromMilliseconds(samples.At(0.95)));
        return tail;
    }

    private static Process StartLocal(string code) =>
        Process.Start(new ProcessStartInfo("python3", ["-c", code]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })
        ?? throw new InvalidOperationException("python3 does not start.");

    private static async Task<Samples> TypeToPipeAsync(CancellationToken cancellationToken)
    {
        using var process = StartLocal(Echo);
        var buffer = new byte[1];
        var samples = new Samples();
        for (var index = -WarmUp; index < Keystrokes; index++)
        {
            var began = Stopwatch.GetTimestamp();
            await process.StandardInput.BaseStream.WriteAsync("k"u8.ToArray(), cancellationToken);
            await process.StandardInput.BaseStream.FlushAsync(cancellationToken);
            await process.StandardOutput.BaseStream.ReadExactlyAsync(buffer, cancellationToken);
            if (index >= 0) samples.Add(Stopwatch.GetElapsedTime(began));
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        return samples;
    }

    private async Task<Samples> TypeToSocketAsync(string token, CancellationToken cancellationToken)
    {
        using var socket = await StartAsync(token, new { type = "start", language = "python", code = Echo, binary = true }, cancellationToken);
        var samples = new Samples();
        for (var index = -WarmUp; index < Keystrokes; index++)
        {
            var began = Stopwatch.GetTimestamp();
            await socket.SendAsync("k"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            while (!(await ReceiveAsync(socket, cancellationToken)).IsBinary) await Task.Yield();
            if (index >= 0) samples.Add(Stopwatch.GetElapsedTime(began));
            // Nobody types faster, and the program's time must not run out.
            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken);
        }

        socket.Abort();
        return samples;
    }

    private static string Printing() => $"import sys\nsys.stdout.write('x' * {PrintedBytes})";

    private static async Task<TimeSpan> PrintToPipeAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = StartLocal(Printing());
        var read = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        if (read.Length != PrintedBytes) throw new InvalidOperationException($"The floor printed {read.Length} bytes.");
        return Stopwatch.GetElapsedTime(began);
    }

    private async Task<TimeSpan> PrintToSocketAsync(string token, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var socket = await StartAsync(token, new { type = "start", language = "python", code = Printing(), binary = true }, cancellationToken);
        var printed = 0;
        while (true)
        {
            var (isBinary, payload) = await ReceiveAsync(socket, cancellationToken);
            if (isBinary) printed += payload.Length - 1;
            else if (JsonElement.Parse(payload).GetProperty("type").GetString() is "exit" or "error") break;
        }

        if (printed != PrintedBytes) throw new InvalidOperationException($"{printed} bytes have come.");
        return Stopwatch.GetElapsedTime(began);
    }

    private static async Task<TimeSpan> JudgeAsync(HttpClient http, int inputs, CancellationToken cancellationToken)
    {
        var tests = Enumerable.Range(0, inputs).Select(number => new { stdin = $"{number}\n", expected = $"{number * 2}\n" });
        var began = Stopwatch.GetTimestamp();
        using var response = await http.PostAsJsonAsync("/api/execute/execute", new { language = "python", code = "print(int(input()) * 2)", tests }, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        var elapsed = Stopwatch.GetElapsedTime(began);
        if (!response.IsSuccessStatusCode || answer.GetProperty("status").GetString() != "ok")
            throw new InvalidOperationException($"The tests failed with {(int)response.StatusCode}: {answer}");
        return elapsed;
    }

    /// <summary>A socket on which the program has been started.</summary>
    private async Task<ClientWebSocket> StartAsync(string token, object start, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await socket.ConnectAsync(new UriBuilder(new Uri(arguments.Api, "/api/execute/stream/bench")) { Scheme = "ws" }.Uri, cancellationToken);
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(start), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        return socket;
    }

    private static async Task<(bool IsBinary, byte[] Payload)> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[128 * 1024];
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close) throw new InvalidOperationException($"The socket was closed: {socket.CloseStatusDescription}");
            length += received.Count;
            if (received.EndOfMessage) return (received.MessageType == WebSocketMessageType.Binary, buffer[..length]);
            if (length == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        }
    }
}
