using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.BuildWorker.Tests.Builds;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.GitHub;
using Platform.Core.Jobs;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.GitHub;

[Trait("Category", "Integration")]
public sealed class GitHubReportTests : BuildTestBase, IClassFixture<BuildWorkerFixture>
{
    private const string Token = "gho_reporter";
    private const string Sha = "0123456789abcdef0123456789abcdef01234567";
    private const string Webhook = "https://autostack.example/api/github/webhook";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly FakeGitHub _gitHub = FakeGitHub.StartAsync().GetAwaiter().GetResult();

    public GitHubReportTests(BuildWorkerFixture fixture)
        : base(fixture) => _gitHub.AddAccount(Token, "ada").AddRepository("shop");

    protected override (string Key, string Value)[] Settings =>
    [
        ("GitHub:ApiUrl", _gitHub.Address.AbsoluteUri), ("GitHub:WebhookUrl", Webhook), ("GitHub:WebhookSecret", "secret"), ("PublicUrls:Frontend", "https://autostack.example/"),
    ];

    [Fact]
    public async Task A_commit_and_its_pull_request_are_told_how_it_goes_in_one_comment()
    {
        var first = await PlaceAsync(pullRequest: 7);
        (await Fixture.WaitForEndAsync(first)).Status.ShouldBe(DeploymentStatus.Success);

        await Eventually.TrueAsync(() => _gitHub.Statuses.LastOrDefault()?.State == "success" && _gitHub.Comments.Values.Any(comment => comment.Body.Contains("Deployed.", StringComparison.Ordinal)));

        var slug = $"t{first.ToString("N")[..20]}";
        _gitHub.Statuses.ShouldAllBe(status => status.Repository == "ada/shop" && status.Sha == Sha && status.Context == $"autostack/{slug}");
        _gitHub.Statuses.Last().TargetUrl.ShouldNotBeNull().ShouldContain($"{first:N}--{slug}");
        var comment = _gitHub.Comments.Values.ShouldHaveSingleItem();
        (comment.Repository, comment.Issue).ShouldBe(("ada/shop", 7));
        comment.Body.ShouldContain($"{first:N}--{slug}");
        comment.Body.ShouldContain($"https://autostack.example/deployments/{first}");

        // Another commit of the same pull request, whose comment somebody deleted.
        var second = await PlaceAsync(pullRequest: 7, project: first);
        await Fixture.WaitForEndAsync(second);
        await Eventually.TrueAsync(() => _gitHub.Comments.Values.Single().Body.Contains($"{second:N}--{slug}", StringComparison.Ordinal));
        _gitHub.Comments.Clear();
        await ReportAsync(second);
        await Eventually.TrueAsync(() => _gitHub.Comments.Count == 1);
    }

    [Fact]
    public async Task The_comment_names_the_address_of_the_branch_until_the_pull_request_closes()
    {
        var id = await PlaceAsync(pullRequest: 7);
        await Fixture.WaitForEndAsync(id);
        var open = $"http://git-main--t{id.ToString("N")[..20]}.apps.localhost";
        await Eventually.TrueAsync(() => _gitHub.Comments.Values.SingleOrDefault()?.Body.Contains(open, StringComparison.Ordinal) == true);
        var edits = _gitHub.Comments.Values.Single().Edits;

        await using var database = Fixture.CreateContext();
        await BranchAliases.CloseAsync(database, id, "main", null, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await FinishedAsync(await ReportAsync(id));

        var comment = _gitHub.Comments.Values.ShouldHaveSingleItem();
        comment.Edits.ShouldBeGreaterThan(edits);
        comment.Body.ShouldContain("its preview was taken down");
        comment.Body.ShouldNotContain(".apps.localhost");
        await BranchAliases.ReopenAsync(database, id, "main", null, CancellationToken.None);
        await FinishedAsync(await ReportAsync(id));
        _gitHub.Comments.Values.ShouldHaveSingleItem().Body.ShouldContain(open);
    }

    [Theory]
    [InlineData(DeploymentStatus.Failed, "BUILD_FAILED", "failure", "BUILD_FAILED")]
    [InlineData(DeploymentStatus.Cancelled, null, "error", "cancelled")]
    [InlineData(DeploymentStatus.Cancelled, "SUPERSEDED", "error", "took its place")]
    [InlineData(DeploymentStatus.Building, null, "pending", "Building")]
    public async Task Every_state_of_a_deployment_is_one_of_its_commit(string status, string? code, string state, string words)
    {
        var id = await PlaceAsync();
        await Fixture.WaitForEndAsync(id);
        await Eventually.TrueAsync(() => _gitHub.Statuses.LastOrDefault()?.State == "success");
        await using var database = Fixture.CreateContext();
        await database.Deployments.Where(row => row.Id == id).ExecuteUpdateAsync(row => row
            .SetProperty(each => each.Status, status).SetProperty(each => each.ErrorCode, code).SetProperty(each => each.ErrorMessage, code is null ? null : "A newer commit took its place."));

        await FinishedAsync(await ReportAsync(id));

        var told = _gitHub.Statuses.Last();
        (told.State, told.Description!.Contains(words, StringComparison.Ordinal)).ShouldBe((state, true), told.Description);
    }

    [Fact]
    public async Task The_commit_and_the_comment_of_a_deleted_deployment_wait_for_nothing()
    {
        var id = await PlaceAsync(pullRequest: 7);
        await Fixture.WaitForEndAsync(id);
        await Eventually.TrueAsync(() => _gitHub.Comments.Count == 1 && _gitHub.Statuses.LastOrDefault()?.State == "success");
        var slug = $"t{id.ToString("N")[..20]}";
        var job = new ReportDeletedDeploymentJob(Guid.NewGuid(), id, id, "https://github.com/ada/shop", slug, Sha, 7);

        // Another deployment of the commit speaks for it.
        await FinishedAsync(await Services.GetRequiredService<IJobQueue>().EnqueueAsync(job, ReportDeploymentJob.Options));
        _gitHub.Statuses.Last().State.ShouldBe("success");
        _gitHub.Comments.Values.Single().Body.ShouldContain("Deployed.");

        await using (var database = Fixture.CreateContext()) await database.Deployments.Where(row => row.Id == id).ExecuteDeleteAsync();
        await FinishedAsync(await Services.GetRequiredService<IJobQueue>().EnqueueAsync(job, ReportDeploymentJob.Options));
        var told = _gitHub.Statuses.Last();
        (told.State, told.Sha, told.Context, told.Description).ShouldBe(("error", Sha, $"autostack/{slug}", "The deployment was deleted."));
        _gitHub.Comments.Values.ShouldHaveSingleItem().Body.ShouldContain("The deployment was deleted.");
    }

    [Fact]
    public async Task A_limit_is_waited_for_and_takes_no_attempt()
    {
        var id = await PlaceAsync();
        await Fixture.WaitForEndAsync(id);
        await Eventually.TrueAsync(() => _gitHub.Statuses.LastOrDefault()?.State == "success");
        var told = _gitHub.Statuses.Count;
        _gitHub.FailWith(403, "You have exceeded a secondary rate limit.", ("Retry-After", "20"));

        await FinishedAsync(await ReportAsync(id));
        _gitHub.FailWith(null);
        var asked = _gitHub.Requests.Count;
        // While the limit lasts GitHub is not asked, by no job.
        await FinishedAsync(await ReportAsync(id));
        _gitHub.Requests.Count.ShouldBe(asked);

        _gitHub.Statuses.Count.ShouldBe(told);
        await Eventually.TrueAsync(() => _gitHub.Statuses.Count > told, Patience);
    }

    [Fact]
    public async Task GitHub_being_down_fails_no_deployment_and_is_told_later()
    {
        _gitHub.FailWith(503, "unicorns");
        var id = await PlaceAsync();

        (await Fixture.WaitForEndAsync(id)).Status.ShouldBe(DeploymentStatus.Success);

        _gitHub.Statuses.ShouldBeEmpty();
        _gitHub.FailWith(null);
        await Eventually.TrueAsync(() => _gitHub.Statuses.LastOrDefault()?.State == "success", TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task A_revoked_token_breaks_the_connection_and_no_deployment()
    {
        _gitHub.Revoke(Token);
        var id = await PlaceAsync();

        (await Fixture.WaitForEndAsync(id)).Status.ShouldBe(DeploymentStatus.Success);

        await Eventually.TrueAsync(async () =>
        {
            await using var database = Fixture.CreateContext();
            return await database.GitHubConnections.AnyAsync(row => row.UserId == id && row.BrokenAt != null);
        });
        _gitHub.Statuses.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_webhook_is_there_as_long_as_pushes_deploy()
    {
        var id = await PlaceAsync();
        await Fixture.WaitForEndAsync(id);
        await SyncAsync(id);
        await Eventually.TrueAsync(() => _gitHub.Webhooks.Count == 1);
        var hook = _gitHub.Webhooks.Values.Single();
        (hook.Url, hook.Secret).ShouldBe((Webhook, "secret"));
        await Eventually.TrueAsync(async () => await HookAsync(id) is not null);

        await using (var database = Fixture.CreateContext())
            await database.Projects.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(each => each.AutoDeploy, false));
        await SyncAsync(id);

        await Eventually.TrueAsync(() => _gitHub.Webhooks.IsEmpty);
        await Eventually.TrueAsync(async () => await HookAsync(id) is null);
    }

    [Fact]
    public async Task A_webhook_that_is_left_is_removed_unless_another_project_listens()
    {
        var id = await PlaceAsync();
        await Fixture.WaitForEndAsync(id);
        await SyncAsync(id);
        await Eventually.TrueAsync(async () => await HookAsync(id) is not null);
        var job = new RemoveWebhookJob(id, "https://github.com/ada/shop", "5", (await HookAsync(id))!.Value);

        await FinishedAsync(await Services.GetRequiredService<IJobQueue>().EnqueueAsync(job, RemoveWebhookJob.Options));
        _gitHub.Webhooks.Count.ShouldBe(1);

        await using (var database = Fixture.CreateContext()) await database.Projects.Where(row => row.Id == id).ExecuteDeleteAsync();
        await FinishedAsync(await Services.GetRequiredService<IJobQueue>().EnqueueAsync(job, RemoveWebhookJob.Options));
        _gitHub.Webhooks.ShouldBeEmpty();
        // Gone already: nothing to do.
        await FinishedAsync(await Services.GetRequiredService<IJobQueue>().EnqueueAsync(job, RemoveWebhookJob.Options));
    }

    [Fact]
    public async Task The_webhook_of_an_account_that_is_gone_is_removed_by_the_token_it_left_once_GitHub_answers()
    {
        var job = await OrphanedAsync(Services.GetRequiredService<GitHubTokens>().Protect(Token));
        _gitHub.FailWith(503, "unicorns");
        var id = await Services.GetRequiredService<IJobQueue>().EnqueueAsync(job, RemoveWebhookJob.Options);
        await Eventually.TrueAsync(() => _gitHub.Requests.Any(request => request.StartsWith("DELETE", StringComparison.Ordinal)));
        _gitHub.Webhooks.Count.ShouldBe(1);

        _gitHub.FailWith(null);
        await Eventually.TrueAsync(async () => await Services.GetRequiredService<IJobQueue>().FindAsync(id, CancellationToken.None) is { State: JobState.Succeeded }, TimeSpan.FromMinutes(2));
        _gitHub.Webhooks.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_token_that_is_dead_leaves_the_webhook_and_ends_the_job()
    {
        var job = await OrphanedAsync(Services.GetRequiredService<GitHubTokens>().Protect(Token));
        _gitHub.Revoke(Token);

        await FinishedAsync(await Services.GetRequiredService<IJobQueue>().EnqueueAsync(job, RemoveWebhookJob.Options));
        await FinishedAsync(await Services.GetRequiredService<IJobQueue>().EnqueueAsync(job with { Token = "not ours" }, RemoveWebhookJob.Options));
        await FinishedAsync(await Services.GetRequiredService<IJobQueue>().EnqueueAsync(job with { Token = null }, RemoveWebhookJob.Options));

        _gitHub.Webhooks.Count.ShouldBe(1);
        _gitHub.Requests.Count(request => request.StartsWith("DELETE", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task All_open_pull_requests_of_a_branch_are_told_and_one_that_closes_last()
    {
        var id = await PlaceAsync(pullRequest: 7);
        await Fixture.WaitForEndAsync(id);
        await using var database = Fixture.CreateContext();
        database.OpenPullRequests.AddRange(new[] { 7, 8 }.Select(number => new OpenPullRequest { ProjectId = id, Number = number, Branch = "main" }));
        await database.SaveChangesAsync();

        await FinishedAsync(await ReportAsync(id));

        _gitHub.Comments.Values.Select(comment => comment.Issue).Order().ShouldBe([7, 8]);
        _gitHub.Comments.Values.ShouldAllBe(comment => comment.Body.Contains("git-main--", StringComparison.Ordinal));

        // What others deploy is none of theirs.
        var second = await PlaceAsync(pullRequest: null, project: id);
        await Fixture.WaitForEndAsync(second);
        await Eventually.TrueAsync(() => _gitHub.Comments.Values.All(comment => comment.Body.Contains($"{second:N}--", StringComparison.Ordinal)));
        await database.OpenPullRequests.Where(row => row.ProjectId == id).ExecuteDeleteAsync();
        await BranchAliases.CloseAsync(database, id, "main", null, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await FinishedAsync(await Services.GetRequiredService<IJobQueue>().EnqueueAsync(new ReportDeploymentJob(second, 8), ReportDeploymentJob.Options));

        _gitHub.Comments.Values.Single(comment => comment.Issue == 8).Body.ShouldContain("its preview was taken down");
        _gitHub.Comments.Values.Single(comment => comment.Issue == 7).Body.ShouldContain("git-main--");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_project_that_goes_while_its_webhook_is_made_leaves_none(bool deleted)
    {
        var id = await PlaceAsync();
        await Fixture.WaitForEndAsync(id);
        var made = false;
        _gitHub.Arriving = async context =>
        {
            if (context.Request.Method != "POST" || !context.Request.Path.Value!.EndsWith("/hooks", StringComparison.Ordinal)) return;
            made = true;
            await using var database = Fixture.CreateContext();
            var project = database.Projects.Where(row => row.Id == id);
            if (deleted) await project.ExecuteDeleteAsync(context.RequestAborted);
            else await project.ExecuteUpdateAsync(row => row.SetProperty(each => each.GitHubRepoId, "6"), context.RequestAborted);
        };

        await FinishedAsync(await SyncAsync(id));

        made.ShouldBeTrue();
        _gitHub.Webhooks.ShouldBeEmpty();
        if (!deleted) (await HookAsync(id)).ShouldBeNull();
    }

    /// <summary>A webhook whose project and account are gone.</summary>
    private async Task<RemoveWebhookJob> OrphanedAsync(string token)
    {
        var id = await PlaceAsync();
        await Fixture.WaitForEndAsync(id);
        await SyncAsync(id);
        await Eventually.TrueAsync(async () => await HookAsync(id) is not null);
        var hook = (await HookAsync(id))!.Value;
        await using var database = Fixture.CreateContext();
        await database.Projects.Where(row => row.Id == id).ExecuteDeleteAsync();
        await database.Users.Where(row => row.Id == id).ExecuteDeleteAsync();
        return new RemoveWebhookJob(null, "https://github.com/ada/shop", "5", hook, token);
    }

    private Task FinishedAsync(Guid job) => Eventually.TrueAsync(async () => await Services.GetRequiredService<IJobQueue>().FindAsync(job, CancellationToken.None) is { State: JobState.Succeeded }, Patience);

    protected override void Dispose(bool disposing)
    {
        if (disposing) _gitHub.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }

    /// <summary>A deployment of a sample whose project says that it is a repository of GitHub.</summary>
    private Task<Guid> PlaceAsync(int? pullRequest = null, Guid? project = null) => Fixture.PlaceAsync(
        Services,
        "https://github.com/ada/shop",
        configure: row => (row.Source, row.CommitHash, row.PullRequest, row.Environment) = ("sample:plain-html", Sha, pullRequest, DeploymentTrust.Preview),
        projectId: project,
        also: (database, user) =>
        {
            if (project is not null) return;
            database.Projects.Local.Single().GitHubRepoId = "5";
            database.GitHubConnections.Add(new GitHubConnection
            {
                Id = Guid.NewGuid(),
                UserId = user,
                GitHubUsername = "ada",
                GitHubAccessToken = Services.GetRequiredService<GitHubTokens>().Protect(Token),
                ConnectedAt = TimeProvider.System.GetUtcNow(),
            });
        });

    private Task<Guid> ReportAsync(Guid id) => Services.GetRequiredService<IJobQueue>().EnqueueAsync(new ReportDeploymentJob(id), ReportDeploymentJob.Options);

    private Task<Guid> SyncAsync(Guid id) => Services.GetRequiredService<IJobQueue>().EnqueueAsync(new SyncWebhookJob(id), SyncWebhookJob.Options);

    private async Task<long?> HookAsync(Guid id)
    {
        await using var database = Fixture.CreateContext();
        return await database.Projects.Where(row => row.Id == id).Select(row => row.GitHubHookId).SingleAsync();
    }
}
