using Microsoft.EntityFrameworkCore;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;

namespace Platform.Core.Tests.Deployments;

[Trait("Category", "Integration")]
public sealed class BranchAliasesTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    [Theory]
    [InlineData("main", "git-main")]
    [InlineData("feature/Login-Page", "git-feature-login-page")]
    [InlineData("a--b__c", "git-a-b-c")]
    [InlineData("v1.2", "git-v1-2")]
    [InlineData("-x-", "git-x")]
    public void A_branch_has_a_plain_name(string branch, string name) => BranchAliases.NamesOf(branch)[0].ShouldBe(name);

    [Theory]
    [InlineData("größe-✓")]
    [InlineData("日本語")]
    [InlineData("dependabot/npm_and_yarn/typescript-eslint/eslint-plugin-8.0.0")]
    [InlineData("aaaaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaaaaaa")]
    public void Every_name_is_the_first_part_of_a_label(string branch)
    {
        var addresses = new SiteAddresses(new SiteOptions { BaseUrl = "https://sites.example.test" });
        var slug = new string('s', SiteAddresses.MaxSlugLength);
        foreach (var name in BranchAliases.NamesOf(branch))
        {
            name.ShouldMatch("^git-[a-z0-9]([a-z0-9-]*[a-z0-9])?$");
            name.ShouldNotContain("--");
            var host = new Uri(addresses.Branch(name, slug)).Host;
            host.Split('.')[0].Length.ShouldBeLessThanOrEqualTo(63);
            addresses.TryRead(host, out var site).ShouldBeTrue();
            site.ShouldBe(new SiteHost(slug, null, name));
        }

        BranchAliases.NamesOf(branch)[^1].ShouldNotBe(BranchAliases.NamesOf(branch + "x")[^1]);
    }

    [Fact]
    public async Task Branches_that_look_alike_have_names_of_their_own_and_keep_them()
    {
        var project = await fixture.AddProjectAsync();
        foreach (var branch in new[] { "feature/a", "feature-a", "Feature/A", "feature/a" }) await SucceedAsync(project, branch);

        await using var db = fixture.CreateContext();
        var names = await db.BranchAliases.Where(row => row.ProjectId == project.Id).ToDictionaryAsync(row => row.Branch, row => row.Name);
        names.Count.ShouldBe(3);
        names["feature/a"].ShouldBe("git-feature-a");
        names.Values.Distinct().Count().ShouldBe(3);
        names.Values.ShouldAllBe(name => name.StartsWith("git-feature-a"));
    }

    [Fact]
    public async Task Many_at_once_all_have_a_name()
    {
        var project = await fixture.AddProjectAsync();
        string[] branches = ["x/y", "x-y", "x.y", "x_y", "X/Y", "x/y"];

        await Task.WhenAll(branches.Select(branch => SucceedAsync(project, branch)));

        await using var db = fixture.CreateContext();
        var names = await db.BranchAliases.Where(row => row.ProjectId == project.Id).ToListAsync();
        names.Select(row => row.Branch).Order(StringComparer.Ordinal).ShouldBe(branches.Distinct().Order(StringComparer.Ordinal));
        names.Count(row => row.Name == "git-x-y").ShouldBe(1);
    }

    [Fact]
    public async Task Forks_are_named_by_their_pull_request_and_archives_not_at_all()
    {
        var project = await fixture.AddProjectAsync();
        await SucceedAsync(project, "main", row => (row.PullRequest, row.Approval) = (7, DeploymentApproval.Approved));
        await SucceedAsync(project, "main", row => row.Source = "archive:" + Guid.NewGuid());

        await using var db = fixture.CreateContext();
        var alias = (await db.BranchAliases.Where(row => row.ProjectId == project.Id).ToListAsync()).ShouldHaveSingleItem();
        (alias.Name, alias.PullRequest).ShouldBe(("pr-7", 7));
    }

    [Fact]
    public async Task What_was_asked_for_before_the_end_of_its_branch_is_closed_with_it()
    {
        var project = await fixture.AddProjectAsync();
        var before = await SucceedAsync(project, "feature");
        await using var db = fixture.CreateContext();
        await BranchAliases.CloseAsync(db, project.Id, "feature", null, fixture.Time.GetUtcNow(), CancellationToken.None);
        var after = await SucceedAsync(project, "feature");

        var alias = (await BranchAliases.FindAsync(db, before, CancellationToken.None)).ShouldNotBeNull();

        (BranchAliases.IsClosed(alias, before), BranchAliases.IsClosed(alias, after)).ShouldBe((true, false));
        (await BranchAliases.ReopenAsync(db, project.Id, "feature", null, CancellationToken.None)).ShouldBeTrue();
        (await BranchAliases.ReopenAsync(db, project.Id, "feature", null, CancellationToken.None)).ShouldBeFalse();
        // Of a branch that was never deployed there is nothing to close.
        await BranchAliases.CloseAsync(db, project.Id, "unknown", null, fixture.Time.GetUtcNow(), CancellationToken.None);
        (await db.BranchAliases.CountAsync(row => row.ProjectId == project.Id)).ShouldBe(1);
    }

    [Fact]
    public async Task Previews_of_closed_branches_lose_their_files_after_a_while_and_others_do_not()
    {
        var project = await fixture.AddProjectAsync();
        void Preview(Deployment row) => row.Environment = DeploymentTrust.Preview;
        var gone = await SucceedAsync(project, "gone", Preview);
        var recent = await SucceedAsync(project, "recent", Preview);
        var fork = await SucceedAsync(project, "open", row => (row.Environment, row.PullRequest, row.Approval) = (DeploymentTrust.Preview, 3, DeploymentApproval.Approved));
        var open = await SucceedAsync(project, "open", Preview);
        var promoted = await SucceedAsync(project, "gone", Preview);
        (await fixture.Production.PromoteAsync(project.Id, promoted.Id, null, CancellationToken.None)).ShouldNotBeNull();
        await using var db = fixture.CreateContext();
        async Task CloseAsync(string branch, int? pull, int hoursAgo)
        {
            var at = fixture.Time.GetUtcNow();
            await BranchAliases.CloseAsync(db, project.Id, branch, pull, at, CancellationToken.None);
            var earlier = at.AddHours(-hoursAgo);
            await db.BranchAliases.Where(row => row.ProjectId == project.Id && row.ClosedAt == at).ExecuteUpdateAsync(row => row.SetProperty(each => each.ClosedAt, earlier));
            await db.Deployments.Where(row => row.ProjectId == project.Id && row.Branch == branch && row.PullRequest == pull)
                .ExecuteUpdateAsync(row => row.SetProperty(each => each.CreatedAt, earlier.AddHours(-1)));
        }

        await CloseAsync("gone", null, 49);
        await CloseAsync("recent", null, 47);
        await CloseAsync("open", 3, 49);
        await fixture.Retention(new RetentionOptions { ClosedPreviewHours = 48 }).ApplyAsync(CancellationToken.None);

        var kept = await db.Deployments.Where(row => row.ProjectId == project.Id && row.Manifest != null).Select(row => row.Id).ToListAsync();
        kept.ShouldBe([recent.Id, open.Id, promoted.Id], ignoreOrder: true);
        kept.ShouldNotContain(gone.Id);
        kept.ShouldNotContain(fork.Id);
    }

    /// <summary>What the worker leaves of a deployment that has just succeeded.</summary>
    private async Task<Deployment> SucceedAsync(Project project, string branch, Action<Deployment>? change = null)
    {
        var id = await fixture.AddDeploymentAsync(project);
        await using var db = fixture.CreateContext();
        var row = await db.Deployments.SingleAsync(each => each.Id == id);
        row.Branch = branch;
        change?.Invoke(row);
        await db.SaveChangesAsync();
        await BranchAliases.KeepAsync(db, id, fixture.Time.GetUtcNow(), CancellationToken.None);
        return row;
    }
}
