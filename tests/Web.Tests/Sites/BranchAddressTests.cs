using System.Net;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Deployments;
using Platform.Testing;

namespace Platform.Web.Tests.Sites;

[Trait("Category", "Integration")]
public sealed class BranchAddressTests(WebHostFixture fixture) : IClassFixture<WebHostFixture>
{
    private readonly HttpClient _client = fixture.CreateClient();

    [Fact]
    public async Task A_branch_shows_its_newest_success_at_once_and_production_stays()
    {
        var site = await fixture.PublishAsync(("index.html", "production"));
        var host = $"git-feature-cart--{site.Host}";
        (await AskAsync(host)).ShouldBe((HttpStatusCode.NotFound, null));
        await fixture.PreviewAsync(site, "feature/cart", "first");
        await ShowsAsync(host, "first");

        var second = await fixture.PreviewAsync(site, "feature/cart", "second");
        await fixture.PreviewAsync(site, "other", "another branch");

        await ShowsAsync(host, "second");
        (await AskAsync($"{second:N}--{site.Host}")).Body.ShouldBe("second");
        (await AskAsync(site.Host)).Body.ShouldBe("production");
        (await AskAsync($"git-other--{site.Host}")).Body.ShouldBe("another branch");
        using var answer = await GetAsync(host.ToUpperInvariant());
        answer.Headers.GetValues("X-Robots-Tag").ShouldBe(["noindex"]);
        (answer.Headers.ETag is null, answer.Content.Headers.LastModified).ShouldBe((false, null));
    }

    [Fact]
    public async Task What_is_deleted_gives_way_to_what_was_before()
    {
        var site = await fixture.PublishAsync(("index.html", "production"));
        await fixture.PreviewAsync(site, "feature", "first");
        var second = await fixture.PreviewAsync(site, "feature", "second");
        await ShowsAsync($"git-feature--{site.Host}", "second");

        await using var db = fixture.CreateContext();
        await db.Deployments.Where(row => row.Id == second).ExecuteDeleteAsync();
        await fixture.AnnounceAsync(site);

        await ShowsAsync($"git-feature--{site.Host}", "first");
    }

    [Fact]
    public async Task A_branch_that_is_closed_shows_nothing_until_something_newer_succeeds_and_its_deployments_stay()
    {
        var site = await fixture.PublishAsync(("index.html", "production"));
        var first = await fixture.PreviewAsync(site, "feature", "first");
        await ShowsAsync($"git-feature--{site.Host}", "first");
        await using var db = fixture.CreateContext();

        await BranchAliases.CloseAsync(db, site.ProjectId, "feature", null, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        await fixture.AnnounceAsync(site);

        await Eventually.TrueAsync(async () => (await AskAsync($"git-feature--{site.Host}")).Status == HttpStatusCode.NotFound);
        (await AskAsync($"{first:N}--{site.Host}")).Body.ShouldBe("first");
        await fixture.PreviewAsync(site, "feature", "second");
        await ShowsAsync($"git-feature--{site.Host}", "second");
    }

    [Fact]
    public async Task A_fork_never_takes_the_address_of_a_branch()
    {
        var site = await fixture.PublishAsync(("index.html", "production"));
        await fixture.PreviewAsync(site, "feature", "ours");
        await fixture.PreviewAsync(site, "feature", "theirs", fork: 9);

        await ShowsAsync($"pr-9--{site.Host}", "theirs");
        (await AskAsync($"git-feature--{site.Host}")).Body.ShouldBe("ours");
        // Nor does another project.
        var stranger = await fixture.PublishAsync(("index.html", "stranger"));
        (await AskAsync($"git-feature--{stranger.Host}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("git---")]
    [InlineData("pr-0--")]
    [InlineData("git-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa--")]
    public async Task Names_that_nobody_has_show_nothing(string prefix)
    {
        var site = await fixture.PublishAsync(("index.html", "production"));
        ((int)(await AskAsync(prefix + site.Host)).Status).ShouldBeOneOf(400, 404);
    }

    private Task ShowsAsync(string host, string body) => Eventually.TrueAsync(async () => (await AskAsync(host)).Body == body);

    private async Task<(HttpStatusCode Status, string? Body)> AskAsync(string host)
    {
        using var response = await GetAsync(host);
        return (response.StatusCode, response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsStringAsync() : null);
    }

    private async Task<HttpResponseMessage> GetAsync(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/", UriKind.Relative)) { Headers = { Host = host } };
        return await _client.SendAsync(request);
    }
}
