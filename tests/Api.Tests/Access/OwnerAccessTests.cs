using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Platform.Api.Access;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Core.Data;
using Platform.Core.Data.Entities;
using Platform.Testing;

namespace Platform.Api.Tests.Access;

[Trait("Category", "Integration")]
public sealed class OwnerAccessTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_request_asks_the_database_once_and_not_at_all_for_what_is_ones_own()
    {
        var (user, organization) = await SeedAsync();
        var counter = new Counter();
        var options = new DbContextOptionsBuilder<PlatformDbContext>();
        options.UseNpgsql(postgres.ConnectionString).AddInterceptors(counter).UsePlatformModel();
        await using var database = new PlatformDbContext(options.Options);
        var access = new OwnerAccess(database);

        (await access.DecideAsync(user, user.Id, AccessAction.Write, CancellationToken.None)).ShouldBe(AccessDecision.Allowed);
        counter.Count.ShouldBe(0);
        (await access.DecideAsync(user, organization, AccessAction.Deploy, CancellationToken.None)).ShouldBe(AccessDecision.Allowed);
        (await access.DecideAsync(user, organization, AccessAction.Manage, CancellationToken.None)).ShouldBe(AccessDecision.Forbidden);
        (await access.DecideAsync(user, user.Id, AccessAction.Deploy, CancellationToken.None)).ShouldBe(AccessDecision.Allowed);
        (await access.DecideAsync(user, Guid.NewGuid(), AccessAction.Read, CancellationToken.None)).ShouldBe(AccessDecision.Hidden);
        (await access.FindVisibleOwnersAsync(user, CancellationToken.None)).ShouldBe([user.Id, organization]);
        (await access.FindRoleAsync(user, organization, CancellationToken.None)).ShouldBe(OrganizationRole.Developer);
        counter.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_administrator_of_the_installation_has_no_power_here()
    {
        var (_, organization) = await SeedAsync();
        var admin = new CurrentUser(Guid.NewGuid(), Guid.NewGuid(), "", "", PlatformRoles.Admin);
        await using var database = postgres.CreateContext();

        (await new OwnerAccess(database).DecideAsync(admin, organization, AccessAction.Read, CancellationToken.None)).ShouldBe(AccessDecision.Hidden);
    }

    [Fact]
    public async Task A_token_of_another_organisation_reaches_nothing_here()
    {
        var (user, organization) = await SeedAsync();
        var program = user with { Token = new ApiTokenGrant(Guid.NewGuid(), [], Guid.NewGuid()) };
        await using var database = postgres.CreateContext();
        var access = new OwnerAccess(database);

        (await access.DecideAsync(program, organization, AccessAction.Read, CancellationToken.None)).ShouldBe(AccessDecision.Hidden);
        (await access.DecideAsync(program, user.Id, AccessAction.Read, CancellationToken.None)).ShouldBe(AccessDecision.Hidden);
        (await access.FindVisibleOwnersAsync(program, CancellationToken.None)).ShouldBeEmpty();
        (await access.FindRoleAsync(program, organization, CancellationToken.None)).ShouldBeNull();
    }

    private async Task<(CurrentUser User, Guid Organization)> SeedAsync()
    {
        var (id, organization) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var email = $"{id:N}@example.com";
        await using var database = postgres.CreateContext();
        database.Users.Add(new PlatformUser { Id = id, Name = "x", Email = email, NormalizedEmail = email, UserName = email, NormalizedUserName = email, EmailConfirmed = true });
        database.Organizations.Add(new Organization { Id = organization, Name = "x", Slug = $"o-{organization:N}" });
        database.OrganizationMembers.Add(new OrganizationMember { OrganizationId = organization, UserId = id, Role = OrganizationRole.Developer });
        await database.SaveChangesAsync();
        return (new CurrentUser(id, Guid.NewGuid(), email, "x", PlatformRoles.User), organization);
    }

    private sealed class Counter : DbCommandInterceptor
    {
        public int Count { get; private set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Count++;
            return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
        }
    }
}
