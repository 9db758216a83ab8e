using Platform.Core.Containers.DockerDotNet;

namespace Platform.Core.Containers;

/// <summary>The adapter over a client package: Docker.DotNet.</summary>
internal static class PackagedContainerEngine
{
    public static readonly string? Name = "docker-dotnet";

    public static IContainerEngine Create(ContainerOptions options, TimeProvider time) => new DockerDotNetContainerEngine(options, time);
}
