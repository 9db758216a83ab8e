using System.IO.Compression;
using Microsoft.Extensions.Options;
using Platform.Core.Artifacts;

namespace Platform.BuildWorker.Publishing;

/// <summary>Makes the compressed variants of published files. However many publications there are, they share its few slots.</summary>
internal sealed class Compressor(IArtifactStore artifacts, IOptions<PublishOptions> options) : IDisposable
{
    private const long From = 1024;
    private const long UpTo = 32 * 1024 * 1024;

    // What the sender of a variant saves must be worth the entry: less than this share is left away.
    private const double Worthwhile = 0.95;

    // Measured on bundled JavaScript, in bytes and MB/s of one core: quality 11 is 7 to 10 % smaller than 9 at 0.7 MB/s, 9 is 2 to 6 % smaller than
    // 5 at 3 to 15 MB/s, 5 does 25 to 45 MB/s. What a publication has to compress anew chooses, so that it takes a second or two.
    private const long BestUpTo = 768 * 1024;
    private const long GoodUpTo = 12 * 1024 * 1024;
    private const int BestQuality = 11;
    private const int GoodQuality = 9;
    private const int QuickQuality = 5;

    private const int Lookups = 8;

    // Compressing is bounded by the slots; beside it others are on their way to a store over the network.
    private const int OnTheWay = 8;

    // What there is to compress is bounded to a second or two: for so long two files at once are bearable on the smallest machine, too.
    private const int FewestSlots = 2;

    private readonly int _slots = Slots(options.Value);
    private readonly SemaphoreSlim _free = new(Slots(options.Value));

    /// <param name="files">Hash and size, of files that are worth it by their type.</param>
    /// <param name="cancellationToken">Stops it between files.</param>
    /// <returns>Hash → encoding → size; an encoding that saves too little is absent.</returns>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>>> CompressAsync(
        IEnumerable<(string Sha256, long Size)> files, CancellationToken cancellationToken)
    {
        var wanted = files.Where(file => file.Size is >= From and <= UpTo).DistinctBy(file => file.Sha256).OrderByDescending(file => file.Size)
            .SelectMany(file => ArtifactKey.Encodings.Select(encoding => new Variant(file.Sha256, file.Size, encoding))).ToArray();
        var sizes = new long?[wanted.Length];
        // Another deployment may have had the same file. A store over the network takes its time for each answer.
        await Parallel.ForAsync(0, wanted.Length, Parallelism(Lookups, cancellationToken), async (at, token) =>
            sizes[at] = (await artifacts.FindAsync(ArtifactKey.Of(wanted[at].Sha256, wanted[at].Encoding), token))?.Size);

        var missing = Enumerable.Range(0, wanted.Length).Where(at => sizes[at] is null).ToArray();
        var quality = Quality(missing.Where(at => wanted[at].Encoding == "br").Sum(at => wanted[at].Size));
        await Parallel.ForEachAsync(missing, Parallelism(_slots + OnTheWay, cancellationToken), async (at, token) => sizes[at] = await CompressAsync(wanted[at], quality, token));
        return wanted.Select((variant, at) => (Variant: variant, Size: sizes[at])).GroupBy(entry => entry.Variant.Sha256).ToDictionary(
            file => file.Key,
            file => (IReadOnlyDictionary<string, long>)file.Where(entry => entry.Size is not null).ToDictionary(entry => entry.Variant.Encoding, entry => entry.Size!.Value));
    }

    public void Dispose() => _free.Dispose();

    /// <summary>The best quality that so many bytes are worth waiting for.</summary>
    internal static int Quality(long total) => total switch { <= BestUpTo => BestQuality, <= GoodUpTo => GoodQuality, _ => QuickQuality };

    private static int Slots(PublishOptions options) => options.CompressionThreads > 0 ? options.CompressionThreads : Math.Max(FewestSlots, Environment.ProcessorCount - 1);

    private static ParallelOptions Parallelism(int most, CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = most, CancellationToken = cancellationToken };

    /// <returns>Size of the variant, or null when it saves too little.</returns>
    private async Task<long?> CompressAsync(Variant variant, int quality, CancellationToken cancellationToken)
    {
        var (sha256, size, encoding) = variant;
        var key = ArtifactKey.Of(sha256, encoding);
        using var compressed = new MemoryStream();
        await _free.WaitAsync(cancellationToken);
        try
        {
            await using var content = await artifacts.OpenAsync(sha256, cancellationToken: cancellationToken)
                ?? throw new InvalidOperationException($"Content {sha256} vanished from the artifact store.");
            await using var compressor = Create(compressed, encoding, quality);
            await content.CopyToAsync(compressor, cancellationToken);
        }
        finally
        {
            _free.Release();
        }

        if (compressed.Length > size * Worthwhile) return null;
        compressed.Position = 0;
        await artifacts.PutDerivedAsync(key, compressed, cancellationToken);
        return compressed.Length;
    }

    private static Stream Create(Stream target, string encoding, int quality) => encoding == "br"
        ? new BrotliStream(target, new BrotliCompressionOptions { Quality = quality }, leaveOpen: true)
        : new GZipStream(target, CompressionLevel.SmallestSize, leaveOpen: true);

    private readonly record struct Variant(string Sha256, long Size, string Encoding);
}
