using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Platform.Core.Deployments;

namespace Platform.Web.Sites;

/// <summary>Counts requests to sites in memory; what was counted is taken from time to time and written down elsewhere.</summary>
internal sealed class SiteTraffic
{
    private readonly ConcurrentDictionary<Guid, SiteCounter> _counters = new();

    public SiteCounter CounterOf(Guid projectId) => _counters.GetOrAdd(projectId, id => new SiteCounter(id));

    /// <summary>Everything counted since the last time.</summary>
    public IReadOnlyList<SiteTrafficBatch> Take()
    {
        var batches = new List<SiteTrafficBatch>();
        foreach (var counter in _counters.Values)
        {
            if (counter.Take() is { } batch) batches.Add(batch);
        }

        return batches;
    }

    /// <summary>Counts again what could not be written down.</summary>
    public void PutBack(IReadOnlyList<SiteTrafficBatch> batches)
    {
        foreach (var batch in batches) CounterOf(batch.ProjectId).PutBack(batch);
    }
}

/// <summary>The counters of one site: one set for each core, so that cores do not wait for each other.</summary>
internal sealed class SiteCounter(Guid projectId)
{
    private const int MaxPaths = 1000;
    private const int CacheLine = 128;
    private static readonly int Mask = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount) - 1;

    private readonly Shard[] _shards = new Shard[Mask + 1];
    private readonly ConcurrentDictionary<string, TrafficCell> _paths = new(StringComparer.Ordinal);

    public void Count(int status, long bytes)
    {
        ref var shard = ref _shards[Thread.GetCurrentProcessorId() & Mask];
        switch (status / 100)
        {
            case 2: Interlocked.Increment(ref shard.Status2xx); break;
            case 3: Interlocked.Increment(ref shard.Status3xx); break;
            case 4: Interlocked.Increment(ref shard.Status4xx); break;
            default: Interlocked.Increment(ref shard.Status5xx); break;
        }

        if (bytes > 0) Interlocked.Add(ref shard.Bytes, bytes);
    }

    /// <summary>Where requests for a file are counted; files beyond a thousand are counted in the totals only.</summary>
    public TrafficCell CellOf(string path)
    {
        if (_paths.TryGetValue(path, out var cell)) return cell;
        return _paths.Count < MaxPaths ? _paths.GetOrAdd(path, _ => new TrafficCell()) : TrafficCell.Nowhere;
    }

    public SiteTrafficBatch? Take()
    {
        var (s2, s3, s4, s5, bytes) = (0L, 0L, 0L, 0L, 0L);
        for (var at = 0; at < _shards.Length; at++)
        {
            ref var shard = ref _shards[at];
            s2 += Interlocked.Exchange(ref shard.Status2xx, 0);
            s3 += Interlocked.Exchange(ref shard.Status3xx, 0);
            s4 += Interlocked.Exchange(ref shard.Status4xx, 0);
            s5 += Interlocked.Exchange(ref shard.Status5xx, 0);
            bytes += Interlocked.Exchange(ref shard.Bytes, 0);
        }

        var requests = s2 + s3 + s4 + s5;
        if (requests == 0) return null;
        var paths = _paths.Select(path => KeyValuePair.Create(path.Key, path.Value.Take())).Where(path => path.Value > 0).ToArray();
        return new SiteTrafficBatch(projectId, requests, bytes, s2, s3, s4, s5, paths);
    }

    public void PutBack(SiteTrafficBatch batch)
    {
        ref var shard = ref _shards[0];
        Interlocked.Add(ref shard.Status2xx, batch.Status2xx);
        Interlocked.Add(ref shard.Status3xx, batch.Status3xx);
        Interlocked.Add(ref shard.Status4xx, batch.Status4xx);
        Interlocked.Add(ref shard.Status5xx, batch.Status5xx);
        Interlocked.Add(ref shard.Bytes, batch.Bytes);
        foreach (var (path, requests) in batch.Paths) CellOf(path).Add(requests);
    }

    [StructLayout(LayoutKind.Explicit, Size = CacheLine)]
    private struct Shard
    {
        [FieldOffset(0)]
        public long Status2xx;

        [FieldOffset(8)]
        public long Status3xx;

        [FieldOffset(16)]
        public long Status4xx;

        [FieldOffset(24)]
        public long Status5xx;

        [FieldOffset(32)]
        public long Bytes;
    }
}

/// <summary>Requests for one file.</summary>
internal sealed class TrafficCell
{
    /// <summary>Counts for nobody.</summary>
    public static readonly TrafficCell Nowhere = new();

    private long _requests;

    public void Add(long requests) => Interlocked.Add(ref _requests, requests);

    public long Take() => Interlocked.Exchange(ref _requests, 0);
}
