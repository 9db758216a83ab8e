using Microsoft.Extensions.Options;
using Platform.BuildWorker.Builds;
using Platform.Core.Artifacts;

namespace Platform.BuildWorker.Publishing;

/// <summary>Puts a build's output into the artifact store, with its compressed variants, and makes the manifest of it.</summary>
internal sealed class SitePublisher(IArtifactStore artifacts, IArtifactGate gate, Compressor compressor, IOptions<BuildOptions> options)
{
    private const int MaxPathLength = 1024;

    /// <exception cref="BuildFailureException">The output is empty, too large, or refused.</exception>
    public async Task<SiteManifest> PublishAsync(IAsyncEnumerable<OutputFile> output, bool spaFallback, CancellationToken cancellationToken)
    {
        var stored = await StoreAsync(output, cancellationToken);
        if (stored.Count > options.Value.MaxOutputFiles) throw TooLarge($"The output has more than {options.Value.MaxOutputFiles} files.");
        if (stored.Count == 0)
            throw new BuildFailureException(FailureCode.NoOutput, "The output directory is empty.", "Check the output directory in the project's settings.");
        if (!stored.ContainsKey("index.html"))
        {
            throw new BuildFailureException(
                FailureCode.NoOutput,
                "The output has no index.html.",
                $"It holds: {string.Join(", ", stored.Keys.Order(StringComparer.Ordinal).Take(5))}. Check the output directory in the project's settings.");
        }

        var variants = await compressor.CompressAsync(
            stored.Where(entry => ContentTypes.IsCompressible(entry.Key)).Select(entry => entry.Value), cancellationToken);
        var files = stored.ToDictionary(
            entry => entry.Key,
            entry => new SiteFile(
                entry.Value.Sha256, entry.Value.Size, ContentTypes.Of(entry.Key), variants.GetValueOrDefault(entry.Value.Sha256) ?? new Dictionary<string, long>()),
            StringComparer.Ordinal);
        return new SiteManifest(files, spaFallback && !files.ContainsKey("404.html"));
    }

    private async Task<Dictionary<string, (string Sha256, long Size)>> StoreAsync(IAsyncEnumerable<OutputFile> output, CancellationToken cancellationToken)
    {
        var count = 0;
        var links = new List<(string Path, string? Target)>();
        var total = 0L;
        await using var held = await gate.EnterPublicationAsync(cancellationToken);
        // Left before the gate, also when something fails: nothing is put behind the back of a collection.
        await using var puts = new ParallelPuts(artifacts, cancellationToken);
        await foreach (var file in output.WithCancellation(cancellationToken))
        {
            if (count++ >= options.Value.MaxOutputFiles)
                throw TooLarge($"The output has more than {options.Value.MaxOutputFiles} files.");
            if (file.Path.Length > MaxPathLength || file.Path.Any(char.IsControl))
                throw new BuildFailureException(FailureCode.OutputRefused, "The output has a file whose name is too long or has control characters.", "Rename the file.");
            if (file.IsLink)
            {
                links.Add((file.Path, file.LinkTarget));
                continue;
            }

            var limited = new LimitedStream(file.Content!, options.Value.MaxOutputBytes - total);
            await puts.AddAsync(file.Path, limited, file.Length);
            total += limited.BytesRead;
        }

        var stored = await puts.FinishAsync();
        OutputLinks.Resolve(links, stored, options.Value.MaxOutputFiles);
        return stored;
    }

    private BuildFailureException TooLarge(string message) =>
        new(FailureCode.OutputTooLarge, message, $"The limit is {options.Value.MaxOutputBytes / (1024 * 1024)} MiB and {options.Value.MaxOutputFiles} files.");
}
