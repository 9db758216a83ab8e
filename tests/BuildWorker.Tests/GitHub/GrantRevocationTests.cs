using Microsoft.Extensions.DependencyInjection;
using Platform.BuildWorker.Tests.Builds;
using Platform.Core.Data.Entities;
using Platform.Core.GitHub;
using Platform.Core.Jobs;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.GitHub;

/// <summary>What somebody allowed the platform is taken back at GitHub by a job that alone has the token.</summary>
[Trait("Category", "Integration")]
public sealed class GrantRevocationTests : BuildTestBase, IClassFixture<BuildWorkerFixture>
{
    private readonly FakeGitHub _gitHub = FakeGitHub.StartAsync().GetAwaiter().GetResult();
    private readonly string _login = "leaver-" + Guid.NewGuid().ToString("N")[..8];
    private readonly string _token = "gho_" + Guid.NewGuid().ToString("N");

    public GrantRevocationTests(BuildWorkerFixture fixture)
        : base(fixture) => _gitHub.AddAccount(_token, _login, 77).AddRepository("shop");

    protected override (string Key, string Value)[] Settings =>
    [
        ("GitHub:ApiUrl", _gitHub.Address.AbsoluteUri), ("GitHub:ClientId", FakeOAuthProvider.ClientId), ("GitHub:ClientSecret", FakeOAuthProvider.ClientSecret),
    ];

    private IJobQueue Jobs => Services.GetRequiredService<IJobQueue>();

    [Fact]
    public async Task The_grant_goes_and_with_it_all_tokens_of_the_account()
    {
        _gitHub.AddAccount("gho_older" + _token, _login, 77);
        _gitHub.AddAccount("gho_bob" + _token, "bob", 78);

        await FinishedAsync(await PlaceAsync());

        _gitHub.Requests.ShouldContain($"DELETE /applications/{FakeOAuthProvider.ClientId}/grant");
        (_gitHub.Knows(_token), _gitHub.Knows("gho_older" + _token), _gitHub.Knows("gho_bob" + _token)).ShouldBe((false, false, true));
        // Once more: it is gone, and that is what is wanted.
        await FinishedAsync(await PlaceAsync());
    }

    [Fact]
    public async Task GitHub_being_away_is_waited_for()
    {
        _gitHub.FailWith(503, "unicorns");
        var id = await PlaceAsync();
        await Eventually.TrueAsync(() => !_gitHub.Requests.IsEmpty);
        _gitHub.FailWith(null);

        await FinishedAsync(id);

        _gitHub.Knows(_token).ShouldBeFalse();
    }

    [Fact]
    public async Task Of_an_account_that_is_connected_again_only_the_old_token_goes()
    {
        var again = "gho_again" + _token;
        _gitHub.AddAccount(again, _login, 77);
        await using (var database = Fixture.CreateContext())
        {
            var user = new PlatformUser { Id = Guid.NewGuid(), Name = "Back", Email = $"{_login}@example.test", UserName = $"{_login}@example.test" };
            database.AddRange(user, new GitHubConnection
            {
                Id = Guid.NewGuid(),
                UserId = user.Id,
                GitHubUsername = _login.ToUpperInvariant(),
                GitHubAccessToken = Protect(again),
                ConnectedAt = TimeProvider.System.GetUtcNow(),
            });
            await database.SaveChangesAsync();
        }

        await FinishedAsync(await PlaceAsync());

        (_gitHub.Knows(_token), _gitHub.Knows(again)).ShouldBe((false, true));
        _gitHub.Requests.ShouldNotContain(request => request.EndsWith("/grant", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_waits_for_jobs_that_need_the_token()
    {
        // Nobody serves this queue: the job stays until it is cancelled.
        var before = await Jobs.EnqueueAsync(new WaitingJob(), null);

        await FinishedAsync(await PlaceAsync(after: before));

        _gitHub.Knows(_token).ShouldBeTrue();
        _gitHub.Requests.ShouldBeEmpty();
        await Jobs.CancelAsync(before, CancellationToken.None);
        await Eventually.TrueAsync(() => !_gitHub.Knows(_token), TimeSpan.FromMinutes(3));
    }

    [Fact]
    public async Task What_cannot_be_read_or_is_refused_ends_the_job()
    {
        await FinishedAsync(await PlaceAsync(token: "written by other keys"));
        _gitHub.Requests.ShouldBeEmpty();
        _gitHub.Application = "somebody:else";

        var id = await PlaceAsync();

        await Eventually.TrueAsync(async () => await Jobs.FindAsync(id, CancellationToken.None) is { State: JobState.Dead });
        _gitHub.Knows(_token).ShouldBeTrue();
    }

    private string Protect(string token) => Services.GetRequiredService<GitHubTokens>().Protect(token);

    private Task<Guid> PlaceAsync(string? token = null, Guid? after = null) =>
        Jobs.EnqueueAsync(new RevokeGitHubJob(token ?? Protect(_token), null, _login, after is { } id ? [id] : []), RevokeGitHubJob.Options);

    private Task FinishedAsync(Guid job) =>
        Eventually.TrueAsync(async () => await Jobs.FindAsync(job, CancellationToken.None) is { State: JobState.Succeeded }, TimeSpan.FromMinutes(2));

    protected override void Dispose(bool disposing)
    {
        if (disposing) _gitHub.DisposeAsync().AsTask().GetAwaiter().GetResult();
        base.Dispose(disposing);
    }

    private sealed record WaitingJob : IJob
    {
        public static string Type => "waiting-in-a-test";

        public static string Queue => "served-by-nobody";
    }
}
