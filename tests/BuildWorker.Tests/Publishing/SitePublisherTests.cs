using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Publishing;
using Platform.Core.Artifacts;

namespace Platform.BuildWorker.Tests.Publishing;

public sealed class SitePublisherTests : IDisposable
{
    private readonly TemporaryDirectory _store = new();
    private readonly TemporaryDirectory _output = new();
    private readonly BuildOptions _options = new() { MaxOutputBytes = 1024 * 1024, MaxOutputFiles = 20 };

    [Fact]
    public async Task Files_get_types_hashes_and_compressed_variants()
    {
        _output.Write("index.html", "<h1>Hi</h1>");
        _output.Write("assets/app.js", string.Concat(Enumerable.Repeat("console.log('x');", 500)));
        _output.Write("image.png", new string('p', 4000));

        var manifest = await PublishAsync();

        manifest.Files["index.html"].ContentType.ShouldBe("text/html; charset=utf-8");
        manifest.Files["index.html"].Encodings.ShouldBeEmpty();
        manifest.Files["image.png"].Encodings.ShouldBeEmpty();
        var script = manifest.Files["assets/app.js"];
        script.ContentType.ShouldBe("text/javascript; charset=utf-8");
        script.Encodings.Keys.Order().ShouldBe(["br", "gz"]);
        script.Encodings.Values.ShouldAllBe(size => size < script.Size);
    }

    [Fact]
    public async Task Hidden_files_of_a_repository_are_not_published()
    {
        _output.Write("index.html", "x");
        _output.Write(".env", "TOKEN=1");
        _output.Write(".git/config", "x");
        _output.Write("node_modules/a/index.js", "x");
        _output.Write(".well-known/security.txt", "x");

        (await PublishAsync()).Files.Keys.Order(StringComparer.Ordinal).ShouldBe([".well-known/security.txt", "index.html"]);
    }

    [Fact]
    public async Task Link_inside_is_published_as_a_copy_and_one_that_leads_out_is_refused()
    {
        _output.Write("index.html", "x");
        _output.Link("copy.html", "index.html");
        (await PublishAsync()).Files["copy.html"].Sha256.ShouldBe((await PublishAsync()).Files["index.html"].Sha256);

        _output.Link("assets/passwd", "../../etc/passwd");
        (await Should.ThrowAsync<BuildFailureException>(PublishAsync)).Code.ShouldBe(FailureCode.OutputRefused);
    }

    [Fact]
    public async Task Links_to_links_and_to_directories_are_followed_inside_and_circles_lead_nowhere()
    {
        _output.Write("index.html", "x");
        _output.Write("v2/page.html", "page");
        _output.Write("v2/deep/a.css", "a");
        _output.Link("a-first.html", "b-second.html");
        _output.Link("b-second.html", "index.html");
        _output.Link("latest", "v2");
        _output.Link("latest-too", "./latest/../latest");
        _output.Link("circle", "circle-back");
        _output.Link("circle-back", "circle");
        _output.Link("nowhere.html", "missing.html");
        _output.Link("v2/broken.html", "missing.html");
        _output.Link("v2/inside", "../v2");

        var files = (await PublishAsync()).Files;

        files["a-first.html"].Sha256.ShouldBe(files["index.html"].Sha256);
        files["latest/page.html"].Sha256.ShouldBe(files["v2/page.html"].Sha256);
        files["latest-too/deep/a.css"].Sha256.ShouldBe(files["v2/deep/a.css"].Sha256);
        files.Keys.ShouldNotContain(path => path.StartsWith("circle", StringComparison.Ordinal) || path.StartsWith("nowhere", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Links_that_multiply_are_counted_like_files()
    {
        _output.Write("index.html", "x");
        for (var number = 0; number < 5; number++) _output.Write($"d/{number}.txt", $"{number}");
        for (var number = 0; number < 6; number++) _output.Link($"copy{number}", "d");

        (await Should.ThrowAsync<BuildFailureException>(PublishAsync)).Code.ShouldBe(FailureCode.OutputTooLarge);
    }

    [Fact]
    public async Task Empty_output_and_output_without_a_page_fail()
    {
        (await Should.ThrowAsync<BuildFailureException>(PublishAsync)).Code.ShouldBe(FailureCode.NoOutput);
        _output.Write("main.js", "x");
        (await Should.ThrowAsync<BuildFailureException>(PublishAsync)).Message.ShouldContain("index.html");
    }

    [Fact]
    public async Task Too_many_bytes_or_files_fail()
    {
        _output.Write("index.html", "x");
        _output.Write("large.bin", new string('x', 1024 * 1024));
        (await Should.ThrowAsync<BuildFailureException>(PublishAsync)).Code.ShouldBe(FailureCode.OutputTooLarge);

        File.Delete(Path.Combine(_output.Path, "large.bin"));
        for (var number = 0; number < 20; number++) _output.Write($"{number}.txt", "x");
        (await Should.ThrowAsync<BuildFailureException>(PublishAsync)).Code.ShouldBe(FailureCode.OutputTooLarge);
    }

    [Fact]
    public async Task Archive_of_a_directory_is_read_relative_to_it()
    {
        using var archive = new MemoryStream();
        await using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, "dist/"));
            await writer.WriteEntryAsync(Entry("dist/index.html", "x"));
            await writer.WriteEntryAsync(Entry("dist/assets/a.css", "y"));
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "dist/b.css") { LinkName = "assets/a.css" });
        }

        archive.Position = 0;
        var manifest = await Publisher().PublishAsync(OutputReaders.FromTarAsync(archive, CancellationToken.None), spaFallback: true, CancellationToken.None);

        manifest.Files.Keys.Order(StringComparer.Ordinal).ShouldBe(["assets/a.css", "b.css", "index.html"]);
        manifest.SpaFallback.ShouldBeTrue();
    }

    [Fact]
    public async Task Second_publication_of_the_same_files_stores_nothing_new()
    {
        _output.Write("index.html", "x");
        _output.Write("app.js", string.Concat(Enumerable.Repeat("console.log('x');", 500)));
        var first = await PublishAsync();
        var stored = Directory.GetFiles(_store.Path, "*", SearchOption.AllDirectories);

        var second = await PublishAsync();

        second.Files["app.js"].ShouldBe(first.Files["app.js"] with { Encodings = second.Files["app.js"].Encodings });
        second.Files["app.js"].Encodings.ShouldBe(first.Files["app.js"].Encodings, ignoreOrder: true);
        Directory.GetFiles(_store.Path, "*", SearchOption.AllDirectories).ShouldBe(stored, ignoreOrder: true);
    }

    [Fact]
    public async Task Variant_that_saves_little_is_left_away()
    {
        _output.Write("index.html", "x");
        await File.WriteAllBytesAsync(Path.Combine(_output.Path, "noise.json"), RandomNumberGenerator.GetBytes(20_000));

        (await PublishAsync()).Files["noise.json"].Encodings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(100 * 1024, 11)]
    [InlineData(5 * 1024 * 1024, 9)]
    [InlineData(100 * 1024 * 1024, 5)]
    public void More_to_compress_is_compressed_quicker(long total, int quality) => Compressor.Quality(total).ShouldBe(quality);

    [Fact]
    public async Task Name_with_control_characters_is_refused()
    {
        _output.Write("index.html", "x");
        _output.Write("a\nb.html", "x");

        (await Should.ThrowAsync<BuildFailureException>(PublishAsync)).Code.ShouldBe(FailureCode.OutputRefused);
    }

    [Fact]
    public async Task Own_not_found_page_switches_the_fallback_off()
    {
        _output.Write("index.html", "x");
        _output.Write("404.html", "x");

        (await PublishAsync(spaFallback: true)).SpaFallback.ShouldBeFalse();
    }

    public void Dispose()
    {
        _store.Dispose();
        _output.Dispose();
    }

    private static PaxTarEntry Entry(string name, string content) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    private Task<SiteManifest> PublishAsync() => PublishAsync(spaFallback: false);

    private Task<SiteManifest> PublishAsync(bool spaFallback) =>
        Publisher().PublishAsync(OutputReaders.FromDirectoryAsync(_output.Path, CancellationToken.None), spaFallback, CancellationToken.None);

    private SitePublisher Publisher()
    {
        var store = new DiskArtifactStore(_store.Path);
        return new SitePublisher(store, new OpenGate(), new Compressor(store, Options.Create(new PublishOptions())), Options.Create(_options));
    }
}
