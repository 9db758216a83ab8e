namespace Platform.Core.Jobs.Execution;

/// <summary>The handlers and queues of this process.</summary>
internal sealed class JobHandlerRegistry(IEnumerable<JobHandlerRegistration> handlers, IEnumerable<JobWorkerRegistration> workers)
{
    private readonly Dictionary<string, JobHandlerRegistration> _handlers = handlers.ToDictionary(handler => handler.Type);

    public IReadOnlyList<JobWorkerRegistration> Workers { get; } = [.. workers];

    public JobHandlerRegistration? Find(string type) => _handlers.GetValueOrDefault(type);

    /// <summary>The kinds of job of a queue that this process can run.</summary>
    public string[] TypesOf(string queue) =>
        [.. _handlers.Values.Where(handler => handler.Queue == queue).Select(handler => handler.Type)];
}
