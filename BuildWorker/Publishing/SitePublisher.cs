using System.Collections.Concurrent;
using System.IO.Compression;
using Microsoft.Extensions.Options;
using Platform.BuildWorker.Builds;
using Platform.Core.Artifacts;

namespace Platform.BuildWorker.Publishing;

/// <summary>Puts a build's output into the artifact store, with its compressed variants, and makes the manifest of it.</summary>
internal sealed class SitePublisher(IArtifactStore artifacts, IOptions<BuildOptions> options)
{
    private static readonly string[] Encodings = ["br", "gz"];

    private const long CompressFrom = 1024;
    // Brotli 11 takes seconds per megabyte; large files get a quicker level.
    private const long BestCompressionUpTo = 512 * 1024;
    private const long CompressUpTo = 32 * 1024 * 1024;

    /// <exception cref="BuildFailureException">The output is empty, too large, or refused.</exception>
    public async Task<SiteManifest> PublishAsync(IAsyncEnumerable<OutputFile> output, bool spaFallback, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<string, (string Sha256, long Size)>(StringComparer.Ordinal);
        var links = new List<(string Path, string? Target)>();
        var total = 0L;
        await foreach (var file in output.WithCancellation(cancellationToken))
        {
            if (stored.Count + links.Count >= options.Value.MaxOutputFiles)
                throw TooLarge($"The output has more than {options.Value.MaxOutputFiles} files.");
            if (file.IsLink)
            {
                links.Add((file.Path, file.LinkTarget));
                continue;
            }

            var limited = new LimitedStream(file.Content!, options.Value.MaxOutputBytes - total);
            var sha256 = await artifacts.PutAsync(limited, cancellationToken);
            total += limited.BytesRead;
            stored[file.Path] = (sha256, limited.BytesRead);
        }

        Resolve(links, stored);
        if (stored.Count == 0)
            throw new BuildFailureException(FailureCode.NoOutput, "The output directory is empty.", "Check the output directory in the project's settings.");
        if (!stored.ContainsKey("index.html"))
        {
            throw new BuildFailureException(
                FailureCode.NoOutput,
                "The output has no index.html.",
                $"It holds: {string.Join(", ", stored.Keys.Order(StringComparer.Ordinal).Take(5))}. Check the output directory in the project's settings.");
        }

        var variants = await CompressAsync(stored, cancellationToken);
        var files = stored.ToDictionary(
            entry => entry.Key,
            entry => new SiteFile(
                entry.Value.Sha256, entry.Value.Size, ContentTypes.Of(entry.Key), variants.GetValueOrDefault(entry.Value.Sha256) ?? new Dictionary<string, long>()),
            StringComparer.Ordinal);
        return new SiteManifest(files, spaFallback && !files.ContainsKey("404.html"));
    }

    /// <summary>A link inside the output is published as a copy of what it names: in the store it costs nothing.</summary>
    private static void Resolve(List<(string Path, string? Target)> links, Dictionary<string, (string, long)> stored)
    {
        foreach (var (path, target) in links)
        {
            if (target is null)
                throw new BuildFailureException(FailureCode.OutputRefused, $"The link {path} in the output leads out of it.", "Copy the file instead of linking it.");
            if (stored.TryGetValue(target, out var file)) stored[path] = file;
        }
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>>> CompressAsync(
        Dictionary<string, (string Sha256, long Size)> stored, CancellationToken cancellationToken)
    {
        var variants = new ConcurrentDictionary<string, IReadOnlyDictionary<string, long>>();
        var worthwhile = stored
            .Where(entry => entry.Value.Size is >= CompressFrom and <= CompressUpTo && ContentTypes.IsCompressible(entry.Key))
            .Select(entry => entry.Value).DistinctBy(file => file.Sha256);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(worthwhile, parallel, async (file, token) =>
        {
            var sizes = new Dictionary<string, long>();
            foreach (var encoding in Encodings)
            {
                if (await CompressAsync(file.Sha256, file.Size, encoding, token) is { } size) sizes[encoding] = size;
            }

            variants[file.Sha256] = sizes;
        });
        return variants;
    }

    /// <returns>Size of the variant, or null when it saves nothing.</returns>
    private async Task<long?> CompressAsync(string sha256, long size, string encoding, CancellationToken cancellationToken)
    {
        var key = $"{sha256}.{encoding}";
        await using (var existing = await artifacts.OpenAsync(key, cancellationToken))
        {
            if (existing is not null) return existing.Length;
        }

        await using var content = await artifacts.OpenAsync(sha256, cancellationToken)
            ?? throw new InvalidOperationException($"Content {sha256} vanished from the artifact store.");
        using var compressed = new MemoryStream();
        var level = size <= BestCompressionUpTo ? CompressionLevel.SmallestSize : CompressionLevel.Optimal;
        await using (Stream compressor = encoding == "br" ? new BrotliStream(compressed, level, leaveOpen: true) : new GZipStream(compressed, level, leaveOpen: true))
            await content.CopyToAsync(compressor, cancellationToken);
        if (compressed.Length >= size) return null;
        compressed.Position = 0;
        await artifacts.PutDerivedAsync(key, compressed, cancellationToken);
        return compressed.Length;
    }

    private BuildFailureException TooLarge(string message) =>
        new(FailureCode.OutputTooLarge, message, $"The limit is {options.Value.MaxOutputBytes / (1024 * 1024)} MiB and {options.Value.MaxOutputFiles} files.");
}
