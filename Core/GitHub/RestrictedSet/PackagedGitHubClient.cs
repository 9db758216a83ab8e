namespace Platform.Core.GitHub;

/// <summary>The adapter over a client package: this package set has none.</summary>
internal static class PackagedGitHubClient
{
    public static readonly string? Name;

    public static IGitHubClient Create(IServiceProvider services) =>
        throw new NotSupportedException("This package set has no client package for GitHub.");
}
