using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Core.Data;

namespace Platform.Api.Notifications;

/// <summary>
/// Hears of changed notifications, by the commit itself, and wakes the streams of this process that show them. Whoever misses a signal finds the
/// change at its next look.
/// </summary>
internal sealed partial class NotificationSignals(NpgsqlDataSource source, TimeProvider time, ILogger<NotificationSignals> logger) : BackgroundService
{
    public const string Channel = "platform_notifications";

    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, HashSet<Subscription>> _subscriptions = [];

    /// <summary>Signals for one person until it is disposed.</summary>
    public Subscription Subscribe(Guid userId)
    {
        var subscription = new Subscription(this, userId);
        lock (_lock)
        {
            if (!_subscriptions.TryGetValue(userId, out var all)) _subscriptions[userId] = all = [];
            all.Add(subscription);
        }

        return subscription;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or IOException or TimeoutException or InvalidOperationException)
            {
                Log.Lost(logger, exception.Message);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(PauseAfterFailure, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, message) =>
        {
            if (Guid.TryParse(message.Payload, out var userId)) Wake(userId);
        };
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection)) await listen.ExecuteNonQueryAsync(cancellationToken);
        WakeAll();
        while (true) await connection.WaitAsync(cancellationToken);
    }

    private void Wake(Guid userId)
    {
        lock (_lock)
        {
            if (!_subscriptions.TryGetValue(userId, out var all)) return;
            foreach (var subscription in all) subscription.Set();
        }
    }

    /// <summary>What was said while nobody listened is found by looking.</summary>
    private void WakeAll()
    {
        lock (_lock)
        {
            foreach (var subscription in _subscriptions.Values.SelectMany(all => all)) subscription.Set();
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_lock)
        {
            if (_subscriptions.TryGetValue(subscription.UserId, out var all) && all.Remove(subscription) && all.Count == 0) _subscriptions.Remove(subscription.UserId);
        }
    }

    internal sealed class Subscription(NotificationSignals signals, Guid userId) : IDisposable
    {
        // One signal is enough, however much has changed: whoever takes it looks at everything.
        private readonly Channel<bool> _signal = System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public Guid UserId { get; } = userId;

        public ChannelReader<bool> Signals => _signal.Reader;

        public void Dispose() => signals.Remove(this);

        internal void Set() => _signal.Writer.TryWrite(true);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The connection that listens for notifications broke: {Reason}")]
        public static partial void Lost(ILogger logger, string reason);
    }
}

internal static class NotificationSignalExtensions
{
    /// <summary>Delivered by the commit, not before it.</summary>
    public static Task SignalNotificationsAsync(this PlatformDbContext database, Guid userId, CancellationToken cancellationToken) =>
        database.Database.ExecuteSqlAsync($"SELECT pg_notify({NotificationSignals.Channel}, {userId.ToString()})", cancellationToken);
}
