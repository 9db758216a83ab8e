namespace Platform.BuildWorker.Tests.Builds.Frameworks;

/// <summary>The smallest project of a framework that its own tool builds.</summary>
/// <param name="Detected">What the log must say.</param>
/// <param name="Files">Path → content.</param>
internal sealed record FrameworkProject(string Detected, Dictionary<string, string> Files)
{
    public const string Html = "<!doctype html><html><head><title>t</title></head><body><div id=\"root\"></div><script type=\"module\" src=\"/main.js\"></script></body></html>";
    public const string Script = "document.getElementById('root').textContent = 'hello';";

    public string RootDir { get; init; } = "";

    /// <summary>A page that must have been published.</summary>
    public string Page { get; init; } = "index.html";

    /// <summary>The failure that is right; null: the build succeeds.</summary>
    public string? Refused { get; init; }

    public static string Package(string build, params string[] dependencies) => Package(build, module: true, dependencies);

    public static string Package(string build, bool module, params string[] dependencies)
    {
        var list = dependencies.Select(dependency => $"\"{dependency[..dependency.LastIndexOf('@')]}\":\"{dependency[(dependency.LastIndexOf('@') + 1)..]}\"");
        return $$"""{"private":true,{{(module ? "\"type\":\"module\"," : "")}}"scripts":{"build":"{{build}}"},"devDependencies":{ {{string.Join(',', list)}} } }""";
    }
}
