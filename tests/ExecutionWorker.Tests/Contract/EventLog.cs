using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Platform.ExecutionWorker.Tests.Contract;

/// <summary>Remembers the numbers of what was logged.</summary>
internal sealed class EventLog<T> : ILogger<T>
{
    private readonly ConcurrentQueue<int> _events = new();

    public int Count(int id) => _events.Count(known => known == id);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _events.Enqueue(eventId.Id);
}
