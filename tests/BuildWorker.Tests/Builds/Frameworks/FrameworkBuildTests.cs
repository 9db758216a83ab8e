using System.Diagnostics;
using Platform.Core.Artifacts;
using Platform.Core.Data.Entities;
using Xunit.Abstractions;

namespace Platform.BuildWorker.Tests.Builds.Frameworks;

/// <summary>Real projects, installed from the package registry and built. A few belong to every run, the others to the suite of frameworks.</summary>
[Trait("Requires", "Docker")]
public sealed class FrameworkBuildTests(BuildWorkerFixture fixture, ITestOutputHelper output) : BuildTestBase(fixture), IClassFixture<BuildWorkerFixture>
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

        var began = Stopwatch.GetTimestamp();
        var deployment = await BuildAsync(row => row.RootDir = project.RootDir, timeout: Limit);

        var lines = await LinesAsync(deployment.Id);
        var end = $"{deployment.ErrorMessage}\n{string.Join('\n', lines.TakeLast(40))}";
        output.WriteLine($"{name}: {deployment.Status} after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s");
        lines.ShouldContain(line => line.Contains(project.Detected, StringComparison.Ordinal), end);
        if (project.Refused is { } code)
        {
            deployment.ErrorCode.ShouldBe(code, end);
            deployment.ErrorHint.ShouldNotBeNullOrEmpty();
            deployment.Manifest.ShouldBeNull();
        }
        else
        {
            deployment.Status.ShouldBe(DeploymentStatus.Success, end);
            SiteManifestJson.Read(deployment.Manifest!).Files.Keys.ShouldContain(project.Page);
        }

        await ShouldLeaveNothingAsync();
    }
}
