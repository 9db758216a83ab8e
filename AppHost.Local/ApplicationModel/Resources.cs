namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something the app model starts, references or shows.</summary>
public interface IResource
{
    /// <summary>The name, unique in the model; connection strings, service discovery and logs use it.</summary>
    string Name { get; }

    /// <summary>What the model says about the resource.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>A resource whose process receives environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that listens on endpoints.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource whose endpoints others find by <c>services__*</c> variables.</summary>
public interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

/// <summary>A resource that can wait for others before it starts.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that takes command-line arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that lives inside another one and shares its life.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The resource that contains this one.</summary>
    IResource Parent { get; }
}

/// <summary>A resource that lives inside a resource of a known type.</summary>
public interface IResourceWithParent<out T> : IResourceWithParent
    where T : IResource
{
    /// <summary>The resource that contains this one.</summary>
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}

/// <summary>A resource that others reach by a connection string.</summary>
public interface IResourceWithConnectionString : IResource
{
    /// <summary>The variable that carries the connection string, if it is not <c>ConnectionStrings__name</c>.</summary>
    string? ConnectionStringEnvironmentVariable => null;

    /// <summary>The connection string, or null when the resource has none.</summary>
    ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default);

    /// <summary>The parts of the connection string that referencing projects receive as <c>NAME_PART</c> variables.</summary>
    IEnumerable<KeyValuePair<string, string>> GetConnectionProperties() => [];
}

/// <summary>A value that is known only when the resources have their ports and passwords.</summary>
public interface IValueProvider
{
    /// <summary>The value, or null when there is none.</summary>
    ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default);
}

/// <summary>Base of all resources.</summary>
public abstract class Resource(string name) : IResource
{
    /// <inheritdoc />
    public virtual string Name { get; } = string.IsNullOrWhiteSpace(name)
        ? throw new ArgumentException("A resource needs a name.", nameof(name))
        : name;

    /// <inheritdoc />
    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}

/// <summary>A .NET project of the solution.</summary>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

/// <summary>A program that is started as it is.</summary>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    /// <summary>The program: a path, or a name that is looked up in <c>PATH</c>.</summary>
    public string Command { get; } = command;

    /// <summary>The directory it runs in.</summary>
    public string WorkingDirectory { get; } = workingDirectory;
}

/// <summary>What Aspire runs as a container; here it is a local process.</summary>
public class ContainerResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport;
