using System.Globalization;
using Microsoft.Extensions.Options;

namespace Platform.Core.Artifacts;

/// <summary>
/// Removes content that nothing refers to. It first reads every reference, then looks at what is stored: unreferenced and last put longer ago
/// than the grace time is garbage. Content that a publication finds stored becomes young again, and removal happens behind the gate, so
/// whatever a publication in progress has put or found survives.
/// </summary>
public sealed class ArtifactCollector(
    IArtifactStore store, IArtifactGate gate, IEnumerable<IArtifactReferences> references, IOptions<ArtifactOptions> options, TimeProvider time)
{
    private const int BatchSize = 100;

    /// <summary>One round.</summary>
    public async Task<CollectedGarbage> CollectAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - options.Value.CollectAfter;
        // The order matters: content that is put and referred to after this line is younger than the grace time.
        var live = await ReadReferencesAsync(cancellationToken);
        var (removed, bytes) = (0, 0L);
        var doomed = new List<ArtifactInfo>();
        await foreach (var content in store.ListAsync(cancellationToken))
        {
            if (content.LastPut >= before || live.Contains(Parse(content.Key))) continue;
            doomed.Add(content);
            if (doomed.Count < BatchSize) continue;
            if (!await RemoveAsync()) return new CollectedGarbage(removed, bytes, IsComplete: false);
        }

        var isComplete = await RemoveAsync();
        return new CollectedGarbage(removed, bytes, isComplete);

        async Task<bool> RemoveAsync()
        {
            if (doomed.Count == 0) return true;
            await using var held = await gate.TryEnterCollectionAsync(cancellationToken);
            if (held is null) return false;
            foreach (var content in doomed)
            {
                if (!await IsOldAsync(content, before, cancellationToken) || !await store.DeleteAsync(content.Key, before, cancellationToken)) continue;
                removed++;
                bytes += content.Size;
            }

            doomed.Clear();
            return true;
        }
    }

    /// <summary>A variant is as young as the content that it was made of.</summary>
    private async Task<bool> IsOldAsync(ArtifactInfo content, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var hash = ArtifactKey.HashOf(content.Key);
        return hash == content.Key || await store.FindAsync(hash, cancellationToken) is not { } origin || origin.LastPut < before;
    }

    private async Task<HashSet<(UInt128 High, UInt128 Low)>> ReadReferencesAsync(CancellationToken cancellationToken)
    {
        // Half as large as the text, and there may be millions.
        var live = new HashSet<(UInt128, UInt128)>();
        foreach (var source in references)
        {
            await foreach (var hash in source.ReadAsync(cancellationToken)) live.Add(Parse(hash));
        }

        return live;
    }

    private static (UInt128 High, UInt128 Low) Parse(string key) => (
        UInt128.Parse(key.AsSpan(0, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
        UInt128.Parse(key.AsSpan(32, 32), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
}

/// <summary>What a round of the collector did.</summary>
/// <param name="Removed">Contents removed.</param>
/// <param name="Bytes">Bytes freed.</param>
/// <param name="IsComplete">False: publications left no moment to finish; the next round goes on.</param>
public sealed record CollectedGarbage(int Removed, long Bytes, bool IsComplete);
