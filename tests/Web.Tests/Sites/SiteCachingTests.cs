using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Deployments;
using Platform.Testing;
using Platform.Web.Files;

namespace Platform.Web.Tests.Sites;

/// <summary>RFC 9110: validators, conditions, ranges, negotiation.</summary>
[Trait("Category", "Integration")]
public sealed class SiteCachingTests(WebHostFixture fixture) : IClassFixture<WebHostFixture>
{
    private static readonly (string, string)[] Files = [("index.html", new string('x', 5000)), ("data.bin", "0123456789"), ("large.bin", new string('y', 3_000_000))];
    private readonly HttpClient _client = fixture.CreateClient();

    [Fact]
    public async Task Each_encoding_has_its_own_strong_validator()
    {
        var site = await fixture.PublishAsync(Files);
        var tags = new List<string>();
        foreach (var coding in new[] { "br", "gzip", "identity" })
        {
            var response = await GetAsync(site, "/", ("Accept-Encoding", coding));
            response.Headers.ETag!.IsWeak.ShouldBeFalse();
            response.Headers.Vary.ShouldBe(["Accept-Encoding"]);
            tags.Add(response.Headers.ETag.Tag);
        }

        tags.Distinct().Count().ShouldBe(3);
        // What the browser holds in one encoding is not what it asks for in another.
        (await GetAsync(site, "/", ("Accept-Encoding", "gzip"), ("If-None-Match", tags[0]))).StatusCode.ShouldBe(HttpStatusCode.OK);
        var unchanged = await GetAsync(site, "/", ("Accept-Encoding", "br"), ("If-None-Match", $"\"other\", W/{tags[0]}"));
        unchanged.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        unchanged.Headers.ETag!.Tag.ShouldBe(tags[0]);
        unchanged.Headers.Vary.ShouldBe(["Accept-Encoding"]);
        unchanged.Headers.CacheControl.ShouldNotBeNull();
        unchanged.Content.Headers.ContentEncoding.ShouldBeEmpty();
        (await GetAsync(site, "/data.bin")).Headers.Vary.ShouldBeEmpty();
    }

    [Fact]
    public async Task Conditions_count_in_their_order()
    {
        var site = await fixture.PublishAsync(Files);
        var first = await GetAsync(site, "/data.bin");
        var (tag, modified) = (first.Headers.ETag!.Tag, first.Content.Headers.LastModified!.Value);
        var (earlier, later) = (Date(modified.AddSeconds(-1)), Date(modified.AddSeconds(1)));

        (await StatusAsync(("If-Modified-Since", Date(modified)))).ShouldBe(HttpStatusCode.NotModified);
        (await StatusAsync(("If-Modified-Since", later))).ShouldBe(HttpStatusCode.NotModified);
        (await StatusAsync(("If-Modified-Since", earlier))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(("If-Modified-Since", "yesterday"))).ShouldBe(HttpStatusCode.OK);
        // A tag is more exact than a date.
        (await StatusAsync(("If-None-Match", "\"other\""), ("If-Modified-Since", later))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(("If-None-Match", "*"))).ShouldBe(HttpStatusCode.NotModified);
        (await StatusAsync(("If-Match", "\"other\""))).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await StatusAsync(("If-Match", "W/" + tag))).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await StatusAsync(("If-Match", tag))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(("If-Unmodified-Since", earlier))).ShouldBe(HttpStatusCode.PreconditionFailed);
        (await StatusAsync(("If-Unmodified-Since", later))).ShouldBe(HttpStatusCode.OK);

        async Task<HttpStatusCode> StatusAsync(params (string, string)[] headers) => (await GetAsync(site, "/data.bin", headers)).StatusCode;
    }

    [Fact]
    public async Task Range_is_answered_while_the_condition_names_this_content()
    {
        var site = await fixture.PublishAsync(Files);
        var first = await GetAsync(site, "/data.bin");
        var (tag, modified) = (first.Headers.ETag!.Tag, first.Content.Headers.LastModified!.Value);

        (await StatusAsync(tag)).ShouldBe(HttpStatusCode.PartialContent);
        (await StatusAsync("W/" + tag)).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(Date(modified))).ShouldBe(HttpStatusCode.PartialContent);
        (await StatusAsync(Date(modified.AddSeconds(1)))).ShouldBe(HttpStatusCode.OK);
        // A range is of the plain bytes, whatever the client accepts; a whole answer is not.
        var part = await GetAsync(site, "/", ("Range", "bytes=0-9"), ("Accept-Encoding", "br"));
        part.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        part.Content.Headers.ContentEncoding.ShouldBeEmpty();
        (await part.Content.ReadAsStringAsync()).ShouldBe("xxxxxxxxxx");
        (await GetAsync(site, "/", ("Range", "bytes=0-9"), ("If-Range", "\"other\""), ("Accept-Encoding", "br"))).Content.Headers.ContentEncoding.ShouldBe(["br"]);
        // An unchanged file needs no part of it.
        (await GetAsync(site, "/data.bin", ("Range", "bytes=0-1"), ("If-None-Match", tag))).StatusCode.ShouldBe(HttpStatusCode.NotModified);

        async Task<HttpStatusCode> StatusAsync(string condition) => (await GetAsync(site, "/data.bin", ("Range", "bytes=0-1"), ("If-Range", condition))).StatusCode;
    }

    [Fact]
    public async Task Large_file_is_streamed_whole_and_in_part_and_a_head_ignores_ranges()
    {
        var site = await fixture.PublishAsync(Files);

        for (var time = 0; time < 2; time++)
        {
            (await (await GetAsync(site, "/large.bin")).Content.ReadAsByteArrayAsync()).Length.ShouldBe(3_000_000);
            var part = await GetAsync(site, "/large.bin", ("Range", "bytes=1000000-2499999"));
            (await part.Content.ReadAsByteArrayAsync()).Length.ShouldBe(1_500_000);
        }

        using var head = new HttpRequestMessage(HttpMethod.Head, "/large.bin") { Headers = { Host = site.Host } };
        head.Headers.TryAddWithoutValidation("Range", "bytes=0-1");
        var answer = await _client.SendAsync(head);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentLength.ShouldBe(3_000_000);
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("BYTES=5-", 5, 5)]
    [InlineData("bytes=-3", 7, 3)]
    [InlineData("bytes=-30", 0, 10)]
    [InlineData("bytes=-0", 10, 0)]
    [InlineData("bytes=10-", 10, 0)]
    [InlineData("bytes=99999999999999999999-", long.MaxValue - 1, 0)]
    [InlineData("bytes=0-99999999999999999999", 0, 10)]
    public void Range_is_read(string header, long from, long length)
    {
        RequestedRange.TryRead(header, 10, out var range).ShouldBeTrue();
        range.ShouldBe(new RequestedRange(from, length));
    }

    [Theory]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=5-4")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=1-2,4-5")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes")]
    [InlineData("items=0-1")]
    public void What_is_no_range_is_ignored(string header) => RequestedRange.TryRead(header, 10, out _).ShouldBeFalse();

    [Theory]
    [InlineData("", null)]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("GZIP", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("br;q=0.5, identity", null)]
    [InlineData("br;q=0, *", "gzip")]
    [InlineData("*;q=0", null)]
    [InlineData("identity;q=0.1, gzip;q=0.2", "gzip")]
    [InlineData("br;q=0", null)]
    [InlineData("broken;;;=", null)]
    public void Best_liked_encoding_is_selected(string accepted, string? coding)
    {
        var file = new ServedFile("t", 10, "text/plain", "", new Dictionary<string, long> { ["br"] = 1, ["gz"] = 2 }, (_, _, _) => Task.FromResult<Stream?>(null));

        file.Select(accepted).Coding.ShouldBe(coding);
    }

    [Fact]
    public async Task Going_back_to_older_content_is_a_change_for_whoever_only_knows_dates()
    {
        var old = await fixture.PublishAsync(("index.html", "old"));
        var newer = await fixture.PublishAgainAsync(old, ("index.html", "new"));
        await Eventually.TrueAsync(async () => await (await GetAsync(newer, "/")).Content.ReadAsStringAsync() == "new");
        var seen = (await GetAsync(newer, "/")).Content.Headers.LastModified!.Value;
        // The next second, so that the dates can differ.
        await Eventually.TrueAsync(() => TimeProvider.System.GetUtcNow() > seen.AddSeconds(1));

        await fixture.Services.GetRequiredService<SiteProduction>().RollBackAsync(old.ProjectId, old.DeploymentId, null, null, CancellationToken.None);

        await Eventually.TrueAsync(async () => (await GetAsync(old, "/", ("If-Modified-Since", Date(seen)))).StatusCode == HttpStatusCode.OK);
        (await (await GetAsync(old, "/", ("If-Modified-Since", Date(seen)))).Content.ReadAsStringAsync()).ShouldBe("old");
    }

    [Fact]
    public async Task Memory_holds_no_more_than_it_may_and_what_is_asked_for_stays()
    {
        var cache = new BodyCache(capacity: 100, largest: 50);
        var files = Enumerable.Range(0, 10).Select(number => new Representation($"{number}", null, null, 30, (_, _, _) => Task.FromResult<Stream?>(null))).ToArray();
        foreach (var file in files)
        {
            files[0].IsRecent = true;
            cache.Keep(file, new byte[30]);
        }

        cache.Bytes.ShouldBeInRange(1, 100);
        files.Sum(file => file.Body?.Length ?? 0).ShouldBe((int)cache.Bytes);
        files[0].Body.ShouldNotBeNull();
        await Parallel.ForEachAsync(files, async (file, _) =>
        {
            await Task.Yield();
            for (var time = 0; time < 100; time++) cache.Keep(file, new byte[30]);
        });
        cache.Bytes.ShouldBeLessThanOrEqualTo(100);
    }

    private static string Date(DateTimeOffset date) => date.ToString("r", CultureInfo.InvariantCulture);

    private async Task<HttpResponseMessage> GetAsync(PublishedFixture site, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = site.Host } };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await _client.SendAsync(request);
    }
}
