using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Platform.Api.Common.Errors;
using Platform.ServiceDefaults.Http;

namespace Platform.Api.Tests.Common;

[Trait("Category", "Integration")]
public sealed class RateLimitTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task Instances_count_together()
    {
        await api.ForgetCountsAsync();
        await using var one = api.With(("RateLimits:Auth:PermitLimit", "5"));
        await using var other = api.With(("RateLimits:Auth:PermitLimit", "5"));
        using var first = one.CreateClient();
        using var second = other.CreateClient();

        for (var i = 0; i < 5; i++)
        {
            var allowed = await LogInAsync(i % 2 == 0 ? first : second);
            allowed.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            allowed.Headers.GetValues("RateLimit-Remaining").Single().ShouldBe($"{4 - i}");
        }

        foreach (var client in new[] { first, second })
        {
            var refused = await LogInAsync(client);
            await refused.ShouldBeErrorAsync(429, ErrorCodes.RateLimitExceeded);
            refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), ApiFactory.RateLimitWindow);
            refused.Headers.GetValues("RateLimit-Limit").Single().ShouldBe("5");
        }
    }

    [Fact]
    public async Task Without_redis_an_instance_allows_half()
    {
        await using var alone = api.With(
            ("ConnectionStrings:redis", "127.0.0.1:1,abortConnect=false,connectTimeout=200,syncTimeout=200"), (ApiFactory.RedisPatience, "00:00:01"),
            ("RateLimits:Auth:PermitLimit", "4"));
        using var client = alone.CreateClient();

        (await LogInAsync(client)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await LogInAsync(client)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await (await LogInAsync(client)).ShouldBeErrorAsync(429, ErrorCodes.RateLimitExceeded);
    }

    [Fact]
    public async Task The_general_limit_counts_each_account_for_itself()
    {
        var busy = await api.SignUpAsync();
        var calm = await api.SignUpAsync();
        await api.ForgetCountsAsync();
        await using var limited = api.With(("RateLimits:General:PermitLimit", "3"));
        using var first = Client(limited, busy.AccessToken);
        using var second = Client(limited, calm.AccessToken);

        for (var i = 0; i < 3; i++) (await first.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await first.GetAsync("/api/auth/session")).ShouldBeErrorAsync(429, ErrorCodes.RateLimitExceeded);
        (await second.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void An_ipv6_client_is_its_network(string address, string expected) =>
        ClientNetwork.Of(IPAddress.Parse(address)).ShouldBe(expected);

    private static HttpClient Client(WebApplicationFactory<Program> factory, string token)
    {
        var client = factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    private static Task<HttpResponseMessage> LogInAsync(HttpClient client) =>
        client.PostAsJsonAsync("/api/auth/login", new { email = "nobody@example.com", password = ApiFactory.Password });
}
