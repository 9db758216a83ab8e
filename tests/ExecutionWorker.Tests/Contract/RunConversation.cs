using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Platform.Core.Execution;
using Platform.Testing;

namespace Platform.ExecutionWorker.Tests.Contract;

/// <summary>The Api's side of one run: sends what a caller would, and collects what the worker answers.</summary>
internal sealed class RunConversation(RunChannel channel, TaskCompletionSource ended)
{
    private readonly StringBuilder[] _texts = [new(), new(), new(), new()];
    private readonly List<string> _order = [];
    private readonly Lock _lock = new();
    private int _stage;
    private int _granted;

    /// <summary>The request is over: the server closes the connection.</summary>
    public TaskCompletionSource Ended => ended;

    public RunResult? Result { get; private set; }

    public RunRefusal? Unavailable { get; private set; }

    public List<RunResult> InputResults { get; } = [];

    public List<string> InputOutputs { get; } = [];

    /// <summary>Stages, and which outputs came in them, in the order of their coming.</summary>
    public IReadOnlyList<string> Order => _order;

    public List<string> Progress { get; } = [];

    public string Stdout => Text(2 * (int)RunStage.Run - 2);

    public string Stderr => Text(2 * (int)RunStage.Run - 1);

    public string CompilerOutput => Text(0) + Text(1);

    public Task RequestAsync(RunRequest request) =>
        SendAsync(RunMessageKind.Request, JsonSerializer.SerializeToUtf8Bytes(request, RunJson.Default.RunRequest));

    public Task StdinAsync(string text) => SendAsync(RunMessageKind.Stdin, Encoding.UTF8.GetBytes(text));

    public Task EndStdinAsync() => SendAsync(RunMessageKind.StdinEnd, []);

    public Task SignalAsync(byte number) => SendAsync(RunMessageKind.Signal, [number]);

    public Task CancelAsync() => SendAsync(RunMessageKind.Cancel, []);

    public Task ResizeAsync(ushort columns, ushort rows)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(payload, columns);
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(2), rows);
        return SendAsync(RunMessageKind.Resize, payload);
    }

    public Task SendAsync(RunMessageKind kind, byte[] payload) => channel.SendAsync(kind, payload, CancellationToken.None).AsTask();

    /// <summary>Waits until so many bytes of input were granted beyond the first window, or the run is over.</summary>
    public Task GrantedAsync(int count) => Eventually.TrueAsync(() => Volatile.Read(ref _granted) >= count || Result is not null);

    /// <summary>Reads until the worker has closed, or until the result.</summary>
    public async Task ReadAsync()
    {
        while (Result is null && Unavailable is null && await channel.ReceiveAsync(CancellationToken.None) is { } message) Take(message);
        await channel.CloseAsync(CancellationToken.None);
        ended.TrySetResult();
    }

    private void Take(RunMessage message)
    {
        lock (_lock)
        {
            switch (message.Kind)
            {
                case RunMessageKind.Stage:
                    _stage = 2 * message.Payload.Span[0] - 2;
                    Note(((RunStage)message.Payload.Span[0]).ToString());
                    break;
                case RunMessageKind.Stdout or RunMessageKind.Stderr:
                    _texts[_stage + (message.Kind == RunMessageKind.Stderr ? 1 : 0)].Append(Encoding.UTF8.GetString(message.Payload.Span));
                    Note(message.Kind.ToString());
                    break;
                case RunMessageKind.InputResult:
                    InputResults.Add(JsonSerializer.Deserialize(message.Payload.Span, RunJson.Default.RunResult)!);
                    InputOutputs.Add(_texts[2].ToString());
                    _texts[2].Clear();
                    break;
                case RunMessageKind.Progress: Progress.Add(Encoding.UTF8.GetString(message.Payload.Span)); break;
                case RunMessageKind.Result: Result = JsonSerializer.Deserialize(message.Payload.Span, RunJson.Default.RunResult); break;
                case RunMessageKind.Unavailable: Unavailable = JsonSerializer.Deserialize(message.Payload.Span, RunJson.Default.RunRefusal); break;
                case RunMessageKind.Window: _granted += (int)BinaryPrimitives.ReadUInt32BigEndian(message.Payload.Span); break;
                default: throw new InvalidOperationException($"A worker does not send {message.Kind}.");
            }
        }
    }

    private void Note(string what)
    {
        if (_order.Count == 0 || _order[^1] != what) _order.Add(what);
    }

    private string Text(int index)
    {
        lock (_lock) return _texts[index].ToString();
    }
}
