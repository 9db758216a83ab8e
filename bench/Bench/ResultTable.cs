namespace Platform.Bench;

/// <summary>All measurements beside their floors.</summary>
internal sealed class ResultTable
{
    private static readonly string[] Header = ["what", "floor p50", "p50", "p95", "ratio", "goal", ""];

    private readonly List<string[]> _rows = [];

    /// <summary>Every measurement that has a goal reached it.</summary>
    public bool Passed { get; private set; } = true;

    /// <summary>A duration against a floor measured in the same run.</summary>
    /// <param name="what">What was measured.</param>
    /// <param name="floor">The floor.</param>
    /// <param name="measured">The measurement.</param>
    /// <param name="goal">The most it may be, in multiples of the floor.</param>
    public void AddRatio(string what, Samples floor, Samples measured, double goal)
    {
        var ratio = measured.Median / floor.Median;
        Add(what, floor, measured, ratio, $"<= {goal:0.0} x", ratio <= goal);
    }

    /// <summary>The same with a second goal for the tail.</summary>
    /// <param name="what">What was measured.</param>
    /// <param name="floor">The floor.</param>
    /// <param name="measured">The measurement.</param>
    /// <param name="goal">The most its median may be, in multiples of the floor's.</param>
    /// <param name="tail">The most its 95th percentile may be, in multiples of the floor's median.</param>
    public void AddRatio(string what, Samples floor, Samples measured, double goal, double tail)
    {
        AddRatio(what, floor, measured, goal);
        var ratio = measured.At(0.95) / floor.Median;
        Add("  its p95", floor, measured, ratio, $"<= {tail:0.0} x", ratio <= tail);
    }

    /// <summary>So many of something per second, beside what is possible at all.</summary>
    /// <param name="what">What was measured.</param>
    /// <param name="floor">The possible, per second.</param>
    /// <param name="measured">The measured, per second.</param>
    /// <param name="goal">The least it may be, in multiples of the possible.</param>
    public void AddRate(string what, double floor, double measured, double goal)
    {
        var reached = measured / floor >= goal;
        Passed &= reached;
        _rows.Add([what, $"{floor:0.00} /s", $"{measured:0.00} /s", "", $"{measured / floor:0.00} x", $">= {goal:0.0} x", reached ? "ok" : "missed"]);
    }

    /// <summary>A duration with an absolute goal, beside its floor.</summary>
    public void AddLimit(string what, Samples floor, Samples measured, double milliseconds) =>
        Add(what, floor, measured, measured.Median / floor.Median, $"<= {milliseconds:0.0} ms", measured.Median <= milliseconds);

    /// <summary>The duration that all but a share of the samples keep within, with an absolute goal.</summary>
    public void AddTail(string what, Samples measured, double share, double milliseconds)
    {
        var reached = measured.At(share) <= milliseconds;
        Passed &= reached;
        _rows.Add([what, "", $"{measured.Median:0.00} ms", $"p{share * 100:0} {measured.At(share):0.00} ms", "", $"<= {milliseconds:0.0} ms", reached ? "ok" : "missed"]);
    }

    /// <summary>How much was done in a second, with the least that it must be.</summary>
    public void AddThroughput(string what, double perSecond, double goal, bool complete)
    {
        var reached = complete && perSecond >= goal;
        Passed &= reached;
        _rows.Add([what, "", $"{perSecond:0}/s", complete ? "nothing lost" : "lines lost", "", $">= {goal:0}/s", reached ? "ok" : "missed"]);
    }

    /// <summary>Something worth knowing, without a goal.</summary>
    public void AddFact(string what, Samples measured) =>
        _rows.Add([what, "", $"{measured.Median:0.00} ms", $"{measured.At(0.95):0.00} ms", "", "", ""]);

    /// <summary>The same in words of its own, beside the floor's.</summary>
    public void AddText(string what, string floor, string measured) => _rows.Add([what, floor, measured, "", "", "", ""]);

    public void Print(TextWriter output)
    {
        var rows = _rows.Prepend(Header).ToArray();
        var widths = Enumerable.Range(0, Header.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());
    }

    private void Add(string what, Samples floor, Samples measured, double ratio, string goal, bool reached)
    {
        Passed &= reached;
        _rows.Add([what, $"{floor.Median:0.00} ms", $"{measured.Median:0.00} ms", $"{measured.At(0.95):0.00} ms", $"{ratio:0.00} x", goal, reached ? "ok" : "missed"]);
    }
}

/// <summary>Durations in milliseconds.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public double Median => At(0.5);

    public void Add(TimeSpan value) => _values.Add(value.TotalMilliseconds);

    /// <summary>The value below which this share of the samples lies.</summary>
    public double At(double share)
    {
        var sorted = _values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }
}
