using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Platform.Core.Realtime.Redis;

/// <summary>
/// The subscriptions of this process. A channel is subscribed once for all its listeners; a subscription counts when a message sent on the
/// channel came back. When the connection breaks, or no longer answers, all listeners are told.
/// </summary>
internal sealed partial class RedisChannels : IAsyncDisposable
{
    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EchoInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(5);

    private readonly IConnectionMultiplexer _redis;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisChannels> _logger;
    private readonly ConcurrentDictionary<string, RedisChannelEntry> _entries = new();
    private readonly SemaphoreSlim[] _gates = [.. Enumerable.Range(0, 32).Select(_ => new SemaphoreSlim(1))];
    private readonly CancellationTokenSource _stop = new();
    private readonly RedisChannelEntry _watched = new($"platform:watch:{Guid.NewGuid():N}");
    private readonly Lock _startGate = new();
    private Task? _watching;
    private int _epoch;

    public RedisChannels(IConnectionMultiplexer redis, TimeProvider time, ILogger<RedisChannels> logger)
    {
        (_redis, _time, _logger) = (redis, time, logger);
        redis.ConnectionFailed += OnConnectionFailed;
    }

    /// <summary>Adds a listener; returns when the subscription is in force.</summary>
    /// <exception cref="RealtimeUnavailableException">Redis cannot be reached.</exception>
    public async Task SubscribeAsync<T>(string name, RedisSubscription<T> subscription, CancellationToken cancellationToken)
    {
        lock (_startGate) _watching ??= Task.Run(() => WatchAsync(_stop.Token), CancellationToken.None);
        var gate = Gate(name);
        await gate.WaitAsync(cancellationToken);
        try
        {
            var epoch = Volatile.Read(ref _epoch);
            var entry = _entries.GetOrAdd(name, key => new RedisChannelEntry(key));
            entry.Add(subscription);
            subscription.Attach(new Lease(this, name, subscription));
            try
            {
                if (!entry.IsConfirmed) await ConfirmAsync(entry, cancellationToken);
                if (epoch != Volatile.Read(ref _epoch)) throw new RealtimeUnavailableException("The connection to Redis broke.");
                entry.IsConfirmed = true;
            }
            catch
            {
                entry.Remove(subscription);
                await LeaveIfEmptyAsync(name, entry);
                throw;
            }
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _redis.ConnectionFailed -= OnConnectionFailed;
        await _stop.CancelAsync();
        if (_watching is not null) await _watching;
        BreakAll("This process stops.");
        _stop.Dispose();
        foreach (var gate in _gates) gate.Dispose();
    }

    private void OnConnectionFailed(object? sender, ConnectionFailedEventArgs failure)
    {
        if (failure.ConnectionType == ConnectionType.Subscription) BreakAll($"The connection to Redis broke: {failure.FailureType}.");
    }

    private void BreakAll(string reason)
    {
        Interlocked.Increment(ref _epoch);
        var broken = new RealtimeUnavailableException(reason);
        var any = false;
        foreach (var entry in _entries.Values)
        {
            entry.IsConfirmed = false;
            any |= !entry.IsEmpty;
            entry.Break(broken);
        }

        if (!any) return;
        RealtimeTelemetry.RecordBreak();
        Log.Broken(_logger, reason);
    }

    /// <summary>Subscribes and sends echoes until one comes back; the client's own word that it subscribed is not enough after an outage.</summary>
    private async Task ConfirmAsync(RedisChannelEntry entry, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        Exception? last = null;
        var nonce = Guid.NewGuid().ToString("N");
        var echo = entry.ExpectEcho(nonce);
        try
        {
            while (_time.GetElapsedTime(started) < ConfirmTimeout)
            {
                try
                {
                    var subscriber = _redis.GetSubscriber();
                    // Without this a second try would deliver everything twice.
                    await subscriber.UnsubscribeAsync(entry.Channel, entry.Handler).WaitAsync(ConfirmTimeout, _time, cancellationToken);
                    await subscriber.SubscribeAsync(entry.Channel, entry.Handler).WaitAsync(ConfirmTimeout, _time, cancellationToken);
                    await subscriber.PublishAsync(entry.Channel, RedisChannelEntry.EchoFrame(nonce)).WaitAsync(ConfirmTimeout, _time, cancellationToken);
                    await echo.WaitAsync(EchoInterval * 2, _time, cancellationToken);
                    return;
                }
                catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
                {
                    last = exception;
                    await Task.Delay(EchoInterval, _time, cancellationToken);
                }
            }
        }
        finally
        {
            entry.ForgetEcho(nonce);
        }

        throw new RealtimeUnavailableException("Redis cannot be reached to listen.", last);
    }

    private async Task LeaveAsync(string name, IRedisSink sink)
    {
        if (_stop.IsCancellationRequested || !_entries.TryGetValue(name, out var seen)) return;
        seen.Remove(sink);
        if (!seen.IsEmpty) return;
        var gate = Gate(name);
        await gate.WaitAsync(CancellationToken.None);
        try
        {
            if (_entries.TryGetValue(name, out var entry)) await LeaveIfEmptyAsync(name, entry);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Call under the channel's gate.</summary>
    private async Task LeaveIfEmptyAsync(string name, RedisChannelEntry entry)
    {
        if (!entry.IsEmpty) return;
        _entries.TryRemove(name, out _);
        try
        {
            await _redis.GetSubscriber().UnsubscribeAsync(entry.Channel, entry.Handler).WaitAsync(ConfirmTimeout, _time, _stop.Token);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            // Nobody listens any more; at worst the server sends messages that are thrown away here.
            Log.NotLeft(_logger, name, exception.Message);
        }
    }

    /// <summary>A connection can die without a word: an echo that stays away tells.</summary>
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(WatchInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (_entries.IsEmpty) continue;
                try
                {
                    await ConfirmAsync(_watched, cancellationToken);
                }
                catch (RealtimeUnavailableException)
                {
                    BreakAll("Redis does not answer on the connection that listens.");
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private SemaphoreSlim Gate(string name) => _gates[(uint)name.GetHashCode(StringComparison.Ordinal) % (uint)_gates.Length];

    private sealed class Lease(RedisChannels channels, string name, IRedisSink sink) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await channels.LeaveAsync(name, sink);
    }

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Warning, "Live subscriptions ended: {Reason}")]
        public static partial void Broken(ILogger logger, string reason);

        [LoggerMessage(2102, LogLevel.Debug, "Channel {Channel} could not be left: {Reason}")]
        public static partial void NotLeft(ILogger logger, string channel, string reason);
    }
}
