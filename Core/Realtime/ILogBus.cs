namespace Platform.Core.Realtime;

/// <summary>
/// Live fan-out of log lines. It may lose what nobody stored: the database is the truth, a reader subscribes first, then reads what is
/// stored, then follows the bus, and drops or re-reads by <see cref="LogLine.Seq"/>.
/// </summary>
public interface ILogBus
{
    /// <summary>
    /// Sends lines that are already stored. It does not fail when Redis is away: the lines are stored, and listeners notice the outage by
    /// their own subscription and read them from there.
    /// </summary>
    Task PublishAsync(Guid deploymentId, IReadOnlyList<LogLine> lines, CancellationToken cancellationToken);

    /// <summary>Starts to listen; returns once the subscription is in force.</summary>
    /// <exception cref="RealtimeUnavailableException">Redis cannot be reached.</exception>
    Task<ISubscription<LogLine>> SubscribeAsync(Guid deploymentId, CancellationToken cancellationToken);
}
