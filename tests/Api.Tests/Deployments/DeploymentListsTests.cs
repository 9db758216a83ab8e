using Microsoft.EntityFrameworkCore;
using Platform.Api.Deployments;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.Api.Tests.Deployments;

[Trait("Category", "Integration")]
public sealed class DeploymentListsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Counters_follow_every_kind_of_write()
    {
        await using var database = postgres.CreateContext();
        var project = await AddProjectAsync(database);
        await AddAsync(database, project, 5, DeploymentStatus.Queued);
        (await CountsAsync(database, project.OwnerId)).ShouldBe(new Dictionary<string, long> { ["queued"] = 5 }, ignoreOrder: true);

        await database.Deployments.Where(row => row.ProjectId == project.Id).OrderBy(row => row.Id).Take(2)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.Status, DeploymentStatus.Failed));
        await database.Deployments.Where(row => row.ProjectId == project.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.Author, "x"));
        (await CountsAsync(database, project.OwnerId)).ShouldBe(new Dictionary<string, long> { ["queued"] = 3, ["failed"] = 2 }, ignoreOrder: true);

        await database.Deployments.Where(row => row.ProjectId == project.Id && row.Status == DeploymentStatus.Failed).Take(1).ExecuteDeleteAsync();
        var heir = Guid.NewGuid();
        await database.Deployments.Where(row => row.ProjectId == project.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.OwnerId, heir));
        (await CountsAsync(database, project.OwnerId)).ShouldBeEmpty();
        (await CountsAsync(database, heir)).ShouldBe(new Dictionary<string, long> { ["queued"] = 3, ["failed"] = 1 }, ignoreOrder: true);

        await database.Projects.Where(row => row.Id == project.Id).ExecuteDeleteAsync();
        (await CountsAsync(database, heir)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Counters_are_right_after_many_writers_at_once()
    {
        await using var database = postgres.CreateContext();
        var project = await AddProjectAsync(database);
        await AddAsync(database, project, 40, DeploymentStatus.Queued);
        var ids = await database.Deployments.Where(row => row.ProjectId == project.Id).Select(row => row.Id).ToListAsync();

        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (id, token) =>
        {
            await using var own = postgres.CreateContext();
            foreach (var status in new[] { DeploymentStatus.Building, DeploymentStatus.Deploying, DeploymentStatus.Success })
                await own.Deployments.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(each => each.Status, status), token);
        });

        (await CountsAsync(database, project.OwnerId)).ShouldBe(new Dictionary<string, long> { ["success"] = 40 }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_page_of_several_owners_is_in_one_order()
    {
        await using var database = postgres.CreateContext();
        var projects = new[] { await AddProjectAsync(database), await AddProjectAsync(database), await AddProjectAsync(database) };
        for (var number = 0; number < 12; number++) await AddAsync(database, projects[number % 3], 1, DeploymentStatus.Success, Begin.AddMinutes(number));
        var lists = new DeploymentLists(database);
        var filter = new DeploymentLists.Filter([projects[0].OwnerId, projects[1].OwnerId]);

        (await lists.CountAsync(filter, CancellationToken.None)).ShouldBe(8);
        (await MinutesAsync(await lists.PageAsync(filter, 0, 3, null, CancellationToken.None))).ShouldBe([10, 9, 7]);
        (await MinutesAsync(await lists.PageAsync(filter, 3, 3, null, CancellationToken.None))).ShouldBe([6, 4, 3]);
        (await MinutesAsync(await lists.PageAsync(filter, 6, 3, null, CancellationToken.None))).ShouldBe([1, 0]);
        (await MinutesAsync(await lists.PageAsync(filter with { ProjectId = projects[1].Id }, 0, 9, null, CancellationToken.None))).ShouldBe([10, 7, 4, 1]);
    }

    [Fact]
    public async Task A_search_is_counted_and_does_not_take_patterns()
    {
        await using var database = postgres.CreateContext();
        var project = await AddProjectAsync(database, "Shop_100%");
        await AddAsync(database, project, 3, DeploymentStatus.Success);
        var lists = new DeploymentLists(database);

        foreach (var (search, expected) in new[] { ("shop", 3L), ("_100%", 3L), ("1_0", 0L), ("%", 3L), ("a/b", 3L), ("\\", 0L) })
            (await lists.CountAsync(new DeploymentLists.Filter([project.OwnerId], Search: search), CancellationToken.None)).ShouldBe(expected, search);
    }

    [Fact]
    public async Task Every_way_to_narrow_a_list_gives_the_rows_and_the_total_that_a_scan_would()
    {
        await using var database = postgres.CreateContext();
        var (shop, docs) = (await AddProjectAsync(database, "shop"), await AddProjectAsync(database, "docs"));
        (docs.OwnerId, docs.RootDir) = (shop.OwnerId, "docs");
        await database.SaveChangesAsync();
        var minute = 0;
        foreach (var project in new[] { shop, docs, shop })
        {
            foreach (var status in new[] { DeploymentStatus.Success, DeploymentStatus.Failed, DeploymentStatus.Queued })
                await AddAsync(database, project, 1, status, Begin.AddMinutes(minute++));
        }

        // Every third is a preview of another branch.
        var all = await database.Deployments.AsNoTracking().Where(row => row.OwnerId == shop.OwnerId).OrderByDescending(row => row.CreatedAt).ToListAsync();
        foreach (var row in all.Where((_, index) => index % 3 == 0))
        {
            (row.Environment, row.Branch) = (DeploymentTrust.Preview, "topic");
            await database.Deployments.Where(each => each.Id == row.Id)
                .ExecuteUpdateAsync(each => each.SetProperty(found => found.Environment, row.Environment).SetProperty(found => found.Branch, row.Branch));
        }

        var lists = new DeploymentLists(database);
        var filters =
            from search in new[] { null, "SHOP", "o", "none" }
            from projectId in new Guid?[] { null, docs.Id }
            from status in new[] { null, DeploymentStatus.Failed }
            from branch in new[] { null, "topic" }
            from environment in new[] { null, DeploymentTrust.Preview, DeploymentTrust.Production }
            select new DeploymentLists.Filter([shop.OwnerId], status, search, projectId, branch, environment);
        foreach (var filter in filters)
        {
            var expected = all.Where(row => IsMeant(row, filter)).Select(row => row.Id).ToList();
            (await (await lists.PageAsync(filter, 0, 20, null, CancellationToken.None)).Select(row => row.Id).ToListAsync()).ShouldBe(expected, filter.ToString());
            (await (await lists.PageAsync(filter, 1, 2, null, CancellationToken.None)).Select(row => row.Id).ToListAsync()).ShouldBe(expected.Skip(1).Take(2), filter.ToString());
            (await lists.CountAsync(filter, CancellationToken.None)).ShouldBe(expected.Count, filter.ToString());
        }

        await database.Projects.Where(row => row.OwnerId == shop.OwnerId).ExecuteDeleteAsync();
        (await database.ProjectDeploymentCounts.CountAsync(row => row.ProjectId == shop.Id || row.ProjectId == docs.Id)).ShouldBe(0);

        bool IsMeant(Deployment row, DeploymentLists.Filter filter) =>
            (filter.Search is null || (row.ProjectId == shop.Id ? "shop" : "docs").Contains(filter.Search, StringComparison.OrdinalIgnoreCase))
            && (filter.ProjectId is null || row.ProjectId == filter.ProjectId) && (filter.Status is null || row.Status == filter.Status)
            && (filter.Branch is null || row.Branch == filter.Branch) && (filter.Environment is null || row.Environment == filter.Environment);
    }

    private static async Task<List<int>> MinutesAsync(IQueryable<Deployment> page) =>
        [.. (await page.Select(row => row.CreatedAt).ToListAsync()).Select(moment => (int)(moment - Begin).TotalMinutes)];

    private static async Task<Dictionary<string, long>> CountsAsync(PlatformDbContext database, Guid owner) =>
        await database.DeploymentCounts.AsNoTracking().Where(count => count.OwnerId == owner && count.Total != 0).ToDictionaryAsync(count => count.Status, count => count.Total);

    private static async Task AddAsync(PlatformDbContext database, Project project, int count, string status, DateTimeOffset? at = null)
    {
        for (var number = 0; number < count; number++)
        {
            database.Deployments.Add(new Deployment
            {
                OwnerId = project.OwnerId,
                ProjectId = project.Id,
                UserId = project.UserId,
                Branch = "main",
                Status = status,
                CreatedAt = at ?? Begin.AddSeconds(number),
            });
        }

        await database.SaveChangesAsync();
        database.ChangeTracker.Clear();
    }

    private static async Task<Project> AddProjectAsync(PlatformDbContext database, string name = "app")
    {
        var user = new PlatformUser { Id = Guid.NewGuid(), Name = "Test", Email = $"{Guid.NewGuid():N}@example.com" };
        var project = new Project
        {
            Id = Guid.NewGuid(),
            OwnerId = user.Id,
            UserId = user.Id,
            Name = name,
            Slug = $"p{Guid.NewGuid():N}",
            Repository = "https://git.example.com/a/b",
        };
        database.AddRange(user, project);
        await database.SaveChangesAsync();
        return project;
    }
}
