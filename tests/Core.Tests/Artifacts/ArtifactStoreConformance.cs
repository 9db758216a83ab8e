using System.Security.Cryptography;
using System.Text;
using Platform.Core.Artifacts;
using Platform.Testing;

namespace Platform.Core.Tests.Artifacts;

/// <summary>What every store of published files has to do.</summary>
public abstract class ArtifactStoreConformance
{
    private static readonly byte[] Hello = "hello"u8.ToArray();

    protected ShiftedTime Time { get; } = new();

    protected abstract IArtifactStore Store { get; }

    [Fact]
    public async Task Content_is_found_under_its_hash()
    {
        var key = await PutAsync("hello");

        key.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(Hello)));
        (await ReadAsync(key)).ShouldBe("hello");
        (await ReadAsync(key, 3)).ShouldBe("lo");
        (await Store.FindAsync(key, CancellationToken.None))!.Value.Size.ShouldBe(5);
        await using var content = await Store.OpenAsync(key);
        content.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_not_there_is_null()
    {
        var key = new string('0', 64);

        (await Store.OpenAsync(key)).ShouldBeNull();
        (await Store.FindAsync(key, CancellationToken.None)).ShouldBeNull();
        (await Store.DeleteAsync(key, DateTimeOffset.MaxValue, CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Empty_and_large_content_are_kept_as_they_are()
    {
        var large = RandomNumberGenerator.GetBytes(3 * 1024 * 1024);

        (await ReadAsync(await PutAsync(""))).ShouldBe("");
        var key = await Store.PutAsync(new MemoryStream(large), CancellationToken.None);
        await using var content = (await Store.OpenAsync(key))!;
        using var read = new MemoryStream();
        await content.CopyToAsync(read);
        read.ToArray().ShouldBe(large);
    }

    [Fact]
    public async Task Variant_lies_beside_its_content()
    {
        var key = await PutAsync("hello");
        await Store.PutDerivedAsync(key + ".br", new MemoryStream("packed"u8.ToArray()), CancellationToken.None);

        (await ReadAsync(key + ".br")).ShouldBe("packed");
        (await ReadAsync(key)).ShouldBe("hello");
        (await KeysAsync()).ShouldBe([key, key + ".br"]);
    }

    [Fact]
    public async Task Everything_is_listed_over_pages()
    {
        var keys = new List<string>();
        for (var number = 0; number < 8; number++) keys.Add(await PutAsync($"content {number}"));

        (await KeysAsync()).ShouldBe(keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Putting_again_makes_content_young()
    {
        var key = await PutAsync("hello");
        var before = (await Store.FindAsync(key, CancellationToken.None))!.Value.LastPut;
        Time.Advance(TimeSpan.FromHours(2));
        (await PutAsync("hello")).ShouldBe(key);

        var after = (await Store.FindAsync(key, CancellationToken.None))!.Value.LastPut;
        after.ShouldBeGreaterThan(before.AddHours(1));
        (await Store.DeleteAsync(key, after.AddHours(-1), CancellationToken.None)).ShouldBeFalse();
        (await ReadAsync(key)).ShouldBe("hello");
        (await Store.DeleteAsync(key, after.AddSeconds(2), CancellationToken.None)).ShouldBeTrue();
        (await Store.OpenAsync(key)).ShouldBeNull();
    }

    [Fact]
    public async Task Many_may_put_the_same_at_once()
    {
        var keys = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => PutAsync("the same"))));

        keys.Distinct().Count().ShouldBe(1);
        (await ReadAsync(keys[0])).ShouldBe("the same");
        (await KeysAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Broken_upload_leaves_nothing()
    {
        await Should.ThrowAsync<IOException>(() => Store.PutAsync(new BreakingStream(), CancellationToken.None));

        (await KeysAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("abc")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/../x")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.exe")]
    public async Task What_is_no_key_becomes_no_name(string key)
    {
        await Should.ThrowAsync<ArgumentException>(() => Store.OpenAsync(key));
        await Should.ThrowAsync<ArgumentException>(() => Store.PutDerivedAsync(key, new MemoryStream(), CancellationToken.None));
        await Should.ThrowAsync<ArgumentException>(() => Store.DeleteAsync(key, DateTimeOffset.MaxValue, CancellationToken.None));
    }

    protected Task<string> PutAsync(string content) => Store.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes(content)), CancellationToken.None);

    private async Task<string> ReadAsync(string key, long offset = 0)
    {
        await using var content = (await Store.OpenAsync(key, offset))!;
        using var reader = new StreamReader(content);
        return await reader.ReadToEndAsync();
    }

    private async Task<List<string>> KeysAsync()
    {
        var keys = new List<string>();
        await foreach (var found in Store.ListAsync(CancellationToken.None)) keys.Add(found.Key);
        return [.. keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Ends in the middle, as an archive does whose container was killed.</summary>
    private sealed class BreakingStream : MemoryStream
    {
        private bool _begun;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_begun) throw new IOException("broken");
            _begun = true;
            buffer.Span[0] = 1;
            return new ValueTask<int>(1);
        }
    }
}

public sealed class DiskArtifactStoreTests : ArtifactStoreConformance, IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("platform-test-");

    public DiskArtifactStoreTests() => Store = new DiskArtifactStore(_root.FullName, Time);

    protected override IArtifactStore Store { get; }

    [Fact]
    public async Task Content_put_while_it_is_being_removed_is_there_afterwards()
    {
        var stop = new CancellationTokenSource();
        var key = await PutAsync("contended");
        var removing = Task.Run(() => RemoveAsync(key, stop.Token), CancellationToken.None);
        for (var time = 0; time < 300; time++)
        {
            MakeOld(Path.Combine(_root.FullName, key[..2], key[2..4], key));
            await PutAsync("contended");
            // Young from here on: whoever removes may have moved it aside, but brings it back.
            await Eventually.TrueAsync(async () =>
            {
                if (removing.IsCompleted) await removing;
                return await Store.FindAsync(key, CancellationToken.None) is not null;
            });
        }

        await stop.CancelAsync();
        await removing;
        (await Store.FindAsync(key, CancellationToken.None)).ShouldNotBeNull();
    }

    public void Dispose() => _root.Delete(recursive: true);

    private async Task RemoveAsync(string key, CancellationToken stopped)
    {
        while (!stopped.IsCancellationRequested) await Store.DeleteAsync(key, TimeProvider.System.GetUtcNow().AddMinutes(-30), CancellationToken.None);
    }

    private static void MakeOld(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-1));
        }
        catch (FileNotFoundException)
        {
            // It is being removed right now, or was: as good as old.
            return;
        }
    }
}

public sealed class S3ArtifactStoreTests : ArtifactStoreConformance, IAsyncLifetime
{
    private FakeS3? _s3;
    private IArtifactStore? _store;

    protected override IArtifactStore Store => _store!;

    public async Task InitializeAsync()
    {
        _s3 = await FakeS3.StartAsync(Time);
        _store = Create(FakeS3.Secret);
    }

    [Fact]
    public async Task Content_that_is_there_is_not_sent_again()
    {
        await PutAsync("hello");
        _s3!.Requests.Clear();
        await PutAsync("hello");

        _s3.Requests.ShouldNotContain(request => request.StartsWith("PUT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wrong_secret_is_refused()
    {
        var store = Create("another");

        await Should.ThrowAsync<Exception>(() => store.PutAsync(new MemoryStream([1]), CancellationToken.None));
        _s3!.Refused.ShouldContain("the signature does not match");
        _s3.Refused.Clear();
    }

    public async Task DisposeAsync()
    {
        _s3!.Refused.ShouldBeEmpty();
        await _s3.DisposeAsync();
    }

    private IArtifactStore Create(string secret) => ArtifactsExtensions.CreateS3(
        new S3Options { Bucket = FakeS3.Bucket, Region = FakeS3.Region, AccessKeyId = FakeS3.KeyId, SecretAccessKey = secret, Endpoint = _s3!.Address }, Time);
}
