using System.Diagnostics;

namespace Platform.Testing;

/// <summary>Polls until a condition holds, so that no test sleeps and hopes.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Waits until <paramref name="probe"/> returns a value that satisfies <paramref name="until"/>, and returns it.</summary>
    /// <exception cref="TimeoutException">It never did; the message carries the last value.</exception>
    public static async Task<T> ValueAsync<T>(Func<Task<T>> probe, Func<T, bool> until, TimeSpan? timeout = null)
    {
        var limit = timeout ?? DefaultTimeout;
        var watch = Stopwatch.StartNew();
        while (true)
        {
            // Looked at before the probe: a process that stood still looks once more when it goes on.
            var isLast = watch.Elapsed > limit;
            var value = await probe();
            if (until(value)) return value;
            if (isLast) throw new TimeoutException($"Not within {limit}: last value was {value}");
            await Task.Delay(Interval);
        }
    }

    public static Task TrueAsync(Func<Task<bool>> probe, TimeSpan? timeout = null) => ValueAsync(probe, value => value, timeout);

    public static Task TrueAsync(Func<bool> probe, TimeSpan? timeout = null) => TrueAsync(() => Task.FromResult(probe()), timeout);
}
