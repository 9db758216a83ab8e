using System.Collections.Concurrent;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Testing;

namespace Platform.Api.Tests.Common;

[Trait("Category", "Integration")]
public sealed class RequestLogTests(ApiFactory api) : IClassFixture<ApiFactory>
{
    [Fact]
    public async Task A_request_is_logged_once_without_what_its_query_carries()
    {
        using var lines = new LogLines();
        await using var logged = api.WithLogs(lines);
        using var client = logged.CreateClient();

        await client.GetAsync("/api/auth/session?token=eyJ-a-secret-token");

        // Written when the request is over, which may be after its answer.
        await Eventually.TrueAsync(() => lines.All.Any(line => line.Contains("GET /api/auth/session answered 401")));
        lines.All.ShouldNotContain(line => line.Contains("eyJ-a-secret-token"));
    }

    [Fact]
    public async Task Of_a_flood_of_good_answers_some_are_logged_one_by_one_and_the_rest_are_counted()
    {
        using var lines = new LogLines();
        await using var logged = api.With(("Requests:LogLinesPerSecond", "1")).WithLogs(lines);
        using var client = logged.CreateClient();

        var asked = 40;
        await Task.WhenAll(Enumerable.Range(0, asked).Select(_ => client.GetAsync("/api/execute/languages")));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.GetAsync("/api/auth/session")));
        await Eventually.TrueAsync(async () =>
        {
            await client.GetAsync("/api/execute/languages");
            asked++;
            return lines.All.Any(line => line.Contains("got no line of their own"));
        });

        lines.All.Count(line => line.Contains("GET /api/execute/languages answered 200")).ShouldBeLessThan(asked);
        // Failures are always logged.
        await Eventually.TrueAsync(() => lines.All.Count(line => line.Contains("GET /api/auth/session answered 401")) == 10);
    }

    [Theory]
    [InlineData("caller-chose-this")]
    [InlineData(null)]
    public async Task Every_line_about_a_request_carries_the_id_that_its_answer_tells(string? given)
    {
        using var lines = new ScopedLines();
        await using var logged = api.WithWebHostBuilder(builder => builder.ConfigureTestServices(services => services.AddSingleton<ILoggerProvider>(lines)));
        using var client = logged.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/auth/session");
        if (given is not null) request.Headers.Add("X-Request-Id", given);

        using var answer = await client.SendAsync(request);

        var id = answer.Headers.GetValues("X-Request-Id").Single();
        if (given is not null) id.ShouldBe(given);
        await Eventually.TrueAsync(() => lines.RequestIds.Contains(("GET /api/auth/session answered 401", id)));
    }

    /// <summary>The ids that the scopes of lines about answers say.</summary>
    private sealed class ScopedLines : ILoggerProvider, ILogger, ISupportExternalScope
    {
        private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

        public ConcurrentQueue<(string Line, string? Id)> RequestIds { get; } = new();

        public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => _scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = formatter(state, exception);
            if (!line.Contains(" answered ", StringComparison.Ordinal)) return;
            _scopes.ForEachScope(
                (scope, lines) =>
                {
                    foreach (var (name, value) in scope as IEnumerable<KeyValuePair<string, object>> ?? [])
                    {
                        name.ShouldNotBe("RequestPath");
                        if (name == "RequestId") lines.Enqueue((line[..line.IndexOf(" in ", StringComparison.Ordinal)], value?.ToString()));
                    }
                },
                RequestIds);
        }

        public void Dispose()
        {
            // Holds nothing.
        }
    }
}
