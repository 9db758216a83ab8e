using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Detection;

namespace Platform.BuildWorker.Tests.Detection;

public sealed class WorkspacesTests : IDisposable
{
    private const string App = """{"scripts":{"build":"vite build"},"dependencies":{"vite":"7"}}""";
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("""{"workspaces":["apps/*","packages/*"]}""", null, "yarn.lock", "yarn install --frozen-lockfile")]
    [InlineData("""{"workspaces":{"packages":["apps/**"]}}""", null, "package-lock.json", "npm ci")]
    [InlineData("{}", "packages:\n  - 'apps/*'\n  - \"!apps/old\"\n", "pnpm-lock.yaml", "pnpm install --frozen-lockfile")]
    public void Package_of_a_monorepo_is_installed_at_its_root(string root, string? pnpm, string lockFile, string install)
    {
        _directory.Write("package.json", root);
        if (pnpm is not null) _directory.Write("pnpm-workspace.yaml", pnpm);
        _directory.Write(lockFile, "");
        _directory.Write("apps/web/package.json", App);

        var plan = Detect("apps/web");

        plan.InstallDir.ShouldBe("");
        plan.InstallCommand.ShouldBe(install);
        plan.Reasons.ShouldContain(reason => reason.Contains("root of the repository", StringComparison.Ordinal));
    }

    [Fact]
    public void Directory_that_no_workspace_names_is_installed_for_itself()
    {
        _directory.Write("package.json", """{"workspaces":["packages/*","!packages/web"]}""");
        _directory.Write("yarn.lock", "");
        _directory.Write("packages/web/package.json", App);

        Detect("packages/web").ShouldSatisfyAllConditions(
            plan => plan.InstallDir.ShouldBe("packages/web"), plan => plan.InstallCommand.ShouldBe("npm install"));
    }

    [Fact]
    public void Turborepo_builds_what_the_project_needs()
    {
        _directory.Write("package.json", """{"packageManager":"pnpm@10.0.0"}""");
        _directory.Write("pnpm-workspace.yaml", "packages: ['apps/*']");
        _directory.Write("turbo.json", "{}");
        _directory.Write("apps/web/package.json", App);

        Detect("apps/web").BuildCommand.ShouldBe("pnpm exec turbo run build");
    }

    [Theory]
    [InlineData("bun.lock", "", """{"dependencies":{"a":"1"},"scripts":{"build":"x"}}""", "bun install --frozen-lockfile", "bun run build")]
    [InlineData("yarn.lock", "__metadata:\n  version: 8\n", """{"dependencies":{"a":"1"},"scripts":{"build":"x"}}""", "yarn install --immutable", "yarn run build")]
    [InlineData("README.md", "", """{"packageManager":"yarn@4.1.0","dependencies":{"a":"1"},"scripts":{"build":"x"}}""", "yarn install --no-immutable", "yarn run build")]
    [InlineData("yarn.lock", "", """{"packageManager":"yarn@1.22.19","dependencies":{"a":"1"},"scripts":{"build":"x"}}""", "yarn install --frozen-lockfile", "yarn run build")]
    public void Newer_package_managers_are_told_apart(string lockFile, string content, string package, string install, string build)
    {
        _directory.Write(lockFile, content);
        _directory.Write("package.json", package);

        Detect("").ShouldSatisfyAllConditions(plan => plan.InstallCommand.ShouldBe(install), plan => plan.BuildCommand.ShouldBe(build));
    }

    public void Dispose() => _directory.Dispose();

    private BuildPlan Detect(string rootDir) => ProjectDetector.Detect(_directory.Path, rootDir, new BuildOverrides(), BuildsFeature.ImageNodeVersions);
}
