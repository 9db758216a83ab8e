using Platform.Core.Artifacts;
using Platform.Core.Deployments;
using Platform.Web.Files;
using Platform.Web.Sites;

namespace Platform.Web.Tests.Sites;

public sealed class SiteRouterTests
{
    [Theory]
    [InlineData("/", "index.html")]
    [InlineData("/index.html", "index.html")]
    [InlineData("/about/", "about/index.html")]
    [InlineData("/contact", "contact.html")]
    [InlineData("/assets/app.js", "assets/app.js")]
    public void Path_finds_its_file(string path, string expected)
    {
        var answer = SiteRouter.Route(Manifest(spa: false, "index.html", "about/index.html", "contact.html", "assets/app.js"), path);

        answer.Kind.ShouldBe(SiteAnswerKind.File);
        answer.Path.ShouldBe(expected);
    }

    [Fact]
    public void Directory_without_its_slash_is_redirected()
    {
        var answer = SiteRouter.Route(Manifest(spa: false, "index.html", "about/index.html"), "/about");

        answer.Kind.ShouldBe(SiteAnswerKind.Redirect);
        answer.Path.ShouldBe("/about/");
    }

    [Theory]
    [InlineData("/../secret")]
    [InlineData("/assets/../../etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("/missing")]
    public void What_is_not_listed_is_not_found(string path) =>
        SiteRouter.Route(Manifest(spa: false, "index.html"), path).Kind.ShouldBe(SiteAnswerKind.NotFound);

    [Fact]
    public void Own_page_answers_what_is_missing() =>
        SiteRouter.Route(Manifest(spa: false, "index.html", "404.html"), "/missing").Kind.ShouldBe(SiteAnswerKind.CustomNotFound);

    [Fact]
    public void Application_answers_routes_but_not_missing_files()
    {
        var manifest = Manifest(spa: true, "index.html");

        SiteRouter.Route(manifest, "/settings/profile").Path.ShouldBe("index.html");
        SiteRouter.Route(manifest, "/assets/gone-12345678.js").Kind.ShouldBe(SiteAnswerKind.NotFound);
    }

    [Theory]
    [InlineData("assets/index-BfX3k2aQ.js", true)]
    [InlineData("static/main.8f3c21ab.css", true)]
    [InlineData("assets/index-BfX3k2aQ.js.map", true)]
    [InlineData("style.css", false)]
    [InlineData("jquery-component.js", false)]
    [InlineData("index.html", false)]
    public void Hashed_names_are_recognised(string path, bool hashed) => HashedName.Matches(path).ShouldBe(hashed);

    [Theory]
    [InlineData("shop.apps.localhost", "shop")]
    [InlineData("SHOP.apps.localhost.", "shop")]
    [InlineData("a.b.apps.localhost", null)]
    [InlineData("x--shop.apps.localhost", null)]
    public void Host_names_a_site(string host, string? slug)
    {
        new SiteAddresses(new SiteOptions { BaseUrl = "http://apps.localhost:8080" }).TryRead(host, out var site).ShouldBeTrue();
        site.Slug.ShouldBe(slug);
    }

    [Fact]
    public void Address_of_a_deployment_is_read_back()
    {
        var addresses = new SiteAddresses(new SiteOptions { BaseUrl = "https://sites.example.test" });
        var id = Guid.NewGuid();
        var address = new Uri(addresses.Immutable(id, "shop"));

        addresses.TryRead(address.Host, out var site).ShouldBeTrue();
        site.ShouldBe(new SiteHost("shop", id));
        addresses.TryRead("sites.example.test", out _).ShouldBeFalse();
        addresses.TryRead("evilsites.example.test", out _).ShouldBeFalse();
        address.Host.Split('.')[0].Length.ShouldBeLessThanOrEqualTo(63);
    }

    private static SiteManifest Manifest(bool spa, params string[] paths) =>
        new(paths.ToDictionary(path => path, path => new SiteFile(new string('a', 64), 1, "text/html", new Dictionary<string, long>())), spa);
}
