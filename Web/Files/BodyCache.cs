using System.Collections.Concurrent;

namespace Platform.Web.Files;

/// <summary>
/// Keeps small bodies in memory, up to a number of bytes together. A body hangs on its representation, so a hit costs nothing; when room is
/// needed, the oldest that nobody has asked for since the last look goes.
/// </summary>
internal sealed class BodyCache(long capacity, long largest)
{
    private readonly ConcurrentQueue<Representation> _kept = new();
    private long _bytes;

    /// <summary>Bytes in memory now.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public bool Accepts(Representation representation) => representation.Length <= largest;

    public void Keep(Representation representation, byte[] body)
    {
        if (representation.Body is not null) return;
        representation.Body = body;
        _kept.Enqueue(representation);
        Interlocked.Add(ref _bytes, body.Length);
        // Everything may be in use: then one round gives all of them up to now a chance, and the next finds some.
        for (var looked = 2 * _kept.Count; Bytes > capacity && looked > 0 && _kept.TryDequeue(out var candidate); looked--)
        {
            if (candidate.IsRecent)
            {
                candidate.IsRecent = false;
                _kept.Enqueue(candidate);
                continue;
            }

            if (candidate.Body is not { } dropped) continue;
            candidate.Body = null;
            Interlocked.Add(ref _bytes, -dropped.Length);
        }
    }
}
