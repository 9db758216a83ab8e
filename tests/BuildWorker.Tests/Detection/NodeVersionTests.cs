using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Detection;

namespace Platform.BuildWorker.Tests.Detection;

public sealed class NodeVersionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("22", "22")]
    [InlineData("v24.1.0", "24")]
    [InlineData("18.x", "18")]
    [InlineData("lts/iron", "20")]
    [InlineData("lts/*", "22")]
    [InlineData(">=18", "22")]
    [InlineData(">=18 <21", "20")]
    [InlineData("^20.1.0 || >=23", "24")]
    [InlineData("^18.0.0 || ^20.0.0", "20")]
    [InlineData("20 - 22", "22")]
    [InlineData("~24.21.0", "24")]
    [InlineData(">=20.0.0, <21", null)]
    [InlineData("16.x", null)]
    [InlineData(">=99", null)]
    [InlineData("nonsense", null)]
    public void Range_chooses_a_version_that_there_is(string wanted, string? major)
    {
        if (major is null)
        {
            var failure = Should.Throw<BuildFailureException>(() => Choose(wanted));
            failure.Code.ShouldBe(FailureCode.WrongNodeVersion);
            failure.Hint.ShouldNotBeNull().ShouldContain("22.23.3");
        }
        else
        {
            Choose(wanted).Major.ShouldBe(major);
        }
    }

    [Fact]
    public void Settings_win_over_engines_over_nvmrc_over_node_version()
    {
        Choose(null).Major.ShouldBe("22");
        _directory.Write(".node-version", "20.5.0\n");
        Choose(null).Major.ShouldBe("20");
        _directory.Write(".nvmrc", "# ours\nv18\n");
        Choose(null).Major.ShouldBe("18");
        _directory.Write("package.json", """{"engines":{"node":"24.x"}}""");
        Choose(null).Major.ShouldBe("24");
        Choose("20").ShouldSatisfyAllConditions(node => node.Major.ShouldBe("20"), node => node.Reason.ShouldContain("settings"));
    }

    [Fact]
    public void A_version_that_is_not_there_is_named_with_where_it_is_asked_for()
    {
        Should.Throw<BuildFailureException>(() => Choose("4")).ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe(FailureCode.WrongNodeVersion),
            failure => failure.Line.ShouldBe("the project's settings: 4"),
            failure => failure.Hint!.Split("the project's settings").Length.ShouldBe(2));
        _directory.Write(".nvmrc", "4");
        Should.Throw<BuildFailureException>(() => Choose(null)).Line.ShouldBe(".nvmrc: 4");
    }

    [Fact]
    public void Image_has_the_versions_that_are_offered()
    {
        var dockerfile = File.ReadAllText(Path.Combine(Core.InstallationRoot.Find(AppContext.BaseDirectory), "images", "build-node", "Dockerfile"))
            + File.ReadAllText(Path.Combine(Core.InstallationRoot.Find(AppContext.BaseDirectory), "images", "node", "Dockerfile"));

        BuildsFeature.ImageNodeVersions.ShouldAllBe(version => dockerfile.Contains(version, StringComparison.Ordinal));
    }

    public void Dispose() => _directory.Dispose();

    private NodeVersion Choose(string? setting) => NodeVersion.Choose(setting, [_directory.Path], BuildsFeature.ImageNodeVersions);
}
