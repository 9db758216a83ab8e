namespace Platform.AppHost.Local.Orchestration;

/// <summary>How long a process that crashed waits for its next start: 1 s, doubled up to 30 s, and from the beginning after a healthy minute.</summary>
internal sealed class RestartBackoff
{
    public static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan ForgivenAfter = TimeSpan.FromSeconds(60);

    private int _crashes;

    /// <param name="healthyFor">How long the process had been healthy without a break when it crashed.</param>
    public TimeSpan Next(TimeSpan healthyFor)
    {
        if (healthyFor >= ForgivenAfter) _crashes = 0;
        var delay = TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(_crashes, 10)));
        _crashes++;
        return delay;
    }
}
