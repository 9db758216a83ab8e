using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something the model says about a resource.</summary>
public interface IResourceAnnotation;

/// <summary>What the model says about one resource, in the order it was said.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>Whether an annotation joins those of its type or takes their place.</summary>
public enum ResourceAnnotationMutationBehavior
{
    /// <summary>Keep the others.</summary>
    Append,

    /// <summary>Remove the others of the same type.</summary>
    Replace,
}

/// <summary>What the callbacks that fill a process's environment see.</summary>
public sealed class EnvironmentCallbackContext(
    IResource resource, Dictionary<string, object> environmentVariables, CancellationToken cancellationToken = default)
{
    /// <summary>Names and values; a value is a string or an <see cref="IValueProvider"/>.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = environmentVariables;

    /// <summary>The resource whose environment is filled.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Ends the start of the resource.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;
}

/// <summary>Fills a part of a process's environment.</summary>
public sealed class EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback) : IResourceAnnotation
{
    /// <summary>Called when the process is about to start.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; } = callback;
}

/// <summary>How long <c>WaitFor</c> waits.</summary>
public enum WaitType
{
    /// <summary>Until the dependency runs and its health checks pass.</summary>
    WaitUntilHealthy,

    /// <summary>Until the dependency's process runs.</summary>
    WaitUntilStarted,
}

/// <summary>The resource starts after another one.</summary>
public sealed class WaitAnnotation(IResource resource, WaitType waitType) : IResourceAnnotation
{
    /// <summary>The dependency.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>What is waited for.</summary>
    public WaitType WaitType { get; } = waitType;
}

/// <summary>How many processes of a project run.</summary>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>At least one.</summary>
    public int Replicas { get; } = replicas;
}

/// <summary>The project a <see cref="ProjectResource"/> runs with these arguments.</summary>
internal sealed class ArgumentsAnnotation(IReadOnlyList<string> arguments) : IResourceAnnotation
{
    public IReadOnlyList<string> Arguments { get; } = arguments;
}

/// <summary>A path that answers with a status code when the process is healthy.</summary>
internal sealed class HttpHealthCheckAnnotation(string path, int statusCode, string? endpointName) : IResourceAnnotation
{
    public string Path { get; } = path;

    public int StatusCode { get; } = statusCode;

    public string? EndpointName { get; } = endpointName;
}

/// <summary>The data of a store outlives its process.</summary>
internal sealed class DataVolumeAnnotation : IResourceAnnotation;
