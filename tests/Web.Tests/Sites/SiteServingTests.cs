using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Artifacts;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Deployments.Domains;
using Platform.Testing;
using Platform.Web.Sites;

namespace Platform.Web.Tests.Sites;

/// <summary>Rules, retired assets, passwords, domains and traffic.</summary>
[Trait("Category", "Integration")]
public sealed class SiteServingTests(WebHostFixture fixture) : IClassFixture<WebHostFixture>
{
    private readonly HttpClient _client = fixture.CreateClient();

    [Fact]
    public async Task Rules_of_the_site_are_applied_and_their_files_not_served()
    {
        var site = await fixture.PublishAsync(
            ("index.html", "home"), ("new.html", "new"), ("_redirects", "/old /new 302\n/app/* /index.html 200\n/gone /index.html 404"),
            ("_headers", "/new\n  X-Custom: yes\n  Cache-Control: max-age=7\n  Content-Length: 3\n"));

        var moved = await GetAsync(site.Host, "/old?a=1");
        moved.StatusCode.ShouldBe(HttpStatusCode.Found);
        moved.Headers.Location!.OriginalString.ShouldBe("/new?a=1");
        (await TextAsync(site.Host, "/app/any")).ShouldBe("home");
        (await GetAsync(site.Host, "/gone")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var page = await GetAsync(site.Host, "/new");
        page.Headers.GetValues("X-Custom").ShouldBe(["yes"]);
        page.Headers.CacheControl!.ToString().ShouldBe("max-age=7");
        (await page.Content.ReadAsStringAsync()).ShouldBe("new");
        (await GetAsync(site.Host, "/_redirects")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync(site.Host, "/_headers")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Assets_of_the_replaced_deployment_stay_reachable_until_their_time_is_over()
    {
        var first = await fixture.PublishAsync(("index.html", "1"), ("assets/app-BfX3k2aQ.js", "old script"), ("plain.js", "old"));
        await fixture.PublishAgainAsync(first, ("index.html", "2"), ("assets/app-Zz9Yx8Wv.js", "new script"), ("_redirects", "/* /index.html 200"));
        await Eventually.TrueAsync(async () => await TextAsync(first.Host, "/") == "2");

        var asset = await GetAsync(first.Host, "/assets/app-BfX3k2aQ.js");
        asset.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await asset.Content.ReadAsStringAsync()).ShouldBe("old script");
        asset.Headers.CacheControl!.ToString().ShouldContain("immutable");
        // Only names that carry a hash mean the same content for ever.
        (await TextAsync(first.Host, "/plain.js")).ShouldBe("2");

        await using (var db = fixture.CreateContext())
            await db.ProductionChanges.Where(change => change.ProjectId == first.ProjectId).ExecuteUpdateAsync(set => set.SetProperty(change => change.CreatedAt, change => change.CreatedAt.AddDays(-2)));
        await fixture.PublishAgainAsync(first, ("index.html", "3"));
        await Eventually.TrueAsync(async () => await TextAsync(first.Host, "/") == "3");
        (await GetAsync(first.Host, "/assets/app-BfX3k2aQ.js")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await GetAsync(first.Host, "/assets/app-Zz9Yx8Wv.js")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Fallback_can_be_asked_for_and_forbidden()
    {
        var site = await fixture.PublishAsync(("index.html", "home"));
        (await GetAsync(site.Host, "/any/route")).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        await SaveAsync(site, new SiteSettingsChange(SiteProtection.Off, null, true, null, null, null));
        await Eventually.TrueAsync(async () => await TextAsync(site.Host, "/any/route") == "home");
        (await GetAsync(site.Host, "/any/script.js")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Protected_preview_asks_for_its_password_and_production_stays_open()
    {
        var site = await fixture.PublishAsync(("index.html", "secret page"));
        var preview = $"{site.DeploymentId:N}--{site.Host}";
        (await SaveAsync(site, new SiteSettingsChange(SiteProtection.Previews, null, null, null, null, null))).ShouldBe(SiteSettingsOutcome.PasswordNeeded);
        (await SaveAsync(site, new SiteSettingsChange(SiteProtection.Previews, "open sesame", null, null, null, null))).ShouldBe(SiteSettingsOutcome.Saved);
        await Eventually.TrueAsync(async () => (await GetAsync(preview, "/")).StatusCode == HttpStatusCode.Unauthorized);

        (await TextAsync(site.Host, "/")).ShouldBe("secret page");
        var asked = await GetAsync(preview, "/a\"><script>?x=1");
        asked.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var form = await asked.Content.ReadAsStringAsync();
        form.ShouldContain("<form");
        form.ShouldNotContain("secret page");
        form.ShouldNotContain("\"><script>");
        asked.Headers.CacheControl!.NoStore.ShouldBeTrue();

        (await LogInAsync(preview, "wrong password", "/")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var admitted = await LogInAsync(preview, "open sesame", "/page?x=1");
        admitted.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        admitted.Headers.Location!.OriginalString.ShouldBe("/page?x=1");
        var cookie = admitted.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        cookie.ShouldNotContain("domain", Case.Insensitive);

        var visit = cookie.Split(';')[0];
        var page = await GetAsync(preview, "/", visit);
        (await page.Content.ReadAsStringAsync()).ShouldBe("secret page");
        page.Headers.CacheControl!.Private.ShouldBeTrue();
        (await GetAsync(preview, "/", visit[..^3] + "AAA")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

        // Another project's visit is not this one's, and a new password ends all visits.
        var other = await fixture.PublishAsync(("index.html", "other"));
        await SaveAsync(other, new SiteSettingsChange(SiteProtection.Everything, "open sesame", null, null, null, null));
        await Eventually.TrueAsync(async () => (await GetAsync(other.Host, "/")).StatusCode == HttpStatusCode.Unauthorized);
        (await GetAsync(other.Host, "/", visit)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await SaveAsync(site, new SiteSettingsChange(SiteProtection.Previews, "another one", null, null, null, null));
        await Eventually.TrueAsync(async () => (await GetAsync(preview, "/", visit)).StatusCode == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Guessing_is_slowed_down()
    {
        var site = await fixture.PublishAsync(("index.html", "x"));
        await SaveAsync(site, new SiteSettingsChange(SiteProtection.Everything, "open sesame", null, null, null, null));
        await Eventually.TrueAsync(async () => (await GetAsync(site.Host, "/")).StatusCode == HttpStatusCode.Unauthorized);

        var statuses = new List<HttpStatusCode>();
        for (var time = 0; time < 12; time++) statuses.Add((await LogInAsync(site.Host, $"guess {time}", "/")).StatusCode);

        statuses.Take(10).ShouldAllBe(status => status == HttpStatusCode.Unauthorized);
        statuses.Skip(10).ShouldAllBe(status => status == HttpStatusCode.TooManyRequests);
        (await LogInAsync(site.Host, "open sesame", "/")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
    }

    [Theory]
    [InlineData("/fine?a=1", "/fine?a=1")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("/a\r\nSet-Cookie: x", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void Visitor_is_sent_to_this_site_only(string? next, string expected) => SiteGuard.SafeNext(next).ShouldBe(expected);

    [Fact]
    public async Task Domain_shows_the_site_once_its_owner_has_proven_it()
    {
        var site = await fixture.PublishAsync(("index.html", "mine"));
        var host = $"www.{site.Slug}.example";
        var (outcome, domain) = await WithDomainsAsync(domains => domains.AddAsync(site.ProjectId, site.ProjectId, host.ToUpperInvariant() + ".", CancellationToken.None));
        outcome.ShouldBe(DomainOutcome.Added);
        (await WithDomainsAsync(domains => domains.VerifyAsync(site.ProjectId, domain!.Id, CancellationToken.None)))!.Status.ShouldBe(SiteDomainStatus.Pending);
        (await TextAsync(host, "/")).ShouldContain("<title>App</title>");

        var (name, value) = SiteDomains.RecordOf(domain!);
        fixture.Resolver.Texts[name] = value;
        (await WithDomainsAsync(domains => domains.VerifyAsync(site.ProjectId, domain!.Id, CancellationToken.None)))!.Status.ShouldBe(SiteDomainStatus.Verified);

        await Eventually.TrueAsync(async () => await TextAsync(host, "/") == "mine");
        (await TextAsync(host.ToUpperInvariant() + ".:8080", "/")).ShouldBe("mine");
        await WithDomainsAsync(domains => domains.RemoveAsync(site.ProjectId, domain!.Id, CancellationToken.None));
        await Eventually.TrueAsync(async () => (await TextAsync(host, "/")).Contains("<title>App</title>", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Requests_are_counted_by_hour_and_by_file()
    {
        var site = await fixture.PublishAsync(("index.html", "12345"), ("a.html", "1"));
        await Parallel.ForAsync(0, 20, async (_, _) => await GetAsync(site.Host, "/"));
        await GetAsync(site.Host, "/a");
        await GetAsync(site.Host, "/missing");
        (await GetAsync(site.Host, "/a/")).StatusCode.ShouldBe(HttpStatusCode.PermanentRedirect);
        await fixture.Services.GetRequiredService<SiteTrafficWriter>().WriteAsync(CancellationToken.None);
        await GetAsync(site.Host, "/");

        var store = fixture.Services.GetRequiredService<SiteTrafficStore>();
        // A request is counted when its answer is over, which is a moment after its caller has read it.
        var hours = await Eventually.ValueAsync(
            async () =>
            {
                await fixture.Services.GetRequiredService<SiteTrafficWriter>().WriteAsync(CancellationToken.None);
                return await store.ListHoursAsync(site.ProjectId, TimeProvider.System.GetUtcNow().AddHours(-2), CancellationToken.None);
            },
            found => found.Sum(hour => hour.Requests) >= 24);
        hours.Sum(hour => hour.Requests).ShouldBe(24);
        hours.Sum(hour => hour.Status2xx).ShouldBe(22);
        hours.Sum(hour => hour.Status3xx).ShouldBe(1);
        hours.Sum(hour => hour.Status4xx).ShouldBe(1);
        hours.Sum(hour => hour.Bytes).ShouldBeGreaterThan(21 * 5);
        (await store.ListTopPathsAsync(site.ProjectId, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-1)), 10, CancellationToken.None))
            .ShouldBe([KeyValuePair.Create("index.html", 21L), KeyValuePair.Create("a.html", 1L)]);
    }

    [Fact]
    public async Task Content_that_vanished_from_the_store_is_the_hosts_fault()
    {
        var site = await fixture.PublishAsync(("index.html", "x"), ("gone.html", Guid.NewGuid().ToString()));
        var store = fixture.Services.GetRequiredService<IArtifactStore>();
        await using (var db = fixture.CreateContext())
        {
            var manifest = SiteManifestJson.Read((await db.Deployments.SingleAsync(deployment => deployment.Id == site.DeploymentId)).Manifest!);
            (await store.DeleteAsync(manifest.Files["gone.html"].Sha256, DateTimeOffset.MaxValue, CancellationToken.None)).ShouldBeTrue();
        }

        (await GetAsync(site.Host, "/gone")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await GetAsync(site.Host, "/")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<SiteSettingsOutcome> SaveAsync(PublishedFixture site, SiteSettingsChange change)
    {
        await using var scope = fixture.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SiteSettingsService>().SaveAsync(site.ProjectId, change, CancellationToken.None);
    }

    private async Task<T> WithDomainsAsync<T>(Func<SiteDomains, Task<T>> use)
    {
        await using var scope = fixture.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<SiteDomains>());
    }

    private async Task<HttpResponseMessage> LogInAsync(string host, string password, string next)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, SiteGuard.LoginPath)
        {
            Headers = { Host = host },
            Content = new FormUrlEncodedContent([KeyValuePair.Create("password", password), KeyValuePair.Create("next", next)]),
        };
        return await _client.SendAsync(request);
    }

    private async Task<string> TextAsync(string host, string path) => await (await GetAsync(host, path)).Content.ReadAsStringAsync();

    private async Task<HttpResponseMessage> GetAsync(string host, string path, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
        if (cookie is not null) request.Headers.Add("Cookie", cookie);
        return await _client.SendAsync(request);
    }
}
