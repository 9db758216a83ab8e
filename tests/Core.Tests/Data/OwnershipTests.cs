using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.Core.Tests.Data;

/// <summary>What the database itself holds together between owners, their things and the people who made them.</summary>
[Trait("Category", "Integration")]
public sealed class OwnershipTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task What_a_person_made_for_an_organisation_stays_when_they_go()
    {
        var (owner, leaver) = (await AddUserAsync(), await AddUserAsync());
        var organization = await AddOrganizationAsync((owner, OrganizationRole.Owner), (leaver, OrganizationRole.Developer));
        var project = await AddProjectAsync(organization, leaver);
        await using var context = postgres.CreateContext();
        context.Deployments.Add(new Deployment { OwnerId = organization, UserId = leaver, ProjectId = project, Branch = "main" });
        await context.SaveChangesAsync();

        await context.Users.Where(user => user.Id == leaver).ExecuteDeleteAsync();

        (await context.Projects.AsNoTracking().SingleAsync(row => row.Id == project)).UserId.ShouldBe(owner);
        (await context.Deployments.AsNoTracking().SingleAsync(row => row.ProjectId == project)).UserId.ShouldBe(owner);
        (await context.OrganizationMembers.CountAsync(row => row.OrganizationId == organization)).ShouldBe(1);
    }

    [Fact]
    public async Task The_last_owner_of_others_cannot_be_deleted_and_is_told_of_what()
    {
        var (owner, member) = (await AddUserAsync(), await AddUserAsync());
        var organization = await AddOrganizationAsync((owner, OrganizationRole.Owner), (member, OrganizationRole.Admin));
        await using var context = postgres.CreateContext();

        (await LastOwnerships.FindAsync(context, owner, CancellationToken.None)).ShouldHaveSingleItem().Id.ShouldBe(organization);
        (await LastOwnerships.FindAsync(context, member, CancellationToken.None)).ShouldBeEmpty();
        (await Should.ThrowAsync<PostgresException>(() => context.Users.Where(user => user.Id == owner).ExecuteDeleteAsync()))
            .SqlState.ShouldBe(PostgresErrorCodes.RestrictViolation);

        await context.OrganizationMembers.Where(row => row.UserId == member).ExecuteUpdateAsync(row => row.SetProperty(each => each.Role, OrganizationRole.Owner));
        (await LastOwnerships.FindAsync(context, owner, CancellationToken.None)).ShouldBeEmpty();
        (await context.Users.Where(user => user.Id == owner).ExecuteDeleteAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task An_organisation_that_nobody_else_is_in_goes_along_with_all_it_owns()
    {
        var (owner, former) = (await AddUserAsync(), await AddUserAsync());
        var organization = await AddOrganizationAsync((owner, OrganizationRole.Owner));
        // Made by somebody who left before.
        var project = await AddProjectAsync(organization, former);
        await using var context = postgres.CreateContext();

        await context.Users.Where(user => user.Id == owner).ExecuteDeleteAsync();

        (await context.Organizations.AnyAsync(row => row.Id == organization)).ShouldBeFalse();
        (await context.Projects.AnyAsync(row => row.Id == project)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_was_handed_to_a_person_goes_with_that_person()
    {
        var (maker, owner) = (await AddUserAsync(), await AddUserAsync());
        var (stays, goes) = (await AddProjectAsync(owner, maker), await AddProjectAsync(maker, owner));
        await using var context = postgres.CreateContext();

        await context.Users.Where(user => user.Id == maker).ExecuteDeleteAsync();

        (await context.Projects.AsNoTracking().SingleAsync(row => row.Id == stays)).UserId.ShouldBe(owner);
        (await context.Projects.AnyAsync(row => row.Id == goes)).ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_belongs_to_an_owner_that_does_not_exist()
    {
        var user = await AddUserAsync();

        var failure = await Should.ThrowAsync<DbUpdateException>(() => AddProjectAsync(Guid.NewGuid(), user));

        failure.InnerException.ShouldBeOfType<PostgresException>().SqlState.ShouldBe(PostgresErrorCodes.ForeignKeyViolation);
    }

    [Fact]
    public async Task Whoever_changes_a_project_notices_that_it_was_handed_over()
    {
        var (first, second) = (await AddUserAsync(), await AddUserAsync());
        var id = await AddProjectAsync(first, first);
        await using var context = postgres.CreateContext();
        var project = await context.Projects.SingleAsync(row => row.Id == id);
        await using (var other = postgres.CreateContext())
            await other.Projects.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(each => each.OwnerId, second));

        project.Branch = "next";
        await Should.ThrowAsync<DbUpdateConcurrencyException>(() => context.SaveChangesAsync());
    }

    private async Task<Guid> AddUserAsync()
    {
        var id = Guid.CreateVersion7();
        var email = $"{id:N}@example.com";
        await using var context = postgres.CreateContext();
        context.Users.Add(new PlatformUser { Id = id, Name = "x", Email = email, NormalizedEmail = email, UserName = email, NormalizedUserName = email });
        await context.SaveChangesAsync();
        return id;
    }

    private async Task<Guid> AddOrganizationAsync(params (Guid User, OrganizationRole Role)[] members)
    {
        var id = Guid.CreateVersion7();
        await using var context = postgres.CreateContext();
        context.Organizations.Add(new Organization { Id = id, Name = "x", Slug = $"o-{id:N}" });
        foreach (var (user, role) in members) context.OrganizationMembers.Add(new OrganizationMember { OrganizationId = id, UserId = user, Role = role });
        await context.SaveChangesAsync();
        return id;
    }

    private async Task<Guid> AddProjectAsync(Guid owner, Guid maker)
    {
        var id = Guid.CreateVersion7();
        await using var context = postgres.CreateContext();
        context.Projects.Add(new Project { Id = id, OwnerId = owner, UserId = maker, Name = "x", Slug = $"p-{id:N}", Repository = $"https://git.example.com/{id:N}" });
        await context.SaveChangesAsync();
        return id;
    }
}
