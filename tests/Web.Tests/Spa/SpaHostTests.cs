using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Platform.Testing;
using Platform.Web.Tests.Sites;

namespace Platform.Web.Tests.Spa;

[Trait("Category", "Integration")]
public sealed class SpaHostTests : IClassFixture<WebHostFixture>
{
    private readonly HttpClient _client;

    public SpaHostTests(WebHostFixture fixture) => _client = fixture.CreateClient();

    [Theory]
    [InlineData("/")]
    [InlineData("/deployments/0190f5e0-0000-7000-8000-000000000000")]
    [InlineData("/settings")]
    [InlineData("/s/Zk3f9")]
    public async Task Every_route_is_the_page_with_a_strict_policy(string path)
    {
        var response = await _client.GetAsync(new Uri(path, UriKind.Relative));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldContain("<title>App</title>");
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("script-src 'self' 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='; ");
        policy.ShouldContain("connect-src 'self' http://localhost:8081 ws://localhost:8081;");
        policy.ShouldContain("img-src 'self' data: https: http://localhost:8081;", customMessage: "Pictures of people lie at the Api.");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain("object-src 'none'");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.CacheControl!.ToString().ShouldContain("must-revalidate");
    }

    [Theory]
    [InlineData("/assets/missing.js")]
    [InlineData("/assets/missing")]
    [InlineData("/favicon.png")]
    [InlineData("/csp.json")]
    [InlineData("/assets/app.js.br")]
    public async Task Missing_file_is_never_the_page(string path) =>
        (await _client.GetAsync(new Uri(path, UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task Trace_keeps_no_share_link()
    {
        var recorded = new ConcurrentBag<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => recorded.Add($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)}"),
        };
        ActivitySource.AddActivityListener(listener);

        await _client.GetAsync(new Uri("/s/a-link-that-few-know", UriKind.Relative));

        // Other tests' requests are heard as well.
        await Eventually.TrueAsync(() => recorded.Any(text => text.Contains("[url.path, /s/{shareId}]", StringComparison.Ordinal)));
        recorded.ShouldAllBe(text => !text.Contains("a-link-that-few-know", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Assets_are_immutable_and_sent_compressed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/assets/app.js", UriKind.Relative));
        request.Headers.AcceptEncoding.ParseAdd("br");
        var response = await _client.SendAsync(request);

        response.Headers.CacheControl!.ToString().ShouldContain("immutable");
        response.Content.Headers.ContentEncoding.ShouldBe(["br"]);
        (await response.Content.ReadAsStringAsync()).ShouldBe("compressed");
    }

    [Fact]
    public async Task Configuration_names_the_api_and_the_sites()
    {
        using var config = JsonDocument.Parse(await _client.GetStringAsync(new Uri("/config.json", UriKind.Relative)));

        config.RootElement.GetProperty("apiBaseUrl").GetString().ShouldBe("http://localhost:8081");
        config.RootElement.GetProperty("sitesDomain").GetString().ShouldBe("apps.localhost:8080");
    }

    [Fact]
    public async Task Health_is_not_the_page() =>
        (await _client.GetStringAsync(new Uri("/alive", UriKind.Relative))).ShouldNotContain("<title>");
}
