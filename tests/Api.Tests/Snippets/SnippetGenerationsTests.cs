using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Api.Snippets;
using Platform.Api.Tests.Common;
using Platform.Api.Tests.Execution;
using Platform.ServiceDefaults;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.Api.Tests.Snippets;

/// <summary>A write that was answered is seen by every read that begins after it, whoever reads, although most reads ask nobody.</summary>
[Trait("Category", "Integration")]
public sealed class SnippetGenerationsTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private readonly string _scope = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Who_writes_waits_until_nobody_else_trusts_what_was_before()
    {
        using var writer = Create(redis.Connection);
        using var reader = Create(redis.Connection);
        (await reader.FindAsync(_scope)).ShouldBe(0);

        await writer.RaiseAsync([_scope]);

        reader.FindTrusted(_scope).ShouldBeNull();
        (await reader.FindAsync(_scope)).ShouldBe(1);
    }

    [Fact]
    public async Task What_was_asked_for_need_not_be_asked_again_at_once()
    {
        using var reader = Create(redis.Connection, new FrozenTime());
        await reader.FindAsync(_scope);

        reader.FindTrusted(_scope).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_used_is_asked_for_again_before_the_trust_in_it_ends()
    {
        var time = new ManualTime();
        using var reader = Create(redis.Connection, time);
        await reader.FindAsync(_scope);
        // Nobody is to be told by this: only who asks sees it.
        await redis.Connection.GetDatabase().StringIncrementAsync($"snippets:generation:{_scope}");
        time.Advance(SnippetGenerations.Trust * 0.7);

        reader.FindTrusted(_scope).ShouldBe(0);
        await Eventually.TrueAsync(() => reader.FindTrusted(_scope) == 1);

        time.Advance(SnippetGenerations.Trust * 0.5);
        reader.FindTrusted(_scope).ShouldBe(1, "it was asked for when the first was still trusted");
    }

    [Fact]
    public async Task What_nobody_used_is_not_trusted_for_longer()
    {
        var time = new ManualTime();
        using var reader = Create(redis.Connection, time);
        await reader.FindAsync(_scope);

        time.Advance(SnippetGenerations.Trust);

        reader.FindTrusted(_scope).ShouldBeNull();
    }

    [Fact]
    public async Task Who_wrote_trusts_nothing_that_the_next_writer_would_not_wait_for()
    {
        using var writer = Create(redis.Connection, new FrozenTime());

        await writer.RaiseAsync([_scope]);

        writer.FindTrusted(_scope).ShouldBeNull();
        (await writer.FindAsync(_scope)).ShouldBe(1);
    }

    [Fact]
    public async Task Of_many_writers_and_readers_on_two_instances_none_reads_what_was_before_an_answered_write()
    {
        using var one = CreateCache(redis.Connection);
        using var other = CreateCache(redis.Connection);
        var (stored, answered) = (0, 0);
        using var stop = new CancellationTokenSource();
        var readers = new[] { one, other, one, other }.Select(cache => Task.Run(async () =>
        {
            var reads = 0;
            while (!stop.IsCancellationRequested)
            {
                var least = Volatile.Read(ref answered);
                var list = await cache.GetAsync(_scope, "list", _ => Task.FromResult(Encoding.UTF8.GetBytes($"{Volatile.Read(ref stored)}")), CancellationToken.None);
                int.Parse(Encoding.UTF8.GetString(list.Body), CultureInfo.InvariantCulture).ShouldBeGreaterThanOrEqualTo(least);
                reads++;
            }

            return reads;
        })).ToArray();

        for (var number = 1; number <= 12; number++)
        {
            Volatile.Write(ref stored, number);
            await (number % 2 == 0 ? one : other).ForgetAsync(_scope);
            Volatile.Write(ref answered, number);
        }

        await stop.CancelAsync();
        (await Task.WhenAll(readers)).ShouldAllBe(reads => reads > 0);
    }

    [Fact]
    public async Task With_redis_frozen_nobody_trusts_anything_after_a_write_and_after_it_everybody_asks_again()
    {
        await using var process = new RedisProcess();
        await process.StartAsync();
        using var first = await ConnectionMultiplexer.ConnectAsync(process.ConnectionString);
        using var second = await ConnectionMultiplexer.ConnectAsync(process.ConnectionString);
        var time = new ShiftedTime();
        var patience = TimeSpan.FromSeconds(1);
        using var writer = Create(first, time, patience);
        using var reader = Create(second, time, patience);
        // Whoever did not wait long enough for an answer asks again after a while.
        await Eventually.TrueAsync(async () => await reader.FindAsync(_scope) == 0 && await writer.FindAsync(_scope) == 0);
        await process.FreezeAsync();

        await writer.RaiseAsync([_scope]);

        reader.FindTrusted(_scope).ShouldBeNull();
        (await reader.FindAsync(_scope)).ShouldBeNull();
        (await writer.FindAsync(_scope)).ShouldBeNull();

        await process.ThawAsync();
        time.Advance(RedisGate.RetryAfter);
        var told = await Eventually.ValueAsync(() => writer.FindAsync(_scope), generation => generation is not null);
        await Eventually.ValueAsync(() => reader.FindAsync(_scope), generation => generation == told);
        told!.Value.ShouldBeGreaterThan(0);
    }

    private static SnippetGenerations Create(IConnectionMultiplexer connection, TimeProvider? time = null, TimeSpan? patience = null) =>
        new(Gate(connection, time ?? TimeProvider.System, patience), time ?? TimeProvider.System);

    private static SnippetCache CreateCache(IConnectionMultiplexer connection) =>
        new(Gate(connection, TimeProvider.System), Create(connection), Options.Create(new SnippetOptions()));

    private static RedisGate Gate(IConnectionMultiplexer connection, TimeProvider time, TimeSpan? patience = null) =>
        new(connection, time, NullLogger<RedisGate>.Instance, patience ?? TimeSpan.FromMinutes(1));

    /// <summary>Nothing gets older, however slow the machine is.</summary>
    private sealed class FrozenTime : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
