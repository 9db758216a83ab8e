using System.Diagnostics;
using OpenTelemetry;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>Health probes come every few seconds from every side and would bury the traces of people.</summary>
internal sealed class HealthProbeFilter : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.Source.Name != "Microsoft.AspNetCore") return;
        var path = data.GetTagItem("url.path") as string ?? data.GetTagItem("http.route") as string;
        if (path is "/health" or "/alive") data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }
}
