using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults;
using Platform.Testing;
using Platform.Web.Sites;
using StackExchange.Redis;

namespace Platform.Web.Tests.Sites;

[Trait("Category", "Integration")]
public sealed class PasswordAttemptsTests(RedisFixture redis) : IClassFixture<RedisFixture>
{
    private static readonly IPAddress Visitor = IPAddress.Parse("203.0.113.1");

    private readonly Guid _site = Guid.NewGuid();

    [Fact]
    public async Task Instances_count_together_also_when_all_try_at_once()
    {
        using var one = Create(redis.Connection);
        using var other = Create(redis.Connection);

        var waits = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => (number % 2 == 0 ? one : other).TakeAsync(_site, Visitor)));

        waits.Count(wait => wait is null).ShouldBe(10);
        waits.ShouldAllBe(wait => wait == null || (wait > TimeSpan.Zero && wait <= TimeSpan.FromMinutes(1)));
        (await one.TakeAsync(_site, IPAddress.Parse("203.0.113.2"))).ShouldBeNull();
        (await one.TakeAsync(Guid.NewGuid(), Visitor)).ShouldBeNull();
    }

    [Fact]
    public async Task Many_addresses_have_one_limit_together_and_who_is_refused_is_not_counted()
    {
        using var attempts = Create(redis.Connection);
        for (var time = 0; time < 30; time++) await attempts.TakeAsync(_site, Visitor);

        var others = new List<TimeSpan?>();
        for (var number = 0; number < 100; number++) others.Add(await attempts.TakeAsync(_site, IPAddress.Parse($"198.51.100.{number}")));

        // A hundred in all, ten of them the first visitor's.
        others.Take(90).ShouldAllBe(wait => wait == null);
        others.Skip(90).ShouldAllBe(wait => wait != null);
    }

    [Fact]
    public async Task Addresses_of_one_network_are_one_visitor_and_a_window_ends()
    {
        using var attempts = Create(redis.Connection);
        for (var time = 0; time < 10; time++) (await attempts.TakeAsync(_site, IPAddress.Parse($"2001:db8:1:2::{time + 1:x}"))).ShouldBeNull();
        (await attempts.TakeAsync(_site, IPAddress.Parse("2001:db8:1:2:ffff::1"))).ShouldNotBeNull();

        // What a window leaves behind ends by itself.
        var keys = new[] { $"limit:site-password:{_site:N}", $"limit:site-password:{_site:N}:2001:db8:1:2::" };
        foreach (var key in keys)
        {
            (await redis.Connection.GetDatabase().KeyTimeToLiveAsync(key)).ShouldNotBeNull().ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(1));
            await redis.Connection.GetDatabase().KeyDeleteAsync(key);
        }

        (await attempts.TakeAsync(_site, IPAddress.Parse("2001:db8:1:2::1"))).ShouldBeNull();
    }

    [Fact]
    public async Task Without_Redis_each_instance_allows_half()
    {
        using var away = await ConnectionMultiplexer.ConnectAsync("127.0.0.1:1,abortConnect=false,connectTimeout=100,syncTimeout=100");
        using var attempts = Create(away);

        var waits = new List<TimeSpan?>();
        for (var time = 0; time < 8; time++) waits.Add(await attempts.TakeAsync(_site, Visitor));

        waits.Count(wait => wait is null).ShouldBe(5);
        waits.Skip(5).ShouldAllBe(wait => wait == TimeSpan.FromMinutes(1));
    }

    private static PasswordAttempts Create(IConnectionMultiplexer connection) =>
        new(new RedisGate(connection, TimeProvider.System, NullLogger<RedisGate>.Instance, TimeSpan.FromMinutes(1)), Options.Create(new SiteHostOptions()));
}
