using System.Net;
using System.Net.Http.Headers;
using Platform.Testing;

namespace Platform.Web.Tests.Sites;

[Trait("Category", "Integration")]
public sealed class SitesHostTests : IClassFixture<WebHostFixture>
{
    private readonly WebHostFixture _fixture;
    private readonly HttpClient _client;

    public SitesHostTests(WebHostFixture fixture)
    {
        _fixture = fixture;
        _client = fixture.CreateClient();
    }

    [Fact]
    public async Task Site_answers_with_validators_and_unchanged_content_with_304()
    {
        var site = await _fixture.PublishAsync(("index.html", "<h1>Hello</h1>"));
        var first = await GetAsync(site.Host, "/");

        first.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await first.Content.ReadAsStringAsync()).ShouldBe("<h1>Hello</h1>");
        first.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        first.Headers.CacheControl!.ToString().ShouldContain("must-revalidate");
        first.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        first.Headers.Contains("Set-Cookie").ShouldBeFalse();

        var second = await GetAsync(site.Host, "/", request => request.Headers.IfNoneMatch.Add(first.Headers.ETag!));
        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("bytes=0-4", HttpStatusCode.PartialContent, "01234", "bytes 0-4/10")]
    [InlineData("bytes=7-", HttpStatusCode.PartialContent, "789", "bytes 7-9/10")]
    [InlineData("bytes=-2", HttpStatusCode.PartialContent, "89", "bytes 8-9/10")]
    [InlineData("bytes=5-500", HttpStatusCode.PartialContent, "56789", "bytes 5-9/10")]
    [InlineData("bytes=10-", HttpStatusCode.RequestedRangeNotSatisfiable, "", "bytes */10")]
    [InlineData("bytes=0-1,3-4", HttpStatusCode.OK, "0123456789", null)]
    [InlineData("lines=0-1", HttpStatusCode.OK, "0123456789", null)]
    public async Task Range_is_answered(string range, HttpStatusCode status, string body, string? contentRange)
    {
        var site = await _fixture.PublishAsync(("index.html", "x"), ("data.bin", "0123456789"));
        var response = await GetAsync(site.Host, "/data.bin", request => request.Headers.TryAddWithoutValidation("Range", range));

        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadAsStringAsync()).ShouldBe(body);
        response.Content.Headers.ContentRange?.ToString().ShouldBe(contentRange);
    }

    [Fact]
    public async Task Range_of_another_version_gets_the_whole_file()
    {
        var site = await _fixture.PublishAsync(("index.html", "x"), ("data.bin", "0123456789"));
        var response = await GetAsync(site.Host, "/data.bin", request =>
        {
            request.Headers.Range = new RangeHeaderValue(0, 1);
            request.Headers.IfRange = new RangeConditionHeaderValue("\"other\"");
        });

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Head_has_the_headers_and_no_body_and_other_methods_are_refused()
    {
        var site = await _fixture.PublishAsync(("index.html", "<h1>Hello</h1>"));
        var head = await SendAsync(HttpMethod.Head, site.Host, "/");
        var post = await SendAsync(HttpMethod.Post, site.Host, "/");

        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        head.Content.Headers.ContentLength.ShouldBe(14);
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        post.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        post.Content.Headers.Allow.Order().ShouldBe(["GET", "HEAD"]);
    }

    [Theory]
    [InlineData("br, gzip", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0.5", "gzip")]
    [InlineData("br;q=0.1, gzip;q=0.9", "gzip")]
    [InlineData("*", "br")]
    [InlineData("identity", null)]
    public async Task Best_accepted_variant_is_sent(string accepted, string? expected)
    {
        var site = await _fixture.PublishAsync(("index.html", new string('x', 5000)));
        var response = await GetAsync(site.Host, "/", request => request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted));

        response.Content.Headers.ContentEncoding.SingleOrDefault().ShouldBe(expected);
        response.Headers.Vary.ShouldBe(["Accept-Encoding"]);
    }

    [Fact]
    public async Task Unknown_names_and_paths_answer_404_and_never_leave_the_manifest()
    {
        var site = await _fixture.PublishAsync(("index.html", "x"), ("404.html", "own page"));

        (await GetAsync("unknown.apps.localhost", "/")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var missing = await GetAsync(site.Host, "/%2e%2e/%2e%2e/etc/passwd");
        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await missing.Content.ReadAsStringAsync()).ShouldBe("own page");
        missing.Headers.ETag.ShouldBeNull();
        (await GetAsync(site.Host, "/health")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Moved_pointer_shows_at_once_and_each_deployment_keeps_its_address()
    {
        var first = await _fixture.PublishAsync(("index.html", "first"));
        (await (await GetAsync(first.Host, "/")).Content.ReadAsStringAsync()).ShouldBe("first");

        var second = await _fixture.PublishAgainAsync(first, ("index.html", "second"));
        await Eventually.TrueAsync(async () => await (await GetAsync(first.Host, "/")).Content.ReadAsStringAsync() == "second");
        (await (await GetAsync($"{first.DeploymentId:N}--{first.Slug}.apps.localhost", "/")).Content.ReadAsStringAsync()).ShouldBe("first");
        (await (await GetAsync($"{second.DeploymentId}--{first.Slug}.apps.localhost", "/")).Content.ReadAsStringAsync()).ShouldBe("second");
        (await GetAsync($"{first.DeploymentId:N}--other.apps.localhost", "/")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private Task<HttpResponseMessage> GetAsync(string host, string path, Action<HttpRequestMessage>? configure = null) => SendAsync(HttpMethod.Get, host, path, configure);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string host, string path, Action<HttpRequestMessage>? configure = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Headers = { Host = host } };
        configure?.Invoke(request);
        return await _client.SendAsync(request);
    }
}
