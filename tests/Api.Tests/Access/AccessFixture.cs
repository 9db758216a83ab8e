using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Platform.Api.ApiTokens;
using Platform.Api.Common;
using Platform.Api.Common.Access;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Access;

/// <summary>The Api with one account for each kind of caller.</summary>
public sealed class AccessFixture : IAsyncLifetime
{
    private readonly Dictionary<AccessActor, ApiUser> _users = [];

    public ApiFactory Api { get; } = new LastingSessions();

    public ApiUser Owner => _users[AccessActor.Owner];

    public ApiUser Other => _users[AccessActor.Other];

    public async Task InitializeAsync()
    {
        await ((IAsyncLifetime)Api).InitializeAsync();
        // The first account of an installation is its administrator.
        _users[AccessActor.SiteAdmin] = await Api.SignUpAsync();
        foreach (var actor in new[] { AccessActor.Other, AccessActor.Viewer, AccessActor.Developer, AccessActor.Admin, AccessActor.Owner })
            _users[actor] = await Api.SignUpAsync();
        _users[AccessActor.Unverified] = await Api.SignUpAsync(verified: false);
    }

    public Task DisposeAsync() => ((IAsyncLifetime)Api).DisposeAsync();

    /// <summary>A fresh organisation with its members, and the caller to try it as.</summary>
    public async Task<AccessCell> NewCellAsync(AccessActor actor, bool freshCaller, string? requiredScope)
    {
        var users = new Dictionary<AccessActor, ApiUser>(_users);
        // The tokens are the owner's.
        var person = actor is AccessActor.ExpiredToken or AccessActor.WrongScope ? AccessActor.Owner : actor;
        if (freshCaller && person != AccessActor.Anonymous) users[person] = await NewUserAsync(person);
        var caller = actor == AccessActor.Anonymous ? null : users[person];
        var organization = await NewOrganizationAsync(users);
        var credential = actor switch
        {
            AccessActor.Anonymous => null,
            AccessActor.ExpiredToken => await NewTokenAsync(users[person].Id, AllScopes, expired: true),
            AccessActor.WrongScope => await NewTokenAsync(users[person].Id, [.. AllScopes.Where(scope => requiredScope is null || !ApiScopes.Allows([scope], requiredScope))]),
            _ => caller!.AccessToken,
        };
        return new AccessCell(this, organization, users, caller, credential);
    }

    /// <summary>An API token, made by hand: also what the Api would not make.</summary>
    public async Task<string> NewTokenAsync(Guid userId, IReadOnlyList<string> scopes, bool expired = false, Guid? organizationId = null)
    {
        var text = ApiTokenText.Create();
        var now = Api.Time.GetUtcNow();
        await using var database = Api.CreateContext();
        database.ApiTokens.Add(new ApiToken
        {
            Id = Guid.CreateVersion7(),
            UserId = userId,
            OrganizationId = organizationId,
            Name = "test",
            TokenHash = OpaqueToken.Hash(text),
            Hint = ApiTokenText.Hint(text),
            Scopes = [.. scopes],
            ExpiresAt = expired ? now.AddSeconds(-1) : now.AddDays(1),
            CreatedAt = now.AddDays(-1),
        });
        await database.SaveChangesAsync();
        return text;
    }

    public static IReadOnlyList<string> AllScopes { get; } = [.. ApiScopes.All.Select(scope => scope.Name)];

    private async Task<ApiUser> NewUserAsync(AccessActor actor)
    {
        var user = await Api.SignUpAsync(verified: actor != AccessActor.Unverified);
        if (actor != AccessActor.SiteAdmin) return user;
        await using var database = Api.CreateContext();
        var role = await database.Roles.SingleAsync(row => row.Name == PlatformRoles.Admin);
        database.UserRoles.Add(new IdentityUserRole<Guid> { UserId = user.Id, RoleId = role.Id });
        await database.SaveChangesAsync();
        return user;
    }

    private async Task<Guid> NewOrganizationAsync(Dictionary<AccessActor, ApiUser> users)
    {
        var id = Guid.CreateVersion7();
        await using var database = Api.CreateContext();
        database.Organizations.Add(new Organization { Id = id, Name = "Test", Slug = $"t-{Guid.NewGuid():N}" });
        Add(AccessActor.Viewer, OrganizationRole.Viewer);
        Add(AccessActor.Developer, OrganizationRole.Developer);
        Add(AccessActor.Admin, OrganizationRole.Admin);
        Add(AccessActor.Unverified, OrganizationRole.Admin);
        Add(AccessActor.Owner, OrganizationRole.Owner);
        await database.SaveChangesAsync();
        return id;

        void Add(AccessActor actor, OrganizationRole role) =>
            database.OrganizationMembers.Add(new OrganizationMember { OrganizationId = id, UserId = users[actor].Id, Role = role, CreatedAt = Api.Time.GetUtcNow() });
    }

    /// <summary>The callers sign in once; on a slow machine the table takes longer than their tokens would last.</summary>
    private sealed class LastingSessions : ApiFactory
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.UseSetting("Auth:AccessTokenLifetime", "12:00:00");
        }
    }
}
