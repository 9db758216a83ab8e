using Microsoft.EntityFrameworkCore;
using NSubstitute;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Realtime;

namespace Platform.Core.Tests.Deployments;

[Trait("Category", "Integration")]
public sealed class SiteProductionTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    [Fact]
    public async Task Finished_deployment_takes_production_and_an_older_one_that_ends_later_does_not()
    {
        var project = await fixture.AddProjectAsync();
        var now = fixture.Time.GetUtcNow();
        var older = await fixture.AddDeploymentAsync(project, createdAt: now.AddMinutes(-2));
        var newer = await fixture.AddDeploymentAsync(project, createdAt: now.AddMinutes(-1));

        (await fixture.FinishAsync(project, newer)).ShouldBeTrue();
        (await fixture.FinishAsync(project, older)).ShouldBeFalse();

        (await fixture.ReloadAsync(project)).ProductionDeploymentId.ShouldBe(newer);
    }

    [Fact]
    public async Task Promotion_wins_over_what_was_asked_for_before_it_and_later_deployments_follow()
    {
        var project = await fixture.AddProjectAsync();
        var first = await fixture.AddDeploymentAsync(project, createdAt: fixture.Time.GetUtcNow().AddMinutes(-3));
        var running = await fixture.AddDeploymentAsync(project, createdAt: fixture.Time.GetUtcNow().AddMinutes(-1));

        (await fixture.Production.PromoteAsync(project.Id, first, project.UserId, CancellationToken.None)).ShouldBe(new ProductionMove(project.Slug, first, null));
        (await fixture.FinishAsync(project, running)).ShouldBeFalse();
        var later = await fixture.AddDeploymentAsync(project, createdAt: fixture.Time.GetUtcNow().AddSeconds(1));
        (await fixture.FinishAsync(project, later)).ShouldBeTrue();

        (await fixture.ReloadAsync(project)).ProductionDeploymentId.ShouldBe(later);
        await fixture.Events.Received().PublishAsync(Topics.Sites, new SiteChanged(project.Slug), Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Rollback_restores_the_environment_and_holds_until_it_is_undone()
    {
        var project = await fixture.AddProjectAsync();
        var first = await fixture.AddDeploymentAsync(project, createdAt: fixture.Time.GetUtcNow().AddMinutes(-3), env: "old environment");
        var second = await fixture.AddDeploymentAsync(project, createdAt: fixture.Time.GetUtcNow().AddMinutes(-2), env: "new environment");
        await fixture.FinishAsync(project, first);
        await fixture.FinishAsync(project, second);

        (await fixture.Production.RollBackAsync(project.Id, null, null, project.UserId, CancellationToken.None)).ShouldBe(new ProductionMove(project.Slug, first, second));
        var rolledBack = await fixture.ReloadAsync(project);
        rolledBack.EnvVars.ShouldBe("old environment");
        rolledBack.ProductionPinned.ShouldBeTrue();
        var third = await fixture.AddDeploymentAsync(project, createdAt: fixture.Time.GetUtcNow().AddMinutes(1), env: "newest environment");
        (await fixture.FinishAsync(project, third)).ShouldBeFalse();

        (await fixture.Production.ResumeAsync(project.Id, project.UserId, CancellationToken.None))!.DeploymentId.ShouldBe(third);
        var resumed = await fixture.ReloadAsync(project);
        (resumed.ProductionPinned, resumed.EnvVars).ShouldBe((false, "newest environment"));
        await using var db = fixture.CreateContext();
        var history = await db.ProductionChanges.Where(change => change.ProjectId == project.Id).OrderBy(change => change.CreatedAt).ToListAsync();
        history.Select(change => change.Reason).ShouldBe(["deploy", "deploy", "rollback", "resume"]);
        history[3].ReplacedEnvVars.ShouldBe("old environment");
    }

    [Fact]
    public async Task Promoting_a_deployment_ends_a_rollback_and_leaves_the_environment_alone()
    {
        var project = await fixture.AddProjectAsync();
        var first = await fixture.AddDeploymentAsync(project, createdAt: fixture.Time.GetUtcNow().AddMinutes(-3), env: "a");
        var second = await fixture.AddDeploymentAsync(project, createdAt: fixture.Time.GetUtcNow().AddMinutes(-2), env: "b");
        await fixture.Production.RollBackAsync(project.Id, first, null, null, CancellationToken.None);

        (await fixture.Production.PromoteAsync(project.Id, second, null, CancellationToken.None)).ShouldNotBeNull();

        var promoted = await fixture.ReloadAsync(project);
        (promoted.ProductionDeploymentId, promoted.ProductionPinned, promoted.EnvVars).ShouldBe((second, false, "a"));
    }

    [Fact]
    public async Task Only_successful_deployments_of_the_same_project_with_their_files_can_be_production()
    {
        var project = await fixture.AddProjectAsync();
        var failed = await fixture.AddDeploymentAsync(project, DeploymentStatus.Failed);
        var foreign = await fixture.AddDeploymentAsync(await fixture.AddProjectAsync());
        var expired = await fixture.AddDeploymentAsync(project);
        await using (var db = fixture.CreateContext()) await db.Deployments.Where(d => d.Id == expired).ExecuteUpdateAsync(set => set.SetProperty(d => d.Manifest, (string?)null));

        foreach (var id in new[] { failed, foreign, expired, Guid.NewGuid() })
        {
            (await fixture.Production.PromoteAsync(project.Id, id, null, CancellationToken.None)).ShouldBeNull();
            (await fixture.Production.RollBackAsync(project.Id, id, null, null, CancellationToken.None)).ShouldBeNull();
        }

        (await fixture.Production.RollBackAsync(project.Id, null, null, null, CancellationToken.None)).ShouldBeNull();
        (await fixture.Production.ResumeAsync(project.Id, null, CancellationToken.None)).ShouldBeNull();
        (await fixture.ReloadAsync(project)).ProductionDeploymentId.ShouldBeNull();
    }

    [Fact]
    public async Task Moves_at_the_same_time_come_one_after_the_other()
    {
        var project = await fixture.AddProjectAsync();
        var ids = new List<Guid>();
        for (var number = 0; number < 8; number++) ids.Add(await fixture.AddDeploymentAsync(project, createdAt: fixture.Time.GetUtcNow().AddMinutes(number - 20)));

        await Task.WhenAll(ids.SelectMany(id => new Task[]
        {
            Task.Run(() => fixture.Production.PromoteAsync(project.Id, id, null, CancellationToken.None)),
            Task.Run(() => fixture.FinishAsync(project, id)),
            Task.Run(() => fixture.Retention(new RetentionOptions { Deployments = 1, AssetHours = 0 }).ApplyAsync(CancellationToken.None)),
        }));

        await using var db = fixture.CreateContext();
        var history = await db.ProductionChanges.Where(change => change.ProjectId == project.Id).ToListAsync();
        // A chain: each move started where another one had ended, and production is its end.
        var now = (await fixture.ReloadAsync(project)).ProductionDeploymentId!.Value;
        var steps = history.Select(change => change.PreviousDeploymentId ?? Guid.Empty).CountBy(id => id).ToDictionary();
        foreach (var (id, count) in history.Select(change => change.DeploymentId).CountBy(id => id))
            count.ShouldBe(steps.GetValueOrDefault(id) + (id == now ? 1 : 0));
        // Whatever retention did meanwhile, production has its files.
        (await db.Deployments.SingleAsync(deployment => deployment.Id == now)).Manifest.ShouldNotBeNull();
    }

    [Fact]
    public async Task Going_back_twice_goes_two_back_and_never_forward_to_what_was_left()
    {
        var (project, ids) = await DeployedAsync(3);

        (await BackAsync(project)).ShouldBe(ids[1]);
        (await BackAsync(project)).ShouldBe(ids[0]);
        (await BackAsync(project)).ShouldBeNull();
        (await fixture.Production.ResumeAsync(project.Id, null, CancellationToken.None))!.DeploymentId.ShouldBe(ids[2]);
        (await BackAsync(project)).ShouldBe(ids[1]);

        // What came while production was held has been production by resuming alone.
        var waiting = await fixture.AddDeploymentAsync(project, createdAt: fixture.Time.GetUtcNow().AddMinutes(1));
        (await fixture.FinishAsync(project, waiting)).ShouldBeFalse();
        (await fixture.Production.ResumeAsync(project.Id, null, CancellationToken.None))!.DeploymentId.ShouldBe(waiting);
        (await BackAsync(project)).ShouldBe(ids[1]);
    }

    [Fact]
    public async Task Of_several_who_leave_the_same_deployment_one_moves_production()
    {
        var (project, ids) = await DeployedAsync(6);

        var moves = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => fixture.Production.RollBackAsync(project.Id, null, ids[^1], null, CancellationToken.None))));

        moves.Count(move => move is not null).ShouldBe(1);
        (await fixture.ReloadAsync(project)).ProductionDeploymentId.ShouldBe(ids[^2]);
        (await fixture.Production.RollBackAsync(project.Id, ids[0], ids[^1], null, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_rollback_holds_whatever_finishes_at_the_same_time()
    {
        for (var round = 0; round < 10; round++)
        {
            var (project, ids) = await DeployedAsync(2);
            var finishing = await fixture.AddDeploymentAsync(project, createdAt: fixture.Time.GetUtcNow().AddMinutes(1), env: "newest");

            var (back, advanced) = (Task.Run(() => fixture.Production.RollBackAsync(project.Id, ids[0], null, null, CancellationToken.None)), Task.Run(() => fixture.FinishAsync(project, finishing)));
            await Task.WhenAll(back, advanced);

            var after = await fixture.ReloadAsync(project);
            (after.ProductionDeploymentId, after.ProductionPinned).ShouldBe((ids[0], true));
            (await back)!.PreviousDeploymentId.ShouldBe(await advanced ? finishing : ids[1]);
        }
    }

    private async Task<Guid?> BackAsync(Project project) => (await fixture.Production.RollBackAsync(project.Id, null, null, project.UserId, CancellationToken.None))?.DeploymentId;

    /// <summary>A project whose deployments went live one after the other.</summary>
    private async Task<(Project Project, List<Guid> Deployments)> DeployedAsync(int count)
    {
        var project = await fixture.AddProjectAsync();
        var ids = new List<Guid>();
        for (var number = 0; number < count; number++)
        {
            ids.Add(await fixture.AddDeploymentAsync(project, createdAt: fixture.Time.GetUtcNow().AddMinutes(number - 20)));
            (await fixture.FinishAsync(project, ids[^1])).ShouldBeTrue();
        }

        return (project, ids);
    }
}
