namespace Platform.BuildWorker.Detection;

/// <summary>All frameworks that are known.</summary>
internal static class FrameworkCatalog
{
    /// <summary>Where tools without a place of their own here usually write to.</summary>
    public static readonly IReadOnlyList<string> UsualOutputs = ["dist", "build", "out", "public", "_site", ".output/public", "www", "site"];

    private static readonly string[] SinglePageLibraries = ["react", "vue", "svelte", "preact", "solid-js", "@angular/core", "lit"];

    private static readonly string[] ServerLibraries =
        ["express", "fastify", "koa", "@nestjs/core", "@hapi/hapi", "hono", "@hono/node-server", "h3", "nitropack", "polka", "restify", "@feathersjs/feathers"];

    // The first match wins: meta-frameworks stand before the bundlers that they use.
    private static readonly Framework[] Known =
    [
        new() { Name = "Next.js", Packages = ["next"], Outputs = ["out"], CacheDirs = [".next/cache"], Inspect = ServerFrameworks.Next },
        new() { Name = "Nuxt", Packages = ["nuxt", "nuxt3", "nuxt-edge"], Outputs = [".output/public", "dist"], Inspect = ServerFrameworks.Nuxt },
        new() { Name = "Astro", Packages = ["astro"], Outputs = ["dist"], CacheDirs = [".astro", "node_modules/.astro"], Inspect = ServerFrameworks.Astro },
        new() { Name = "SvelteKit", Packages = ["@sveltejs/kit"], Outputs = ["build"], Inspect = ServerFrameworks.SvelteKit },
        new() { Name = "React Router", Packages = ["@react-router/dev"], Outputs = ["build/client"], Inspect = ServerFrameworks.ReactRouter },
        new() { Name = "Remix", Packages = ["@remix-run/dev"], Outputs = ["build/client"], Inspect = ServerFrameworks.Remix },
        new() { Name = "SolidStart", Packages = ["@solidjs/start"], Outputs = [".output/public"], Inspect = ServerFrameworks.SolidStart },
        new() { Name = "Gatsby", Packages = ["gatsby"], Outputs = ["public"], CacheDirs = [".cache"] },
        new() { Name = "VitePress", Packages = ["vitepress"], Outputs = [".vitepress/dist", "docs/.vitepress/dist"], Inspect = StaticFrameworks.VitePress },
        new()
        {
            Name = "VuePress", Packages = ["vuepress", "@vuepress/cli", "@vuepress/bundler-vite"], Outputs = ["docs/.vuepress/dist", "src/.vuepress/dist", ".vuepress/dist"],
            Inspect = StaticFrameworks.VuePress,
        },
        new() { Name = "Docusaurus", Packages = ["@docusaurus/core"], Outputs = ["build"], CacheDirs = [".docusaurus"] },
        new() { Name = "Rspress", Packages = ["rspress", "@rspress/core"], Outputs = ["doc_build"] },
        new() { Name = "Eleventy", Packages = ["@11ty/eleventy"], Outputs = ["_site"], CacheDirs = [".cache"], Inspect = StaticFrameworks.Eleventy },
        new() { Name = "Hexo", Packages = ["hexo"], Outputs = ["public"] },
        new() { Name = "Metalsmith", Packages = ["metalsmith"], Outputs = ["build"] },
        new() { Name = "Create React App", Packages = ["react-scripts"], Outputs = ["build"], SinglePage = true, AlwaysSinglePage = true },
        new() { Name = "Vue CLI", Packages = ["@vue/cli-service"], Outputs = ["dist"], SinglePage = true, AlwaysSinglePage = true },
        new() { Name = "Angular", Packages = ["@angular/cli", "@angular/core"], Outputs = ["dist"], SinglePage = true, AlwaysSinglePage = true, CacheDirs = [".angular/cache"], Inspect = StaticFrameworks.Angular },
        new() { Name = "Ember", Packages = ["ember-cli"], Outputs = ["dist"], SinglePage = true, AlwaysSinglePage = true },
        new() { Name = "Vite", Packages = ["vite", "rolldown-vite"], Outputs = ["dist"], SinglePage = true, Inspect = StaticFrameworks.Vite },
        new() { Name = "Rsbuild", Packages = ["@rsbuild/core"], Outputs = ["dist"], SinglePage = true },
        new() { Name = "Parcel", Packages = ["parcel", "parcel-bundler"], Outputs = ["dist"], SinglePage = true, CacheDirs = [".parcel-cache"], Inspect = StaticFrameworks.Parcel },
        new() { Name = "webpack", Packages = ["webpack"], Outputs = ["dist", "build", "public"], SinglePage = true },
        new() { Name = "Rollup", Packages = ["rollup"], Outputs = ["dist", "public", "build"], SinglePage = true },
        new() { Name = "esbuild", Packages = ["esbuild"], Outputs = ["dist", "build", "public"], SinglePage = true },
        new() { Name = "gulp", Packages = ["gulp"], Outputs = ["dist", "build", "public", "_site"] },
        new() { Name = "Grunt", Packages = ["grunt"], Outputs = ["dist", "build", "public"] },
    ];

    /// <summary>All names, for documentation and tests.</summary>
    public static IReadOnlyList<string> Names => [.. Known.Select(framework => framework.Name)];

    public static Framework Detect(PackageJson package) =>
        Known.FirstOrDefault(framework => framework.Packages.Any(name => package.Has(name))) ?? new Framework { Name = "Node.js project" };

    /// <summary>A bundler alone makes a page of any kind: a library that routes in the browser must be there too.</summary>
    public static bool IsSinglePage(Framework framework, PackageJson package) =>
        framework.SinglePage && (framework.AlwaysSinglePage || SinglePageLibraries.Any(name => package.Has(name)));

    /// <summary>The library that makes the project a server, if there is one.</summary>
    public static string? ServerLibraryOf(PackageJson package) => ServerLibraries.FirstOrDefault(name => package.Has(name));

    /// <summary>The configured places, those of the framework, then the usual ones.</summary>
    public static IReadOnlyList<string> OutputCandidates(Framework framework, FrameworkFinding finding) =>
        [.. finding.Outputs.Concat(framework.Outputs).Concat(UsualOutputs).Distinct()];
}
