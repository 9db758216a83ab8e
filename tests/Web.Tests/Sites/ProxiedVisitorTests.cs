using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Testing;
using Platform.Web.Sites;

namespace Platform.Web.Tests.Sites;

/// <summary>Wrong passwords are counted for the visitor's own address: a proxy's word about it counts where the proxy is trusted, nobody else's.</summary>
[Trait("Category", "Integration")]
public sealed class ProxiedVisitorTests(WebHostFixture open, ProxiedWebHostFixture proxied) : IClassFixture<WebHostFixture>, IClassFixture<ProxiedWebHostFixture>
{
    private const string Password = "open sesame";
    private const int Attempts = 10;

    [Fact]
    public async Task Invented_addresses_help_nobody_who_guesses()
    {
        var site = await ProtectAsync(open);

        for (var time = 0; time < Attempts; time++)
            (await LogInAsync(open, site, "wrong", ("X-Forwarded-For", $"203.0.113.{time}"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await LogInAsync(open, site, Password, ("X-Forwarded-For", "203.0.113.99"))).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await LogInAsync(open, site, Password, ("Forwarded", "for=203.0.113.99"), ("X-Real-IP", "203.0.113.99"))).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task Visitors_behind_a_trusted_proxy_are_counted_apart()
    {
        var site = await ProtectAsync(proxied);

        // What the visitor himself sends stands in front of what the proxy adds.
        for (var time = 0; time < Attempts; time++)
            (await LogInAsync(proxied, site, "wrong", ("X-Forwarded-For", $"198.51.100.{time}, 203.0.113.1"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        (await LogInAsync(proxied, site, Password, ("X-Forwarded-For", "198.51.100.77, 203.0.113.1"))).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await LogInAsync(proxied, site, Password, ("X-Forwarded-For", "203.0.113.2"))).StatusCode.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Trusted_proxy_says_whether_the_visitor_came_by_https_but_not_to_which_host()
    {
        var site = await ProtectAsync(proxied);
        var other = await proxied.PublishAsync(("index.html", "another site"));

        var admitted = await LogInAsync(proxied, site, Password, ("X-Forwarded-For", "203.0.113.3"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", other.Host));

        admitted.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        var cookie = admitted.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith("__Host-");
        cookie.ShouldContain("secure");
        using var client = proxied.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = site.Host } };
        request.Headers.Add("X-Forwarded-Host", other.Host);
        (await client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<PublishedFixture> ProtectAsync(WebHostFixture host)
    {
        var site = await host.PublishAsync(("index.html", "x"));
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SiteSettingsService>()
            .SaveAsync(site.ProjectId, new SiteSettingsChange(SiteProtection.Everything, Password, null, null, null, null), CancellationToken.None);
        using var client = host.CreateClient();
        await Eventually.TrueAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Host = site.Host } };
            return (await client.SendAsync(request)).StatusCode == HttpStatusCode.Unauthorized;
        });
        return site;
    }

    private static async Task<HttpResponseMessage> LogInAsync(WebHostFixture host, PublishedFixture site, string password, params (string Name, string Value)[] headers)
    {
        using var client = host.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, SiteGuard.LoginPath)
        {
            Headers = { Host = site.Host },
            Content = new FormUrlEncodedContent([KeyValuePair.Create("password", password), KeyValuePair.Create("next", "/")]),
        };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await client.SendAsync(request);
    }
}

/// <summary>The Web host behind a proxy on this machine.</summary>
public sealed class ProxiedWebHostFixture : WebHostFixture
{
    protected override IWebHostBuilder Configure(IWebHostBuilder builder) => builder.UseSetting("Requests:TrustedProxies:0", "127.0.0.1");
}
