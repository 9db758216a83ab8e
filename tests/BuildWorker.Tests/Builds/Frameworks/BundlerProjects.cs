using static Platform.BuildWorker.Tests.Builds.Frameworks.FrameworkProject;

namespace Platform.BuildWorker.Tests.Builds.Frameworks;

/// <summary>Bundlers, what stands on them, and sites without either.</summary>
internal static class BundlerProjects
{
    public static readonly IReadOnlyDictionary<string, FrameworkProject> All = new Dictionary<string, FrameworkProject>
    {
        ["vite"] = Vite("^7.0.0"),
        ["vite-8"] = Vite("^8.0.0"),
        ["create-react-app"] = new("Detected Create React App", new()
        {
            ["package.json"] = Package("react-scripts build", module: false, "react-scripts@5.0.1", "react@^18.0.0", "react-dom@^18.0.0"),
            ["public/index.html"] = "<!doctype html><html><body><div id=\"root\"></div></body></html>",
            ["src/index.js"] = "import { createRoot } from 'react-dom/client'; createRoot(document.getElementById('root')).render('hello');",
        }),
        ["angular"] = Angular("^20.0.0", "~5.8.0"),
        ["angular-22"] = Angular("^22.0.0", "~6.0.0"),
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
        ["unknown-tool"] = new("which it had not before", new()
        {
            ["package.json"] = """{"private":true,"scripts":{"build":"node generate.js"},"dependencies":{"marked":"^16.0.0"} }""",
            ["public/index.html"] = "a template that is no output",
            ["generate.js"] = "const { marked } = require('marked'); const fs = require('fs'); fs.mkdirSync('result/web', { recursive: true }); fs.writeFileSync('result/web/index.html', marked.parse('# Hello'))",
        }),
        ["plain-html"] = new("the files are published as they are", new() { ["index.html"] = "<h1>Hello</h1><script src=\"/main.js\"></script>", ["main.js"] = "1" }),
    };

    private static FrameworkProject Vite(string version) =>
        new("Detected Vite (npm", new() { ["package.json"] = Package("vite build", $"vite@{version}"), ["index.html"] = Html, ["main.js"] = Script });

    private static FrameworkProject Angular(string version, string typescript)
    {
        string[] parts = ["@angular/build", "@angular/cli", "@angular/compiler-cli", "@angular/compiler", "@angular/core", "@angular/common", "@angular/platform-browser"];
        return new("Detected Angular", new()
        {
            ["package.json"] = Package("ng build", module: false, [.. parts.Select(part => $"{part}@{version}"), "rxjs@^7.8.0", "zone.js@~0.15.0", "tslib@^2.8.0", $"typescript@{typescript}"]),
            ["angular.json"] = """{"version":1,"projects":{"web":{"projectType":"application","root":"","sourceRoot":"src","architect":{"build":{"builder":"@angular/build:application","options":{"browser":"src/main.ts","index":"src/index.html","tsConfig":"tsconfig.json","polyfills":["zone.js"]}}}}}}""",
            ["tsconfig.json"] = """{"compilerOptions":{"target":"ES2022","module":"preserve","moduleResolution":"bundler","experimentalDecorators":true,"skipLibCheck":true},"files":["src/main.ts"]}""",
            ["src/index.html"] = "<!doctype html><html><head><base href=\"/\"></head><body><app-root></app-root></body></html>",
            ["src/main.ts"] = "import { bootstrapApplication } from '@angular/platform-browser';\nimport { Component } from '@angular/core';\n@Component({ selector: 'app-root', template: '<h1>Hello</h1>' })\nclass App {}\nbootstrapApplication(App);",
        });
    }
}
