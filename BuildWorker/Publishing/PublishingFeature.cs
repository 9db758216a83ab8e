using Microsoft.Extensions.Options;
using Platform.BuildWorker.Builds;
using Platform.Core.Artifacts;
using Platform.Core.Deployments;

namespace Platform.BuildWorker.Publishing;

internal static class PublishingFeature
{
    // Of what a deployment puts, the first file waits longest for the manifest that names it.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(15);

    public static WebApplicationBuilder AddPublishing(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddArtifactStore();
        // Where builds may take longer than content may lie unreferenced, it may lie longer: a collection must not overtake a publication.
        services.AddOptions<ArtifactOptions>().PostConfigure<IOptions<BuildOptions>>((artifacts, build) =>
        {
            var longest = build.Value.CheckoutTimeout + build.Value.Timeout + Margin;
            if (artifacts.CollectAfter < longest) artifacts.CollectAfter = longest;
        });
        services.AddOptions<PublishOptions>().BindConfiguration(PublishOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Compressor>();
        services.AddSingleton<SitePublisher>();
        services.AddSingleton<PublicationCheck>();
        services.AddSingleton<IArtifactReferences>(provider => provider.GetRequiredService<SiteRetention>());
        services.AddSingleton<ArtifactCollector>();
        services.AddHostedService<ArtifactKeeper>();
        return builder;
    }
}
