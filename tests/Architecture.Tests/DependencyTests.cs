using System.Text.RegularExpressions;

namespace Platform.Architecture.Tests;

/// <summary>Dependencies point one way: processes → ServiceDefaults → Core → nothing of ours.</summary>
public sealed partial class DependencyTests
{
    /// <summary>Uses of one feature of the Api by another that were weighed and found right: user → used.</summary>
    private static readonly HashSet<(string User, string Used)> AllowedFeatureUses =
    [
        // The demo account is made like any other.
        ("Demo", "Auth"), ("Demo", "Deployments"),
        // Whoever closes an account ends its sessions; the scheme of sessions hands API tokens on.
        ("Admin", "Auth"), ("ApiTokens", "Auth"),
        // A snippet is run like any other code.
        ("Snippets", "Execution"),
        // A project is what is deployed: it deploys, lists its deployments and takes them along when it goes.
        ("Projects", "Deployments"),
        // Another system's protocol for the same runs.
        ("Piston", "Execution"),
        // Profile and account are asked for a proof and end sessions; the logins stand in the profile.
        ("Users", "Auth"),
        // Connecting GitHub is begun in a session and is a choice of the journey.
        ("GitHub", "Auth"), ("GitHub", "Users"),
        // What people are told of a deployment, webhooks are told as well.
        ("Notifications", "Webhooks"),
        // A push makes deployments, and a deployment may name a repository of the connected account.
        ("GitHub", "Deployments"),
    ];

    public static TheoryData<string, string[]> AllowedReferences => new()
    {
        { "Core", [] },
        { "ServiceDefaults", ["Core"] },
        { "Api", ["Core", "ServiceDefaults"] },
        { "BuildWorker", ["Core", "ServiceDefaults"] },
        { "ExecutionWorker", ["Core", "ServiceDefaults"] },
        { "Web", ["Core", "ServiceDefaults"] },
    };

    [Theory, MemberData(nameof(AllowedReferences))]
    public void A_project_references_only_what_lies_below_it(string project, string[] allowed)
    {
        using var metadata = Metadata.Of(project);

        metadata.ReferencedAssemblies.Where(name => name.StartsWith("Platform.", StringComparison.Ordinal))
            .Except(allowed.Select(name => $"Platform.{name}"))
            .ShouldBeEmpty();
    }

    [Theory, InlineData("Api"), InlineData("Web"), InlineData("ServiceDefaults")]
    public void Only_the_workers_talk_to_the_container_engine(string project)
    {
        using var metadata = Metadata.Of(project);

        metadata.ReferencedNamespaces.Where(name => name.StartsWith("Platform.Core.Containers", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void A_feature_of_the_Api_uses_no_other_feature()
    {
        var uses =
            from file in SourceTree.Files("Api", "*.cs")
            let feature = file.Split('/') is [_, var folder, _, ..] ? folder : null
            where feature is not null and not "Common"
            from Match match in ApiNamespace().Matches(SourceTree.Read(file))
            let used = match.Groups["feature"].Value
            where used != feature && used != "Common" && !AllowedFeatureUses.Contains((feature, used))
            select $"{file} uses Platform.Api.{used}";

        uses.Distinct().ShouldBeEmpty();
    }

    [Fact]
    public void The_common_part_of_the_Api_knows_no_feature()
    {
        var uses =
            from file in SourceTree.Files("Api/Common", "*.cs")
            from Match match in ApiNamespace().Matches(SourceTree.Read(file))
            where match.Groups["feature"].Value != "Common"
            select $"{file} uses {match.Value}";

        uses.Distinct().ShouldBeEmpty();
    }

    [GeneratedRegex(@"Platform\.Api\.(?<feature>[A-Z][A-Za-z]*)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex ApiNamespace();
}
