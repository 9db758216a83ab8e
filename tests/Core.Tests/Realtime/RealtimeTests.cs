using Platform.Core.Realtime;
using Platform.Testing;

namespace Platform.Core.Tests.Realtime;

[Trait("Category", "Integration")]
public sealed class RealtimeTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private readonly Guid _deployment = Guid.NewGuid();
    private readonly string _topic = $"test:{Guid.NewGuid():N}";
    private RealtimeProcess _sender = null!;
    private RealtimeProcess _receiver = null!;

    public async Task InitializeAsync()
    {
        _sender = await RealtimeProcess.StartAsync(redis.ConnectionString);
        _receiver = await RealtimeProcess.StartAsync(redis.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _sender.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Lines_arrive_whole_and_in_order()
    {
        await using var subscription = await _receiver.Logs.SubscribeAsync(_deployment, default);
        var sent = Enumerable.Range(1, 1200).Select(seq => Line(seq, $"ligne {seq} \"é\" \u0001")).ToArray();

        await _sender.Logs.PublishAsync(_deployment, sent, default);

        (await TakeAsync(subscription, sent.Length)).ShouldBe(sent);
    }

    [Fact]
    public async Task A_line_sent_right_after_the_subscription_is_not_missed()
    {
        for (var round = 1; round <= 30; round++)
        {
            var deployment = Guid.NewGuid();
            await using var subscription = await _receiver.Logs.SubscribeAsync(deployment, default);
            await _sender.Logs.PublishAsync(deployment, [Line(round)], default);
            (await TakeAsync(subscription, 1)).ShouldHaveSingleItem().Seq.ShouldBe(round);
        }
    }

    [Fact]
    public async Task Every_listener_gets_every_line_and_leaving_disturbs_nobody()
    {
        var subscriptions = new List<ISubscription<LogLine>>();
        for (var i = 0; i < 20; i++) subscriptions.Add(await _receiver.Logs.SubscribeAsync(_deployment, default));
        await using var elsewhere = await _sender.Logs.SubscribeAsync(_deployment, default);

        await _sender.Logs.PublishAsync(_deployment, [Line(1)], default);
        foreach (var subscription in subscriptions) (await TakeAsync(subscription, 1))[0].Seq.ShouldBe(1);
        foreach (var subscription in subscriptions.Skip(1)) await subscription.DisposeAsync();
        await _sender.Logs.PublishAsync(_deployment, [Line(2)], default);

        (await TakeAsync(subscriptions[0], 1))[0].Seq.ShouldBe(2);
        (await TakeAsync(elsewhere, 2)).Select(line => line.Seq).ShouldBe([1, 2]);
        await subscriptions[0].DisposeAsync();
    }

    [Fact]
    public async Task Disposing_ends_the_reading()
    {
        var subscription = await _receiver.Logs.SubscribeAsync(_deployment, default);
        var reading = CountAsync(subscription);

        await subscription.DisposeAsync();

        (await reading.WaitAsync(Eventually.DefaultTimeout)).ShouldBe(0);
    }

    [Fact]
    public async Task A_channel_that_was_left_can_be_joined_again()
    {
        for (var round = 1; round <= 5; round++)
        {
            await using var subscription = await _receiver.Logs.SubscribeAsync(_deployment, default);
            await _sender.Logs.PublishAsync(_deployment, [Line(round)], default);
            (await TakeAsync(subscription, 1)).ShouldHaveSingleItem().Seq.ShouldBe(round);
        }
    }

    [Fact]
    public async Task A_slow_listener_loses_the_oldest_and_holds_up_nobody()
    {
        await using var slow = await _receiver.Logs.SubscribeAsync(_deployment, default);
        await using var quick = await _receiver.Logs.SubscribeAsync(_deployment, default);
        var received = 0;
        var reading = TakeAsync(quick, 30_000, _ => Interlocked.Increment(ref received));

        for (var first = 1; first <= 30_000; first += 500)
        {
            await _sender.Logs.PublishAsync(_deployment, [.. Enumerable.Range(first, 500).Select(seq => Line(seq))], default);
            // The quick one may not fall behind by its own buffer, whatever else this machine does.
            await Eventually.TrueAsync(() => Volatile.Read(ref received) >= first - 10_000);
        }

        (await reading).Select(line => line.Seq).ShouldBe(Enumerable.Range(1, 30_000).Select(seq => (long)seq));
        var left = await TakeAsync(slow, 20_000);
        left[0].Seq.ShouldBe(10_001);
        left[^1].Seq.ShouldBe(30_000);
    }

    [Fact]
    public async Task Events_are_numbered_without_gaps_by_several_senders()
    {
        await using var subscription = await _receiver.Events.SubscribeAsync<SiteChanged>(_topic, default);

        var numbers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            (i % 2 == 0 ? _sender : _receiver).Events.PublishAsync(_topic, new SiteChanged($"site-{i}"), default)));

        numbers.Order().ShouldBe(Enumerable.Range(1, 200).Select(seq => (long)seq));
        var events = new List<Event<SiteChanged>>();
        await foreach (var entry in subscription.ReadAllAsync(new CancellationTokenSource(Eventually.DefaultTimeout).Token))
        {
            events.Add(entry);
            if (events.Count == 200) break;
        }

        events.Select(entry => entry.Seq).ShouldBe(Enumerable.Range(1, 200).Select(seq => (long)seq));
        events.Select(entry => entry.Payload.Slug).Distinct().Count().ShouldBe(200);
    }

    [Fact]
    public async Task A_broken_connection_ends_the_subscription_and_a_new_one_works()
    {
        var name = $"victim-{Guid.NewGuid():N}";
        await using var victim = await RealtimeProcess.StartAsync(redis.ConnectionString, name);
        await using var subscription = await victim.Logs.SubscribeAsync(_deployment, default);
        await _sender.Logs.PublishAsync(_deployment, [Line(1)], default);
        var reading = CountAsync(subscription);

        await KillAsync(name);

        await Should.ThrowAsync<RealtimeUnavailableException>(reading.WaitAsync(Eventually.DefaultTimeout));
        await using var next = await victim.Logs.SubscribeAsync(_deployment, default);
        await _sender.Logs.PublishAsync(_deployment, [Line(2)], default);
        (await TakeAsync(next, 1)).ShouldHaveSingleItem().Seq.ShouldBe(2);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_ends_the_subscription()
    {
        await using var subscription = await _receiver.Logs.SubscribeAsync(_deployment, default);

        await redis.Connection.GetDatabase().ExecuteAsync("PUBLISH", $"platform:logs:{_deployment:N}", "={\"not\":\"lines\"}");

        await Should.ThrowAsync<RealtimeUnavailableException>(CountAsync(subscription).WaitAsync(Eventually.DefaultTimeout));
    }

    [Fact]
    public async Task Without_redis_subscribing_and_sending_events_fail_and_sending_lines_does_not()
    {
        await using var lonely = await RealtimeProcess.StartAsync("127.0.0.1:1,connectRetry=1,connectTimeout=500");

        await Should.ThrowAsync<RealtimeUnavailableException>(lonely.Logs.SubscribeAsync(_deployment, default));
        await Should.ThrowAsync<RealtimeUnavailableException>(lonely.Events.PublishAsync(_topic, new SiteChanged("x"), default));
        await lonely.Logs.PublishAsync(_deployment, [Line(1)], default);
    }

    private static LogLine Line(long seq, string message = "text") => new(seq, DateTimeOffset.UnixEpoch.AddSeconds(seq), "info", message);

    private static async Task<List<LogLine>> TakeAsync(ISubscription<LogLine> subscription, int count, Action<LogLine>? seen = null)
    {
        var lines = new List<LogLine>();
        using var limit = new CancellationTokenSource(Eventually.DefaultTimeout * 4);
        await foreach (var line in subscription.ReadAllAsync(limit.Token))
        {
            lines.Add(line);
            seen?.Invoke(line);
            if (lines.Count == count) break;
        }

        return lines;
    }

    private static async Task<int> CountAsync(ISubscription<LogLine> subscription)
    {
        var count = 0;
        await foreach (var _ in subscription.ReadAllAsync(default)) count++;
        return count;
    }

    private async Task KillAsync(string clientName)
    {
        var list = (string?)await redis.Connection.GetDatabase().ExecuteAsync("CLIENT", "LIST") ?? "";
        var ids = list.Split('\n').Where(line => line.Contains($"name={clientName}", StringComparison.Ordinal))
            .Select(line => line.Split(' ').Single(part => part.StartsWith("id=", StringComparison.Ordinal))[3..]).ToArray();
        ids.ShouldNotBeEmpty();
        foreach (var id in ids) await redis.Connection.GetDatabase().ExecuteAsync("CLIENT", "KILL", "ID", id);
    }
}
