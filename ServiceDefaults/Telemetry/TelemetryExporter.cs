using System.Collections.Frozen;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>
/// Exports traces and metrics by OTLP for as long as the process runs. The sources are the framework's own and ours: they need no
/// instrumentation packages.
/// </summary>
internal sealed class TelemetryExporter(IOptions<TelemetryOptions> options, TimeProvider time) : IHostedService, IDisposable
{
    private static readonly string[] Sources =
        ["Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "Experimental.System.Net.Sockets", "Platform.*"];

    private static readonly string[] Meters =
        ["Microsoft.AspNetCore.*", "System.Net.Http", "System.Runtime", "Npgsql", "Platform.*"];

    /// <summary>Counted several times in every request, and told by the duration of requests, which has route and status, as well.</summary>
    private static readonly FrozenSet<string> Repeated = new[]
    {
        "aspnetcore.routing.match_attempts", "aspnetcore.authentication.authenticate.duration", "aspnetcore.authorization.attempts",
        "aspnetcore.memory_pool.rented", "aspnetcore.memory_pool.allocated", "aspnetcore.memory_pool.evicted", "aspnetcore.memory_pool.pooled",
    }.ToFrozenSet(StringComparer.Ordinal);

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(TelemetryExtensions.Resource())
            .SetSampler(new BusySampler(options.Value.TracesPerSecond, time))
            .AddSource(Sources)
            .AddProcessor(new HealthProbeFilter())
            .AddOtlpExporter()
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(TelemetryExtensions.Resource())
            .AddMeter(Meters)
            .AddView(instrument => IsRepeated(instrument.Name) ? MetricStreamConfiguration.Drop : null)
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _traces?.ForceFlush(timeoutMilliseconds: 2000);
        _metrics?.ForceFlush(timeoutMilliseconds: 2000);
        return Task.CompletedTask;
    }

    internal static bool IsRepeated(string instrument) => Repeated.Contains(instrument);

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
