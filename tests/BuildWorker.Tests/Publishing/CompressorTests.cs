using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Publishing;
using Platform.Core.Artifacts;

namespace Platform.BuildWorker.Tests.Publishing;

public sealed class CompressorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public async Task Files_are_compressed_beside_each_other_and_each_once()
    {
        var store = new MeetingStore(new DiskArtifactStore(_directory.Path), parties: 2);
        var files = new List<(string Sha256, long Size)>();
        for (var number = 0; number < 4; number++)
        {
            var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"line {number}\n", 500)));
            files.Add((await store.PutAsync(new MemoryStream(content), CancellationToken.None), content.Length));
        }

        using var compressor = new Compressor(store, Options.Create(new PublishOptions { CompressionThreads = 2 }));
        // The same file under two names is one file.
        var variants = await compressor.CompressAsync([.. files, .. files], CancellationToken.None).WaitAsync(Patience);

        store.Opened.ShouldBe(8);
        store.Most.ShouldBe(2);
        foreach (var (sha256, _) in files)
        {
            variants[sha256].Keys.ShouldBe(["br", "gz"], ignoreOrder: true);
            foreach (var (encoding, size) in variants[sha256]) (await store.FindAsync($"{sha256}.{encoding}", CancellationToken.None))!.Value.Size.ShouldBe(size);
        }

        // What is there is looked up, not made again.
        (await compressor.CompressAsync(files, CancellationToken.None)).Values.ShouldAllBe(sizes => sizes.Count == 2);
        store.Opened.ShouldBe(8);
    }

    [Theory]
    [InlineData("00:10:00", "01:00:00", "01:00:00")]
    [InlineData("03:00:00", "01:00:00", "03:17:00")]
    public async Task Content_lies_unreferenced_for_longer_than_a_build_may_take(string timeout, string configured, string effective)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Artifacts:CollectAfter"] = configured;
        builder.Services.Configure<BuildOptions>(options => options.Timeout = TimeSpan.Parse(timeout, null));
        builder.AddPublishing();
        await using var services = builder.Services.BuildServiceProvider();

        services.GetRequiredService<IOptions<ArtifactOptions>>().Value.CollectAfter.ShouldBe(TimeSpan.Parse(effective, null));
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>Content is handed out only to so many at once: whoever compresses one after the other waits for ever.</summary>
    private sealed class MeetingStore(IArtifactStore inner, int parties) : IArtifactStore
    {
        private readonly Lock _gate = new();
        private TaskCompletionSource _met = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _waiting;

        public int Opened { get; private set; }

        public int Most { get; private set; }

        public Task<string> PutAsync(Stream content, CancellationToken cancellationToken) => inner.PutAsync(content, cancellationToken);

        public Task PutDerivedAsync(string key, Stream content, CancellationToken cancellationToken) => inner.PutDerivedAsync(key, content, cancellationToken);

        public Task<ArtifactInfo?> FindAsync(string key, CancellationToken cancellationToken) => inner.FindAsync(key, cancellationToken);

        public async Task<Stream?> OpenAsync(string key, long offset = 0, CancellationToken cancellationToken = default)
        {
            Task met;
            lock (_gate)
            {
                Opened++;
                Most = Math.Max(Most, ++_waiting);
                met = _met.Task;
                if (_waiting == parties)
                {
                    _waiting = 0;
                    _met.SetResult();
                    _met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            await met.WaitAsync(cancellationToken);
            return await inner.OpenAsync(key, offset, cancellationToken);
        }

        public IAsyncEnumerable<ArtifactInfo> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

        public Task<bool> DeleteAsync(string key, DateTimeOffset before, CancellationToken cancellationToken) => inner.DeleteAsync(key, before, cancellationToken);
    }
}
