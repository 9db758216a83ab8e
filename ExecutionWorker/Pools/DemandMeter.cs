namespace Platform.ExecutionWorker.Pools;

/// <summary>How often something is asked for: exponentially weighted, over seconds and over minutes.</summary>
internal sealed class DemandMeter(TimeProvider time)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private long _at = time.GetTimestamp();
    private double _short;
    private double _long;

    public void Record()
    {
        lock (_lock)
        {
            Decay();
            _short += 1 / Short.TotalSeconds;
            _long += 1 / Long.TotalSeconds;
        }
    }

    public Demand Read()
    {
        lock (_lock)
        {
            Decay();
            return new Demand(_short, _long * Long.TotalSeconds);
        }
    }

    private void Decay()
    {
        var elapsed = time.GetElapsedTime(_at);
        _at = time.GetTimestamp();
        _short *= Math.Exp(-elapsed / Short);
        _long *= Math.Exp(-elapsed / Long);
    }
}

/// <summary>What a pool is asked for.</summary>
/// <param name="PerSecond">Over the last seconds.</param>
/// <param name="Recent">How many over the last minutes, older ones counting less.</param>
internal readonly record struct Demand(double PerSecond, double Recent);
