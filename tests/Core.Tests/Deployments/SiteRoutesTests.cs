using Platform.Core.Artifacts;
using Platform.Core.Deployments;

namespace Platform.Core.Tests.Deployments;

public sealed class SiteRoutesTests
{
    [Theory]
    [InlineData("/", "index.html")]
    [InlineData("/index.html", "index.html")]
    [InlineData("/about/", "about/index.html")]
    [InlineData("/contact", "contact.html")]
    [InlineData("/assets/app.js", "assets/app.js")]
    [InlineData("/größe", "größe.html")]
    public void Path_finds_its_file(string path, string expected)
    {
        var answer = Routes("", "index.html", "about/index.html", "contact.html", "assets/app.js", "größe.html").Route(path, "");

        answer.ShouldBe(new SiteAnswer(SiteAnswerKind.File, expected, 200));
    }

    [Theory]
    [InlineData("/about", "", "/about/")]
    [InlineData("/about", "?a=1", "/about/?a=1")]
    [InlineData("/contact/", "", "/contact")]
    [InlineData("/a b", "", "/a%20b/")]
    [InlineData("//about", "", "/about/")]
    public void Another_spelling_of_a_page_is_sent_to_its_address(string path, string query, string expected) =>
        Routes("", "index.html", "about/index.html", "contact.html", "a b/index.html").Route(path, query).ShouldBe(new SiteAnswer(SiteAnswerKind.Redirect, expected, 308));

    [Theory]
    [InlineData("/../secret")]
    [InlineData("/assets/../../etc/passwd")]
    [InlineData("//etc/passwd")]
    [InlineData("/..\\..\\etc\\passwd")]
    [InlineData("/%2e%2e/etc/passwd")]
    [InlineData("/index.html\0.png")]
    [InlineData("/missing")]
    [InlineData("/_redirects")]
    [InlineData("/_headers")]
    [InlineData("/INDEX.HTML")]
    public void What_is_not_listed_is_not_found(string path) =>
        Routes("", "index.html", "_redirects", "_headers").Route(path, "").Kind.ShouldBe(SiteAnswerKind.NotFound);

    [Fact]
    public void Own_page_answers_what_is_missing() =>
        Routes("", "index.html", "404.html").Route("/missing", "").ShouldBe(new SiteAnswer(SiteAnswerKind.File, "404.html", 404));

    [Fact]
    public void Application_answers_routes_but_not_missing_files()
    {
        var routes = new SiteRoutes(Manifest("index.html", "404.html"), SiteRedirects.None, spaFallback: true);

        routes.Route("/settings/profile", "").ShouldBe(new SiteAnswer(SiteAnswerKind.File, "index.html", 200));
        routes.Route("/assets/gone-12345678.js", "").Status.ShouldBe(404);
    }

    [Theory]
    [InlineData("/old /new", "/old", "", 301, "/new")]
    [InlineData("/old /new", "/old/", "", 301, "/new")]
    [InlineData("/old /new 302", "/old", "?a=1", 302, "/new?a=1")]
    [InlineData("/old /new?b=2 308", "/old", "?a=1", 308, "/new?b=2")]
    [InlineData("/old /new#part 307", "/old", "?a=1", 307, "/new?a=1#part")]
    [InlineData("/blog/* /news/:splat", "/blog/2024/my post", "", 301, "/news/2024/my%20post")]
    [InlineData("/news/:year/:name /:name-:year", "/news/2024/a", "", 301, "/a-2024")]
    [InlineData("/away/* https://example.org/x/:splat 302", "/away/a/b", "", 302, "https://example.org/x/a/b")]
    [InlineData("/find id=:id /things/:id", "/find", "?id=7", 301, "/things/7")]
    [InlineData("/find kind=a /only-a", "/find", "?kind=a", 301, "/only-a")]
    [InlineData("/ünï /néw", "/ünï", "", 301, "/n%C3%A9w")]
    [InlineData("/%C3%BC /u", "/ü", "", 301, "/u")]
    public void Redirect_is_applied(string rule, string path, string query, int status, string location) =>
        Routes(rule, "index.html").Route(path, query).ShouldBe(new SiteAnswer(SiteAnswerKind.Redirect, location, status));

    [Theory]
    [InlineData("/* /:splat 301", "//evil.example", "/evil.example")]
    [InlineData("/go/* /:splat 301", "/go//evil.example/x", "/evil.example/x")]
    [InlineData("/go/* /:splat 301", "/go/\\evil.example", "/%5Cevil.example")]
    [InlineData("/go/* /x/:splat 301", "/go/a\r\nSet-Cookie: b=1", "/x/a%0D%0ASet-Cookie%3A%20b%3D1")]
    public void What_a_visitor_puts_into_a_path_makes_no_other_host(string rule, string path, string location)
    {
        var answer = Routes(rule, "index.html").Route(path, "");

        if (answer.Kind == SiteAnswerKind.Redirect) answer.Target.ShouldBe(location);
        else answer.Kind.ShouldBe(SiteAnswerKind.NotFound);
    }

    [Fact]
    public void Files_win_over_rules_unless_a_rule_is_forced()
    {
        Routes("/page /other 301", "index.html", "page.html").Route("/page", "").Target.ShouldBe("page.html");
        Routes("/page /other 301!", "index.html", "page.html").Route("/page", "").ShouldBe(new SiteAnswer(SiteAnswerKind.Redirect, "/other", 301));
        Routes("/* /closed.html 200!", "index.html", "closed.html").Route("/", "").Target.ShouldBe("closed.html");
    }

    [Theory]
    [InlineData("/app/* /app/index.html 200", "/app/any/where", "app/index.html", 200)]
    [InlineData("/* /index.html 200", "/any", "index.html", 200)]
    [InlineData("/de/* /de/404.html 404", "/de/missing", "de/404.html", 404)]
    [InlineData("/d/:name /files/:name.txt 200", "/d/a b", "files/a b.txt", 200)]
    [InlineData("/x /app 200", "/x", "app/index.html", 200)]
    public void Rewrite_answers_with_a_file_of_the_site(string rule, string path, string file, int status) =>
        Routes(rule, "index.html", "app/index.html", "de/404.html", "files/a b.txt").Route(path, "").ShouldBe(new SiteAnswer(SiteAnswerKind.File, file, status));

    [Theory]
    [InlineData("/x/* /../:splat 200", "/x/etc/passwd")]
    [InlineData("/x /_redirects 200", "/x")]
    [InlineData("/x /missing 200", "/x")]
    [InlineData("/a /a 301", "/a")]
    [InlineData("/a/* /a/:splat 301", "/a/b")]
    public void Rule_that_leads_nowhere_is_not_found(string rule, string path) =>
        Routes(rule, "index.html", "_redirects").Route(path, "").Kind.ShouldBe(SiteAnswerKind.NotFound);

    [Fact]
    public void First_rule_that_fits_wins() =>
        Routes("# comment\n/a/b /first 302 # why\n\n/a/* /second 302", "index.html").Route("/a/b", "").Target.ShouldBe("/first");

    [Theory]
    [InlineData("/proxy/* https://example.org/:splat 200", "not passed on")]
    [InlineData("https://old.example/* /new", "starts with a slash")]
    [InlineData("/a", "target is missing")]
    [InlineData("/a b", "target is missing")]
    [InlineData("/a /b 418", "418 is not supported")]
    [InlineData("/a /b 302 Country=de", "Country=de is not supported")]
    [InlineData("/a/*/b /c", "last part")]
    [InlineData("/a //evil.example", "one slash")]
    [InlineData("/:h https://:h/ 302", "placeholder")]
    [InlineData("/a https://user@example.org/ 302", "not a valid address")]
    public void Line_that_is_not_understood_is_named_and_left_out(string line, string problem)
    {
        var rules = SiteRedirects.Parse("/ok /fine\n" + line);

        rules.Rules.Count.ShouldBe(1);
        rules.Problems.Single().Line.ShouldBe(2);
        rules.Problems.Single().Message.ShouldContain(problem);
    }

    [Fact]
    public void Rules_have_a_limit()
    {
        var rules = SiteRedirects.Parse(string.Join('\n', Enumerable.Range(0, 1500).Select(number => $"/{number} /x")));

        rules.Rules.Count.ShouldBe(1000);
        rules.Problems.Count.ShouldBe(1);
    }

    [Fact]
    public void Headers_of_all_matching_paths_are_joined()
    {
        var headers = SiteHeaders.Parse("/*\n  X-Frame-Options: DENY\n  Link: </a>; rel=preload\n/assets/*\n  Cache-Control: max-age=60\n  Link: </b>; rel=preload\n");

        headers.Problems.ShouldBeEmpty();
        var found = headers.For("/assets/app.js").ToDictionary();
        found["Link"].ShouldBe("</a>; rel=preload, </b>; rel=preload");
        found["Cache-Control"].ShouldBe("max-age=60");
        headers.For("/x").Select(header => header.Key).ShouldBe(["X-Frame-Options", "Link"]);
    }

    [Theory]
    [InlineData("Set-Cookie: a=b; Domain=example.org")]
    [InlineData("Content-Length: 5")]
    [InlineData("transfer-encoding: chunked")]
    [InlineData("Location: https://evil.example")]
    [InlineData("Bad Name: x")]
    [InlineData("X-Empty:")]
    [InlineData("X-Not-Ascii: ü")]
    [InlineData("no colon")]
    public void Header_that_a_site_may_not_set_is_named_and_left_out(string line)
    {
        var headers = SiteHeaders.Parse($"/*\n  {line}\n  X-Fine: yes\n");

        headers.Problems.Single().Line.ShouldBe(2);
        headers.For("/").ShouldBe([KeyValuePair.Create("X-Fine", "yes")]);
    }

    private static SiteRoutes Routes(string rules, params string[] paths) => new(Manifest(paths), SiteRedirects.Parse(rules), spaFallback: false);

    private static SiteManifest Manifest(params string[] paths) =>
        new(paths.ToDictionary(path => path, _ => new SiteFile(new string('a', 64), 1, "text/html", new Dictionary<string, long>())), SpaFallback: false);
}
