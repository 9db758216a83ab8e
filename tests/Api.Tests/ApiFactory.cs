using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Core.Data;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.Api.Tests;

/// <summary>The whole Api in this process on a database and a Redis of its own: a class fixture. Rate limits are out of the way unless a test sets them.</summary>
public class ApiFactory : WebApplicationFactory<Program>, IAsyncLifetime
{
    public const string Password = "a quiet green lamp";
    public const string Frontend = "http://localhost:8080";

    /// <summary>How long this process waits for Redis before it goes on without: long, unless a test takes Redis away.</summary>
    public const string RedisPatience = "Tests:RedisPatience";

    /// <summary>Longer than any test takes: what one counts is not forgotten before its end.</summary>
    public static readonly TimeSpan RateLimitWindow = TimeSpan.FromHours(1);

    private readonly PostgresFixture _postgres = new();
    private readonly RedisFixture _redis = new();

    /// <summary>The clock of tokens and sessions.</summary>
    public ShiftedTime Time { get; } = new();

    public string Database => _postgres.ConnectionString;

    public string Redis => _redis.ConnectionString;

    async Task IAsyncLifetime.InitializeAsync()
    {
        await _postgres.InitializeAsync();
        await _redis.InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await base.DisposeAsync();
        if (Directory.Exists(Mails)) Directory.Delete(Mails, recursive: true);
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    /// <summary>Where mails of this class go, as <c>.eml</c> files.</summary>
    public string Mails { get; } = Path.Combine(Path.GetTempPath(), "autostack-tests", Guid.NewGuid().ToString("N"));

    public PlatformDbContext CreateContext() => _postgres.CreateContext();

    /// <summary>Starts all rate limits of this class's Redis afresh.</summary>
    public Task ForgetCountsAsync() => _redis.ClearAsync();

    /// <summary>Another instance on the same stores, configured differently.</summary>
    public WebApplicationFactory<Program> With(params (string Key, string Value)[] settings) => WithWebHostBuilder(builder =>
    {
        foreach (var (key, value) in settings) builder.UseSetting(key, value);
    });

    /// <summary>A new account with a verified address, signed in by bearer token.</summary>
    public async Task<ApiUser> SignUpAsync(string? email = null, bool verified = true)
    {
        email ??= $"{Guid.NewGuid():N}@example.com";
        var client = CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false });
        var response = await client.PostAsJsonAsync("/api/auth/signup", new { name = "Test Person", email, password = Password });
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        var token = body.GetProperty("accessToken").GetString()!;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var id = body.GetProperty("user").GetProperty("id").GetGuid();
        if (verified)
        {
            await using var database = CreateContext();
            await database.Users.Where(user => user.Id == id).ExecuteUpdateAsync(user => user.SetProperty(each => each.EmailConfirmed, true));
        }

        return new ApiUser(client, id, email, token, body.GetProperty("refreshToken").GetString()!);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        // As arguments of the program, so that they are there when it registers its stores.
        builder.UseSetting("ConnectionStrings:platform", Database);
        builder.UseSetting("ConnectionStrings:redis", Redis);
        builder.UseSetting("Auth:JwtSecret", "a secret for tests, long enough to be one");
        builder.UseSetting("PublicUrls:Frontend", Frontend);
        builder.UseSetting("Mail:OutboxPath", Mails);
        // The table of routes makes tokens for every cell.
        builder.UseSetting("ApiTokens:MaxPerUser", "10000");
        foreach (var policy in new[] { "Auth", "Deployments", "AnonymousRuns", "General" })
        {
            builder.UseSetting($"RateLimits:{policy}:PermitLimit", "1000000");
            builder.UseSetting($"RateLimits:{policy}:Window", RateLimitWindow.ToString("c", CultureInfo.InvariantCulture));
        }

        builder.UseSetting(RedisPatience, "00:01:00");
        builder.ConfigureTestServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Time));
            services.Replace(ServiceDescriptor.Singleton(provider => ActivatorUtilities.CreateInstance<RedisGate>(
                provider, TimeSpan.Parse(provider.GetRequiredService<IConfiguration>()[RedisPatience]!, CultureInfo.InvariantCulture))));
        });
    }
}

/// <summary>A signed-in account of a test.</summary>
public sealed record ApiUser(HttpClient Client, Guid Id, string Email, string AccessToken, string RefreshToken);

public static class ApiAssertions
{
    /// <summary>The answer is an error in the envelope, with this status and code; returns its <c>error</c>.</summary>
    public static async Task<JsonElement> ShouldBeErrorAsync(this HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/json");
        var error = JsonElement.Parse(text).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe(code);
        error.GetProperty("statusCode").GetInt32().ShouldBe(status);
        error.GetProperty("message").GetString().ShouldNotBeNullOrWhiteSpace();
        error.GetProperty("details").ValueKind.ShouldBe(JsonValueKind.Object);
        response.Headers.GetValues("X-Request-Id").ShouldHaveSingleItem().ShouldNotBeNullOrWhiteSpace();
        return error;
    }

    public static async Task<JsonElement> ReadJsonAsync(this HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue($"{(int)response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }
}
