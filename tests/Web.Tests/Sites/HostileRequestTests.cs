using System.Net.Sockets;
using System.Text;

namespace Platform.Web.Tests.Sites;

/// <summary>Requests that no client library would send, on a socket.</summary>
[Trait("Category", "Integration")]
public sealed class HostileRequestTests(WebHostFixture fixture) : IClassFixture<WebHostFixture>
{
    private const string Secret = "root of the artifact store";

    [Theory]
    [InlineData("/../../outside.txt")]
    [InlineData("/%2e%2e/%2e%2e/outside.txt")]
    [InlineData("/%2e%2e%2f%2e%2e%2foutside.txt")]
    [InlineData("/%252e%252e%252foutside.txt")]
    [InlineData("/..%5c..%5coutside.txt")]
    [InlineData("/..\\..\\outside.txt")]
    [InlineData("/%c0%ae%c0%ae/outside.txt")]
    [InlineData("/index.html%00.txt")]
    [InlineData("/%00")]
    [InlineData("//outside.txt")]
    [InlineData("/./../outside.txt")]
    [InlineData("/link")]
    [InlineData("/incoming/")]
    [InlineData("/a;b=../outside.txt")]
    [InlineData("/_redirects%2f..")]
    public async Task Path_never_leaves_the_manifest(string path)
    {
        var site = await fixture.PublishAsync(("index.html", "home"));
        await File.WriteAllTextAsync(Path.Combine(fixture.Artifacts, "..", "outside.txt"), Secret);
        await File.WriteAllTextAsync(Path.Combine(fixture.Artifacts, "outside.txt"), Secret);
        if (!File.Exists(Path.Combine(fixture.Artifacts, "link"))) File.CreateSymbolicLink(Path.Combine(fixture.Artifacts, "link"), "outside.txt");

        var answer = await SendAsync($"GET {path} HTTP/1.1\r\nHost: {site.Host}\r\nConnection: close\r\n\r\n");

        answer.ShouldNotContain(Secret);
        (StatusOf(answer) is 404 or 400).ShouldBeTrue(answer);
    }

    [Theory]
    [InlineData("{0}", true)]
    [InlineData("{0}.", true)]
    [InlineData("{0}:8080", true)]
    [InlineData("{0}.:1", true)]
    [InlineData("{1}", true)]
    [InlineData("{0}..", false)]
    [InlineData(".{0}", false)]
    [InlineData("x.{0}", false)]
    [InlineData("_{0}", false)]
    [InlineData("xn--{0}", false)]
    [InlineData("--{0}", false)]
    [InlineData("00000000000000000000000000000000--{0}", false)]
    [InlineData("{0}@evil.example", false)]
    [InlineData("evil.example/{0}", false)]
    [InlineData("{0} evil.example", false)]
    [InlineData("[{0}]", false)]
    [InlineData("{0}:port", false)]
    [InlineData("{0}%2e", false)]
    public async Task Only_the_sites_own_name_shows_it(string pattern, bool shown)
    {
        var site = await fixture.PublishAsync(("index.html", "the site's page"));
        var host = string.Format(null, pattern, site.Host, site.Host.ToUpperInvariant());

        var answer = await SendAsync($"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        if (shown) answer.ShouldContain("the site's page");
        else answer.ShouldNotContain("the site's page");
        StatusOf(answer).ShouldBeLessThan(500);
    }

    [Fact]
    public async Task Two_names_in_one_request_are_refused()
    {
        var (one, other) = (await fixture.PublishAsync(("index.html", "one")), await fixture.PublishAsync(("index.html", "other")));

        StatusOf(await SendAsync($"GET http://{one.Host}/ HTTP/1.1\r\nHost: {other.Host}\r\nConnection: close\r\n\r\n")).ShouldBe(400);
        StatusOf(await SendAsync($"GET / HTTP/1.1\r\nHost: {one.Host}\r\nHost: {other.Host}\r\nConnection: close\r\n\r\n")).ShouldBe(400);
        StatusOf(await SendAsync("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")).ShouldBe(400);
        (await SendAsync($"GET http://{one.Host}/ HTTP/1.1\r\nHost: {one.Host}\r\nConnection: close\r\n\r\n")).ShouldEndWith("one");
        (await SendAsync($"GET / HTTP/1.1\r\nHost: {one.Host}\r\nX-Forwarded-Host: {other.Host}\r\nConnection: close\r\n\r\n")).ShouldEndWith("one");
    }

    [Fact]
    public async Task Cookie_of_the_application_is_neither_asked_for_nor_answered()
    {
        var site = await fixture.PublishAsync(("index.html", "x"));

        var answer = await SendAsync($"GET / HTTP/1.1\r\nHost: {site.Host}\r\nCookie: access_token=secret; csrf=1\r\nConnection: close\r\n\r\n");

        StatusOf(answer).ShouldBe(200);
        answer.ShouldNotContain("Set-Cookie");
        answer.ShouldNotContain("secret");
        answer.ShouldNotContain("Access-Control-Allow-Credentials");
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("OPTIONS")]
    [InlineData("PROPFIND")]
    public async Task Other_methods_are_refused(string method)
    {
        var site = await fixture.PublishAsync(("index.html", "x"));

        StatusOf(await SendAsync($"{method} / HTTP/1.1\r\nHost: {site.Host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")).ShouldBe(405);
    }

    [Fact]
    public async Task Visitor_who_does_not_read_holds_nobody_up()
    {
        var site = await fixture.PublishAsync(("index.html", "quick"), ("large.bin", new string('z', 20_000_000)));
        using var slow = new TcpClient { ReceiveBufferSize = 4096 };
        await slow.ConnectAsync(fixture.Address.Host, fixture.Address.Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET /large.bin HTTP/1.1\r\nHost: {site.Host}\r\n\r\n"));

        for (var time = 0; time < 5; time++) (await SendAsync($"GET / HTTP/1.1\r\nHost: {site.Host}\r\nConnection: close\r\n\r\n")).ShouldEndWith("quick");
    }

    private static int StatusOf(string answer) => int.Parse(answer.Split(' ')[1], null);

    private async Task<string> SendAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(fixture.Address.Host, fixture.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }
}
