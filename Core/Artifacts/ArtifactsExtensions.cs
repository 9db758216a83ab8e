using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Platform.Core.Artifacts;

public static class ArtifactsExtensions
{
    /// <summary>Registers the store of published files.</summary>
    public static TBuilder AddArtifactStore<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<ArtifactOptions>()
            .BindConfiguration(ArtifactOptions.SectionName)
            .Validate(options => !string.IsNullOrWhiteSpace(options.Path), $"{ArtifactOptions.SectionName}:{nameof(ArtifactOptions.Path)} must name a directory.")
            .ValidateOnStart();
        builder.Services.AddSingleton<IArtifactStore>(services => new DiskArtifactStore(InstallationRoot.Resolve(
            services.GetRequiredService<IHostEnvironment>().ContentRootPath, services.GetRequiredService<IOptions<ArtifactOptions>>().Value.Path)));
        return builder;
    }
}
