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

        lines.All.ShouldContain(line => line.Contains("GET /api/auth/session answered 401"));
        lines.All.ShouldNotContain(line => line.Contains("eyJ-a-secret-token"));
    }

    [Fact]
    public async Task Of_a_flood_of_good_answers_some_are_logged_one_by_one_and_the_rest_are_counted()
    {
        using var lines = new LogLines();
        await using var logged = api.With(("Requests:LogLinesPerSecond", "1")).WithLogs(lines);
        using var client = logged.CreateClient();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => client.GetAsync("/api/execute/languages")));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.GetAsync("/api/auth/session")));
        await Eventually.TrueAsync(async () =>
        {
            await client.GetAsync("/api/execute/languages");
            return lines.All.Any(line => line.Contains("got no line of their own"));
        });

        lines.All.Count(line => line.Contains("GET /api/execute/languages answered 200")).ShouldBeLessThan(40);
        lines.All.Count(line => line.Contains("GET /api/auth/session answered 401")).ShouldBe(10, "failures are always logged");
    }
}
