using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Sources;

namespace Platform.BuildWorker.Tests.Sources;

public sealed class ArchiveExtractorTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string Target => Path.Combine(_directory.Path, "target");

    [Fact]
    public async Task Zip_is_unpacked_and_its_only_folder_becomes_the_root()
    {
        await ExtractAsync(Zip(("site-main/index.html", "<h1>x</h1>"), ("site-main/a/b.css", "y"), ("__MACOSX/site-main/._index.html", "z"), ("site-main/.git/config", "[core]")));

        File.ReadAllText(Path.Combine(Target, "index.html")).ShouldBe("<h1>x</h1>");
        File.Exists(Path.Combine(Target, "a/b.css")).ShouldBeTrue();
        Directory.GetFileSystemEntries(Target, "*", SearchOption.AllDirectories).ShouldAllBe(path => !path.Contains(".git", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tar_is_unpacked_with_its_executables()
    {
        await ExtractAsync(Tar(new PaxTarEntry(TarEntryType.RegularFile, "./build.sh") { DataStream = new MemoryStream("x"u8.ToArray()), Mode = (UnixFileMode)0b111_101_101 },
            new PaxTarEntry(TarEntryType.RegularFile, "index.html") { DataStream = new MemoryStream("x"u8.ToArray()) }));

        new FileInfo(Path.Combine(Target, "build.sh")).UnixFileMode.HasFlag(UnixFileMode.UserExecute).ShouldBeTrue();
        new FileInfo(Path.Combine(Target, "index.html")).UnixFileMode.HasFlag(UnixFileMode.UserExecute).ShouldBeFalse();
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("/etc/outside")]
    [InlineData("a\\..\\..\\outside")]
    [InlineData("C:/outside")]
    public async Task Path_out_of_it_is_refused(string name)
    {
        await RefusedAsync(Zip(("index.html", "x"), (name, "y")));
        await RefusedAsync(Tar(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream("x"u8.ToArray()) }));

        Directory.GetFileSystemEntries(_directory.Path).ShouldBe([Target]);
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    public async Task Link_is_refused(TarEntryType type) => await RefusedAsync(Tar(new PaxTarEntry(type, "link") { LinkName = "/etc/passwd" }));

    [Fact]
    public async Task Pipe_and_device_are_refused()
    {
        await RefusedAsync(Tar(new PaxTarEntry(TarEntryType.Fifo, "pipe")));
        await RefusedAsync(Tar(new PaxTarEntry(TarEntryType.CharacterDevice, "null") { DeviceMajor = 1, DeviceMinor = 3 }));
    }

    [Fact]
    public async Task Link_in_a_zip_is_refused() => await RefusedAsync(Zip(entry => entry.ExternalAttributes = unchecked((int)0xA1FF0000), ("link", "/etc/passwd")));

    [Fact]
    public async Task Too_many_files_and_too_many_bytes_are_refused()
    {
        await RefusedAsync(Zip([.. Enumerable.Range(0, 101).Select(i => ($"{i}.txt", "x"))]), new ArchiveLimits(1024 * 1024, 100));
        await RefusedAsync(Zip(("large", new string('x', 2_000_000))), new ArchiveLimits(1024 * 1024, 100));
        await RefusedAsync(Tar(new PaxTarEntry(TarEntryType.RegularFile, "large") { DataStream = new MemoryStream(new byte[2_000_000]) }), new ArchiveLimits(1024 * 1024, 100));
    }

    [Fact]
    public async Task Bomb_is_refused_long_before_its_end()
    {
        await RefusedAsync(Zip(("zeros", new string('\0', 64 * 1024 * 1024))));

        new FileInfo(Path.Combine(Target, "zeros")).Length.ShouldBeLessThan(32 * 1024 * 1024);
    }

    [Fact]
    public async Task What_is_no_archive_says_so()
    {
        (await Should.ThrowAsync<BuildFailureException>(() => ExtractAsync(new MemoryStream("hello"u8.ToArray())))).Code.ShouldBe(FailureCode.ArchiveBroken);
        var broken = Zip(("index.html", "x")).ToArray()[..^30];
        (await Should.ThrowAsync<BuildFailureException>(() => ExtractAsync(new MemoryStream(broken)))).Code.ShouldBe(FailureCode.ArchiveBroken);
        var half = Tar(new PaxTarEntry(TarEntryType.RegularFile, "x") { DataStream = new MemoryStream(new byte[50_000]) }).ToArray()[..40];
        (await Should.ThrowAsync<BuildFailureException>(() => ExtractAsync(new MemoryStream(half)))).Code.ShouldBe(FailureCode.ArchiveBroken);
    }

    public void Dispose() => _directory.Dispose();

    private static MemoryStream Zip(params (string Name, string Content)[] files) => Zip(_ => { }, files);

    private static MemoryStream Zip(Action<ZipArchiveEntry> change, params (string Name, string Content)[] files)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                var entry = zip.CreateEntry(name);
                change(entry);
                using var writer = entry.Open();
                writer.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        stream.Position = 0;
        return stream;
    }

    private static MemoryStream Tar(params TarEntry[] entries)
    {
        var stream = new MemoryStream();
        using (var zipped = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zipped, TarEntryFormat.Pax))
        {
            foreach (var entry in entries) tar.WriteEntry(entry);
        }

        stream.Position = 0;
        return stream;
    }

    private async Task RefusedAsync(MemoryStream archive, ArchiveLimits? limits = null)
    {
        if (Directory.Exists(Target)) Directory.Delete(Target, recursive: true);
        (await Should.ThrowAsync<BuildFailureException>(() => ExtractAsync(archive, limits))).Code.ShouldBe(FailureCode.ArchiveRefused);
    }

    private Task ExtractAsync(Stream archive, ArchiveLimits? limits = null) =>
        new ArchiveExtractor(Target, limits ?? new ArchiveLimits(100 * 1024 * 1024, 1000)).ExtractAsync(archive, CancellationToken.None);
}
