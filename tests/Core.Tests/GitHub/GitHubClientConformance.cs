using Platform.Core.GitHub;
using Platform.Testing;

namespace Platform.Core.Tests.GitHub;

/// <summary>What every client of GitHub must do, shown on a fake one.</summary>
public abstract partial class GitHubClientConformance : IAsyncLifetime
{
    private const string Token = "gho_testtoken";

    private FakeGitHub _gitHub = null!;
    private FakeGitHubAccount _ada = null!;
    private IGitHubClient _client = null!;

    private static CancellationToken None => CancellationToken.None;

    protected abstract IGitHubClient CreateClient(GitHubOptions options);

    public async Task InitializeAsync()
    {
        _gitHub = await FakeGitHub.StartAsync();
        _ada = _gitHub.AddAccount(Token, "ada");
        _client = CreateClient(new GitHubOptions { ApiUrl = _gitHub.Address });
    }

    public async Task DisposeAsync()
    {
        (_client as IDisposable)?.Dispose();
        await _gitHub.DisposeAsync();
    }

    [Fact]
    public async Task The_account_of_a_token_is_told() =>
        (await _client.GetCurrentUserAsync(Token, None)).ShouldBe(new GitHubUser(_ada.Id, "ada", "ada the tester", null, "https://avatars.example/ada"));

    [Fact]
    public async Task A_wrong_token_is_unauthorized_and_never_in_the_message()
    {
        var failure = await Should.ThrowAsync<GitHubException>(() => _client.GetCurrentUserAsync("gho_wrong", None));

        failure.Error.ShouldBe(GitHubError.Unauthorized);
        failure.ToString().ShouldNotContain("gho_wrong");
    }

    [Fact]
    public async Task Addresses_of_an_account_are_told_with_what_is_known_about_them()
    {
        _ada.Emails.Add(new FakeGitHubEmail("ada@example.com", IsPrimary: true, IsVerified: true));
        _ada.Emails.Add(new FakeGitHubEmail("old@example.com", IsPrimary: false, IsVerified: false));

        (await _client.ListEmailsAsync(Token, None)).ShouldBe([new GitHubEmail("ada@example.com", true, true), new GitHubEmail("old@example.com", false, false)]);
        (await FailureAsync(() => _client.ListEmailsAsync("gho_wrong", None))).Error.ShouldBe(GitHubError.Unauthorized);
    }

    [Fact]
    public async Task An_installation_is_told_to_the_App_alone()
    {
        _gitHub.App.Installations[42] = new FakeGitHubInstallation(42, 7, "acme", "Organization");
        var app = _gitHub.App.CreateToken();

        (await _client.FindInstallationAsync(app, 42, None)).ShouldBe(new GitHubAppInstallation(42, 7, "acme", "Organization"));
        (await _client.FindInstallationAsync(app, 43, None)).ShouldBeNull();
        (await FailureAsync(() => _client.FindInstallationAsync(Token, 42, None))).Error.ShouldBe(GitHubError.Unauthorized);
    }

    [Fact]
    public async Task Who_can_reach_an_installation_is_told()
    {
        _gitHub.AddAccount("gho_bob", "bob");
        _gitHub.App.Installations[42] = new FakeGitHubInstallation(42, 7, "acme", "Organization") { Members = { _ada.Id } };

        (await _client.CanReachInstallationAsync(Token, 42, None)).ShouldBeTrue();
        (await _client.CanReachInstallationAsync("gho_bob", 42, None)).ShouldBeFalse();
        (await _client.CanReachInstallationAsync(Token, 43, None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Repositories_come_in_pages_last_pushed_first()
    {
        for (var number = 0; number < 7; number++)
        {
            _ada.AddRepository($"r{number}", isPrivate: number % 2 == 0).PushedAt = new DateTimeOffset(2026, 1, 1 + number, 0, 0, 0, TimeSpan.Zero);
        }

        var first = await _client.ListRepositoriesAsync(Token, new GitHubRepositoryQuery { PageSize = 3 }, None);
        var third = await _client.ListRepositoriesAsync(Token, new GitHubRepositoryQuery { PageSize = 3, Page = 3 }, None);

        first.Items.Select(item => item.Name).ShouldBe(["r6", "r5", "r4"]);
        first.HasNext.ShouldBeTrue();
        third.Items.Select(item => item.Name).ShouldBe(["r0"]);
        third.HasNext.ShouldBeFalse();
        (await _client.ListRepositoriesAsync(Token, new GitHubRepositoryQuery { PageSize = 7 }, None)).HasNext.ShouldBeFalse();
    }

    [Fact]
    public async Task Repositories_can_be_chosen_by_visibility()
    {
        _ada.AddRepository("open");
        _ada.AddRepository("secret", isPrivate: true);

        async Task<IEnumerable<string>> NamesAsync(GitHubVisibility visibility) =>
            (await _client.ListRepositoriesAsync(Token, new GitHubRepositoryQuery { Visibility = visibility }, None)).Items.Select(item => item.Name);

        (await NamesAsync(GitHubVisibility.Private)).ShouldBe(["secret"]);
        (await NamesAsync(GitHubVisibility.Public)).ShouldBe(["open"]);
        (await NamesAsync(GitHubVisibility.All)).ShouldBe(["open", "secret"], ignoreOrder: true);
    }

    [Fact]
    public async Task Repositories_are_searched_over_all_pages_in_any_case()
    {
        for (var number = 0; number < 230; number++) _ada.AddRepository(number % 50 == 0 ? $"Shop-{number}" : $"other-{number}", owner: number == 50 ? "acme" : null);

        var first = await _client.ListRepositoriesAsync(Token, new GitHubRepositoryQuery { Search = "shop", PageSize = 3 }, None);
        var second = await _client.ListRepositoriesAsync(Token, new GitHubRepositoryQuery { Search = "SHOP", PageSize = 3, Page = 2 }, None);
        var owned = await _client.ListRepositoriesAsync(Token, new GitHubRepositoryQuery { Search = "acme/" }, None);

        (first.Items.Count, first.HasNext).ShouldBe((3, true));
        (second.Items.Count, second.HasNext).ShouldBe((2, false));
        first.Items.Concat(second.Items).Select(item => item.Id).Distinct().Count().ShouldBe(5);
        owned.Items.ShouldHaveSingleItem().Name.ShouldBe("Shop-50");
    }

    [Fact]
    public async Task A_repository_is_described()
    {
        var added = _ada.AddRepository("site", isPrivate: true, owner: "acme");

        var found = await _client.FindRepositoryAsync(Token, "acme", "site", None);

        found.ShouldBe(new GitHubRepository
        {
            Id = added.Id,
            Owner = "acme",
            Name = "site",
            IsPrivate = true,
            IsFork = false,
            IsArchived = false,
            DefaultBranch = "main",
            CloneUrl = "https://github.com/acme/site.git",
            Description = "About site",
            Language = "C#",
            PushedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
        });
    }

    [Fact]
    public async Task What_a_token_may_not_see_is_not_there()
    {
        _ada.AddRepository("secret", isPrivate: true);
        _ada.AddRepository("open");
        _gitHub.AddAccount("gho_bob", "bob");

        (await _client.FindRepositoryAsync("gho_bob", "ada", "secret", None)).ShouldBeNull();
        (await _client.FindRepositoryAsync(null, "ada", "secret", None)).ShouldBeNull();
        (await _client.FindRepositoryAsync(null, "ada", "open", None)).ShouldNotBeNull();
        (await FailureAsync(() => _client.ListBranchesAsync("gho_bob", "ada", "secret", 1, 10, None))).Error.ShouldBe(GitHubError.NotFound);
    }

    [Fact]
    public async Task A_renamed_repository_is_found_under_its_old_name()
    {
        _ada.AddRepository("old", isPrivate: true).MovedTo = "ada/new";
        _ada.AddRepository("new", isPrivate: true);

        (await _client.FindRepositoryAsync(Token, "ada", "old", None))!.Name.ShouldBe("new");
    }

    [Theory]
    [InlineData("..", "user")]
    [InlineData(".", "x")]
    [InlineData("ada", "..")]
    [InlineData("a/b", "c?d#e")]
    [InlineData("", "x")]
    public async Task Names_cannot_lead_elsewhere_in_the_api(string owner, string name)
    {
        (await _client.FindRepositoryAsync(Token, owner, name, None)).ShouldBeNull();

        _gitHub.Requests.ShouldAllBe(request => request.StartsWith("GET /repos/"));
    }

    [Fact]
    public async Task Branches_come_in_pages_with_their_commits()
    {
        var repository = _ada.AddRepository("site");
        foreach (var name in (string[])["main", "dev", "feature/a"]) repository.Branches[name] = Sha(name);

        var first = await _client.ListBranchesAsync(Token, "ada", "site", 1, 2, None);
        var second = await _client.ListBranchesAsync(Token, "ada", "site", 2, 2, None);

        first.Items.ShouldBe([new GitHubBranch("dev", Sha("dev"), false), new GitHubBranch("feature/a", Sha("feature/a"), false)]);
        first.HasNext.ShouldBeTrue();
        second.Items.ShouldBe([new GitHubBranch("main", Sha("main"), true)]);
        second.HasNext.ShouldBeFalse();
    }

    [Fact]
    public async Task A_commit_is_found_by_branch_or_hash()
    {
        var repository = _ada.AddRepository("site");
        repository.Branches["feature/a b"] = Sha("x");
        _ada.AddRepository("empty");

        var commit = await _client.FindCommitAsync(Token, "ada", "site", "feature/a b", None);

        commit.ShouldBe(new GitHubCommit(Sha("x"), "Commit on feature/a b\n\nBody", "Ada", "ada@example.com", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));
        (await _client.FindCommitAsync(Token, "ada", "site", Sha("x"), None))!.Sha.ShouldBe(Sha("x"));
        (await _client.FindCommitAsync(Token, "ada", "site", "no-such-branch", None)).ShouldBeNull();
        (await _client.FindCommitAsync(Token, "ada", "empty", "main", None)).ShouldBeNull();
        (await _client.FindCommitAsync(Token, "ada", "no-such-repository", "main", None)).ShouldBeNull();
    }

    [Fact]
    public async Task Commits_of_a_branch_come_in_pages()
    {
        var repository = _ada.AddRepository("shop");
        (await _client.ListCommitsAsync(Token, "ada", "shop", "main", 1, 10, None)).Items.ShouldBeEmpty();
        repository.Branches["feature/ünïcode #1"] = Sha("f");
        repository.CommitCount = 5;

        var first = await _client.ListCommitsAsync(Token, "ada", "shop", "feature/ünïcode #1", 1, 3, None);
        var last = await _client.ListCommitsAsync(Token, "ada", "shop", "feature/ünïcode #1", 2, 3, None);

        (first.Items.Count, first.HasNext, first.Items[0].Sha).ShouldBe((3, true, Sha("f")));
        (last.Items.Count, last.HasNext).ShouldBe((2, false));
        (await _client.ListCommitsAsync(Token, "ada", "shop", "gone", 1, 10, None)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Open_pull_requests_come_in_pages_with_their_branches()
    {
        var repository = _ada.AddRepository("shop", isPrivate: true);
        (repository.OpenPulls[7], repository.OpenPulls[8], repository.OpenPulls[9]) = (("feature/ü", repository.Id), ("theirs", 42), ("gone", null));

        var first = await _client.ListOpenPullRequestsAsync(Token, "ada", "shop", 1, 2, None);
        var second = await _client.ListOpenPullRequestsAsync(Token, "ada", "shop", 2, 2, None);

        first.Items.ShouldBe([new GitHubPullRequest(9, "gone", null), new GitHubPullRequest(8, "theirs", 42)]);
        second.Items.ShouldBe([new GitHubPullRequest(7, "feature/ü", repository.Id)]);
        (first.HasNext, second.HasNext).ShouldBe((true, false));
        (await FailureAsync(() => _client.ListOpenPullRequestsAsync(Token, "ada", "nothing", 1, 2, None))).Error.ShouldBe(GitHubError.NotFound);
    }

    [Fact]
    public async Task Files_of_a_pull_request_come_in_pages_with_their_former_names()
    {
        var repository = _ada.AddRepository("shop", isPrivate: true);
        repository.PullRequests[7] = ["a.ts", "old/b.ts -> new/b.ts", "ünï.md"];

        var first = await _client.ListPullRequestFilesAsync(Token, "ada", "shop", 7, 1, 2, None);
        var second = await _client.ListPullRequestFilesAsync(Token, "ada", "shop", 7, 2, 2, None);

        first.Items.ShouldBe([new GitHubChangedFile("a.ts", null), new GitHubChangedFile("new/b.ts", "old/b.ts")]);
        second.Items.ShouldBe([new GitHubChangedFile("ünï.md", null)]);
        (first.HasNext, second.HasNext).ShouldBe((true, false));
        (await FailureAsync(() => _client.ListPullRequestFilesAsync(Token, "ada", "shop", 8, 1, 2, None))).Error.ShouldBe(GitHubError.NotFound);
    }

    private static string Sha(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..40];

    private static async Task<GitHubException> FailureAsync(Func<Task> call) => await Should.ThrowAsync<GitHubException>(call);
}
