namespace Platform.Core.Realtime;

/// <summary>Live fan-out of small events on topics, numbered per topic so that a listener notices a gap.</summary>
public interface IEventBus
{
    /// <summary>Sends an event to everyone who listens on the topic now.</summary>
    /// <returns>The event's number on its topic.</returns>
    /// <exception cref="RealtimeUnavailableException">Redis cannot be reached; nobody was told.</exception>
    Task<long> PublishAsync<T>(string topic, T payload, CancellationToken cancellationToken);

    /// <summary>Starts to listen; returns once the subscription is in force.</summary>
    /// <exception cref="RealtimeUnavailableException">Redis cannot be reached.</exception>
    Task<ISubscription<Event<T>>> SubscribeAsync<T>(string topic, CancellationToken cancellationToken);
}

/// <summary>An event with its number.</summary>
/// <param name="Seq">Rises by one with every event of the topic; starts over when Redis lost its data.</param>
/// <param name="Payload">The event.</param>
public sealed record Event<T>(long Seq, T Payload);

/// <summary>The live bus cannot be reached.</summary>
public sealed class RealtimeUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
