using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Platform.Api.Tests.Secrets;

/// <summary>Everything that leaves the process about itself: log lines with their values and scopes, and activities with all they carry.</summary>
internal sealed class Records : ILoggerProvider, ISupportExternalScope
{
    // As the exporter listens.
    private static readonly string[] Sources = ["Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "Experimental.System.Net.", "Platform."];

    private readonly ActivityListener _listener;
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public Records()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => Sources.Any(name => source.Name.StartsWith(name, StringComparison.Ordinal)),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Activities.Enqueue(Describe(activity)),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ConcurrentQueue<string> Lines { get; } = new();

    public ConcurrentQueue<string> Activities { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() => _listener.Dispose();

    private static string Describe(Activity activity)
    {
        var text = new StringBuilder($"{activity.Source.Name} {activity.DisplayName} {activity.StatusDescription}");
        foreach (var (name, value) in activity.TagObjects) text.Append($" {name}={value}");
        foreach (var (name, value) in activity.Baggage) text.Append($" {name}={value}");
        foreach (var each in activity.Events)
        {
            text.Append($" {each.Name}");
            foreach (var (name, value) in each.Tags) text.Append($" {name}={value}");
        }

        return text.ToString();
    }

    private sealed class Logger(Records records, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => records._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = new StringBuilder($"{category} {formatter(state, exception)} {exception}");
            Append(text, state);
            records._scopes.ForEachScope((scope, into) => Append(into, scope), text);
            records.Lines.Enqueue(text.ToString());
        }

        private static void Append(StringBuilder text, object? values)
        {
            text.Append($" | {values}");
            if (values is not IEnumerable<KeyValuePair<string, object?>> pairs) return;
            foreach (var (name, value) in pairs) text.Append($" {name}={value}");
        }
    }
}
