using Platform.BuildWorker.Builds;
using static Platform.BuildWorker.Tests.Builds.Frameworks.FrameworkProject;

namespace Platform.BuildWorker.Tests.Builds.Frameworks;

/// <summary>Package managers, workspaces, versions of Node.js, and what is refused.</summary>
internal static class ManagerProjects
{
    public static readonly IReadOnlyDictionary<string, FrameworkProject> All = new Dictionary<string, FrameworkProject>
    {
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
        ["npm-workspace"] = Workspace("npm", "npm@10.9.9"),
        ["yarn-workspace"] = Workspace("yarn", "yarn@1.22.22"),
        ["yarn-berry-workspace"] = Workspace("Yarn Berry", "yarn@4.18.1"),
        ["bun-workspace"] = Workspace("bun", "bun@1.4.5"),
        ["yarn"] = Copied("Detected Node.js project (yarn", "yarn@1.22.22"),
        ["yarn-berry"] = Copied("Detected Node.js project (Yarn Berry", "yarn@4.18.1"),
        ["pnpm"] = Copied("Detected Node.js project (pnpm", "pnpm@10.34.8"),
        ["bun"] = new("Detected Vite (bun", new() { ["package.json"] = Package("vite build", "vite@^7.0.0").Replace("\"private\"", "\"packageManager\":\"bun@1.4.5\",\"private\"", StringComparison.Ordinal), ["index.html"] = Html, ["main.js"] = Script }),
        ["node-18"] = new("Node.js 18", new() { ["package.json"] = Package("vite build", "vite@^5.4.0"), [".nvmrc"] = "18", ["index.html"] = Html, ["main.js"] = Script }),
        ["node-20"] = new("Node.js 20", new() { ["package.json"] = Package("vite build", "vite@^6.0.0"), [".node-version"] = "v20", ["index.html"] = Html, ["main.js"] = Script }),
        ["node-24"] = new("Node.js 24", new()
        {
            ["package.json"] = Package("vite build", "vite@^7.0.0").Replace("\"private\"", "\"engines\":{\"node\":\">=24\"},\"private\"", StringComparison.Ordinal),
            ["index.html"] = Html,
            ["main.js"] = Script,
        }),
        ["next-server"] = new("", new()
        {
            ["package.json"] = Package("next build", module: false, "next@^16.0.0", "react@^19.0.0", "react-dom@^19.0.0"),
            ["pages/index.js"] = "export default function Page() { return <h1>Hello</h1> }",
        })
        { Refused = FailureCode.ServerOnly },
        ["express-server"] = new("Detected Node.js project", new()
        {
            ["package.json"] = """{"private":true,"scripts":{"build":"mkdir -p dist && cp server.js dist/"},"dependencies":{"express":"^5.0.0"} }""",
            ["server.js"] = "require('express')().listen(3000)",
        })
        { Refused = FailureCode.ServerOnly },
    };

    /// <summary>A package without binaries for platforms: what counts here is the package manager.</summary>
    private static FrameworkProject Copied(string detected, string manager) => new(detected, new()
    {
        ["package.json"] = $$"""{"private":true,"packageManager":"{{manager}}","scripts":{"build":"node build.js"},"dependencies":{"is-number":"7.0.0"} }""",
        ["build.js"] = "const fs = require('fs'); fs.mkdirSync('dist'); fs.writeFileSync('dist/index.html', String(require('is-number')(7)))",
    });

    /// <summary>A site that uses a library of the same repository.</summary>
    private static FrameworkProject Workspace(string name, string manager) => new($"Detected Node.js project ({name}", new()
    {
        ["package.json"] = $$"""{"name":"mono","private":true,"packageManager":"{{manager}}","workspaces":["apps/*","libs/*"]}""",
        ["libs/words/package.json"] = """{"name":"words","version":"1.0.0","main":"index.js"}""",
        ["libs/words/index.js"] = "exports.word = 'hello from the library'",
        ["apps/web/package.json"] = """{"name":"web","version":"1.0.0","scripts":{"build":"node build.js"},"dependencies":{"words":"1.0.0","is-number":"7.0.0"} }""",
        ["apps/web/build.js"] = "const fs = require('fs'); fs.mkdirSync('dist'); fs.writeFileSync('dist/index.html', require('words').word + require('is-number')(7))",
    })
    { RootDir = "apps/web" };
}
