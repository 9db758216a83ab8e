namespace Platform.BuildWorker.Tests.Builds;

/// <summary>The smallest project of a framework that its own tool builds.</summary>
/// <param name="Detected">What the log must say.</param>
/// <param name="Files">Path → content.</param>
internal sealed record FrameworkProject(string Detected, Dictionary<string, string> Files)
{
    public string RootDir { get; init; } = "";

    /// <summary>A page that must have been published.</summary>
    public string Page { get; init; } = "index.html";
}

internal static class FrameworkProjects
{
    private const string Html = "<!doctype html><html><head><title>t</title></head><body><div id=\"root\"></div><script type=\"module\" src=\"/main.js\"></script></body></html>";
    private const string Script = "document.getElementById('root').textContent = 'hello';";

    private static readonly Dictionary<string, FrameworkProject> All = new()
    {
        ["vite"] = new("Detected Vite (npm", new() { ["package.json"] = Package("vite build", "vite@^7.0.0"), ["index.html"] = Html, ["main.js"] = Script }),
        ["eleventy"] = new("Detected Eleventy", new() { ["package.json"] = Package("eleventy", "@11ty/eleventy@3.0.0"), ["index.md"] = "# Hello" }),
        ["pnpm-workspace"] = new("dependencies are installed in the root", new()
        {
            ["package.json"] = """{"name":"mono","private":true,"packageManager":"pnpm@10.34.8"}""",
            ["pnpm-workspace.yaml"] = "packages:\n  - 'apps/*'\n  - 'libs/*'\nonlyBuiltDependencies:\n  - esbuild\n",
            ["libs/words/package.json"] = """{"name":"words","version":"1.0.0","type":"module","main":"index.js"}""",
            ["libs/words/index.js"] = "export const word = 'hello from the library';",
            ["apps/web/package.json"] = """{"name":"web","type":"module","scripts":{"build":"vite build"},"dependencies":{"words":"workspace:*"},"devDependencies":{"vite":"^7.0.0"}}""",
            ["apps/web/index.html"] = Html,
            ["apps/web/main.js"] = "import { word } from 'words'; document.body.textContent = word;",
        })
        { RootDir = "apps/web" },
        ["astro"] = new("Detected Astro", new() { ["package.json"] = Package("astro build", "astro@^5.0.0"), ["src/pages/index.astro"] = "---\n---\n<h1>Hello</h1>" }),
        ["vitepress"] = new("Detected VitePress", new() { ["package.json"] = Package("vitepress build docs", "vitepress@^1.6.0"), ["docs/index.md"] = "# Hello" }),
        ["vuepress"] = new("Detected VuePress", new()
        {
            ["package.json"] = Package("vuepress build docs", "vuepress@2.0.0-rc.24", "@vuepress/bundler-vite@2.0.0-rc.24", "@vuepress/theme-default@2.0.0-rc.112", "vue@^3.5.0", "sass-embedded@^1.89.0"),
            ["docs/README.md"] = "# Hello",
            ["docs/.vuepress/config.js"] = "import { viteBundler } from '@vuepress/bundler-vite'\nimport { defaultTheme } from '@vuepress/theme-default'\nexport default { bundler: viteBundler(), theme: defaultTheme() }",
        }),
        ["next"] = new("Detected Next.js", new()
        {
            ["package.json"] = Package("next build", module: false, "next@^15.0.0", "react@^19.0.0", "react-dom@^19.0.0"),
            ["next.config.js"] = "module.exports = { output: 'export' }",
            ["pages/index.js"] = "export default function Page() { return <h1>Hello</h1> }",
        }),
        ["nuxt"] = new("Detected Nuxt", new() { ["package.json"] = Package("nuxt generate", "nuxt@^3.17.0", "vue@^3.5.0"), ["app.vue"] = "<template><h1>Hello</h1></template>", ["nuxt.config.ts"] = "export default { compatibilityDate: '2025-01-01', telemetry: false }" }),
        ["sveltekit"] = new("Detected SvelteKit", new()
        {
            ["package.json"] = Package("vite build", "@sveltejs/kit@^2.20.0", "@sveltejs/adapter-static@^3.0.0", "@sveltejs/vite-plugin-svelte@^6.0.0", "svelte@^5.0.0", "vite@^7.0.0"),
            ["svelte.config.js"] = "import adapter from '@sveltejs/adapter-static';\nexport default { kit: { adapter: adapter() } };",
            ["vite.config.js"] = "import { sveltekit } from '@sveltejs/kit/vite';\nexport default { plugins: [sveltekit()] };",
            ["src/app.html"] = "<!doctype html><html><head>%sveltekit.head%</head><body>%sveltekit.body%</body></html>",
            ["src/routes/+page.svelte"] = "<h1>Hello</h1>",
            ["src/routes/+layout.js"] = "export const prerender = true;",
        }),
        ["create-react-app"] = new("Detected Create React App", new()
        {
            ["package.json"] = Package("react-scripts build", module: false, "react-scripts@5.0.1", "react@^18.0.0", "react-dom@^18.0.0"),
            ["public/index.html"] = "<!doctype html><html><body><div id=\"root\"></div></body></html>",
            ["src/index.js"] = "import { createRoot } from 'react-dom/client'; createRoot(document.getElementById('root')).render('hello');",
        }),
        ["angular"] = new("Detected Angular", new()
        {
            ["package.json"] = Package("ng build", module: false, "@angular/build@^20.0.0", "@angular/cli@^20.0.0", "@angular/compiler-cli@^20.0.0", "@angular/compiler@^20.0.0", "@angular/core@^20.0.0", "@angular/common@^20.0.0", "@angular/platform-browser@^20.0.0", "rxjs@^7.8.0", "zone.js@~0.15.0", "tslib@^2.8.0", "typescript@~5.8.0"),
            ["angular.json"] = """{"version":1,"projects":{"web":{"projectType":"application","root":"","sourceRoot":"src","architect":{"build":{"builder":"@angular/build:application","options":{"browser":"src/main.ts","index":"src/index.html","tsConfig":"tsconfig.json","polyfills":["zone.js"]}}}}}}""",
            ["tsconfig.json"] = """{"compilerOptions":{"target":"ES2022","module":"preserve","moduleResolution":"bundler","experimentalDecorators":true,"skipLibCheck":true},"files":["src/main.ts"]}""",
            ["src/index.html"] = "<!doctype html><html><head><base href=\"/\"></head><body><app-root></app-root></body></html>",
            ["src/main.ts"] = "import { bootstrapApplication } from '@angular/platform-browser';\nimport { Component } from '@angular/core';\n@Component({ selector: 'app-root', template: '<h1>Hello</h1>' })\nclass App {}\nbootstrapApplication(App);",
        }),
        ["parcel"] = new("Detected Parcel", new() { ["package.json"] = Package("parcel build index.html", module: false, "parcel@^2.15.0"), ["index.html"] = Html.Replace("/main.js", "main.js", StringComparison.Ordinal), ["main.js"] = Script }),
        ["webpack"] = new("Detected webpack", new()
        {
            ["package.json"] = Package("webpack --mode production", module: false, "webpack@^5.99.0", "webpack-cli@^6.0.0", "html-webpack-plugin@^5.6.0"),
            ["webpack.config.js"] = "const Html = require('html-webpack-plugin'); module.exports = { plugins: [new Html()] }",
            ["src/index.js"] = "document.body.textContent = 'hello'",
        }),
        ["rollup"] = new("Detected Rollup", new()
        {
            ["package.json"] = Package("rollup main.js --file public/bundle.js --format iife && cp page.html public/index.html", "rollup@^4.40.0"),
            ["main.js"] = Script,
            ["page.html"] = "<script src=\"bundle.js\"></script>",
        }),
        ["gulp"] = new("Detected gulp", new()
        {
            ["package.json"] = Package("gulp", module: false, "gulp@^5.0.0"),
            ["gulpfile.js"] = "const { src, dest } = require('gulp'); exports.default = () => src('pages/*.html').pipe(dest('www'))",
            ["pages/index.html"] = "<h1>Hello</h1>",
        }),
        ["hexo"] = new("Detected Hexo", new()
        {
            ["package.json"] = """{"private":true,"hexo":{"version":""},"scripts":{"build":"hexo generate"},"dependencies":{"hexo":"^7.3.0","hexo-generator-index":"^4.0.0","hexo-renderer-ejs":"^2.0.0","hexo-renderer-marked":"^7.0.0","hexo-theme-landscape":"^1.0.0"}}""",
            ["_config.yml"] = "title: t\nurl: http://example.org\ntheme: landscape\n",
            ["source/_posts/hello.md"] = "---\ntitle: Hello\ndate: 2025-01-01\n---\nHello",
        }),
        ["yarn"] = Copied("Detected Node.js project (yarn", "yarn@1.22.22"),
        ["yarn-berry"] = Copied("Detected Node.js project (Yarn Berry", "yarn@4.18.1"),
        ["bun"] = new("Detected Vite (bun", new() { ["package.json"] = Package("vite build", "vite@^7.0.0").Replace("\"private\"", "\"packageManager\":\"bun@1.4.5\",\"private\"", StringComparison.Ordinal), ["index.html"] = Html, ["main.js"] = Script }),
        ["node-18"] = new("Node.js 18", new() { ["package.json"] = Package("vite build", "vite@^5.4.0"), [".nvmrc"] = "18", ["index.html"] = Html, ["main.js"] = Script }),
        ["hugo"] = new("Detected Hugo", new() { ["hugo.toml"] = "title = 't'\nbaseURL = 'https://example.org/'\n", ["layouts/index.html"] = "<h1>{{ .Site.Title }}</h1>" }),
        ["mkdocs"] = new("Detected MkDocs", new() { ["mkdocs.yml"] = "site_name: t\n", ["docs/index.md"] = "# Hello" }),
    };

    public static IReadOnlyList<string> OfEveryRun { get; } = ["vite", "eleventy", "pnpm-workspace"];

    public static IEnumerable<string> Names => All.Keys;

    public static FrameworkProject Find(string name) => All[name];

    /// <summary>A package without binaries for platforms: what counts here is the package manager.</summary>
    private static FrameworkProject Copied(string detected, string manager) => new(detected, new()
    {
        ["package.json"] = $$"""{"private":true,"packageManager":"{{manager}}","scripts":{"build":"node build.js"},"dependencies":{"is-number":"7.0.0"} }""",
        ["build.js"] = "const fs = require('fs'); fs.mkdirSync('dist'); fs.writeFileSync('dist/index.html', String(require('is-number')(7)))",
    });

    private static string Package(string build, params string[] dependencies) => Package(build, module: true, dependencies);

    private static string Package(string build, bool module, params string[] dependencies)
    {
        var list = dependencies.Select(dependency => $"\"{dependency[..dependency.LastIndexOf('@')]}\":\"{dependency[(dependency.LastIndexOf('@') + 1)..]}\"");
        return $$"""{"private":true,{{(module ? "\"type\":\"module\"," : "")}}"scripts":{"build":"{{build}}"},"devDependencies":{ {{string.Join(',', list)}} } }""";
    }
}
