using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Core.Data.Entities;
using Platform.Core.Jobs;
using Platform.Testing;

namespace Platform.Core.Tests.Data;

[Trait("Category", "Integration")]
public sealed class KnownPullRequestsTests
{
    [Fact]
    public async Task Projects_that_listen_already_have_their_pull_requests_read_once()
    {
        var name = await TestDatabases.CreateMigratedAsync();
        try
        {
            await using var context = TestDatabases.CreateContext(TestDatabases.ConnectionString(name));
            await context.Database.MigrateAsync("20261121000096_OpenPullRequests");
            var user = new PlatformUser { Id = Guid.NewGuid(), Name = "Test", Email = "a@example.test", UserName = "a@example.test" };
            var (listens, silent, elsewhere) = (Project(user, "listens", "5", autoDeploy: true), Project(user, "silent", "6", autoDeploy: false), Project(user, "elsewhere", null, autoDeploy: true));
            context.AddRange(user, listens, silent, elsewhere);
            await context.SaveChangesAsync();

            await context.Database.MigrateAsync();

            var job = (await context.OutboxJobs.AsNoTracking().ToListAsync()).ShouldHaveSingleItem();
            (job.Type, job.Queue, job.MaxAttempts).ShouldBe((SyncWebhookJob.Type, SyncWebhookJob.Queue, SyncWebhookJob.Options.MaxAttempts));
            JsonSerializer.Deserialize<SyncWebhookJob>(job.Payload, JsonSerializerOptions.Web).ShouldBe(new SyncWebhookJob(listens.Id));
        }
        finally
        {
            await TestDatabases.DropAsync(name);
        }
    }

    private static Project Project(PlatformUser user, string name, string? repository, bool autoDeploy) => new()
    {
        Id = Guid.NewGuid(),
        OwnerId = user.Id,
        UserId = user.Id,
        Name = name,
        Slug = name,
        Repository = $"https://github.com/ada/{name}",
        GitHubRepoId = repository,
        AutoDeploy = autoDeploy,
    };
}
