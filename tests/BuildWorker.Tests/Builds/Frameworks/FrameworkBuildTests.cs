using Platform.Core.Artifacts;
using Platform.Core.Data.Entities;

namespace Platform.BuildWorker.Tests.Builds;

/// <summary>Real projects, installed from the package registry and built. The first three belong to every run, the others to the suite of frameworks.</summary>
[Trait("Requires", "Docker")]
public sealed class FrameworkBuildTests(BuildWorkerFixture fixture) : BuildTestBase(fixture), IClassFixture<BuildWorkerFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(7);

    public static TheoryData<string> Common => [.. FrameworkProjects.OfEveryRun];

    public static TheoryData<string> Others => [.. FrameworkProjects.Names.Except(FrameworkProjects.OfEveryRun)];

    [Theory, MemberData(nameof(Common))]
    [Trait("Category", "Integration")]
    public Task Common_framework_is_built(string name) => ShouldBuildAsync(name);

    [Theory, MemberData(nameof(Others))]
    [Trait("Category", "Frameworks")]
    public Task Framework_is_built(string name) => ShouldBuildAsync(name);

    private async Task ShouldBuildAsync(string name)
    {
        var project = FrameworkProjects.Find(name);
        foreach (var (path, content) in project.Files) Repository.Write(path, content);
        Repository.Commit(name);

        var deployment = await BuildAsync(row => row.RootDir = project.RootDir, timeout: Limit);

        var lines = await LinesAsync(deployment.Id);
        deployment.Status.ShouldBe(DeploymentStatus.Success, $"{deployment.ErrorMessage}\n{string.Join('\n', lines.TakeLast(40))}");
        lines.ShouldContain(line => line.Contains(project.Detected, StringComparison.Ordinal));
        SiteManifestJson.Read(deployment.Manifest!).Files.Keys.ShouldContain(project.Page);
        await ShouldLeaveNothingAsync();
    }
}
