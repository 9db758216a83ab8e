using Platform.Core.Deployments;
using Platform.Web.Files;

namespace Platform.Web.Tests.Sites;

public sealed class SiteNameTests
{
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
}
