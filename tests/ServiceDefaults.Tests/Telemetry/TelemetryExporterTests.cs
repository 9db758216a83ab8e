using Platform.ServiceDefaults.Telemetry;

namespace Platform.ServiceDefaults.Tests.Telemetry;

public sealed class TelemetryExporterTests
{
    [Theory]
    [InlineData("aspnetcore.routing.match_attempts", true)]
    [InlineData("aspnetcore.authorization.attempts", true)]
    [InlineData("http.server.request.duration", false)]
    [InlineData("http.server.active_requests", false)]
    [InlineData("kestrel.active_connections", false)]
    [InlineData("platform.execution.run", false)]
    public void Only_what_the_duration_of_requests_tells_as_well_is_left_out(string instrument, bool leftOut) =>
        TelemetryExporter.IsRepeated(instrument).ShouldBe(leftOut);
}
