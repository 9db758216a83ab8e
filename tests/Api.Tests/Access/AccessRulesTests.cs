using Platform.Api.Common.Access;
using Platform.Core.Data.Entities;

namespace Platform.Api.Tests.Access;

public sealed class AccessRulesTests
{
    /// <summary>Role × action for a verified address and for one that is not: + allowed, - forbidden, v verify first, . hidden.</summary>
    [Theory]
    // The letters: Read, Use, Write, Deploy, Manage, ManageMembers, Own.
    [InlineData(null, ".......", ".......")]
    [InlineData(OrganizationRole.Viewer, "+------", "+------")]
    [InlineData(OrganizationRole.Developer, "++++---", "+++v---")]
    [InlineData(OrganizationRole.Admin, "++++++-", "+++v+v-")]
    [InlineData(OrganizationRole.Owner, "+++++++", "+++v+v+")]
    public void The_table_is_this_one(OrganizationRole? role, string verified, string unverified)
    {
        Describe(role, verified: true).ShouldBe(verified);
        Describe(role, verified: false).ShouldBe(unverified);
    }

    [Fact]
    public void Each_role_may_what_the_one_before_it_may()
    {
        foreach (var action in Enum.GetValues<AccessAction>())
        {
            var allowed = Enum.GetValues<OrganizationRole>().Select(role => AccessRules.Decide(role, action, verified: true) == AccessDecision.Allowed).ToList();
            allowed.ShouldBe(allowed.Order());
            allowed[^1].ShouldBeTrue();
        }
    }

    [Fact]
    public void Scopes_include_what_they_say_and_nothing_else()
    {
        ApiScopes.All.Select(scope => scope.Name).ShouldBeUnique();
        ApiScopes.All.Where(scope => scope.Includes is not null).ShouldAllBe(scope => ApiScopes.IsKnown(scope.Includes));
        ApiScopes.Allows(["deployments:write"], "deployments:read").ShouldBeTrue();
        ApiScopes.Allows(["deployments:read"], "deployments:write").ShouldBeFalse();
        ApiScopes.Allows(["snippets"], "deployments:read").ShouldBeFalse();
        ApiScopes.Allows([], "execute").ShouldBeFalse();
    }

    private static string Describe(OrganizationRole? role, bool verified) =>
        string.Concat(Enum.GetValues<AccessAction>().Select(action => AccessRules.Decide(role, action, verified) switch
        {
            AccessDecision.Allowed => '+',
            AccessDecision.Forbidden => '-',
            AccessDecision.VerificationNeeded => 'v',
            _ => '.',
        }));
}
