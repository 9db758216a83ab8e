namespace Platform.ExecutionWorker.Pools;

/// <summary>How many sandboxes of each language shall be ready.</summary>
internal static class PoolPlan
{
    /// <summary>What a ready sandbox takes: the engine's shim, the supervisor and the kernel's share, not the limit of a run.</summary>
    public const int IdleMegabytes = 16;

    /// <summary>A language without a pool of its own keeps one sandbox while it was asked for this often lately.</summary>
    private const double Warm = 0.4;

    /// <summary>Seconds of demand that a pool covers: what it takes to start another sandbox on a busy machine.</summary>
    private const double Cover = 1;

    /// <summary>What one pool shall hold, were it alone.</summary>
    /// <param name="least">The catalogue's number.</param>
    /// <param name="most">The most of any pool.</param>
    /// <param name="demand">What it is asked for.</param>
    public static int Want(int least, int most, Demand demand)
    {
        var expected = (int)Math.Round(demand.PerSecond * Cover, MidpointRounding.AwayFromZero);
        var warm = demand.Recent >= Warm ? 1 : 0;
        return Math.Min(Math.Max(most, least), Math.Max(least, warm) + expected);
    }

    /// <summary>Cuts the wishes down to the memory: those who were asked for least lately give first, one after the other.</summary>
    public static int[] Fit(IReadOnlyList<(int Wanted, Demand Demand)> pools, int megabytes)
    {
        var targets = pools.Select(pool => pool.Wanted).ToArray();
        var excess = targets.Sum() - megabytes / IdleMegabytes;
        var order = Enumerable.Range(0, targets.Length).OrderBy(index => pools[index].Demand.Recent).ThenByDescending(index => index).ToArray();
        // First down to one each, and only then to none.
        foreach (var least in new[] { 1, 0 })
        {
            foreach (var index in order)
            {
                var given = Math.Min(Math.Max(excess, 0), Math.Max(0, targets[index] - least));
                targets[index] -= given;
                excess -= given;
            }
        }

        return targets;
    }
}
