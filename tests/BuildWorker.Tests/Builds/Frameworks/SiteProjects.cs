using static Platform.BuildWorker.Tests.Builds.Frameworks.FrameworkProject;

namespace Platform.BuildWorker.Tests.Builds.Frameworks;

/// <summary>Frameworks and generators of whole sites.</summary>
internal static class SiteProjects
{
    public static readonly IReadOnlyDictionary<string, FrameworkProject> All = new Dictionary<string, FrameworkProject>
    {
        ["astro"] = Astro("^5.0.0"),
        ["astro-7"] = Astro("^7.0.0"),
        ["next"] = Next("^15.0.0"),
        ["next-16"] = Next("^16.0.0"),
        ["nuxt"] = Nuxt("^3.17.0"),
        ["nuxt-4"] = Nuxt("^4.0.0"),
        ["sveltekit"] = SvelteKit("^2.20.0", "^3.0.0", "^6.0.0", "^7.0.0"),
        ["sveltekit-3"] = SvelteKit("^3.0.0", "^4.0.0", "^7.0.0", "^8.0.0"),
        // Of its optional sharp, only newer versions come whole from a package registry.
        ["gatsby"] = new("Detected Gatsby", new()
        {
            ["package.json"] = Package("gatsby build", module: false, "gatsby@^5.16.0", "react@^18.0.0", "react-dom@^18.0.0")
                .Replace("\"private\"", "\"overrides\":{\"sharp\":\"^0.33.5\"},\"private\"", StringComparison.Ordinal),
            ["gatsby-config.js"] = "module.exports = { siteMetadata: { title: 't' } }",
            ["src/pages/index.js"] = "import * as React from 'react'\nexport default function Page() { return <h1>Hello</h1> }",
        }),
        // Without the preset: its search asks for a package that registries may not have yet.
        ["docusaurus"] = new("Detected Docusaurus", new()
        {
            ["package.json"] = Package("docusaurus build", module: false, "@docusaurus/core@^3.9.0", "@docusaurus/plugin-content-docs@^3.9.0", "@docusaurus/theme-classic@^3.9.0", "react@^19.0.0", "react-dom@^19.0.0"),
            ["docusaurus.config.js"] = "module.exports = { title: 't', url: 'https://example.org', baseUrl: '/', themes: ['@docusaurus/theme-classic'], plugins: [['@docusaurus/plugin-content-docs', { routeBasePath: '/' }]] }",
            ["docs/intro.md"] = "---\nslug: /\n---\n# Hello",
        }),
        ["vitepress"] = new("Detected VitePress", new() { ["package.json"] = Package("vitepress build docs", "vitepress@^1.6.0"), ["docs/index.md"] = "# Hello" }),
        ["vuepress"] = new("Detected VuePress", new()
        {
            ["package.json"] = Package("vuepress build docs", "vuepress@2.0.0-rc.24", "@vuepress/bundler-vite@2.0.0-rc.24", "@vuepress/theme-default@2.0.0-rc.112", "vue@^3.5.0", "sass-embedded@^1.89.0"),
            ["docs/README.md"] = "# Hello",
            ["docs/.vuepress/config.js"] = "import { viteBundler } from '@vuepress/bundler-vite'\nimport { defaultTheme } from '@vuepress/theme-default'\nexport default { bundler: viteBundler(), theme: defaultTheme() }",
        }),
        ["eleventy"] = new("Detected Eleventy", new() { ["package.json"] = Package("eleventy", "@11ty/eleventy@3.0.0"), ["index.md"] = "# Hello" }),
        ["hexo"] = new("Detected Hexo", new()
        {
            ["package.json"] = """{"private":true,"hexo":{"version":""},"scripts":{"build":"hexo generate"},"dependencies":{"hexo":"^7.3.0","hexo-generator-index":"^4.0.0","hexo-renderer-ejs":"^2.0.0","hexo-renderer-marked":"^7.0.0","hexo-renderer-stylus":"^3.0.0","hexo-theme-landscape":"^1.0.0"}}""",
            ["_config.yml"] = "title: t\nurl: http://example.org\ntheme: landscape\n",
            ["source/_posts/hello.md"] = "---\ntitle: Hello\ndate: 2025-01-01\n---\nHello",
        }),
        ["hugo"] = new("Detected Hugo", new() { ["hugo.toml"] = "title = 't'\nbaseURL = 'https://example.org/'\n", ["layouts/index.html"] = "<h1>{{ .Site.Title }}</h1>" }),
        ["mkdocs"] = new("Detected MkDocs", new() { ["mkdocs.yml"] = "site_name: t\n", ["docs/index.md"] = "# Hello" }),
    };

    private static FrameworkProject Astro(string version) =>
        new("Detected Astro", new() { ["package.json"] = Package("astro build", $"astro@{version}"), ["src/pages/index.astro"] = "---\n---\n<h1>Hello</h1>" });

    private static FrameworkProject Next(string version) => new("Detected Next.js", new()
    {
        ["package.json"] = Package("next build", module: false, $"next@{version}", "react@^19.0.0", "react-dom@^19.0.0"),
        ["next.config.js"] = "module.exports = { output: 'export' }",
        ["pages/index.js"] = "export default function Page() { return <h1>Hello</h1> }",
    });

    private static FrameworkProject Nuxt(string version) => new("Detected Nuxt", new()
    {
        ["package.json"] = Package("nuxt generate", $"nuxt@{version}", "vue@^3.5.0"),
        ["app.vue"] = "<template><h1>Hello</h1></template>",
        ["nuxt.config.ts"] = "export default { compatibilityDate: '2025-01-01', telemetry: false }",
    });

    private static FrameworkProject SvelteKit(string version, string adapter, string plugin, string vite)
    {
        const string Adapter = "import adapter from '@sveltejs/adapter-static';\n";
        const string Kit = "import { sveltekit } from '@sveltejs/kit/vite';\n";
        var project = new FrameworkProject("Detected SvelteKit", new()
        {
            ["package.json"] = Package(
                "vite build", $"@sveltejs/kit@{version}", $"@sveltejs/adapter-static@{adapter}", $"@sveltejs/vite-plugin-svelte@{plugin}", "svelte@^5.0.0", $"vite@{vite}"),
            ["svelte.config.js"] = Adapter + "export default { kit: { adapter: adapter() } };",
            ["vite.config.js"] = Kit + "export default { plugins: [sveltekit()] };",
            ["src/app.html"] = "<!doctype html><html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>",
            ["src/routes/+page.svelte"] = "<h1>Hello</h1>",
            ["src/routes/+layout.js"] = "export const prerender = true;",
        });
        if (version != "^3.0.0") return project;
        // One file configures both from this version on; another directory shows that it is read.
        project.Files.Remove("svelte.config.js");
        project.Files["vite.config.js"] = Adapter + Kit + "export default { plugins: [sveltekit({ adapter: adapter({ pages: 'web' }) })] };";
        return project;
    }
}
