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
    private static readonly RunOutcome Abandoned = new(null, "Nobody waits any more.");

    private readonly RunRequest _request;
    private readonly ReadOnlyMemory<byte> _stdin;
    private readonly byte[] _token = RandomNumberGenerator.GetBytes(32);
    private readonly TaskCompletionSource<RunOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ExecutionOptions _options;
    private readonly WorkerContact _contact;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly ITimer _deadline;
    private readonly TimeSpan _runTimeout;
    private readonly Lock _lock = new();
    private WebSocket? _socket;

    public PendingRun(RunRequest request, ReadOnlyMemory<byte> stdin, Language language, ExecutionOptions options, WorkerContact contact, TimeProvider time)
    {
        _request = request;
        _stdin = stdin;
        _options = options;
        _contact = contact;
        _time = time;
        _began = time.GetTimestamp();

        // Starting a sandbox, compiling and running, each at its limit, and then some.
        _runTimeout = TimeSpan.FromSeconds(language.Limits.CompileSeconds + language.Limits.WallSeconds) + options.StartTimeout;
        Stdout = new RunOutput(language.Limits.OutputBytes);
        Stderr = new RunOutput(language.Limits.OutputBytes);
        _deadline = time.CreateTimer(_ => OnDeadline(), state: null, options.StartTimeout, Timeout.InfiniteTimeSpan);
    }

    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>What the worker has to present.</summary>
    public string Token => Convert.ToBase64String(_token);

    /// <summary>A worker has taken it at least once.</summary>
    public bool WasTaken { get; private set; }

    public RunOutput Stdout { get; }

    public RunOutput Stderr { get; }

    /// <summary>Compares in constant time.</summary>
    public bool IsToken(string given) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(given), Encoding.ASCII.GetBytes(Token));

    /// <summary>The outcome; the outputs are complete then.</summary>
    public Task<RunOutcome> WaitAsync(CancellationToken cancellationToken) => _outcome.Task.WaitAsync(cancellationToken);

    /// <summary>Serves a worker until the run or the socket ends.</summary>
    public async Task ServeAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        if (!TryTake(socket)) return;
        using var channel = new RunChannel(socket);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var input = new RunInput(channel, _stdin);
        var sending = SendAsync(channel, input, ended.Token);
        try
        {
            await ReceiveAsync(socket, channel, input, cancellationToken);
            if (_outcome.Task.IsCompleted) await channel.CloseAsync(cancellationToken);
        }
        catch (WebSocketException)
        {
            // The worker is gone; the deadline for the next one is set below.
        }
        finally
        {
            await ended.CancelAsync();
            await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Release(socket);
        }
    }

    /// <summary>Nobody waits any more: a worker notices by its socket.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_outcome.TrySetResult(Abandoned)) _socket?.Abort();
            _socket = null;
        }

        _deadline.Dispose();
    }

    private bool TryTake(WebSocket socket)
    {
        lock (_lock)
        {
            if (_outcome.Task.IsCompleted) return false;

            // A worker that lost its lease may still be running it: the newer one counts.
            _socket?.Abort();
            _socket = socket;
            Stdout.Clear();
            Stderr.Clear();
            WasTaken = true;
            _contact.Touch();
            SetDeadline(_runTimeout);
            return true;
        }
    }

    private void Release(WebSocket socket)
    {
        lock (_lock)
        {
            _contact.Touch();
            if (_socket != socket) return;
            _socket = null;
            if (!_outcome.Task.IsCompleted) SetDeadline(_options.ReconnectTimeout);
        }
    }

    private async Task SendAsync(RunChannel channel, RunInput input, CancellationToken cancellationToken)
    {
        await channel.SendAsync(RunMessageKind.Request, JsonSerializer.SerializeToUtf8Bytes(_request, RunJson.Default.RunRequest), cancellationToken);
        await input.SendAsync(cancellationToken);
    }

    private async Task ReceiveAsync(WebSocket socket, RunChannel channel, RunInput input, CancellationToken cancellationToken)
    {
        while (!_outcome.Task.IsCompleted && await channel.ReceiveAsync(cancellationToken) is { } message)
        {
            if (message.Kind == RunMessageKind.Window)
            {
                input.Grant(message.Payload.Span);
                continue;
            }

            lock (_lock)
            {
                if (_socket == socket) Accept(message);
            }
        }
    }

    private void Accept(RunMessage message)
    {
        switch (message.Kind)
        {
            case RunMessageKind.Stdout: Stdout.Append(message.Payload.Span); break;
            case RunMessageKind.Stderr: Stderr.Append(message.Payload.Span); break;
            case RunMessageKind.Stage or RunMessageKind.Progress: break;
            case RunMessageKind.Unavailable: _outcome.TrySetResult(new RunOutcome(null, Encoding.UTF8.GetString(message.Payload.Span))); break;
            case RunMessageKind.Result: _outcome.TrySetResult(new RunOutcome(ReadResult(message.Payload.Span), null)); break;
            default: throw new WebSocketException(WebSocketError.InvalidMessageType, $"A worker does not send {message.Kind}.");
        }
    }

    private static RunResult ReadResult(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, RunJson.Default.RunResult)
        ?? throw new WebSocketException(WebSocketError.InvalidMessageType, "A worker sent an empty result.");

    private void SetDeadline(TimeSpan fromNow) => _deadline.Change(fromNow, Timeout.InfiniteTimeSpan);

    private void OnDeadline()
    {
        lock (_lock)
        {
            if (!WasTaken && _contact.IsWithin(_options.StartTimeout) && _time.GetElapsedTime(_began) < _options.QueueTimeout)
            {
                // Workers are there and busy: its turn comes.
                SetDeadline(_options.StartTimeout);
                return;
            }

            _outcome.TrySetResult(WasTaken
                ? new RunOutcome(new RunResult { Verdict = RunVerdict.InternalError, Message = "The worker that ran it was lost." }, null)
                : new RunOutcome(null, "No worker took the run in time."));
            _socket?.Abort();
        }
    }
}

/// <summary>How waiting ended.</summary>
/// <param name="Result">The result of the run, or null when it could not be run.</param>
/// <param name="Unavailable">Why it could not.</param>
internal sealed record RunOutcome(RunResult? Result, string? Unavailable);
