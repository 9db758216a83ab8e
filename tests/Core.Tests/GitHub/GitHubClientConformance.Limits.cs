using Platform.Core.GitHub;
using Platform.Testing;

namespace Platform.Core.Tests.GitHub;

/// <summary>Refusals, limits and what spares them.</summary>
public abstract partial class GitHubClientConformance
{
    [Fact]
    public async Task The_limit_of_the_hour_tells_its_end()
    {
        var reset = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);
        _gitHub.FailWith(403, "API rate limit exceeded", ("X-RateLimit-Limit", "60"), ("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "1900000000"));

        var failure = await FailureAsync(() => _client.GetCurrentUserAsync(Token, None));

        failure.Error.ShouldBe(GitHubError.RateLimited);
        failure.RetryAt.ShouldBe(reset);
    }

    [Fact]
    public async Task Too_many_requests_at_once_tell_how_long_to_wait()
    {
        _gitHub.FailWith(403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", ("Retry-After", "60"));
        var before = TimeProvider.System.GetUtcNow();

        var failure = await FailureAsync(() => _client.GetCurrentUserAsync(Token, None));

        failure.Error.ShouldBe(GitHubError.RateLimited);
        failure.RetryAt!.Value.ShouldBeInRange(before.AddSeconds(60), TimeProvider.System.GetUtcNow().AddSeconds(60));
    }

    [Theory]
    [InlineData(403, GitHubError.Forbidden)]
    [InlineData(500, GitHubError.Unavailable)]
    [InlineData(503, GitHubError.Unavailable)]
    [InlineData(422, GitHubError.Failed)]
    public async Task Other_refusals_keep_their_kind_and_message(int status, GitHubError expected)
    {
        _gitHub.FailWith(status, "Told by the server");

        var failure = await FailureAsync(() => _client.GetCurrentUserAsync(Token, None));

        failure.Error.ShouldBe(expected);
        failure.Message.ShouldContain("Told by the server");
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_unavailable()
    {
        var release = new TaskCompletionSource();
        _gitHub.FailWith(_ => release.Task);
        var impatient = CreateClient(new GitHubOptions { ApiUrl = _gitHub.Address, Timeout = TimeSpan.FromSeconds(1) });

        (await FailureAsync(() => impatient.GetCurrentUserAsync(Token, None))).Error.ShouldBe(GitHubError.Unavailable);
        release.SetResult();

        var nowhere = CreateClient(new GitHubOptions { ApiUrl = new Uri("http://127.0.0.1:1/") });
        (await FailureAsync(() => nowhere.GetCurrentUserAsync(Token, None))).Error.ShouldBe(GitHubError.Unavailable);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled()
    {
        var release = new TaskCompletionSource();
        _gitHub.FailWith(_ => release.Task);
        using var cancel = new CancellationTokenSource();
        var call = _client.GetCurrentUserAsync(Token, cancel.Token);

        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => call);
        release.SetResult();
    }

    [Fact]
    public async Task What_has_not_changed_costs_no_request_of_the_hour()
    {
        var repository = _ada.AddRepository("shop");
        for (var number = 0; number < 5; number++) repository.Branches[$"b{number}"] = Sha("1");
        async Task<object[]> AskAsync() =>
        [
            (await _client.ListRepositoriesAsync(Token, new GitHubRepositoryQuery(), None)).Items.Select(item => item.Name).ShouldHaveSingleItem(),
            (await _client.FindRepositoryAsync(Token, "ada", "shop", None))!,
            (await _client.ListBranchesAsync(Token, "ada", "shop", 1, 2, None)).HasNext,
            (await _client.ListBranchesAsync(Token, "ada", "shop", 3, 2, None)).Items.ShouldHaveSingleItem(),
            (await _client.ListCommitsAsync(Token, "ada", "shop", "b1", 1, 2, None)).Items.ShouldHaveSingleItem(),
            (await _client.FindCommitAsync(Token, "ada", "shop", "b2", None))!,
        ];
        var first = await AskAsync();
        var counted = _gitHub.Counted.Count;

        (await AskAsync()).ShouldBe(first);

        _gitHub.Counted.Count.ShouldBe(counted);
        _gitHub.Requests.Count.ShouldBe(2 * counted);
        // What has changed is told at once.
        repository.Branches["b5"] = Sha("5");
        (await _client.ListBranchesAsync(Token, "ada", "shop", 3, 2, None)).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_somebody_else_was_told_is_not_told()
    {
        _ada.AddRepository("secret", isPrivate: true);
        _gitHub.AddAccount("gho_bob", "bob");
        (await _client.FindRepositoryAsync(Token, "ada", "secret", None)).ShouldNotBeNull();

        (await _client.FindRepositoryAsync("gho_bob", "ada", "secret", None)).ShouldBeNull();
        // Nor what the token could see before it was revoked.
        _gitHub.Revoke(Token);
        (await FailureAsync(() => _client.FindRepositoryAsync(Token, "ada", "secret", None))).Error.ShouldBe(GitHubError.Unauthorized);
    }

    [Fact]
    public async Task A_token_that_is_limited_is_not_used_until_the_limit_ends()
    {
        _gitHub.AddAccount("gho_bob", "bob");
        _gitHub.FailWith(429, "slow down", ("Retry-After", "2"));
        await FailureAsync(() => _client.GetCurrentUserAsync(Token, None));
        _gitHub.FailWith(null);
        var asked = _gitHub.Requests.Count;

        var failure = await FailureAsync(() => _client.CreateCommentAsync(Token, "ada", "shop", 1, "x", None));

        failure.Error.ShouldBe(GitHubError.RateLimited);
        failure.RetryAt.ShouldNotBeNull();
        _gitHub.Requests.Count.ShouldBe(asked);
        // The limit is the token's own, and ends.
        (await _client.GetCurrentUserAsync("gho_bob", None)).Login.ShouldBe("bob");
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                return (await _client.GetCurrentUserAsync(Token, None)).Login == "ada";
            }
            catch (GitHubException exception) when (exception.Error == GitHubError.RateLimited)
            {
                return false;
            }
        });
    }

    [Theory]
    [InlineData(403, "You have exceeded a secondary rate limit.")]
    [InlineData(429, "slow down")]
    public async Task A_limit_that_names_no_time_is_waited_for_a_minute(int status, string message)
    {
        _gitHub.FailWith(status, message);
        var before = TimeProvider.System.GetUtcNow();

        var failure = await FailureAsync(() => _client.GetCurrentUserAsync(Token, None));

        failure.Error.ShouldBe(GitHubError.RateLimited);
        failure.RetryAt!.Value.ShouldBeInRange(before.AddSeconds(59), TimeProvider.System.GetUtcNow().AddSeconds(61));
    }
}
