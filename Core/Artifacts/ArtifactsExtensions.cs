using Amazon.Runtime;
using Amazon.S3;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Platform.Core.Artifacts;

public static class ArtifactsExtensions
{
    private static readonly TimeSpan ShortestGrace = TimeSpan.FromMinutes(15);

    /// <summary>Registers the store of published files: the disk's, or S3's where that is configured.</summary>
    public static TBuilder AddArtifactStore<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOptions<S3Options>()
            .BindConfiguration(S3Options.SectionName)
            .Validate(options => options.Endpoint.Length == 0 || Uri.TryCreate(options.Endpoint, UriKind.Absolute, out _), "S3:Endpoint (S3_ENDPOINT) must be an http or https address.")
            .ValidateOnStart();
        builder.Services.AddOptions<ArtifactOptions>()
            .BindConfiguration(ArtifactOptions.SectionName)
            .PostConfigure<IOptions<S3Options>>((options, s3) =>
            {
                if (options.Store.Length == 0) options.Store = s3.Value.IsComplete ? "s3" : "disk";
            })
            .ValidateDataAnnotations()
            .Validate(options => options.CollectAfter >= ShortestGrace, "Artifacts:CollectAfter must be at least 15 minutes, and longer than BUILD_TIMEOUT.")
            .Validate<IOptions<S3Options>>(
                (options, s3) => options.Store != "s3" || s3.Value.IsComplete, "ARTIFACT_STORE is s3: set S3_BUCKET, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
            .ValidateOnStart();
        builder.Services.TryAddSingleton<IArtifactStore>(Create);
        builder.Services.TryAddSingleton<IArtifactGate, ArtifactGate>();
        return builder;
    }

    private static IArtifactStore Create(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<ArtifactOptions>>().Value;
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        return options.Store == "s3"
            ? CreateS3(services.GetRequiredService<IOptions<S3Options>>().Value, time)
            : new DiskArtifactStore(InstallationRoot.Resolve(services.GetRequiredService<IHostEnvironment>().ContentRootPath, options.Path), time);
    }

    /// <summary>The S3 store of these options, outside of any host.</summary>
    public static IArtifactStore CreateS3(S3Options options, TimeProvider time)
    {
        var config = new AmazonS3Config
        {
            AuthenticationRegion = options.Region,
            // The content's own hash is the key; services that are not Amazon's do not know the newer checksums.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (options.Endpoint.Length > 0)
        {
            config.ServiceURL = options.Endpoint;
            config.ForcePathStyle = true;
        }
        else
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(options.Region);
        }

        return new S3ArtifactStore(new AmazonS3Client(new BasicAWSCredentials(options.AccessKeyId, options.SecretAccessKey), config), options, time);
    }
}
