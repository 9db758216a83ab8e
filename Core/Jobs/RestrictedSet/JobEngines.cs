using Microsoft.Extensions.DependencyInjection;

namespace Platform.Core.Jobs;

/// <summary>The engines of a build without packaged ones.</summary>
internal static class JobEngines
{
    public const string Default = "postgres";

    public static void Add(IServiceCollection services, string engine)
    {
        switch (engine.ToUpperInvariant())
        {
            case "POSTGRES":
                services.AddPostgresJobs();
                break;
            default:
                throw new InvalidOperationException(
                    $"{JobOptions.SectionName}:{nameof(JobOptions.Engine)} is '{engine}'; this build knows: postgres.");
        }
    }
}
