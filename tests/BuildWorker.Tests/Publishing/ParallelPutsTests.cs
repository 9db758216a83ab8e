using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Publishing;
using Platform.Core.Artifacts;
using Platform.Testing;

namespace Platform.BuildWorker.Tests.Publishing;

/// <summary>A store over the network takes its time for each file.</summary>
public sealed class ParallelPutsTests
{
    private readonly WatchedStore _store = new();

    [Fact]
    public async Task Small_files_are_put_side_by_side_and_no_more_than_may_be()
    {
        _store.Hold();
        var publishing = PublishAsync([.. Enumerable.Range(0, 40).Select(number => ($"{number}.txt", $"text {number}")), ("index.html", "x")]);

        await Eventually.TrueAsync(() => _store.Running == ParallelPuts.AtOnce);
        publishing.IsCompleted.ShouldBeFalse("nothing may be referred to before everything is stored");
        _store.Release();

        var manifest = await publishing;
        _store.Most.ShouldBe(ParallelPuts.AtOnce);
        manifest.Files.Count.ShouldBe(41);
        manifest.Files["7.txt"].Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData("text 7"u8)));
        manifest.Files.Values.ShouldAllBe(file => _store.Contents.ContainsKey(file.Sha256));
    }

    [Fact]
    public async Task A_put_that_fails_ends_the_others_and_the_publication()
    {
        _store.Refuse("text 20");

        var failure = await Should.ThrowAsync<IOException>(PublishAsync([("index.html", "x"), .. Enumerable.Range(0, 400).Select(number => ($"{number:000}.txt", $"text {number}"))]));

        failure.Message.ShouldBe("text 20");
        _store.Running.ShouldBe(0);
        // What had not begun does not begin any more.
        _store.Contents.Count.ShouldBeLessThan(100);
    }

    [Fact]
    public async Task A_large_file_that_cannot_be_put_fails_the_publication()
    {
        var large = new string('l', 2 * 1024 * 1024);
        _store.Refuse(large);

        (await Should.ThrowAsync<IOException>(PublishAsync([("index.html", "x"), ("large.txt", large), ("z.txt", "z")]))).Message.ShouldBe(large);
        _store.Running.ShouldBe(0);
    }

    [Fact]
    public async Task Who_is_cancelled_leaves_nothing_running()
    {
        using var stop = new CancellationTokenSource();
        _store.Hold();
        var publishing = PublishAsync([.. Enumerable.Range(0, 40).Select(number => ($"{number}.txt", $"text {number}"))], stop.Token);
        await Eventually.TrueAsync(() => _store.Running == ParallelPuts.AtOnce);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(publishing);
        _store.Running.ShouldBe(0);
    }

    [Fact]
    public async Task Of_two_entries_with_one_name_the_later_counts()
    {
        var manifest = await PublishAsync([("index.html", "first"), ("a.txt", "a"), ("index.html", "second")]);
        manifest.Files["index.html"].Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData("second"u8)));
    }

    private Task<SiteManifest> PublishAsync((string Path, string Content)[] files, CancellationToken cancellationToken = default) =>
        new SitePublisher(
            _store, new OpenGate(), new Compressor(_store, Options.Create(new PublishOptions())), Options.Create(new BuildOptions { MaxOutputBytes = 100 * 1024 * 1024, MaxOutputFiles = 1000 }))
            .PublishAsync(ReadAsync(files), spaFallback: false, cancellationToken);

    private static async IAsyncEnumerable<OutputFile> ReadAsync((string Path, string Content)[] files)
    {
        foreach (var (path, content) in files)
        {
            await Task.Yield();
            // As with an archive: what was given before cannot be read any more.
            await using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
            yield return new OutputFile(path, stream, null);
        }
    }

    /// <summary>Content in memory, and how many put it at the same time.</summary>
    private sealed class WatchedStore : IArtifactStore
    {
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private string? _refused;
        private volatile bool _refusing;
        private bool _holds;

        public ConcurrentDictionary<string, byte[]> Contents { get; } = new();

        public int Running { get; private set; }

        public int Most { get; private set; }

        public void Hold() => _holds = true;

        public void Release() => _released.SetResult();

        public void Refuse(string content) => _refused = content;

        public async Task<string> PutAsync(Stream content, CancellationToken cancellationToken)
        {
            Count(1);
            try
            {
                using var copy = new MemoryStream();
                await content.CopyToAsync(copy, cancellationToken);
                if (_holds) await _released.Task.WaitAsync(cancellationToken);
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                if (_refused is not null && Encoding.UTF8.GetString(copy.ToArray()) == _refused)
                {
                    _refusing = true;
                    await Task.Yield();
                    throw new IOException(_refused);
                }

                // What comes after the one that is refused is never done: it ends because the others are told to.
                if (_refusing) await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                var key = Convert.ToHexStringLower(SHA256.HashData(copy.ToArray()));
                Contents[key] = copy.ToArray();
                return key;
            }
            finally
            {
                Count(-1);
            }
        }

        public Task PutDerivedAsync(string key, Stream content, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<ArtifactInfo?> FindAsync(string key, CancellationToken cancellationToken) => Task.FromResult<ArtifactInfo?>(null);

        public Task<Stream?> OpenAsync(string key, long offset = 0, CancellationToken cancellationToken = default) => Task.FromResult<Stream?>(new MemoryStream(Contents[key]));

        public IAsyncEnumerable<ArtifactInfo> ListAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(string key, DateTimeOffset before, CancellationToken cancellationToken) => throw new NotSupportedException();

        private void Count(int change)
        {
            lock (_lock)
            {
                Running += change;
                Most = Math.Max(Most, Running);
            }
        }
    }
}
