using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Mvc.Testing;
using Platform.Api.Common.Errors;
using Platform.Api.Execution;

namespace Platform.Api.Tests.Execution;

/// <summary>The quota of who has no account, or one whose address is not proven, is one of runs, not of requests.</summary>
[Trait("Category", "Integration")]
public sealed class RunQuotaTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_batch_counts_as_its_runs()
    {
        var (unverified, verified) = (await api.SignUpAsync(verified: false), await api.SignUpAsync());
        await using var host = await HostAsync(limit: 5);
        using var client = Client(host, unverified.AccessToken);

        var taken = await BatchAsync(client, 2);
        taken.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        taken.Headers.GetValues("RateLimit-Remaining").Single().ShouldBe("3");
        var refused = await BatchAsync(client, 4);
        await refused.ShouldBeErrorAsync(429, ErrorCodes.RateLimitExceeded);
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), ApiFactory.RateLimitWindow);
        // What was refused took no more than its request.
        (await BatchAsync(client, 2)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await (await BatchAsync(client, 1)).ShouldBeErrorAsync(429, ErrorCodes.RateLimitExceeded);

        using var free = Client(host, verified.AccessToken);
        for (var i = 0; i < 3; i++) (await BatchAsync(free, 6)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task Batches_at_once_do_not_get_more_together()
    {
        var unverified = await api.SignUpAsync(verified: false);
        await using var one = await HostAsync(limit: 9);
        await using var other = api.With(("RateLimits:AnonymousRuns:PermitLimit", "9"));
        using var first = Client(one, unverified.AccessToken);
        using var second = Client(other, unverified.AccessToken);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => BatchAsync(index % 2 == 0 ? first : second, 3)));

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted).ShouldBeLessThanOrEqualTo(3);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ShouldBeGreaterThanOrEqualTo(5);
    }

    [Fact]
    public async Task Tests_that_need_several_runs_count_as_those()
    {
        await using var host = await HostAsync(limit: 2);
        using var client = host.CreateClient();
        var tests = Enumerable.Range(0, 3).Select(index => new { stdin = "", expected = "", args = new[] { $"{index}" } });
        await (await client.PostAsJsonAsync("/api/execute/execute", new { language = "python", code = "1", tests })).ShouldBeErrorAsync(429, ErrorCodes.RateLimitExceeded);
    }

    [Fact]
    public void Runs_are_counted_by_command_line_and_limits()
    {
        ExecutionService.CountRuns(new ExecuteRequest("python", "1")).ShouldBe(1);
        ExecutionService.CountRuns(null).ShouldBe(1);
        ExecutionService.CountRuns(new ExecuteRequest("python", "1", Tests: [new(Stdin: "a"), new(Stdin: "b")])).ShouldBe(1);
        ExecutionService.CountRuns(new ExecuteRequest("python", "1", Tests: [new(Args: ["a"]), new(Args: ["a"], WallSeconds: 1), new(Args: ["a", "b"]), new(Args: ["ab"])])).ShouldBe(4);
        // What was not validated is counted all the same.
        ExecutionService.CountRuns(new ExecuteRequest("python", "1", Tests: [null!, new(Args: [null!])])).ShouldBe(1);
    }

    [Theory]
    [InlineData("/api/execute/stream/s", false)]
    [InlineData("/api/execute/stream/s", true)]
    [InlineData("/api/v2/connect", false)]
    [InlineData("/api/v2/connect", true)]
    public async Task A_socket_counts_like_a_request(string path, bool byApiToken)
    {
        var (unverified, verified) = (await api.SignUpAsync(verified: false), await api.SignUpAsync());
        await using var host = await HostAsync(limit: 2);
        var (limited, free) = (await CredentialAsync(unverified, byApiToken), await CredentialAsync(verified, byApiToken));

        (await ConnectAsync(host, path, limited)).ShouldBe(101);
        (await ConnectAsync(host, path, credential: null)).ShouldBe(101);
        (await ConnectAsync(host, path, limited)).ShouldBe(429);
        (await ConnectAsync(host, path, credential: null)).ShouldBe(429);
        for (var i = 0; i < 3; i++) (await ConnectAsync(host, path, free)).ShouldBe(101);
    }

    [Fact]
    public async Task Without_redis_a_batch_counts_as_its_runs_as_well()
    {
        var unverified = await api.SignUpAsync(verified: false);
        await using var alone = api.With(
            ("ConnectionStrings:redis", "127.0.0.1:1,abortConnect=false,connectTimeout=200,syncTimeout=200"), (ApiFactory.RedisPatience, "00:00:01"), ("RateLimits:AnonymousRuns:PermitLimit", "8"));
        using var client = Client(alone, unverified.AccessToken);
        await (await BatchAsync(client, 6)).ShouldBeErrorAsync(429, ErrorCodes.RateLimitExceeded);
        (await BatchAsync(client, 3)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        await (await BatchAsync(client, 1)).ShouldBeErrorAsync(429, ErrorCodes.RateLimitExceeded);
    }

    private async Task<WebApplicationFactory<Program>> HostAsync(int limit)
    {
        await api.ForgetCountsAsync();
        return api.With(("RateLimits:AnonymousRuns:PermitLimit", $"{limit}"));
    }

    // An unknown language is refused by itself and never run, but it was asked for.
    private static Task<HttpResponseMessage> BatchAsync(HttpClient client, int runs) =>
        client.PostAsJsonAsync("/api/execute/batch", new { executions = Enumerable.Repeat(new { language = "none", code = "" }, runs) });

    private static async Task<string> CredentialAsync(ApiUser user, bool byApiToken) => byApiToken
        ? (await (await user.Client.PostAsJsonAsync("/api/user/tokens", new { name = "runs", scopes = new[] { "execute" } })).ReadJsonAsync()).GetProperty("token").GetString()!
        : user.AccessToken;

    private static async Task<int> ConnectAsync(WebApplicationFactory<Program> host, string path, string? credential)
    {
        try
        {
            var query = credential is null ? "" : $"?token={credential}";
            using var socket = await host.Server.CreateWebSocketClient().ConnectAsync(new Uri(host.Server.BaseAddress, path + query), CancellationToken.None);
            socket.State.ShouldBe(WebSocketState.Open);
            socket.Abort();
            return 101;
        }
        catch (InvalidOperationException exception) when (exception.Message.Contains("429", StringComparison.Ordinal))
        {
            return 429;
        }
    }

    private static HttpClient Client(WebApplicationFactory<Program> host, string token)
    {
        var client = host.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }
}
