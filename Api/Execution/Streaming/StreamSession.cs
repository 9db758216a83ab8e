using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text.Json;
using Platform.Api.Common.Errors;
using Platform.Api.Common.Validation;
using Platform.Core.Execution;

namespace Platform.Api.Execution.Streaming;

/// <summary>One program on one socket: its caller types, signals and resizes while it runs, and sees what it prints at once.</summary>
internal sealed class StreamSession(FrameSocket socket, string session, RunCaller caller, StreamServices services)
{
    private const int MaxCells = 1000;

    private readonly TypedSource _input = new(services.Options.MaxWaitingInput);
    private readonly Lock _lock = new();
    private PendingRun? _run;
    private bool _cancelled;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ServeAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            // The caller is gone, or has been told why it ends; with its token the run has ended.
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
        if (await ReceiveStartAsync(gone.Token) is not { } start) return;
        // Before anything else is read, which may be the end of the input.
        _input.Begin(start.ToRequest().ReadInput());
        var reading = ReadAsync(gone);
        try
        {
            await RunAsync(start, gone);
        }
        finally
        {
            await gone.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Null when the session is over before it has begun; the caller has been told.</summary>
    private async Task<StartFrame?> ReceiveStartAsync(CancellationToken cancellationToken)
    {
        Frame? frame;
        using var deadline = new CancellationTokenSource(services.Options.StartTimeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            frame = await socket.ReceiveAsync(either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await FailAsync(StatusCodes.Status408RequestTimeout, ErrorCodes.RequestTimeout, "No start frame came in time.");
            return null;
        }
        catch (FrameTooLongException exception)
        {
            await FailAsync(StatusCodes.Status413PayloadTooLarge, ErrorCodes.PayloadTooLarge, exception.Message);
            return null;
        }

        if (frame is not { } first) return null;
        if (Parse<CallerFrame>(first) is not { Type: "start" } || Parse<StartFrame>(first) is not { } start)
        {
            await FailAsync(StatusCodes.Status400BadRequest, ErrorCodes.InvalidJson, "The first frame is {\"type\":\"start\"} with a program.");
            return null;
        }

        var errors = await ValidateAsync(start, cancellationToken);
        if (errors.Count == 0) return start;
        var (code, message) = ErrorCodes.ForStatus(StatusCodes.Status422UnprocessableEntity);
        await FailAsync(StatusCodes.Status422UnprocessableEntity, code, message, errors.ToDictionary(entry => entry.Key, object? (entry) => entry.Value));
        return null;
    }

    private async Task<Dictionary<string, string[]>> ValidateAsync(StartFrame start, CancellationToken cancellationToken)
    {
        var result = await services.Validator.ValidateAsync(start.ToRequest(), cancellationToken);
        var errors = ValidationConventions.ToFields(result);
        if (!IsCells(start.Columns)) errors["columns"] = [$"Must be between 1 and {MaxCells}."];
        if (!IsCells(start.Rows)) errors["rows"] = [$"Must be between 1 and {MaxCells}."];
        return errors;
    }

    private async Task RunAsync(StartFrame start, CancellationTokenSource gone)
    {
        var request = start.ToRequest();
        var language = services.Catalog.Find(request.Language!)!;
        StreamListener? listener = null;
        var order = new RunOrder
        {
            Request = RunRequests.From(request, language) with { IsInteractive = true, Terminal = start.Tty ? new TerminalSize(start.Columns ?? 80, start.Rows ?? 24) : null },
            Language = language,
            Interactive = true,
            Input = _input,
            Listen = () => listener = new StreamListener(socket, session, start.Binary, new RunTranscript(language.Limits.OutputBytes), gone),
        };
        await socket.SendAsync(new StageFrame("queued", session), gone.Token);
        var outcome = await services.Dispatcher.RunAsync(order, caller.Key, services.MaxWait, Placed, gone.Token);
        if (outcome?.Result is { } ended && caller.User is { } user)
            services.Recorder.Record(request, ExecuteResponses.Of(Guid.CreateVersion7(), ended, listener?.Transcript), user);
        if (listener is not null) await listener.FlushAsync(gone.Token);
        if (outcome is null) await FailAsync(StatusCodes.Status429TooManyRequests, ExecutionErrors.Busy, ExecutionErrors.BusyMessage);
        else if (outcome.Result is { } result) await socket.EndAsync(ExitFrame.Of(result), (int)WebSocketCloseStatus.NormalClosure, "exit");
        else await FailAsync(StatusCodes.Status503ServiceUnavailable, outcome.Refusal!.Code, outcome.Refusal.Message);
    }

    private void Placed(PendingRun run)
    {
        lock (_lock)
        {
            _run = run;
            if (!_cancelled) return;
        }

        _ = run.CancelAsync(CancellationToken.None);
    }

    /// <summary>Reads until the caller closes, and takes the run with it. It must always read, or the close would not be seen.</summary>
    private async Task ReadAsync(CancellationTokenSource gone)
    {
        try
        {
            while (await socket.ReceiveAsync(gone.Token) is { } frame)
            {
                if (await AcceptAsync(frame, gone.Token) is not { } problem) continue;
                await socket.SendAsync(Error(StatusCodes.Status400BadRequest, ErrorCodes.BadRequest, problem), gone.Token);
            }
        }
        catch (FrameTooLongException exception)
        {
            await FailAsync(StatusCodes.Status413PayloadTooLarge, ErrorCodes.PayloadTooLarge, exception.Message);
        }
        finally
        {
            await gone.CancelAsync();
        }
    }

    /// <returns>What is wrong with the frame; the run goes on.</returns>
    private async Task<string?> AcceptAsync(Frame received, CancellationToken cancellationToken)
    {
        if (received.IsBinary) return Type(received.Payload.ToArray());
        if (Parse<CallerFrame>(received) is not { } frame) return "A frame is not the expected JSON.";
        switch (frame.Type)
        {
            case "stdin" when frame.Data is null:
                return "A frame of input has data.";
            case "stdin":
                return ContentText.Measure(frame.Data, frame.Encoding) < 0 ? "The data is not written in its encoding." : Type(ContentText.Decode(frame.Data, frame.Encoding));
            case "stdin_close":
                _input.End();
                return null;
            case "signal":
                if (Signals.Find(frame.Signal) is not { } signal) return "There is no such signal.";
                await TellAsync(RunMessageKind.Signal, [signal], cancellationToken);
                return null;
            case "resize":
                if (frame.Columns is null || frame.Rows is null || !IsCells(frame.Columns) || !IsCells(frame.Rows)) return $"Columns and rows are between 1 and {MaxCells}.";
                await TellAsync(RunMessageKind.Resize, Size(frame.Columns.Value, frame.Rows.Value), cancellationToken);
                return null;
            case "cancel":
                await CancelAsync(cancellationToken);
                return null;
            case "start":
                return "The program has been started already.";
            default:
                return "Frames are start, stdin, stdin_close, signal, resize and cancel.";
        }
    }

    private string? Type(byte[] data) =>
        _input.Offer(data) ? null : $"More than {services.Options.MaxWaitingInput} bytes of input wait for the program; this frame was dropped.";

    private Task TellAsync(RunMessageKind kind, byte[] payload, CancellationToken cancellationToken)
    {
        PendingRun? run;
        lock (_lock) run = _run;
        return run?.SendAsync(kind, payload, cancellationToken) ?? Task.CompletedTask;
    }

    private Task CancelAsync(CancellationToken cancellationToken)
    {
        PendingRun? run;
        lock (_lock)
        {
            _cancelled = true;
            run = _run;
        }

        return run?.CancelAsync(cancellationToken) ?? Task.CompletedTask;
    }

    private Task FailAsync(int status, string code, string message, IReadOnlyDictionary<string, object?>? details = null) =>
        socket.EndAsync(Error(status, code, message, details), (int)WebSocketCloseStatus.PolicyViolation, code);

    private static ErrorFrame Error(int status, string code, string message, IReadOnlyDictionary<string, object?>? details = null) =>
        new(new ErrorContentResponse(code, message, status, details ?? new Dictionary<string, object?>()));

    private T? Parse<T>(Frame frame)
        where T : class
    {
        if (frame.IsBinary) return null;
        try
        {
            return JsonSerializer.Deserialize<T>(frame.Payload.Span, services.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsCells(int? value) => value is null or (>= 1 and <= MaxCells);

    private static byte[] Size(int columns, int rows)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)columns);
        BinaryPrimitives.WriteUInt16BigEndian(size.AsSpan(2), (ushort)rows);
        return size;
    }
}
