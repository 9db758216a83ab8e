using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Common;
using Platform.Api.Common.Http;
using Platform.Core.Data;

namespace Platform.Api.Access;

/// <summary>
/// Looks after the open sockets of this instance. The database is asked for all of them at once, so that their number costs little and what
/// was ended counts here by whatever instance or statement it was ended, with Redis and without.
/// </summary>
internal sealed partial class SocketWatch(IServiceScopeFactory scopes, TimeProvider time, ILogger<SocketWatch> logger) : BackgroundService, ISocketWatch
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<Follower, bool> _open = new();
    private bool _isAway;

    public IDisposable Follow(CurrentUser user, CancellationTokenSource ended, Action cut)
    {
        var follower = new Follower(this, user, ended, cut);
        _open[follower] = true;
        return follower;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
                _isAway = false;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // That the database is away ends nobody's session. Said once, not with every turn.
                if (!_isAway) Log.Away(logger, exception);
                _isAway = true;
            }
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        var followers = _open.Keys.ToList();
        if (followers.Count == 0) return;
        var live = await FindLiveAsync(followers, cancellationToken);
        foreach (var follower in followers.Where(follower => !live.Contains(follower.Credential))) follower.End();
    }

    private async Task<HashSet<Guid>> FindLiveAsync(List<Follower> followers, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PlatformDbContext>();
        var now = time.GetUtcNow();
        var (sessions, tokens) = (Ids(followers, isToken: false), Ids(followers, isToken: true));
        HashSet<Guid> live = [];
        if (sessions.Length > 0) live.UnionWith(await database.LiveSessions(now).Where(row => sessions.Contains(row.Id)).Select(row => row.Id).ToListAsync(cancellationToken));
        if (tokens.Length > 0) live.UnionWith(await database.LiveApiTokens(now).Where(row => tokens.Contains(row.Id)).Select(row => row.Id).ToListAsync(cancellationToken));
        return live;
    }

    private static Guid[] Ids(List<Follower> followers, bool isToken) =>
        [.. followers.Where(follower => follower.IsToken == isToken).Select(follower => follower.Credential).Distinct()];

    private sealed class Follower(SocketWatch watch, CurrentUser user, CancellationTokenSource ended, Action cut) : IDisposable
    {
        // Looks from the one that found it over to the one that cuts it.
        private const int Patience = 2;

        private readonly Lock _lock = new();
        private int _looks;
        private bool _done;

        public Guid Credential { get; } = user.Token?.Id ?? user.SessionId;

        public bool IsToken { get; } = user.Token is not null;

        public void End()
        {
            // Not after the socket is gone: its connection may serve another request by then.
            lock (_lock)
            {
                if (_done) return;
                // What waits for it goes on elsewhere, not in the middle of the look.
                if (_looks == 0) _ = ended.CancelAsync();
                if (_looks++ < Patience) return;
                _done = true;
                cut();
            }
        }

        public void Dispose()
        {
            lock (_lock) _done = true;
            watch._open.TryRemove(this, out _);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Whether the sessions of open sockets still live cannot be looked up")]
        public static partial void Away(ILogger logger, Exception exception);
    }
}
