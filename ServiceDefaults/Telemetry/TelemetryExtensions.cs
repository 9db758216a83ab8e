using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;
using Platform.ServiceDefaults.Configuration;
using Platform.ServiceDefaults.Logging;

namespace Platform.ServiceDefaults.Telemetry;

internal static class TelemetryExtensions
{
    /// <summary>Set by the app host where something listens; without it nothing is exported and nothing is collected.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        Activity.DefaultIdFormat = ActivityIdFormat.W3C;
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<IExternalScopeProvider, SecretFreeScopes>();
        if (string.IsNullOrEmpty(builder.Configuration[EndpointVariable])) return;

        builder.Services.AddValidatedOptions<TelemetryOptions>(TelemetryOptions.SectionName);
        builder.Services.AddSingleton<TelemetryExporter>();
        builder.Services.AddHostedService(services => services.GetRequiredService<TelemetryExporter>());
        builder.Logging.AddOpenTelemetry(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
            logs.SetResourceBuilder(Resource());
            logs.AddOtlpExporter();
        });
    }

    /// <summary>Name and instance come from <c>OTEL_SERVICE_NAME</c> and <c>OTEL_RESOURCE_ATTRIBUTES</c>, as the app host injects them.</summary>
    public static ResourceBuilder Resource() => ResourceBuilder.CreateDefault().AddEnvironmentVariableDetector();
}
