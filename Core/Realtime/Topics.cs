namespace Platform.Core.Realtime;

/// <summary>Topics of the event bus and what travels on them.</summary>
public static class Topics
{
    /// <summary>Changes of one deployment: <see cref="DeploymentChanged"/>.</summary>
    public static string Deployment(Guid deploymentId) => $"deployment:{deploymentId:N}";

    /// <summary>Production pointers that moved: <see cref="SiteChanged"/>; the sites host drops its cached entry.</summary>
    public const string Sites = "sites";
}

/// <summary>A deployment moved to another status or stage.</summary>
/// <param name="DeploymentId">Which.</param>
/// <param name="Status">Its status, see <c>DeploymentStatus</c>.</param>
/// <param name="Stage">The stage as shown to users: Queued, Building, Deploying, Success, Failed, Cancelled.</param>
public sealed record DeploymentChanged(Guid DeploymentId, string Status, string Stage);

/// <summary>What a site's host name serves has changed.</summary>
/// <param name="Slug">The project's slug.</param>
public sealed record SiteChanged(string Slug);
