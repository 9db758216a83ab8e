using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Detection;

namespace Platform.BuildWorker.Tests.Detection;

public sealed class ProjectDetectorTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Page_without_package_json_is_published_as_it_is()
    {
        _directory.Write("index.html", "<h1>Hello</h1>");

        var plan = Detect();

        plan.IsStatic.ShouldBeTrue();
        plan.OutputCandidates.ShouldBe([""]);
        plan.Reasons.ShouldHaveSingleItem().ShouldContain("index.html");
    }

    [Theory]
    [InlineData("package-lock.json", "npm ci", "npm run build")]
    [InlineData("npm-shrinkwrap.json", "npm ci", "npm run build")]
    [InlineData("pnpm-lock.yaml", "pnpm install --frozen-lockfile", "pnpm run build")]
    [InlineData("yarn.lock", "yarn install --frozen-lockfile", "yarn run build")]
    [InlineData("README.md", "npm install", "npm run build")]
    public void Lock_file_decides_the_package_manager(string lockFile, string install, string build)
    {
        _directory.Write(lockFile, "");
        _directory.Write("package.json", """{"scripts":{"build":"vite build"},"devDependencies":{"vite":"7"}}""");

        var plan = Detect();

        plan.InstallCommand.ShouldBe(install);
        plan.BuildCommand.ShouldBe(build);
        plan.Framework.ShouldBe("Vite");
        plan.OutputCandidates[0].ShouldBe("dist");
    }

    [Fact]
    public void Declared_package_manager_wins_over_the_lock_file()
    {
        _directory.Write("package-lock.json", "{}");
        _directory.Write("package.json", """{"packageManager":"pnpm@10.1.0","scripts":{"build":"x"},"dependencies":{"a":"1"}}""");

        Detect().InstallCommand.ShouldBe("pnpm install --no-frozen-lockfile");
    }

    [Theory]
    [InlineData("""{"vite":"7","react":"19"}""", true)]
    [InlineData("""{"vite":"7"}""", false)]
    [InlineData("""{"astro":"5","react":"19"}""", false)]
    public void Unknown_paths_fall_back_only_for_single_page_applications(string dependencies, bool fallback)
    {
        _directory.Write("package.json", $$"""{"scripts":{"build":"x"},"dependencies":{{dependencies}}}""");

        Detect().SpaFallback.ShouldBe(fallback);
    }

    [Fact]
    public void Project_without_dependencies_installs_nothing()
    {
        _directory.Write("package.json", """{"scripts":{"build":"node build.js"}}""");

        var plan = Detect();

        plan.InstallCommand.ShouldBeNull();
        plan.BuildCommand.ShouldBe("npm run build");
    }

    [Fact]
    public void Users_settings_win()
    {
        _directory.Write("package.json", """{"scripts":{"build":"x"},"dependencies":{"vite":"7"}}""");

        var plan = Detect(new BuildOverrides("make deps", "make site", "public/site"));

        plan.InstallCommand.ShouldBe("make deps");
        plan.BuildCommand.ShouldBe("make site");
        plan.OutputCandidates.ShouldBe(["public/site"]);
        plan.Reasons.Count(reason => reason.Contains("project's settings", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public void Missing_build_script_is_named()
    {
        _directory.Write("package.json", """{"scripts":{"start":"x"},"dependencies":{"vite":"7"}}""");

        Should.Throw<BuildFailureException>(() => Detect()).Code.ShouldBe(FailureCode.MissingScript);
    }

    [Fact]
    public void Directory_without_anything_to_publish_says_so() =>
        Should.Throw<BuildFailureException>(() => Detect()).Code.ShouldBe(FailureCode.NoOutput);

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    public void Broken_package_json_fails_with_its_reason(string json)
    {
        _directory.Write("package.json", json);

        Should.Throw<BuildFailureException>(() => Detect()).Message.ShouldContain("package.json");
    }

    public void Dispose() => _directory.Dispose();

    private BuildPlan Detect(BuildOverrides? overrides = null) => ProjectDetector.Detect(_directory.Path, "", overrides ?? new BuildOverrides(), BuildsFeature.ImageNodeVersions);
}
