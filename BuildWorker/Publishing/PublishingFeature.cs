using Platform.Core.Artifacts;
using Platform.Core.Deployments;

namespace Platform.BuildWorker.Publishing;

internal static class PublishingFeature
{
    public static WebApplicationBuilder AddPublishing(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        builder.AddArtifactStore();
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
