using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Platform.Core.Artifacts;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;

namespace Platform.Core.Tests.Deployments;

[Trait("Category", "Integration")]
public sealed class SiteRetentionTests(SiteFixture fixture) : IClassFixture<SiteFixture>, IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("platform-test-");

    [Theory]
    [InlineData(3, 1000, 1000, "0 1 2")]
    [InlineData(100, 25, 1000, "0 1")]
    [InlineData(100, 1000, 35, "0 1 2")]
    [InlineData(1, 1, 1, "")]
    public void Newest_deployments_are_kept_within_the_limits(int count, long projectBytes, long ownerBytes, string kept)
    {
        var project = Guid.NewGuid();
        var deployments = Enumerable.Range(0, 6).Select(_ => new KeptDeployment(Guid.NewGuid(), project, 10, false, null, null)).ToList();

        var expired = SiteRetention.Choose(deployments, new RetentionOptions { Deployments = count, ProjectBytes = projectBytes, OwnerBytes = ownerBytes });

        string.Join(' ', deployments.Select((deployment, index) => (deployment, index)).Where(entry => !expired.Contains(entry.deployment)).Select(entry => entry.index)).ShouldBe(kept);
    }

    [Fact]
    public void What_production_needs_counts_and_stays_and_a_project_may_have_its_own_limit()
    {
        var (project, other) = (Guid.NewGuid(), Guid.NewGuid());
        KeptDeployment[] deployments =
        [
            new(Guid.NewGuid(), project, 10, false, 2, null), new(Guid.NewGuid(), project, 10, false, 2, null), new(Guid.NewGuid(), project, 10, true, 2, null),
            new(Guid.NewGuid(), other, 10, false, null, 5), new(Guid.NewGuid(), other, 10, true, null, 5),
        ];

        SiteRetention.Choose(deployments, new RetentionOptions()).ShouldBe([deployments[1], deployments[3]]);
    }

    [Fact]
    public async Task Old_deployments_lose_their_files_and_production_and_its_recent_past_keep_them()
    {
        var project = await fixture.AddProjectAsync();
        var ids = new List<Guid>();
        for (var number = 0; number < 5; number++)
        {
            ids.Add(await fixture.AddDeploymentAsync(project, createdAt: fixture.Time.GetUtcNow().AddMinutes(number - 10)));
            await fixture.FinishAsync(project, ids[number]);
        }

        await using var db = fixture.CreateContext();
        await db.ProductionChanges.Where(change => change.ProjectId == project.Id && change.PreviousDeploymentId != ids[3])
            .ExecuteUpdateAsync(set => set.SetProperty(change => change.CreatedAt, change => change.CreatedAt.AddDays(-3)));
        await fixture.Retention(new RetentionOptions { Deployments = 1, AssetHours = 24 }).ApplyAsync(CancellationToken.None);

        var rows = await db.Deployments.AsNoTracking().Where(deployment => deployment.ProjectId == project.Id).OrderBy(deployment => deployment.CreatedAt).ToListAsync();
        rows.Select(row => row.Manifest is not null).ShouldBe([false, false, false, true, true]);
        rows.Select(row => row.ExpiredAt is not null).ShouldBe([true, true, true, false, false]);
        rows.ShouldAllBe(row => row.Status == DeploymentStatus.Success);
    }

    [Fact]
    public async Task Only_old_content_that_nothing_refers_to_is_removed()
    {
        var store = new DiskArtifactStore(_root.FullName, fixture.Time);
        var (used, unused) = (await PutAsync(store, "used"), await PutAsync(store, "unused"));
        foreach (var hash in new[] { used, unused }) await store.PutDerivedAsync(hash + ".br", new MemoryStream([1]), CancellationToken.None);
        var project = await fixture.AddProjectAsync();
        var deployment = await fixture.AddDeploymentAsync(project, hashes: [used]);

        (await CollectAsync(store)).ShouldBe(new CollectedGarbage(0, 0, true));
        fixture.Time.Advance(TimeSpan.FromHours(2));
        var young = await PutAsync(store, "young");
        (await CollectAsync(store)).Removed.ShouldBe(2);
        (await ExistAsync(store, used, used + ".br", young)).ShouldBeTrue();
        (await store.FindAsync(unused, CancellationToken.None)).ShouldBeNull();

        await using var db = fixture.CreateContext();
        await db.Deployments.Where(row => row.Id == deployment).ExecuteDeleteAsync();
        (await CollectAsync(store)).Removed.ShouldBe(2);
    }

    [Fact]
    public async Task Publication_in_progress_loses_nothing_that_it_found_stored()
    {
        var store = new DiskArtifactStore(_root.FullName, fixture.Time);
        var gate = new ArtifactGate(fixture.Source);
        var contents = Enumerable.Range(0, 150).Select(number => $"content {number}").ToArray();
        foreach (var content in contents) await PutAsync(store, content);
        var project = await fixture.AddProjectAsync();
        // Everything is old and unreferenced: garbage, unless somebody publishes it again.
        fixture.Time.Advance(TimeSpan.FromHours(2));
        var stop = new CancellationTokenSource();
        var collecting = Task.Run(() => CollectUntilAsync(store, gate, stop.Token), CancellationToken.None);
        var publishing = Task.Run(async () =>
        {
            var hashes = new List<string>();
            await using (await gate.EnterPublicationAsync(CancellationToken.None))
            {
                foreach (var content in contents) hashes.Add(await PutAsync(store, content));
            }

            await fixture.AddDeploymentAsync(project, hashes: [.. hashes]);
            return hashes;
        }, CancellationToken.None);

        var published = await publishing;
        await stop.CancelAsync();
        await collecting;
        await CollectAsync(store, gate);
        (await ExistAsync(store, [.. published])).ShouldBeTrue();
    }

    [Fact]
    public async Task Removal_waits_for_publications_and_they_for_it()
    {
        var gate = new ArtifactGate(fixture.Source);
        var first = await gate.EnterPublicationAsync(CancellationToken.None);
        await using var second = await gate.EnterPublicationAsync(CancellationToken.None);
        var collecting = gate.TryEnterCollectionAsync(CancellationToken.None);
        await first.DisposeAsync();
        collecting.IsCompleted.ShouldBeFalse();
        await second.DisposeAsync();

        await using var collection = (await collecting).ShouldNotBeNull();
        var third = gate.EnterPublicationAsync(CancellationToken.None);
        third.IsCompleted.ShouldBeFalse();
        await collection.DisposeAsync();
        await (await third).DisposeAsync();
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static Task<string> PutAsync(DiskArtifactStore store, string content) => store.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), CancellationToken.None);

    private static async Task<bool> ExistAsync(DiskArtifactStore store, params string[] keys)
    {
        foreach (var key in keys)
        {
            if (await store.FindAsync(key, CancellationToken.None) is null) return false;
        }

        return true;
    }

    private async Task CollectUntilAsync(IArtifactStore store, IArtifactGate gate, CancellationToken stopped)
    {
        do await CollectAsync(store, gate);
        while (!stopped.IsCancellationRequested);
    }

    private Task<CollectedGarbage> CollectAsync(IArtifactStore store, IArtifactGate? gate = null) => new ArtifactCollector(
        store, gate ?? new ArtifactGate(fixture.Source), [fixture.Retention(new RetentionOptions())], Options.Create(new ArtifactOptions()), fixture.Time).CollectAsync(CancellationToken.None);
}
