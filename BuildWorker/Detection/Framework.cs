namespace Platform.BuildWorker.Detection;

/// <summary>A known way to make a site.</summary>
/// <param name="Name">For people.</param>
/// <param name="Package">The dependency that gives it away.</param>
/// <param name="Outputs">Where it writes to, unless configured otherwise.</param>
/// <param name="SinglePage">It makes one page that routes in the browser.</param>
internal sealed record Framework(string Name, string Package, IReadOnlyList<string> Outputs, bool SinglePage)
{
    private static readonly string[] UsualOutputs = ["dist", "build", "out", "public", "_site", ".output/public", "www"];

    // The first match wins: meta-frameworks stand before the bundlers that they use.
    private static readonly Framework[] Known =
    [
        new("Next.js (static export)", "next", ["out"], false),
        new("Nuxt (generated)", "nuxt", [".output/public", "dist"], false),
        new("Astro", "astro", ["dist"], false),
        new("Gatsby", "gatsby", ["public"], false),
        new("SvelteKit", "@sveltejs/kit", ["build"], false),
        new("VitePress", "vitepress", [".vitepress/dist", "docs/.vitepress/dist"], false),
        new("Docusaurus", "@docusaurus/core", ["build"], false),
        new("Eleventy", "@11ty/eleventy", ["_site"], false),
        new("Create React App", "react-scripts", ["build"], true),
        new("Vue CLI", "@vue/cli-service", ["dist"], true),
        new("Angular", "@angular/core", ["dist"], true),
        new("Vite", "vite", ["dist"], true),
        new("Parcel", "parcel", ["dist"], true),
        new("webpack", "webpack", ["dist", "build"], true),
    ];

    private static readonly string[] SinglePageLibraries = ["react", "vue", "svelte", "preact", "solid-js", "@angular/core"];

    /// <summary>The usual places, after those of the framework.</summary>
    public IEnumerable<string> OutputCandidates => Outputs.Concat(UsualOutputs).Distinct();

    public static Framework Detect(PackageJson package) =>
        Known.FirstOrDefault(framework => package.Dependencies.Contains(framework.Package)) ?? new Framework("Node.js project", "", [], false);

    /// <summary>A bundler alone makes a page of any kind: a library that routes in the browser must be there too.</summary>
    public bool IsSinglePage(PackageJson package) => SinglePage && SinglePageLibraries.Any(package.Dependencies.Contains);
}
