using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Core.Data;
using Platform.Core.Data.Conventions;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.Core.Tests.Data;

[Trait("Category", "Integration")]
public sealed class ModelTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("GitHubAccessToken", "github_access_token")]
    [InlineData("OwnerId", "owner_id")]
    [InlineData("IPAddress", "ip_address")]
    [InlineData("Id", "id")]
    public void Names_become_snake_case(string name, string expected) => SnakeCaseConvention.ToSnakeCase(name).ShouldBe(expected);

    [Fact]
    public async Task A_setting_that_is_to_be_detected_is_stored_as_null()
    {
        var project = await AddProjectAsync("detected");

        await using var context = postgres.CreateContext();
        var stored = await context.Projects.SingleAsync(row => row.Id == project.Id);

        stored.BuildCommand.ShouldBeNull();
        stored.OutputDir.ShouldBeNull();
        stored.CreatedAt.ShouldNotBe(default);
        stored.Id.Version.ShouldBe(7);
    }

    [Fact]
    public async Task Notifications_can_be_stored_as_off()
    {
        await using var context = postgres.CreateContext();
        var user = await AddUserAsync(context, "off");
        context.UserPreferences.Add(new UserPreferences { UserId = user.Id, EmailNotifications = false });
        await context.SaveChangesAsync();
        context.ChangeTracker.Clear();

        var stored = await context.UserPreferences.SingleAsync(row => row.UserId == user.Id);

        stored.EmailNotifications.ShouldBeFalse();
        stored.DeploymentFailureNotifications.ShouldBeTrue();
    }

    [Theory]
    [InlineData("two--dashes")]
    [InlineData("-leading")]
    [InlineData("trailing-")]
    [InlineData("Upper")]
    public async Task A_slug_that_is_no_host_name_label_is_refused(string slug)
    {
        var failure = await Should.ThrowAsync<DbUpdateException>(() => AddProjectAsync(slug));

        failure.InnerException.ShouldBeOfType<PostgresException>().ConstraintName.ShouldBe("ck_projects_slug");
    }

    [Fact]
    public async Task An_account_takes_everything_of_its_own_along()
    {
        var project = await AddProjectAsync("whole");
        await using var context = postgres.CreateContext();
        var deployment = new Deployment { OwnerId = project.OwnerId, UserId = project.UserId, ProjectId = project.Id, Branch = "main" };
        deployment.Stages.Add(new DeploymentStage { StageName = DeploymentStatus.Queued });
        context.Deployments.Add(deployment);
        await context.SaveChangesAsync();
        context.DeploymentLogs.Add(new DeploymentLog { DeploymentId = deployment.Id, Seq = 1, LogLevel = "info", Message = "line" });
        await context.SaveChangesAsync();
        await context.Projects.Where(row => row.Id == project.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.ProductionDeploymentId, deployment.Id));

        await context.Users.Where(user => user.Id == project.UserId).ExecuteDeleteAsync();

        (await context.Projects.AnyAsync(row => row.Id == project.Id)).ShouldBeFalse();
        (await context.Deployments.AnyAsync(row => row.Id == deployment.Id)).ShouldBeFalse();
        (await context.DeploymentLogs.AnyAsync(row => row.DeploymentId == deployment.Id)).ShouldBeFalse();
        (await context.DeploymentStages.AnyAsync(row => row.DeploymentId == deployment.Id)).ShouldBeFalse();
    }

    private async Task<Project> AddProjectAsync(string slug)
    {
        await using var context = postgres.CreateContext();
        var user = await AddUserAsync(context, slug);
        var project = new Project { OwnerId = user.Id, UserId = user.Id, Name = slug, Slug = slug, Repository = "sample:html" };
        context.Projects.Add(project);
        await context.SaveChangesAsync();
        return project;
    }

    private static async Task<PlatformUser> AddUserAsync(PlatformDbContext context, string name)
    {
        var email = $"{name}@example.com";
        var user = new PlatformUser { Name = name, Email = email, NormalizedEmail = email, UserName = email, NormalizedUserName = email };
        context.Users.Add(user);
        await context.SaveChangesAsync();
        return user;
    }
}
