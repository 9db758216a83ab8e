namespace Platform.Core.Jobs.Execution;

internal static class RetryDelay
{
    /// <summary>Doubles per attempt up to the limit; half of it is jitter, so that what failed together does not return together.</summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="random">In [0, 1).</param>
    public static TimeSpan After(int attempt, JobOptions options, double random)
    {
        var full = options.RetryBaseDelay * Math.Pow(2, Math.Min(attempt - 1, 30));
        var bounded = full < options.RetryMaxDelay ? full : options.RetryMaxDelay;
        return bounded * (0.5 + (random / 2));
    }
}
