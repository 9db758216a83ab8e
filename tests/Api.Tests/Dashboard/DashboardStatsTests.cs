using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Platform.Api.Dashboard;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Dashboard;

[Trait("Category", "Integration")]
public sealed class DashboardStatsTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_new_account_has_zeros_and_no_rates()
    {
        var user = await api.SignUpAsync();

        var stats = await ReadAsync(user);

        stats.GetProperty("totalDeployments").GetInt64().ShouldBe(0);
        stats.GetProperty("weeklyChange").GetString().ShouldBe("0");
        stats.GetProperty("activeProjects").GetInt64().ShouldBe(0);
        stats.GetProperty("successRate").ValueKind.ShouldBe(JsonValueKind.Null);
        stats.GetProperty("avgDeployTime").ValueKind.ShouldBe(JsonValueKind.Null);
        stats.GetProperty("timeImprovement").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Figures_compare_a_month_with_the_one_before()
    {
        var (user, other) = (await api.SignUpAsync(), await api.SignUpAsync());
        var now = api.Time.GetUtcNow();
        await AddAsync(user.Id, DeploymentStatus.Success, now.AddSeconds(-1), 120, live: true);
        await AddAsync(user.Id, DeploymentStatus.Success, now.AddDays(-3), 140);
        await AddAsync(user.Id, DeploymentStatus.Success, now.AddDays(-20), 130);
        await AddAsync(user.Id, DeploymentStatus.Failed, now.AddDays(-21), 900);
        await AddAsync(user.Id, DeploymentStatus.Cancelled, now.AddDays(-21), 900);
        await AddAsync(user.Id, DeploymentStatus.Success, now.AddDays(-40), 148);
        await AddAsync(user.Id, DeploymentStatus.Failed, now.AddDays(-41), 1);
        await AddAsync(user.Id, DeploymentStatus.Failed, now.AddDays(-90), 1);
        await AddAsync(other.Id, DeploymentStatus.Failed, now, 1);

        var stats = await ReadAsync(user);

        stats.GetProperty("totalDeployments").GetInt64().ShouldBe(8);
        stats.GetProperty("weeklyChange").GetString().ShouldBe("+2");
        stats.GetProperty("activeProjects").GetInt64().ShouldBe(1);
        stats.GetProperty("successRate").GetInt32().ShouldBe(75);
        stats.GetProperty("monthlySuccessChange").GetInt32().ShouldBe(25);
        stats.GetProperty("avgDeployTime").GetString().ShouldBe("2.2m");
        stats.GetProperty("timeImprovement").GetString().ShouldBe("-18s");
    }

    [Theory]
    [InlineData(0, "0s"), InlineData(42.4, "42s"), InlineData(59.6, "1m"), InlineData(144, "2.4m"), InlineData(5400, "1.5h")]
    public void Durations_are_short(double seconds, string text) => DashboardStats.Describe(seconds).ShouldBe(text);

    private static async Task<JsonElement> ReadAsync(ApiUser user) => (await (await user.Client.GetAsync("/api/dashboard/stats")).ReadJsonAsync()).GetProperty("stats");

    private async Task AddAsync(Guid owner, string status, DateTimeOffset at, int seconds, bool live = false)
    {
        await using var database = api.CreateContext();
        var project = await database.Projects.FirstOrDefaultAsync(row => row.OwnerId == owner)
            ?? new Project { Id = Guid.NewGuid(), OwnerId = owner, UserId = owner, Name = "a", Slug = $"p{Guid.NewGuid():N}", Repository = "https://git.example.com/a/b" };
        if (database.Entry(project).State == EntityState.Detached) database.Add(project);
        var deployment = new Deployment
        {
            Id = Guid.NewGuid(),
            OwnerId = owner,
            ProjectId = project.Id,
            UserId = owner,
            Branch = "main",
            Status = status,
            CreatedAt = at,
            BuildDuration = seconds,
        };
        database.Add(deployment);
        await database.SaveChangesAsync();
        if (live) await database.Projects.Where(row => row.Id == project.Id).ExecuteUpdateAsync(row => row.SetProperty(each => each.ProductionDeploymentId, deployment.Id));
    }
}
