using Platform.Core.Data.Entities;

namespace Platform.BuildWorker.Tests.Builds;

/// <summary>What one build leaves for the next. The installation writes a random stamp, so that it is seen whether it ran.</summary>
[Trait("Category", "Integration")]
[Trait("Requires", "Docker")]
public sealed class CacheTests(BuildWorkerFixture fixture) : BuildTestBase(fixture), IClassFixture<BuildWorkerFixture>
{
    private const string Install = "mkdir -p node_modules/x && cat /proc/sys/kernel/random/uuid > node_modules/x/stamp";

    private const string Build = """
        echo "stamp $(cat node_modules/x/stamp)"
        mkdir -p node_modules/.cache .turbo dist
        echo run >> node_modules/.cache/runs; echo run >> .turbo/runs
        echo "runs $(wc -l < node_modules/.cache/runs) $(wc -l < .turbo/runs)"
        echo page > dist/index.html
        """;

    [Fact]
    public async Task Same_commit_uses_the_installed_packages_and_the_frameworks_caches()
    {
        Commit("""{"scripts":{"build":"bash build.sh"},"dependencies":{"x":"1"}}""");
        var first = await DeployAsync();
        var second = await DeployAsync(first.Project);

        second.Stamp.ShouldBe(first.Stamp);
        second.Lines.ShouldContain(line => line.StartsWith("Dependencies have not changed", StringComparison.Ordinal));
        second.Lines.ShouldContain("runs 2 2");
        await ShouldLeaveNothingAsync();
    }

    [Fact]
    public async Task Without_cache_everything_is_made_anew_and_then_kept()
    {
        Commit("""{"scripts":{"build":"bash build.sh"},"dependencies":{"x":"1"}}""");
        var first = await DeployAsync();
        var without = await DeployAsync(first.Project, deployment => deployment.UseCache = false);
        var third = await DeployAsync(first.Project);

        without.Stamp.ShouldNotBe(first.Stamp);
        without.Lines.ShouldContain("runs 1 1");
        third.Stamp.ShouldBe(without.Stamp);
    }

    [Fact]
    public async Task Preview_neither_reads_nor_writes_what_production_has()
    {
        Commit("""{"scripts":{"build":"bash build.sh"},"dependencies":{"x":"1"}}""");
        var production = await DeployAsync();
        var preview = await DeployAsync(production.Project, deployment => deployment.Environment = DeploymentTrust.Preview);
        var again = await DeployAsync(production.Project);

        preview.Stamp.ShouldNotBe(production.Stamp);
        preview.Lines.ShouldContain("runs 1 1");
        again.Stamp.ShouldBe(production.Stamp);
        again.Lines.ShouldContain("runs 2 2");
    }

    [Fact]
    public async Task Changed_manifest_installs_and_keeps_the_frameworks_caches()
    {
        Commit("""{"scripts":{"build":"bash build.sh"},"dependencies":{"x":"1"}}""");
        var first = await DeployAsync();
        Commit("""{"scripts":{"build":"bash build.sh"},"dependencies":{"x":"2"}}""");
        var second = await DeployAsync(first.Project);

        second.Stamp.ShouldNotBe(first.Stamp);
        second.Lines.ShouldContain("runs 2 2");
    }

    [Fact]
    public async Task Two_builds_of_a_project_at_once_do_not_disturb_each_other()
    {
        Commit("""{"scripts":{"build":"bash build.sh"},"dependencies":{"x":"1"}}""");
        var first = await DeployAsync();

        var both = await Task.WhenAll(DeployAsync(first.Project), DeployAsync(first.Project));

        both.Count(run => run.Stamp == first.Stamp).ShouldBeInRange(1, 2);
        (await DeployAsync(first.Project)).Lines.ShouldContain(line => line.StartsWith("Dependencies have not changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Link_where_a_cache_belongs_reaches_nothing_of_the_host()
    {
        using var host = new TemporaryDirectory();
        host.Write("cache/secret.txt", "host");
        Commit("""{"scripts":{"build":"bash build.sh"},"dependencies":{"x":"1"}}""", $"rm -rf .turbo node_modules/.cache; ln -s {host.Path}/cache .turbo; ln -s {host.Path} node_modules/.cache; {Build.Split('\n')[0]}; mkdir dist; echo x > dist/index.html");
        var first = await DeployAsync();
        await DeployAsync(first.Project);

        File.ReadAllText(Path.Combine(host.Path, "cache/secret.txt")).ShouldBe("host");
        Directory.GetFileSystemEntries(host.Path).ShouldBe([Path.Combine(host.Path, "cache")]);
    }

    private void Commit(string package, string build = Build)
    {
        Repository.Write("package.json", package);
        Repository.Write("build.sh", build);
        Repository.Commit("Change");
    }

    private async Task<(Guid Project, string Stamp, List<string> Lines)> DeployAsync(Guid? project = null, Action<Deployment>? configure = null)
    {
        var deployment = await BuildAsync(
            row =>
            {
                row.InstallCommand = Install;
                configure?.Invoke(row);
            },
            project);
        deployment.Status.ShouldBe(DeploymentStatus.Success, deployment.ErrorMessage);
        // The row is final before the caches have gone back.
        await ShouldLeaveNothingAsync();
        var lines = await LinesAsync(deployment.Id);
        return (deployment.ProjectId, lines.First(line => line.StartsWith("stamp ", StringComparison.Ordinal)), lines);
    }
}
