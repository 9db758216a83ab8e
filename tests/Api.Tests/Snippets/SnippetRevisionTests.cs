using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Snippets.Documents;
using Platform.Core.Documents;
using static Platform.Api.Tests.Snippets.SnippetsApiTests;

namespace Platform.Api.Tests.Snippets;

/// <summary>Who sees what a snippet was: its owner all of it, others what was public.</summary>
[Trait("Category", "Integration")]
public sealed class SnippetRevisionTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Theory]
    [InlineData("private")]
    [InlineData("unlisted")]
    public async Task What_was_written_before_it_was_public_stays_its_owners(string before)
    {
        var (owner, stranger) = (await api.SignUpAsync(), await api.SignUpAsync());
        var snippet = await CreateAsync(owner, new { title = "x", language = "python", code = "password = 'v1'", visibility = before });
        await ChangeAsync(owner, snippet, new { version = 1, code = "password = 'v2'" });
        await ChangeAsync(owner, snippet, new { version = 2, code = "v3", visibility = "public" });
        await ChangeAsync(owner, snippet, new { version = 3, code = "v4" });

        (await VersionsAsync(stranger, snippet)).ShouldBe([4, 3]);
        (await VersionsAsync(owner, snippet)).ShouldBe([4, 3, 2, 1]);
        foreach (var hidden in new[] { 1, 2, 0, -1, 5 })
            await (await stranger.Client.GetAsync($"{Address(snippet)}/revisions/{hidden}")).ShouldBeErrorAsync(404, "REVISION_NOT_FOUND");
        (await CodeAsync(stranger, snippet, 3)).ShouldBe("v3");
        (await CodeAsync(stranger, snippet, 4)).ShouldBe("v4");
        (await CodeAsync(owner, snippet, 1)).ShouldBe("password = 'v1'");
        await (await stranger.Client.PostAsync($"{Address(snippet)}/revisions/1/restore", null)).ShouldBeErrorAsync(403, "FORBIDDEN");
    }

    [Fact]
    public async Task What_is_public_from_the_beginning_is_so_until_it_was_private()
    {
        var (owner, stranger) = (await api.SignUpAsync(), await api.SignUpAsync());
        var snippet = await CreateAsync(owner, new { title = "x", language = "python", code = "v1", visibility = "public" });
        await ChangeAsync(owner, snippet, new { version = 1, code = "v2" });
        (await VersionsAsync(stranger, snippet)).ShouldBe([2, 1]);

        await ChangeAsync(owner, snippet, new { version = 2, code = "v3", visibility = "private" });
        await (await stranger.Client.GetAsync($"{Address(snippet)}/revisions")).ShouldBeErrorAsync(404, "SNIPPET_NOT_FOUND");
        await ChangeAsync(owner, snippet, new { version = 3, visibility = "public" });

        (await VersionsAsync(stranger, snippet)).ShouldBe([4]);
        (await VersionsAsync(owner, snippet)).ShouldBe([4, 3, 2, 1]);
    }

    [Fact]
    public async Task An_earlier_state_that_comes_back_is_public_without_those_around_it()
    {
        var (owner, stranger) = (await api.SignUpAsync(), await api.SignUpAsync());
        var snippet = await CreateAsync(owner, new { title = "x", language = "python", code = "v1" });
        await ChangeAsync(owner, snippet, new { version = 1, code = "v2", visibility = "public" });

        (await owner.Client.PostAsync($"{Address(snippet)}/revisions/1/restore", null)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await VersionsAsync(stranger, snippet)).ShouldBe([3, 2]);
        (await CodeAsync(stranger, snippet, 3)).ShouldBe("v1");
    }

    [Fact]
    public async Task A_fork_and_what_is_exported_know_nothing_of_earlier_states()
    {
        var (owner, stranger) = (await api.SignUpAsync(), await api.SignUpAsync());
        var snippet = await CreateAsync(owner, new { title = "x", language = "python", code = "secret" });
        var open = await ChangeAsync(owner, snippet, new { version = 1, code = "open", visibility = "public" });

        var fork = await (await stranger.Client.PostAsync($"{Address(snippet)}/fork", null)).ReadJsonAsync();
        (await VersionsAsync(stranger, fork)).ShouldBe([1]);
        await (await stranger.Client.PutAsJsonAsync(Address(fork), new { version = 1, visibility = "public" })).ReadJsonAsync();
        (await VersionsAsync(owner, fork)).ShouldBe([2]);
        (await stranger.Client.GetStringAsync("/api/snippets/export")).ShouldNotContain("secret");
        (await stranger.Client.GetStringAsync(open.GetProperty("embedUrl").GetString())).ShouldNotContain("secret");
    }

    /// <summary>Nobody knows when it became public: nothing but what it is now is shown.</summary>
    [Fact]
    public async Task Of_what_was_public_before_that_was_kept_others_see_the_current_state()
    {
        var (owner, stranger) = (await api.SignUpAsync(), await api.SignUpAsync());
        var created = await CreateAsync(owner, new { title = "x", language = "python", code = "v1", visibility = "public" });
        var snippets = api.Services.GetRequiredService<IDocumentStore>().GetCollection(Snippet.Collection);
        var old = (await snippets.FindAsync(created.GetProperty("id").GetGuid(), CancellationToken.None))! with { PublicFrom = null };
        await snippets.ReplaceAsync(old, CancellationToken.None);

        (await VersionsAsync(stranger, created)).ShouldBe([2]);
        await ChangeAsync(owner, created, new { version = 2, code = "v3" });
        (await VersionsAsync(stranger, created)).ShouldBe([3, 2]);
    }

    private static async Task<JsonElement> ChangeAsync(ApiUser user, JsonElement snippet, object change) =>
        await (await user.Client.PutAsJsonAsync(Address(snippet), change)).ReadJsonAsync();

    private static async Task<List<long>> VersionsAsync(ApiUser user, JsonElement snippet) =>
        [.. (await (await user.Client.GetAsync($"{Address(snippet)}/revisions")).ReadJsonAsync()).GetProperty("revisions").EnumerateArray()
            .Select(revision => revision.GetProperty("version").GetInt64())];

    private static async Task<string?> CodeAsync(ApiUser user, JsonElement snippet, long version) =>
        (await (await user.Client.GetAsync($"{Address(snippet)}/revisions/{version}")).ReadJsonAsync()).GetProperty("files")[0].GetProperty("content").GetString();
}
