using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Platform.Api.Common;
using Platform.Api.Common.Access;

namespace Platform.Api.Notifications;

/// <summary>What a stream needs; it outlives the request's own services.</summary>
internal sealed class NotificationStreamServices(
    IServiceScopeFactory scopes, NotificationSignals signals, IAccessWatch watch, IOptions<JsonOptions> json, TimeProvider time, IHostApplicationLifetime lifetime)
{
    public IServiceScopeFactory Scopes { get; } = scopes;

    public NotificationSignals Signals { get; } = signals;

    public IAccessWatch Watch { get; } = watch;

    public JsonSerializerOptions Json { get; } = json.Value.SerializerOptions;

    public TimeProvider Time { get; } = time;

    public CancellationToken Stopping { get; } = lifetime.ApplicationStopping;
}

/// <summary>One open page. The rows are the truth: a signal, or some time, makes it look at them; it never keeps more than a page of them.</summary>
internal sealed class NotificationStream(WebSocket socket, CurrentUser user, NotificationStreamServices services)
{
    private const int PageSize = 100;
    private const int MaxIncoming = 1024;

    // A signal may be lost while its connection is away.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(5);

    private long _last;
    private int? _unread;

    public async Task RunAsync(long? after, CancellationToken signInEnd, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Before the first look, so that nothing falls between the two.
        using var subscription = services.Signals.Subscribe(user.Id);
        var receiving = ReceiveAsync(ended);
        try
        {
            _last = after ?? await ReadAsync((store, token) => store.FindLastSeqAsync(user.Id, token), ended.Token);
            while (await services.Watch.IsStillAllowedAsync(user, user.Id, AccessAction.Read, ended.Token))
            {
                await SendNewAsync(ended.Token);
                await WaitAsync(subscription, signInEnd, ended.Token);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.PolicyViolation, "access ended", ended.Token);
            // A connection that is cut at once takes the close with it.
            await receiving.WaitAsync(GoodbyeTimeout, services.Time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            // The page was closed, takes nothing any more, or this process stops.
            socket.Abort();
        }
        finally
        {
            await ended.CancelAsync();
            await receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendNewAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<NotificationResponse> page;
        do
        {
            page = await ReadAsync((store, token) => store.ListAfterAsync(user.Id, _last, PageSize, token), cancellationToken);
            foreach (var notification in page)
            {
                await SendAsync(new NewNotificationFrame(notification.Seq, notification), cancellationToken);
                _last = notification.Seq;
            }
        }
        while (page.Count == PageSize);

        var unread = await ReadAsync((store, token) => store.CountUnreadAsync(user.Id, token), cancellationToken);
        if (unread == _unread) return;
        await SendAsync(new UnreadFrame(unread, _last), cancellationToken);
        _unread = unread;
    }

    private async Task WaitAsync(NotificationSignals.Subscription subscription, CancellationToken signInEnd, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LookInterval, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, signInEnd, cancellationToken);
        await ((Task)subscription.Signals.ReadAsync(either.Token).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task SendAsync(NotificationFrame frame, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(SendTimeout, services.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(frame, frame.GetType(), services.Json), WebSocketMessageType.Text, endOfMessage: true, either.Token);
    }

    /// <summary>Nothing is expected; reading notices that the page has gone.</summary>
    private async Task ReceiveAsync(CancellationTokenSource ended)
    {
        var buffer = new byte[MaxIncoming];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), ended.Token)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    private async Task<T> ReadAsync<T>(Func<NotificationStore, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        // A page stays open for hours and must not hold a connection for that long.
        await using var scope = services.Scopes.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<NotificationStore>(), cancellationToken);
    }
}
