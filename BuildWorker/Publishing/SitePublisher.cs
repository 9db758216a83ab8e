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
        var stored = new Dictionary<string, (string Sha256, long Size)>(StringComparer.Ordinal);
        var links = new List<(string Path, string? Target)>();
        var total = 0L;
        await using var held = await gate.EnterPublicationAsync(cancellationToken);
        await foreach (var file in output.WithCancellation(cancellationToken))
        {
            if (stored.Count + links.Count >= options.Value.MaxOutputFiles)
                throw TooLarge($"The output has more than {options.Value.MaxOutputFiles} files.");
            if (file.Path.Length > MaxPathLength || file.Path.Any(char.IsControl))
                throw new BuildFailureException(FailureCode.OutputRefused, "The output has a file whose name is too long or has control characters.", "Rename the file.");
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
        return stored;
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

    private BuildFailureException TooLarge(string message) =>
        new(FailureCode.OutputTooLarge, message, $"The limit is {options.Value.MaxOutputBytes / (1024 * 1024)} MiB and {options.Value.MaxOutputFiles} files.");
}
