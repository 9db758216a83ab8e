using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.BuildWorker.Tests.Builds;
using Platform.Core.Data.Entities;
using Platform.Core.GitHub;
using Platform.Core.Jobs;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.GitHub;

/// <summary>Pull requests that were open before a project listened.</summary>
[Trait("Category", "Integration")]
public sealed class OpenPullRequestTests : BuildTestBase, IClassFixture<BuildWorkerFixture>
{
    private const long Repository5 = 5;

    private readonly FakeGitHub _gitHub = FakeGitHub.StartAsync().GetAwaiter().GetResult();
    private readonly string _token = "gho_" + Guid.NewGuid().ToString("N");
    private readonly FakeGitHubRepository _shop;

    public OpenPullRequestTests(BuildWorkerFixture fixture)
        : base(fixture) => _shop = _gitHub.AddAccount(_token, "ada").AddRepository("shop");

    protected override (string Key, string Value)[] Settings =>
    [
        ("GitHub:ApiUrl", _gitHub.Address.AbsoluteUri), ("GitHub:WebhookUrl", "https://autostack.example/api/github/webhook"), ("GitHub:WebhookSecret", "secret"),
    ];

    [Fact]
    public async Task They_are_known_once_the_webhook_is_there_and_those_of_forks_are_not()
    {
        for (var number = 1; number <= 250; number++) _shop.OpenPulls[number] = ($"feature-{number}", Repository5);
        _shop.OpenPulls[300] = ("main", Repository5);
        _shop.OpenPulls[301] = ("from-a-fork", 42);
        _shop.OpenPulls[302] = ("fork-is-gone", null);
        _shop.OpenPulls[303] = (new string('x', 300), Repository5);
        var project = await PlaceProjectAsync();

        await SyncAsync(project);

        (await KnownAsync(project)).ShouldBe(Enumerable.Range(1, 250));
        // Once more: what came by deliveries meanwhile is not touched.
        _shop.OpenPulls.TryRemove(7, out _);
        await SyncAsync(project);
        (await KnownAsync(project)).Count.ShouldBe(250);
    }

    [Fact]
    public async Task One_that_is_closed_while_they_are_read_is_not_kept()
    {
        (_shop.OpenPulls[1], _shop.OpenPulls[2]) = (("stays", Repository5), ("closes", Repository5));
        var project = await PlaceProjectAsync();
        _gitHub.Arriving = async context =>
        {
            // Between the two looks the pull request is closed; its delivery came before it was known here.
            if (context.Request.Path.Value!.EndsWith("/pulls", StringComparison.Ordinal) && (await KnownAsync(project)).Count == 2) _shop.OpenPulls.TryRemove(2, out _);
        };

        await SyncAsync(project);

        (await KnownAsync(project)).ShouldBe([1]);
    }

    [Fact]
    public async Task Who_may_not_see_them_has_a_webhook_all_the_same()
    {
        _shop.OpenPulls[1] = ("hidden", Repository5);
        var project = await PlaceProjectAsync();
        _gitHub.Arriving = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/pulls", StringComparison.Ordinal)) return;
            context.Response.StatusCode = 403;
            await context.Response.WriteAsJsonAsync(new { message = "Resource not accessible by integration" }, context.RequestAborted);
        };

        await SyncAsync(project);

        (await KnownAsync(project)).ShouldBeEmpty();
        _gitHub.Webhooks.Count.ShouldBe(1);
    }

    private async Task SyncAsync(Guid project)
    {
        var jobs = Services.GetRequiredService<IJobQueue>();
        var id = await jobs.EnqueueAsync(new SyncWebhookJob(project), SyncWebhookJob.Options);
        await Eventually.TrueAsync(async () => await jobs.FindAsync(id, CancellationToken.None) is { State: JobState.Succeeded }, TimeSpan.FromMinutes(2));
    }

    private async Task<List<int>> KnownAsync(Guid project)
    {
        await using var database = Fixture.CreateContext();
        return await database.OpenPullRequests.Where(row => row.ProjectId == project).Select(row => row.Number).OrderBy(number => number).ToListAsync();
    }

    private async Task<Guid> PlaceProjectAsync()
    {
        var (id, now) = (Guid.NewGuid(), TimeProvider.System.GetUtcNow());
        await using var database = Fixture.CreateContext();
        database.AddRange(
            new PlatformUser { Id = id, Name = "Test", Email = $"{id:N}@example.test", UserName = $"{id:N}@example.test", CreatedAt = now, UpdatedAt = now },
            new Project
            {
                Id = id,
                OwnerId = id,
                UserId = id,
                Name = "shop",
                Slug = $"p{id:N}"[..20],
                Repository = "https://github.com/ada/shop",
                GitHubRepoId = $"{Repository5}",
                CreatedAt = now,
                UpdatedAt = now,
            },
            new GitHubConnection
            {
                Id = Guid.NewGuid(),
                UserId = id,
                GitHubUsername = "ada",
                GitHubAccessToken = Services.GetRequiredService<GitHubTokens>().Protect(_token),
                ConnectedAt = now,
            });
        await database.SaveChangesAsync();
        return id;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _gitHub.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }
}
