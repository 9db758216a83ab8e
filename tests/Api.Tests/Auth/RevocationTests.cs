using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Auth.Sessions;
using Platform.Api.Tests.Common;
using Platform.ServiceDefaults;

namespace Platform.Api.Tests.Auth;

/// <summary>What is ended, closed or changed counts on every instance within a second, with Redis and without.</summary>
[Trait("Category", "Integration")]
public sealed class RevocationTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    public enum RedisState
    {
        Running,
        Stopped,
        Frozen,
    }

    [Theory, CombinatorialStates]
    public async Task An_ended_session_is_refused_by_the_other_instance(RedisState state)
    {
        await using var redis = new RedisProcess();
        await redis.StartAsync();
        await using var one = api.With(("ConnectionStrings:redis", redis.ConnectionString), (ApiFactory.RedisPatience, "00:00:01"));
        await using var other = api.With(("ConnectionStrings:redis", redis.ConnectionString), (ApiFactory.RedisPatience, "00:00:01"));
        var user = await api.SignUpAsync();
        using var first = Client(one, user);
        using var second = Client(other, user);
        await UseBothAsync(first, second);
        await BringAsync(redis, state, first, second);

        (await first.PostAsync("/api/auth/logout", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        await ShouldEndWithinLimitAsync(async () => (await second.GetAsync("/api/auth/session")).StatusCode == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Redis_that_comes_back_with_what_it_knew_before_is_not_believed()
    {
        await using var redis = new RedisProcess();
        await redis.StartAsync();
        await using var one = api.With(("ConnectionStrings:redis", redis.ConnectionString), (ApiFactory.RedisPatience, "00:00:01"));
        await using var other = api.With(("ConnectionStrings:redis", redis.ConnectionString), (ApiFactory.RedisPatience, "00:00:01"));
        var user = await api.SignUpAsync();
        using var first = Client(one, user);
        using var second = Client(other, user);
        await UseBothAsync(first, second);
        // The instance that ends the session cannot tell Redis so, the other one can ask it.
        await using var alone = api.With(("ConnectionStrings:redis", "127.0.0.1:1,abortConnect=false,connectTimeout=200,syncTimeout=200"), (ApiFactory.RedisPatience, "00:00:01"));
        using var third = Client(alone, user);
        (await third.PostAsync("/api/auth/logout", null)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await ShouldEndWithinLimitAsync(async () => (await second.GetAsync("/api/auth/session")).StatusCode == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_closed_account_is_refused_by_every_instance_whoever_closed_it()
    {
        var user = await api.SignUpAsync();
        await using var other = api.With();
        using var second = Client(other, user);
        await UseBothAsync(user.Client, second);
        await using (var database = api.CreateContext())
            await database.Users.Where(row => row.Id == user.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.DisabledAt, api.Time.GetUtcNow()));
        await ShouldEndWithinLimitAsync(async () =>
            (await user.Client.GetAsync("/api/auth/session")).StatusCode == HttpStatusCode.Unauthorized
            && (await second.GetAsync("/api/auth/session")).StatusCode == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_role_that_was_taken_away_is_gone_although_the_token_still_names_it()
    {
        await using var fresh = new ApiFactory();
        await ((IAsyncLifetime)fresh).InitializeAsync();
        try
        {
            var admin = await fresh.SignUpAsync();
            (await admin.Client.GetAsync("/api/auth/signing-keys")).StatusCode.ShouldBe(HttpStatusCode.OK);
            await using (var database = fresh.CreateContext()) await database.UserRoles.Where(row => row.UserId == admin.Id).ExecuteDeleteAsync();
            await ShouldEndWithinLimitAsync(async () => (await admin.Client.GetAsync("/api/auth/signing-keys")).StatusCode == HttpStatusCode.Forbidden);
        }
        finally
        {
            await ((IAsyncLifetime)fresh).DisposeAsync();
        }
    }

    [Theory, CombinatorialStates]
    public async Task Redis_signs_nobody_out_and_keeps_nobody_from_signing_in(RedisState state)
    {
        await using var redis = new RedisProcess();
        await redis.StartAsync();
        await using var host = api.With(("ConnectionStrings:redis", redis.ConnectionString), (ApiFactory.RedisPatience, "00:00:01"));
        var user = await api.SignUpAsync();
        using var client = Client(host, user);
        (await client.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await BringAsync(redis, state, client);

        (await client.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var anonymous = host.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        (await anonymous.PostAsJsonAsync("/api/auth/login", new { email = user.Email, password = ApiFactory.Password })).StatusCode.ShouldBe(HttpStatusCode.OK);
        var refreshed = await (await anonymous.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = user.RefreshToken })).ReadJsonAsync();
        anonymous.DefaultRequestHeaders.Authorization = new("Bearer", refreshed.GetProperty("accessToken").GetString());
        (await anonymous.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);

        // It comes back empty, or thaws: still nobody is signed out.
        if (state == RedisState.Frozen) await redis.ThawAsync();
        if (state == RedisState.Stopped) await redis.StartAsync();
        api.Time.Advance(RedisGate.RetryAfter);
        (await anonymous.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task UseBothAsync(HttpClient first, HttpClient second)
    {
        // What each may remember is as fresh as can be.
        (await first.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await second.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    // The first request after an outage waits for Redis in vain; from then on nobody does.
    private static async Task BringAsync(RedisProcess redis, RedisState state, params HttpClient[] clients)
    {
        if (state == RedisState.Running) return;
        await (state == RedisState.Stopped ? redis.StopAsync() : redis.FreezeAsync());
        foreach (var client in clients) (await client.GetAsync("/api/auth/session")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    /// <summary>It is a promise and not a measurement: counted from after the change, with room for one slow request of a busy machine.</summary>
    private static async Task ShouldEndWithinLimitAsync(Func<Task<bool>> isOver)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            // What counts is when the request began.
            var began = watch.Elapsed;
            if (await isOver()) return;
            began.ShouldBeLessThan(ActiveSessions.Limit);
        }
    }

    private static HttpClient Client(WebApplicationFactory<Program> host, ApiUser user)
    {
        var client = host.CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        client.DefaultRequestHeaders.Authorization = new("Bearer", user.AccessToken);
        return client;
    }

    private sealed class CombinatorialStatesAttribute : Xunit.Sdk.DataAttribute
    {
        public override IEnumerable<object[]> GetData(System.Reflection.MethodInfo testMethod) => Enum.GetValues<RedisState>().Select(state => (object[])[state]);
    }
}
