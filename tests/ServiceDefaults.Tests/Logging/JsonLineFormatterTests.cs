using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.ServiceDefaults.Logging;

namespace Platform.ServiceDefaults.Tests.Logging;

public sealed class JsonLineFormatterTests
{
    private readonly LoggerExternalScopeProvider _scopes = new();

    [Fact]
    public void A_line_carries_the_message_its_values_and_the_request_id_of_the_scope()
    {
        using var scope = _scopes.Push(new Dictionary<string, object?> { ["RequestId"] = "req-1", ["Path"] = "/x" });

        var line = Format([new("Count", 3), new("{OriginalFormat}", "{Count} things")], "3 things", exception: null);

        line.GetProperty("level").GetString().ShouldBe("warning");
        line.GetProperty("message").GetString().ShouldBe("3 things");
        line.GetProperty("requestId").GetString().ShouldBe("req-1");
        line.GetProperty("values").GetProperty("Count").GetInt32().ShouldBe(3);
        line.GetProperty("values").GetProperty("Path").GetString().ShouldBe("/x");
        line.GetProperty("values").TryGetProperty("{OriginalFormat}", out _).ShouldBeFalse();
    }

    [Fact]
    public void The_path_of_the_servers_scope_is_not_written()
    {
        using var scope = _scopes.Push(new Dictionary<string, object?> { ["RequestId"] = "req-1", ["RequestPath"] = "/invitations/a-mailed-token" });

        Write([new("Count", 3)], "3 things", exception: null).ShouldNotContain("a-mailed-token");
    }

    [Fact]
    public void A_line_carries_the_trace_it_belongs_to()
    {
        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();

        var line = Format([], "in a trace", exception: null);

        line.GetProperty("traceId").GetString().ShouldBe(activity.TraceId.ToHexString());
        line.GetProperty("spanId").GetString().ShouldBe(activity.SpanId.ToHexString());
    }

    [Fact]
    public void Line_ends_in_a_message_and_an_exception_stay_inside_one_line()
    {
        var text = Write([], "first\nsecond", new InvalidOperationException("broken\nagain"));

        text.Count(c => c == '\n').ShouldBe(1);
        JsonDocument.Parse(text).RootElement.GetProperty("exception").GetString()!.ShouldContain("broken");
    }

    private JsonElement Format(KeyValuePair<string, object?>[] state, string message, Exception? exception) =>
        JsonDocument.Parse(Write(state, message, exception)).RootElement;

    private string Write(KeyValuePair<string, object?>[] state, string message, Exception? exception)
    {
        using var writer = new StringWriter();
        var entry = new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(
            LogLevel.Warning, "Category", new EventId(7), state, exception, (_, _) => message);
        new JsonLineFormatter(TimeProvider.System).Write(entry, _scopes, writer);
        return writer.ToString();
    }
}
