using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Api.Execution;
using Platform.Api.Execution.Streaming;
using Platform.Core.Execution;

namespace Platform.Api.Piston;

/// <summary>
/// Piston's socket: <c>init</c>, then <c>data</c> and <c>signal</c>; back come <c>runtime</c>, <c>stage</c>, <c>data</c>, <c>exit</c>. What Piston
/// means to do and does not is done here: signals arrive, outputs are limited, characters stay whole, a caller that goes away ends its job; and
/// <c>{"type":"stdin_close"}</c> ends the input.
/// </summary>
internal sealed class PistonSession(FrameSocket socket, RunCaller caller, PistonJobReader reader, StreamServices services)
{
    private readonly TypedSource _input = new(services.Options.MaxWaitingInput);
    private readonly TaskCompletionSource<PistonJob> _job = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private PendingRun? _run;
    private bool _initialised;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ServeAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The caller is gone, or has been told why it ends; with its token the job has ended.
            return;
        }
        finally
        {
            await socket.LeaveAsync();
        }
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAsync(gone);
        try
        {
            if (await InitialisedAsync(gone.Token) is { } job) await RunAsync(job, gone);
        }
        finally
        {
            await gone.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The job, or null when the deadline for it has passed; the caller has been told.</summary>
    private async Task<PistonJob?> InitialisedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _job.Task.WaitAsync(services.Options.InitTimeout, services.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Whatever comes after that is answered as a second one.
            if (!TryInitialise()) return await _job.Task.WaitAsync(cancellationToken);
            await CloseAsync(PistonCloses.InitialisationTimeout, "Initialization Timeout");
            return null;
        }
    }

    private async Task RunAsync(PistonJob job, CancellationTokenSource gone)
    {
        await socket.SendAsync(new RuntimeMessage(job.Language.Id, job.Language.Version), gone.Token);
        PistonListener? listener = null;
        var order = new RunOrder
        {
            Request = RunRequests.From(job.Request, job.Language),
            Language = job.Language,
            Interactive = true,
            Input = _input,
            Listen = () => listener = new PistonListener(socket, gone),
        };
        var outcome = await services.Dispatcher.RunAsync(order, caller.Key, services.MaxWait, Placed, gone.Token);
        if (outcome?.Result is not { } result)
        {
            await FailAsync(outcome?.Refusal?.Message ?? ExecutionErrors.BusyMessage);
            return;
        }

        var last = await (listener ?? new PistonListener(socket, gone)).EndAsync(result, gone.Token);
        await socket.EndAsync(last, PistonCloses.Completed, "Job Completed");
    }

    private void Placed(PendingRun run)
    {
        lock (_lock) _run = run;
    }

    private async Task ReadAsync(CancellationTokenSource gone)
    {
        try
        {
            while (await socket.ReceiveAsync(gone.Token) is { } frame) await AcceptAsync(frame, gone.Token);
        }
        catch (FrameTooLongException exception)
        {
            await FailAsync(exception.Message);
        }
        finally
        {
            await gone.CancelAsync();
        }
    }

    private async Task AcceptAsync(Frame frame, CancellationToken cancellationToken)
    {
        try
        {
            using var message = JsonDocument.Parse(frame.Payload);
            switch (Text(message.RootElement, "type"))
            {
                case "init": await InitAsync(message.RootElement, cancellationToken); break;
                case "data": await TypeAsync(message.RootElement, cancellationToken); break;
                case "stdin_close" when IsRunning: _input.End(); break;
                case "signal": await SignalAsync(message.RootElement, cancellationToken); break;
                default: break;
            }
        }
        catch (JsonException exception)
        {
            await FailAsync(exception.Message);
        }
    }

    private async Task InitAsync(JsonElement message, CancellationToken cancellationToken)
    {
        if (!TryInitialise())
        {
            await CloseAsync(PistonCloses.AlreadyInitialised, "Already Initialized");
            return;
        }

        var (job, problem) = await reader.ReadAsync(message, cancellationToken);
        if (job is null)
        {
            await FailAsync(problem!);
            return;
        }

        _input.Begin(job.Request.ReadInput());
        _job.TrySetResult(job);
    }

    private async Task TypeAsync(JsonElement message, CancellationToken cancellationToken)
    {
        if (!IsRunning) await CloseAsync(PistonCloses.NotInitialised, "Not yet initialized");
        else if (Text(message, "stream") != "stdin") await CloseAsync(PistonCloses.OnlyStdin, "Can only write to stdin");
        else if (!_input.Offer(ContentText.Decode(Text(message, "data"), ContentEncoding.Utf8))) await FailAsync("Too much input waits for the program");
    }

    private async Task SignalAsync(JsonElement message, CancellationToken cancellationToken)
    {
        if (!IsRunning)
        {
            await CloseAsync(PistonCloses.NotInitialised, "Not yet initialized");
            return;
        }

        if (Signals.FindExactly(Text(message, "signal")) is not { } signal)
        {
            await CloseAsync(PistonCloses.InvalidSignal, "Invalid signal");
            return;
        }

        PendingRun? run;
        lock (_lock) run = _run;
        if (run is not null) await run.SendAsync(RunMessageKind.Signal, [signal], cancellationToken);
    }

    /// <summary>True for the first one only.</summary>
    private bool TryInitialise()
    {
        lock (_lock)
        {
            if (_initialised) return false;
            return _initialised = true;
        }
    }

    private bool IsRunning
    {
        get
        {
            lock (_lock) return _initialised;
        }
    }

    private Task FailAsync(string message) =>
        socket.EndAsync(new ErrorMessage(message), PistonCloses.NotifiedError, "Notified Error");

    private Task CloseAsync(int code, string reason) => socket.EndAsync(last: null, code, reason);

    private static string? Text(JsonElement message, string name) =>
        message.ValueKind == JsonValueKind.Object && message.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>Codes with which sockets are closed.</summary>
internal static class PistonCloses
{
    public const int AlreadyInitialised = 4000;
    public const int InitialisationTimeout = 4001;
    public const int NotifiedError = 4002;
    public const int NotInitialised = 4003;
    public const int OnlyStdin = 4004;
    public const int InvalidSignal = 4005;
    public const int Completed = 4999;
}

internal abstract record PistonMessage([property: JsonPropertyName("type"), JsonPropertyOrder(-1)] string Type);

internal sealed record RuntimeMessage([property: JsonPropertyName("language")] string Language, [property: JsonPropertyName("version")] string Version)
    : PistonMessage("runtime");

internal sealed record StageMessage([property: JsonPropertyName("stage")] string Stage) : PistonMessage("stage");

internal sealed record DataMessage([property: JsonPropertyName("stream")] string Stream, [property: JsonPropertyName("data")] string Data) : PistonMessage("data");

internal sealed record ExitMessage(
    [property: JsonPropertyName("stage")] string Stage, [property: JsonPropertyName("code")] int? Code, [property: JsonPropertyName("signal")] string? Signal)
    : PistonMessage("exit");

internal sealed record ErrorMessage([property: JsonPropertyName("message")] string Message) : PistonMessage("error");
