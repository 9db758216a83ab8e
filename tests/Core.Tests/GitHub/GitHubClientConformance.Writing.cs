using Platform.Core.GitHub;
using Platform.Testing;

namespace Platform.Core.Tests.GitHub;

/// <summary>What is changed at GitHub.</summary>
public abstract partial class GitHubClientConformance
{
    [Fact]
    public async Task A_commits_status_is_set()
    {
        _ada.AddRepository("shop");

        await _client.SetCommitStatusAsync(Token, "ada", "shop", Sha("c"), new GitHubCommitStatus(GitHubCommitState.Failure, "autostack/shop", "It failed.", "https://x.example/"), None);

        _gitHub.Statuses.ShouldHaveSingleItem().ShouldBe(new FakeCommitStatus("ada/shop", Sha("c"), "failure", "autostack/shop", "It failed.", "https://x.example/"));
        (await FailureAsync(() => _client.SetCommitStatusAsync(Token, "ada", "none", Sha("c"), new GitHubCommitStatus(GitHubCommitState.Pending, "a", "b", null), None)))
            .Error.ShouldBe(GitHubError.NotFound);
    }

    [Fact]
    public async Task A_comment_is_written_and_changed_until_somebody_deletes_it()
    {
        _ada.AddRepository("shop");
        var id = await _client.CreateCommentAsync(Token, "ada", "shop", 7, "first", None);

        (await _client.UpdateCommentAsync(Token, "ada", "shop", id, "second", None)).ShouldBeTrue();
        _gitHub.Comments[id].ShouldBe(new FakeComment("ada/shop", 7, "second", 1));

        _gitHub.Comments.Clear();
        (await _client.UpdateCommentAsync(Token, "ada", "shop", id, "third", None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_webhook_is_made_once_for_an_address_and_removed()
    {
        _ada.AddRepository("shop");
        var webhook = new GitHubWebhook("https://autostack.example/api/github/webhook", "secret", ["push", "pull_request"]);

        var id = await _client.CreateWebhookAsync(Token, "ada", "shop", webhook, None);
        (await _client.CreateWebhookAsync(Token, "ada", "shop", webhook, None)).ShouldBe(id);

        var made = _gitHub.Webhooks[id];
        (made.Url, made.Secret).ShouldBe((webhook.Url, "secret"));
        made.Events.ShouldBe(["push", "pull_request"]);
        (await _client.DeleteWebhookAsync(Token, "ada", "shop", id, None)).ShouldBeTrue();
        (await _client.DeleteWebhookAsync(Token, "ada", "shop", id, None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_token_is_revoked_by_the_application_alone()
    {
        (await FailureAsync(() => _client.RevokeTokenAsync(FakeOAuthProvider.ClientId, "wrong", Token, None))).Error.ShouldBe(GitHubError.Unauthorized);

        (await _client.RevokeTokenAsync(FakeOAuthProvider.ClientId, FakeOAuthProvider.ClientSecret, Token, None)).ShouldBeTrue();

        (await FailureAsync(() => _client.GetCurrentUserAsync(Token, None))).Error.ShouldBe(GitHubError.Unauthorized);
        (await _client.RevokeTokenAsync(FakeOAuthProvider.ClientId, FakeOAuthProvider.ClientSecret, Token, None)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_grant_is_revoked_with_all_tokens_of_the_account()
    {
        _gitHub.AddAccount("gho_second", "ada", _ada.Id);
        _gitHub.AddAccount("gho_bob", "bob");
        (await FailureAsync(() => _client.RevokeGrantAsync(FakeOAuthProvider.ClientId, "wrong", Token, None))).Error.ShouldBe(GitHubError.Unauthorized);

        (await _client.RevokeGrantAsync(FakeOAuthProvider.ClientId, FakeOAuthProvider.ClientSecret, Token, None)).ShouldBeTrue();

        (_gitHub.Knows(Token), _gitHub.Knows("gho_second"), _gitHub.Knows("gho_bob")).ShouldBe((false, false, true));
        (await _client.RevokeGrantAsync(FakeOAuthProvider.ClientId, FakeOAuthProvider.ClientSecret, Token, None)).ShouldBeFalse();
    }
}
