using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>An address a resource listens on.</summary>
public sealed class EndpointAnnotation(string name, string uriScheme, int? port, int? targetPort) : IResourceAnnotation
{
    /// <summary>The name, unique in its resource; the scheme where none was given.</summary>
    public string Name { get; } = name;

    /// <summary><c>http</c>, <c>https</c> or <c>tcp</c>.</summary>
    public string UriScheme { get; set; } = uriScheme;

    /// <summary>The port that others connect to; null lets the host choose a free one and keep it.</summary>
    public int? Port { get; set; } = port;

    /// <summary>The port the process listens on; null means <see cref="Port"/>, or a free one behind a balancer.</summary>
    public int? TargetPort { get; set; } = targetPort;

    /// <summary>The host name the process listens on.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>Whether people open it; such endpoints are shown as links.</summary>
    public bool IsExternal { get; set; }

    /// <summary>The port that others connect to, once the host has settled it.</summary>
    internal int? AllocatedPort { get; set; }
}

/// <summary>The address of another resource's endpoint.</summary>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IValueProvider
{
    /// <summary>The resource that listens.</summary>
    public IResourceWithEndpoints Resource { get; } = owner;

    /// <summary>The endpoint's name.</summary>
    public string EndpointName { get; } = endpointName;

    /// <summary>Whether the resource has an endpoint of that name.</summary>
    public bool Exists => Find() is not null;

    /// <summary>The scheme of the address.</summary>
    public string Scheme => EndpointAnnotation.UriScheme;

    /// <summary>The host of the address.</summary>
    public string Host => EndpointAnnotation.TargetHost;

    /// <summary>The port of the address.</summary>
    /// <exception cref="InvalidOperationException">The host has not settled the ports yet.</exception>
    public int Port => EndpointAnnotation.AllocatedPort
        ?? throw new InvalidOperationException($"The endpoint '{EndpointName}' of '{Resource.Name}' has no port before the start.");

    /// <summary>The address.</summary>
    public string Url => string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{Host}:{Port}");

    internal EndpointAnnotation EndpointAnnotation => Find()
        ?? throw new InvalidOperationException($"The resource '{Resource.Name}' has no endpoint '{EndpointName}'.");

    /// <inheritdoc />
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    private EndpointAnnotation? Find() => Resource.Annotations
        .OfType<EndpointAnnotation>()
        .FirstOrDefault(endpoint => string.Equals(endpoint.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}
