namespace Platform.Core.Realtime;

/// <summary>
/// Live fan-out of log lines. It may lose what nobody stored: the database is the truth, a reader subscribes first, then reads what is
/// stored, then follows the bus, and drops or re-reads by <see cref="LogLine.Seq"/>.
/// </summary>
public interface ILogBus
{
    /// <summary>Sends lines that are already stored.</summary>
    Task PublishAsync(Guid deploymentId, IReadOnlyList<LogLine> lines, CancellationToken cancellationToken);

    /// <summary>Starts to listen; returns once the subscription is in force.</summary>
    /// <exception cref="RealtimeUnavailableException">Redis cannot be reached.</exception>
    Task<ISubscription<LogLine>> SubscribeAsync(Guid deploymentId, CancellationToken cancellationToken);
}
