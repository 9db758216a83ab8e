using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.OAuth;
using Platform.Core.Data.Entities;
using Platform.Core.GitHub;
using Platform.Core.Jobs;
using Platform.Testing;

namespace Platform.Api.Tests.GitHub;

/// <summary>Accounts that are connected with the fake GitHub, and deliveries as it signs them.</summary>
internal static class GitHubFixture
{
    private static long _repositories = 7_000_000;

    /// <summary>Somebody whose account is connected, with its token.</summary>
    public static async Task<(ApiUser User, FakeGitHubAccount Account, string Token)> ConnectedAsync(this IdentityFactory api, DateTimeOffset? expires = null, string? refresh = null)
    {
        var user = await api.SignUpAsync();
        var (token, login) = ("gho_" + Guid.NewGuid().ToString("N"), "login-" + Guid.NewGuid().ToString("N")[..8]);
        var account = api.GitHubApi.AddAccount(token, login, Interlocked.Increment(ref _repositories));
        var tokens = api.Services.GetRequiredService<GitHubTokens>();
        await using var database = api.CreateContext();
        database.GitHubConnections.Add(new GitHubConnection
        {
            Id = Guid.NewGuid(),
            UserId = user.Id,
            GitHubUsername = login,
            GitHubAccessToken = tokens.Protect(token),
            GitHubRefreshToken = refresh is null ? null : tokens.Protect(refresh),
            TokenExpiresAt = expires,
        });
        database.UserJourneys.Add(new UserJourney { UserId = user.Id, UserType = "developer", HostingOption = HostingOptions.SelfHosting, HostingTarget = HostingTargets.GitHub });
        await database.SaveChangesAsync();
        return (user, account, token);
    }

    /// <summary>A project that pushes to a repository of the number deploy.</summary>
    public static async Task<Project> AddProjectAsync(this IdentityFactory api, Guid owner, long? repository = null, Action<Project>? change = null)
    {
        var id = repository ?? Interlocked.Increment(ref _repositories);
        var project = new Project
        {
            Id = Guid.NewGuid(),
            OwnerId = owner,
            UserId = owner,
            Name = "shop",
            Slug = "shop-" + Guid.NewGuid().ToString("N")[..8],
            Repository = "https://github.com/ada/shop",
            RootDir = Guid.NewGuid().ToString("N"),
            GitHubRepoId = id.ToString(System.Globalization.CultureInfo.InvariantCulture),
            EnvVars = "production secrets",
            PreviewEnvVars = "preview secrets",
        };
        change?.Invoke(project);
        await using var database = api.CreateContext();
        database.Projects.Add(project);
        await database.SaveChangesAsync();
        return project;
    }

    public static async Task<List<Deployment>> DeploymentsAsync(this IdentityFactory api, Project project)
    {
        await using var database = api.CreateContext();
        return await database.Deployments.Include(row => row.Stages).AsNoTracking().Where(row => row.ProjectId == project.Id)
            .OrderBy(row => row.CreatedAt).ThenBy(row => row.Id).ToListAsync();
    }

    /// <summary>What is to be taken back at GitHub.</summary>
    public static async Task<List<RevokeGitHubJob>> RevocationsAsync(this IdentityFactory api)
    {
        await using var database = api.CreateContext();
        var payloads = await database.Database.SqlQuery<string>(
            $"""
             SELECT DISTINCT ON (id) payload AS "Value" FROM (
                 SELECT id, payload::text AS payload FROM jobs WHERE type = {RevokeGitHubJob.Type}
                 UNION ALL SELECT id, payload::text FROM outbox_jobs WHERE type = {RevokeGitHubJob.Type}) AS placed
             """).ToListAsync();
        return payloads.ConvertAll(payload => JsonSerializer.Deserialize<RevokeGitHubJob>(payload, JsonSerializerOptions.Web)!);
    }

    public static string Sha(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..40];

    public static JsonObject Push(Project project, string sha, string branch = "main", string message = "Change", params string[] files) => new()
    {
        ["ref"] = "refs/heads/" + branch,
        ["after"] = sha,
        ["created"] = false,
        ["deleted"] = false,
        ["forced"] = false,
        ["repository"] = Repository(project),
        ["head_commit"] = new JsonObject { ["id"] = sha, ["message"] = message },
        ["commits"] = new JsonArray(new JsonObject { ["id"] = sha, ["message"] = message, ["added"] = new JsonArray([.. files.Select(file => JsonValue.Create(file))]) }),
    };

    public static JsonObject Pull(Project project, string action, int number, string sha, string branch, string? fork = null, string title = "Change") => new()
    {
        ["action"] = action,
        ["number"] = number,
        ["repository"] = Repository(project),
        ["pull_request"] = new JsonObject
        {
            ["number"] = number,
            ["title"] = title,
            ["head"] = new JsonObject
            {
                ["ref"] = branch,
                ["sha"] = sha,
                ["repo"] = fork is null ? Repository(project) : new JsonObject { ["id"] = 42, ["full_name"] = "eve/shop", ["clone_url"] = fork },
            },
        },
    };

    public static Task<HttpResponseMessage> DeliverAsync(
        this IdentityFactory api, string eventName, JsonNode payload, string? id = null, string? signature = null, string contentType = "application/json") =>
        api.DeliverAsync(eventName, Encoding.UTF8.GetBytes(payload.ToJsonString()), id, signature, contentType);

    public static async Task<HttpResponseMessage> DeliverAsync(
        this IdentityFactory api, string eventName, byte[] body, string? id = null, string? signature = null, string contentType = "application/json")
    {
        using var client = api.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/github/webhook") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new(contentType);
        request.Headers.Add("X-GitHub-Event", eventName);
        request.Headers.Add("X-GitHub-Delivery", id ?? Guid.NewGuid().ToString());
        request.Headers.Add("X-Hub-Signature-256", signature ?? Sign(body));
        return await client.SendAsync(request);
    }

    /// <summary>Delivers, and tells what came of it for the project.</summary>
    public static async Task<(string Outcome, string? Reason)> OutcomeAsync(this IdentityFactory api, string eventName, JsonNode payload, Project project)
    {
        var id = Guid.NewGuid().ToString();
        var answer = await api.DeliverAsync(eventName, payload, id);
        ((int)answer.StatusCode).ShouldBe(202, await answer.Content.ReadAsStringAsync());
        await using var database = api.CreateContext();
        var row = await (
            from result in database.GitHubDeliveryResults
            join delivery in database.GitHubDeliveries on result.DeliveryId equals delivery.Id
            where delivery.DeliveryId == id && result.ProjectId == project.Id
            select result).SingleAsync();
        return (row.Outcome, row.Reason);
    }

    public static string Sign(byte[] body, string secret = IdentityFactory.WebhookSecret) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));

    private static JsonObject Repository(Project project) => new()
    {
        ["id"] = long.Parse(project.GitHubRepoId!, System.Globalization.CultureInfo.InvariantCulture),
        ["full_name"] = "ada/shop",
        ["clone_url"] = "https://github.com/ada/shop.git",
    };
}
