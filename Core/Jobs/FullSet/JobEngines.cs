using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Jobs.Hangfire;

namespace Platform.Core.Jobs;

/// <summary>The engines of a build with the packages.</summary>
internal static class JobEngines
{
    public const string Default = "hangfire";

    public static void Add(IServiceCollection services, string engine)
    {
        switch (engine.ToUpperInvariant())
        {
            case "HANGFIRE":
                services.AddHangfireJobs();
                break;
            case "POSTGRES":
                services.AddPostgresJobs();
                break;
            default:
                throw new InvalidOperationException(
                    $"{JobOptions.SectionName}:{nameof(JobOptions.Engine)} is '{engine}'; this build knows: hangfire, postgres.");
        }
    }
}
