using System.Text;
using Microsoft.Extensions.Options;
using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Publishing;
using Platform.Core.Artifacts;
using Platform.Core.Deployments;

namespace Platform.BuildWorker.Tests.Publishing;

public sealed class PublicationCheckTests : IDisposable
{
    private readonly TemporaryDirectory _store = new();
    private readonly PublishOptions _options = new();

    [Theory]
    [InlineData("<script type=module src=/assets/app.js></script>")]
    [InlineData("<SCRIPT SRC='./assets/app.js?v=1'></SCRIPT>")]
    [InlineData("<link rel=\"stylesheet\" href=\"assets/app.css\">")]
    [InlineData("<base href=\"/assets/\"><script src=\"app.js\"></script>")]
    [InlineData("<script src=\"http://shop.apps.localhost:8080/assets/app.js\"></script>")]
    [InlineData("<script src=\"https://cdn.example.org/missing.js\"></script><script src=\"//cdn.example.org/missing.js\"></script>")]
    [InlineData("<script>document.write('<script src=\"/missing.js\">')</script>")]
    [InlineData("<!-- <script src=/missing.js></script> -->")]
    [InlineData("<script src=\"data:text/javascript,1\"></script>")]
    [InlineData("<link rel=canonical href=/missing><a href=/missing>x</a>")]
    [InlineData("<script src=\"/old.js\"></script>")]
    [InlineData("<script src=\"/a&amp;b.js\"></script>")]
    [InlineData("<script data-x=\"a>b\" src=\"/assets/app.js\"></script>")]
    public async Task Page_whose_files_are_there_is_fine(string html) =>
        (await CheckAsync(html, ("assets/app.js", "x"), ("assets/app.css", "x"), ("a&b.js", "x"), ("_redirects", "/old.js /assets/app.js 301"))).ShouldBeEmpty();

    [Theory]
    [InlineData("<script src=\"/missing.js\"></script>")]
    [InlineData("<link rel=\"preload stylesheet\" href=\"missing.css\">")]
    [InlineData("<link rel=modulepreload href=/assets/missing.js>")]
    [InlineData("<script src=\"/assets/APP.js\"></script>")]
    [InlineData("<script src=\"/loop.js\"></script>")]
    [InlineData("<link rel=preload as=script href=/missing.js><script src=/missing.js></script>")]
    public async Task Page_without_its_scripts_fails(string html)
    {
        var failure = await Should.ThrowAsync<BuildFailureException>(() => CheckAsync(html, ("assets/app.js", "x"), ("_redirects", "/loop.js /loop2.js\n/loop2.js /loop.js")));

        failure.Code.ShouldBe(PublicationFailure.MissingAssets);
        if (html.Contains("APP", StringComparison.Ordinal)) failure.Hint!.ShouldContain("upper and lower case");
    }

    [Theory]
    [InlineData("<script src=\"/my-repo/assets/app.js\"></script>", "/my-repo/", "/assets/app.js")]
    [InlineData("<script src=\"/a/b/assets/app.js\"></script>", "/a/b/", "/assets/app.js")]
    [InlineData("<base href=\"/docs/\"><link rel=stylesheet href=\"assets/app.css\">", "/docs/", "/assets/app.css")]
    public async Task Build_for_another_address_is_explained(string html, string prefix, string path)
    {
        var failure = await Should.ThrowAsync<BuildFailureException>(() => CheckAsync(html, ("assets/app.js", "x"), ("assets/app.css", "x")));

        failure.Code.ShouldBe(PublicationFailure.BasePath);
        failure.Message.ShouldContain(prefix);
        failure.Message.ShouldContain(path);
        failure.Hint!.ShouldContain("base");
    }

    [Fact]
    public async Task Page_in_place_of_a_script_is_a_missing_script() => (await Should.ThrowAsync<BuildFailureException>(
        () => CheckAsync("<script src=/app></script>", ("_redirects", "/* /index.html 200")))).Code.ShouldBe(PublicationFailure.MissingAssets);

    [Fact]
    public async Task Missing_picture_and_broken_rules_are_worth_a_warning()
    {
        var warnings = await CheckAsync("<img src=/logo.png><link rel=icon href=/favicon.ico>", ("_redirects", "/x https://elsewhere.example 200"), ("_headers", "/*\n Set-Cookie: a=b"));

        warnings.Count.ShouldBe(4);
        warnings[0].ShouldContain("_redirects, line 1");
        warnings[1].ShouldContain("Set-Cookie");
        warnings[2].ShouldContain("/logo.png");
    }

    [Theory]
    [InlineData("<img srcset=\"/there.png 1x, /gone.png 2x\">")]
    [InlineData("<picture><source srcset=\"/there.png 480w,/gone.png 800w\"></picture>")]
    [InlineData("<link rel=preload as=image imagesrcset=\"/gone.png\">")]
    [InlineData("<video poster=/gone.png></video>")]
    [InlineData("<object data=/gone.png></object>")]
    public async Task Whatever_a_page_shows_is_looked_for(string html) =>
        (await CheckAsync(html, ("there.png", "x"))).Single().ShouldContain("/gone.png");

    [Theory]
    [InlineData("<img srcset=\"/w_200,h_100/there.png 1x,\">")]
    [InlineData("<img srcset=\"data:image/png;base64,AAAA 1x\" src=/there.png>")]
    [InlineData("<link rel=canonical href=/gone><a href=/gone>x</a>")]
    public async Task Addresses_in_lists_are_read_as_browsers_do(string html) =>
        (await CheckAsync(html, ("there.png", "x"), ("w_200,h_100/there.png", "x"))).ShouldBeEmpty();

    [Fact]
    public async Task Check_can_warn_or_be_off()
    {
        _options.Check = "warn";
        (await CheckAsync("<script src=/missing.js></script>")).Single().ShouldContain("/missing.js");
        _options.Check = "off";
        (await CheckAsync("<script src=/missing.js></script>")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Content_that_the_store_does_not_have_is_found()
    {
        var store = new DiskArtifactStore(_store.Path);
        var manifest = await PublishAsync(store, "<script src=/app.js></script>", ("app.js", "lost"));
        await store.DeleteAsync(manifest.Files["app.js"].Sha256, DateTimeOffset.MaxValue, CancellationToken.None);

        await Should.ThrowAsync<BuildFailureException>(() => Check(store).CheckAsync(manifest, "shop", Guid.NewGuid(), CancellationToken.None));
    }

    public void Dispose() => _store.Dispose();

    private async Task<IReadOnlyList<string>> CheckAsync(string html, params (string Path, string Content)[] files)
    {
        var store = new DiskArtifactStore(_store.Path);
        return await Check(store).CheckAsync(await PublishAsync(store, html, files), "shop", Guid.NewGuid(), CancellationToken.None);
    }

    private PublicationCheck Check(IArtifactStore store) =>
        new(store, new SiteAddresses(new SiteOptions { BaseUrl = "http://apps.localhost:8080" }), Options.Create(_options));

    private static async Task<SiteManifest> PublishAsync(DiskArtifactStore store, string html, params (string Path, string Content)[] files)
    {
        var published = new Dictionary<string, SiteFile>();
        foreach (var (path, content) in files.Prepend(("index.html", html)))
        {
            var bytes = Encoding.UTF8.GetBytes(content);
            published[path] = new SiteFile(await store.PutAsync(new MemoryStream(bytes), CancellationToken.None), bytes.Length, ContentTypes.Of(path), new Dictionary<string, long>());
        }

        return new SiteManifest(published, SpaFallback: false);
    }
}
