using Platform.Core.Realtime;

namespace Platform.Core.Deployments;

/// <summary>Tells the sites host that what a site serves, or to whom, has changed.</summary>
internal static class SiteAnnouncements
{
    /// <summary>The rows are the truth and the host looks at them again within seconds: a lost announcement delays, nothing more.</summary>
    public static async Task TryAsync(IEventBus events, string slug, CancellationToken cancellationToken)
    {
        try
        {
            await events.PublishAsync(Topics.Sites, new SiteChanged(slug), cancellationToken);
        }
        catch (RealtimeUnavailableException)
        {
            return;
        }
    }
}
