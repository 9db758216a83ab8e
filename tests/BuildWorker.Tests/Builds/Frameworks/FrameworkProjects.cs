namespace Platform.BuildWorker.Tests.Builds.Frameworks;

/// <summary>All projects of the tests of frameworks, by name.</summary>
internal static class FrameworkProjects
{
    private static readonly Dictionary<string, FrameworkProject> All = new([.. SiteProjects.All, .. BundlerProjects.All, .. ManagerProjects.All]);

    public static IReadOnlyList<string> OfEveryRun { get; } = ["vite", "eleventy", "pnpm-workspace"];

    public static IEnumerable<string> Names => All.Keys;

    public static FrameworkProject Find(string name) => All[name];
}
