using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Detection;

namespace Platform.BuildWorker.Tests.Detection;

public sealed class FrameworkTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData("vite", "Vite", "dist")]
    [InlineData("astro", "Astro", "dist")]
    [InlineData("@docusaurus/core", "Docusaurus", "build")]
    [InlineData("gatsby", "Gatsby", "public")]
    [InlineData("@11ty/eleventy", "Eleventy", "_site")]
    [InlineData("react-scripts", "Create React App", "build")]
    [InlineData("parcel", "Parcel", "dist")]
    [InlineData("webpack", "webpack", "dist")]
    [InlineData("rollup", "Rollup", "dist")]
    [InlineData("gulp", "gulp", "dist")]
    [InlineData("hexo", "Hexo", "public")]
    [InlineData("vitepress", "VitePress", ".vitepress/dist")]
    [InlineData("left-pad", "Node.js project", "dist")]
    public void Dependency_tells_the_framework_and_its_output(string dependency, string name, string output)
    {
        Package("build", "x", dependency);

        var plan = Detect();

        plan.Framework.ShouldBe(name);
        plan.OutputCandidates[0].ShouldBe(output);
        plan.Reasons[0].ShouldContain(name);
    }

    [Theory]
    [InlineData("vite", "vite.config.ts", "export default { build: { outDir: 'public/site' } }", "public/site")]
    [InlineData("vite", "vite.config.js", "export default { root: 'src', build: { outDir: '../out' } }", "out")]
    [InlineData("astro", "astro.config.mjs", "export default { outDir: './www' }", "www")]
    [InlineData("@11ty/eleventy", "eleventy.config.js", "module.exports = () => ({ dir: { input: 'src', output: 'web' } })", "web")]
    [InlineData("next", "next.config.mjs", "export default { output: 'export', distDir: 'web' }", "web")]
    [InlineData("@angular/core", "angular.json", """{"projects":{"shop":{"architect":{"build":{"options":{}}}}}}""", "dist/shop/browser")]
    [InlineData("@angular/core", "angular.json", """{"projects":{"shop":{"architect":{"build":{"options":{"outputPath":{"base":"web"}}}}}}}""", "web/browser")]
    public void Configuration_tells_the_output(string dependency, string file, string content, string output)
    {
        Package("build", "x", dependency);
        _directory.Write(file, content);

        Detect().OutputCandidates[0].ShouldBe(output);
    }

    [Theory]
    [InlineData("svelte.config.js", "export default { kit: { adapter: adapter({ pages: 'web', fallback: \"index.html\" }) } }")]
    [InlineData("vite.config.ts", "export default { plugins: [sveltekit({ adapter: adapter({ pages: 'web', fallback: 'index.html' }) })] }")]
    public void SvelteKit_is_configured_in_its_own_file_or_in_that_of_vite(string file, string content)
    {
        _directory.Write("package.json", """{ "scripts": { "build": "vite build" }, "dependencies": { "@sveltejs/kit": "3", "@sveltejs/adapter-static": "4" } }""");
        _directory.Write(file, content);

        Detect().ShouldSatisfyAllConditions(plan => plan.OutputCandidates[0].ShouldBe("web"), plan => plan.SpaFallback.ShouldBeTrue());
    }

    [Fact]
    public void Output_of_documentation_lies_where_its_script_says()
    {
        Package("docs:build", "vitepress build handbook", "vitepress");

        Detect().ShouldSatisfyAllConditions(
            plan => plan.BuildCommand.ShouldBe("npm run docs:build"),
            plan => plan.OutputCandidates[0].ShouldBe("handbook/.vitepress/dist"));
    }

    [Theory]
    [InlineData("next", null, null)]
    [InlineData("nuxt", null, null)]
    [InlineData("@remix-run/dev", "vite.config.ts", "export default {}")]
    [InlineData("@react-router/dev", "react-router.config.ts", "export default { ssr: true }")]
    [InlineData("@sveltejs/kit", null, null)]
    [InlineData("astro", "astro.config.mjs", "export default { output: 'server' }")]
    [InlineData("@solidjs/start", null, null)]
    public void What_needs_a_server_is_refused_with_a_hint(string dependency, string? file, string? content)
    {
        Package("build", "build-it", dependency);
        if (file is not null) _directory.Write(file, content!);

        var failure = Should.Throw<BuildFailureException>(() => Detect());

        failure.Code.ShouldBe(FailureCode.ServerOnly);
        failure.Hint.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("nuxt", "nuxt generate", null, null)]
    [InlineData("@react-router/dev", "x", "react-router.config.ts", "export default { ssr: false }")]
    [InlineData("next", "x", "next.config.js", "module.exports = { output: process.env.CI ? 'export' : undefined }")]
    public void The_same_frameworks_are_accepted_when_they_make_files(string dependency, string script, string? file, string? content)
    {
        Package("build", script, dependency);
        if (file is not null) _directory.Write(file, content!);

        Detect().BuildCommand.ShouldBe("npm run build");
    }

    [Fact]
    public void Server_without_a_build_is_refused_as_one()
    {
        Package("start", "node server.js", "express");

        Should.Throw<BuildFailureException>(() => Detect()).Code.ShouldBe(FailureCode.ServerOnly);
    }

    [Fact]
    public void Generators_of_the_image_are_found_by_their_files()
    {
        _directory.Write("hugo.toml", "publishDir = \"web\"");
        Detect().ShouldSatisfyAllConditions(plan => plan.Framework.ShouldBe("Hugo"), plan => plan.OutputCandidates.ShouldBe(["web"]));

        File.Delete(Path.Combine(_directory.Path, "hugo.toml"));
        _directory.Write("mkdocs.yml", "site_name: Docs\n");
        Detect().ShouldSatisfyAllConditions(
            plan => plan.BuildCommand.ShouldBe("mkdocs build"), plan => plan.OutputCandidates.ShouldBe(["site"]), plan => plan.InstallCommand.ShouldBeNull());
    }

    public void Dispose() => _directory.Dispose();

    private void Package(string script, string command, string dependency) =>
        _directory.Write("package.json", $$"""{ "scripts": { "{{script}}": "{{command}}" }, "dependencies": { "{{dependency}}": "1" } }""");

    private BuildPlan Detect() => ProjectDetector.Detect(_directory.Path, "", new BuildOverrides(), BuildsFeature.ImageNodeVersions);
}
