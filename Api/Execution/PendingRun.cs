using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Platform.Core.Execution;

namespace Platform.Api.Execution;

/// <summary>
/// A run that a caller of this instance waits for. A worker that presents the token gets the request and streams the outcome; when it is lost
/// before the end, another one may, and starts over. Whatever happens, <see cref="WaitAsync"/> ends within bounded time.
/// </summary>
internal sealed class PendingRun : IDisposable
{
    /// <summary>How often a run goes back to the queue whose worker went away.</summary>
    private const int MaxReturns = 3;

    /// <summary>Signals and sizes that are kept until a worker has come.</summary>
    private const int MaxEarly = 16;

    private static readonly RunOutcome Abandoned = new(null, new RunRefusal(RunRefusal.Unavailable, "Nobody waits any more."), null);

    private static readonly RunOutcome TooManyWait = new(null, new RunRefusal(RunRefusal.Unavailable, "Too many runs wait for images that are being built. Try again later."), null);

    private readonly RunOrder _order;
    private readonly byte[] _token = RandomNumberGenerator.GetBytes(32);
    private readonly TaskCompletionSource<RunOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ExecutionOptions _options;
    private readonly WorkerContact _contact;
    private readonly TimeProvider _time;
    private long _began;
    private readonly ITimer _deadline;
    private readonly TimeSpan _runTimeout;
    private readonly Lock _lock = new();
    private readonly List<(RunMessageKind Kind, byte[] Payload)> _early = [];
    private RunAttempt? _attempt;
    private bool _cancelled;
    private int _returns;

    public PendingRun(RunOrder order, ExecutionOptions options, WorkerContact contact, TimeProvider time)
    {
        _order = order;
        _options = options;
        _contact = contact;
        _time = time;
        _began = time.GetTimestamp();

        // Starting a sandbox, compiling and running, each at its limit, and then some.
        _runTimeout = order.LongestRun + options.StartTimeout;
        _deadline = time.CreateTimer(_ => OnDeadline(), state: null, options.StartTimeout, Timeout.InfiniteTimeSpan);
    }

    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>What the worker has to present.</summary>
    public string Token => Convert.ToBase64String(_token);

    /// <summary>Is told once when a worker waits for the image; false: it may not wait.</summary>
    public Func<bool>? Waits { private get; set; }

    /// <summary>Places another job for it, since nobody has the first one any more.</summary>
    public Action? Returns { private get; set; }

    /// <summary>Places its job again where the queue has it no more.</summary>
    public Action? Lost { private get; set; }

    /// <summary>A worker has taken it at least once.</summary>
    public bool WasTaken { get; private set; }

    /// <summary>Compares in constant time.</summary>
    public bool IsToken(string given) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(given), Encoding.ASCII.GetBytes(Token));

    /// <summary>The outcome; its listener has been told everything then.</summary>
    public Task<RunOutcome> WaitAsync(CancellationToken cancellationToken) => _outcome.Task.WaitAsync(cancellationToken);

    /// <summary>Serves a worker until the run or the socket ends.</summary>
    public async Task ServeAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        using var channel = new RunChannel(socket);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var attempt = new RunAttempt(socket, channel, new RunInput(channel, _order.Input), _order.Listen());
        if (!TryTake(attempt)) return;
        var sending = SendAllAsync(attempt, ended.Token);
        try
        {
            await ReceiveAsync(attempt, cancellationToken);
            if (_outcome.Task.IsCompleted) await channel.CloseAsync(cancellationToken);
        }
        catch (WebSocketException)
        {
            // The worker is gone; what follows from it is decided below.
        }
        finally
        {
            await ended.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Release(attempt);
        }
    }

    /// <summary>Takes the run back in order: its worker ends it and says so, and what it has sent until then is kept.</summary>
    public async Task CancelAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_cancelled || _outcome.Task.IsCompleted) return;
            _cancelled = true;
            if (_attempt is null)
            {
                SetCancelled(null);
                return;
            }

            SetDeadline(_options.CancelTimeout);
        }

        await SendAsync(RunMessageKind.Cancel, [], cancellationToken);
    }

    /// <summary>Sends a signal or a new size; before a worker has come it is kept for it.</summary>
    public async Task SendAsync(RunMessageKind kind, byte[] payload, CancellationToken cancellationToken)
    {
        RunAttempt attempt;
        lock (_lock)
        {
            if (_outcome.Task.IsCompleted) return;
            if (_attempt is not { IsReady: true } ready)
            {
                if (_early.Count < MaxEarly || kind == RunMessageKind.Cancel) _early.Add((kind, payload));
                return;
            }

            attempt = ready;
        }

        try
        {
            await attempt.Channel.SendAsync(kind, payload, cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or ObjectDisposedException)
        {
            // The worker has just gone: there is no program any more that could be told.
        }
    }

    /// <summary>Nobody waits any more: a worker notices by its socket.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_outcome.TrySetResult(Abandoned)) _attempt?.Socket.Abort();
            _attempt = null;
        }

        _deadline.Dispose();
    }

    private bool TryTake(RunAttempt attempt)
    {
        lock (_lock)
        {
            if (_outcome.Task.IsCompleted || _cancelled || (_order.Interactive && WasTaken)) return false;

            // A worker that lost its lease may still be running it: the newer one counts.
            _attempt?.Socket.Abort();
            _attempt = attempt;
            WasTaken = true;
            _contact.Touch();
            SetDeadline(_runTimeout);
            return true;
        }
    }

    private void Release(RunAttempt attempt)
    {
        lock (_lock)
        {
            _contact.Touch();
            if (_attempt != attempt) return;
            _attempt = null;
            if (_outcome.Task.IsCompleted) return;
            if (_cancelled) SetCancelled(attempt.Listener);
            else if (_order.Interactive) SetLost(attempt.Listener);
            else if (attempt.IsWaiting && _returns++ < MaxReturns) Return();
            else Reconnect();
        }
    }

    /// <summary>The queue hands its job to the next worker, unless the database forgot it: jobs of runs do not wait for the disk.</summary>
    private void Reconnect()
    {
        SetDeadline(_options.ReconnectTimeout);
        if (_returns++ < MaxReturns) Lost?.Invoke();
    }

    /// <summary>As if it had just been placed.</summary>
    private void Return()
    {
        WasTaken = false;
        _began = _time.GetTimestamp();
        SetDeadline(_options.StartTimeout);
        Returns?.Invoke();
    }

    private async Task SendAllAsync(RunAttempt attempt, CancellationToken cancellationToken)
    {
        var request = JsonSerializer.SerializeToUtf8Bytes(_order.Request, RunJson.Default.RunRequest);
        await attempt.Channel.SendAsync(RunMessageKind.Request, request, cancellationToken);
        foreach (var (kind, payload) in TakeEarly(attempt)) await attempt.Channel.SendAsync(kind, payload, cancellationToken);
        await attempt.Input.SendAsync(cancellationToken);
    }

    private (RunMessageKind Kind, byte[] Payload)[] TakeEarly(RunAttempt attempt)
    {
        lock (_lock)
        {
            attempt.IsReady = true;
            var early = _early.ToArray();
            _early.Clear();
            return early;
        }
    }

    private async Task ReceiveAsync(RunAttempt attempt, CancellationToken cancellationToken)
    {
        while (!_outcome.Task.IsCompleted && await attempt.Channel.ReceiveAsync(cancellationToken) is { } message)
        {
            if (message.Kind == RunMessageKind.Window) attempt.Input.Grant(message.Payload.Span);
            else if (IsCurrent(attempt)) await AcceptAsync(attempt, message, cancellationToken);
        }
    }

    private ValueTask AcceptAsync(RunAttempt attempt, RunMessage message, CancellationToken cancellationToken)
    {
        var listener = attempt.Listener;
        switch (message.Kind)
        {
            case RunMessageKind.Stdout or RunMessageKind.Stderr:
                return listener.OnOutputAsync(message.Kind == RunMessageKind.Stderr, message.Payload, cancellationToken);
            case RunMessageKind.Stage when message.Payload.Length == 1:
                attempt.IsWaiting = false;
                return listener.OnStageAsync((RunStage)message.Payload.Span[0], cancellationToken);
            case RunMessageKind.InputResult:
                return listener.OnInputResultAsync(ReadResult(message.Payload.Span), cancellationToken);
            case RunMessageKind.Progress:
                // An image that is being built takes longer than any run.
                SetDeadline(_runTimeout);
                if (!attempt.IsWaiting && Waits?.Invoke() == false) _outcome.TrySetResult(TooManyWait);
                attempt.IsWaiting = true;
                return listener.OnProgressAsync(Encoding.UTF8.GetString(message.Payload.Span), cancellationToken);
            case RunMessageKind.Unavailable:
                _outcome.TrySetResult(new RunOutcome(null, ReadRefusal(message.Payload.Span), listener));
                return ValueTask.CompletedTask;
            case RunMessageKind.Result:
                _outcome.TrySetResult(new RunOutcome(ReadResult(message.Payload.Span), null, listener));
                return ValueTask.CompletedTask;
            default:
                throw new WebSocketException(WebSocketError.InvalidMessageType, $"A worker does not send {message.Kind}.");
        }
    }

    private bool IsCurrent(RunAttempt attempt)
    {
        lock (_lock) return _attempt == attempt;
    }

    private static RunResult ReadResult(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, RunJson.Default.RunResult)
        ?? throw new WebSocketException(WebSocketError.InvalidMessageType, "A worker sent an empty result.");

    private static RunRefusal ReadRefusal(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, RunJson.Default.RunRefusal)
        ?? throw new WebSocketException(WebSocketError.InvalidMessageType, "A worker sent an empty refusal.");

    private void SetDeadline(TimeSpan fromNow) => _deadline.Change(fromNow, Timeout.InfiniteTimeSpan);

    private void SetCancelled(IRunListener? listener) =>
        _outcome.TrySetResult(new RunOutcome(new RunResult { Verdict = RunVerdict.Cancelled }, null, listener));

    private void SetLost(IRunListener? listener) => _outcome.TrySetResult(
        new RunOutcome(new RunResult { Verdict = RunVerdict.InternalError, Message = "The worker that ran it was lost." }, null, listener));

    private void OnDeadline()
    {
        lock (_lock)
        {
            if (!WasTaken && !_cancelled && _contact.IsWithin(_options.StartTimeout) && _time.GetElapsedTime(_began) < _options.QueueTimeout)
            {
                // Workers are there and busy: its turn comes.
                SetDeadline(_options.StartTimeout);
                return;
            }

            if (_cancelled) SetCancelled(_attempt?.Listener);
            else if (WasTaken) SetLost(_attempt?.Listener);
            else _outcome.TrySetResult(new RunOutcome(null, new RunRefusal(RunRefusal.Unavailable, "No worker took the run in time."), null));
            _attempt?.Socket.Abort();
        }
    }
}

/// <summary>How waiting ended.</summary>
/// <param name="Result">The result of the run, or null when it could not be run.</param>
/// <param name="Refusal">Why it could not.</param>
/// <param name="Listener">The listener of the attempt that ended it; null when there was none.</param>
internal sealed record RunOutcome(RunResult? Result, RunRefusal? Refusal, IRunListener? Listener);
