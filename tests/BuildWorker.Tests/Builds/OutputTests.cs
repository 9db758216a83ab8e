using Platform.BuildWorker.Builds;
using Platform.Core.Artifacts;
using Platform.Core.Data.Entities;

namespace Platform.BuildWorker.Tests.Builds;

/// <summary>What counts as the output of a build, and what its sources may be.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class OutputTests(BuildWorkerFixture fixture) : BuildTestBase(fixture), IClassFixture<BuildWorkerFixture>
{
    [Fact]
    public async Task Unknown_directory_is_found_by_what_the_build_has_written()
    {
        Repository.Write("public/index.html", "a template that is no output");
        CommitBuild("mkdir -p some/where/deep; echo made > some/where/index.html; echo made > some/where/deep/index.html; touch some/where/.nojekyll");

        var deployment = await BuildAsync();

        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        SiteManifestJson.Read(deployment.Manifest!).Files.Keys.ShouldBe(["index.html", "deep/index.html", ".nojekyll"], ignoreOrder: true);
        (await LinesAsync(deployment.Id)).ShouldContain(line => line.Contains("some/where/index.html", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_that_was_there_before_is_no_output()
    {
        Repository.Write("dist/index.html", "old");
        CommitBuild("echo nothing");

        var deployment = await BuildAsync();

        deployment.ErrorCode.ShouldBe(FailureCode.NoOutput);
        deployment.ErrorHint.ShouldNotBeNullOrEmpty();
        deployment.ErrorLine.ShouldBe("nothing");
    }

    [Fact]
    public async Task Failed_build_publishes_nothing_of_what_it_had_made()
    {
        CommitBuild("mkdir dist; echo half > dist/index.html; echo 'Error: no more'; exit 3");

        var deployment = await BuildAsync();

        deployment.ErrorCode.ShouldBe(FailureCode.BuildFailed);
        deployment.ErrorLine.ShouldBe("Error: no more");
        deployment.Manifest.ShouldBeNull();
    }

    [Fact]
    public async Task Server_is_told_from_a_site_by_what_was_built()
    {
        CommitBuild("mkdir -p .output/server; echo x > .output/server/index.mjs");

        (await BuildAsync()).ErrorCode.ShouldBe(FailureCode.ServerOnly);
    }

    [Fact]
    public async Task Node_version_is_the_one_that_is_asked_for()
    {
        Repository.Write(".nvmrc", "20");
        CommitBuild("node --version; mkdir dist; echo x > dist/index.html");

        var byFile = await BuildAsync();
        var bySetting = await BuildAsync(row => row.NodeVersion = "24.x");
        var wrong = await BuildAsync(row => row.NodeVersion = "12");

        (await LinesAsync(byFile.Id)).ShouldContain("v20.20.2");
        (await LinesAsync(bySetting.Id)).ShouldContain("v24.21.0");
        wrong.ErrorCode.ShouldBe(FailureCode.WrongNodeVersion);
    }
}
