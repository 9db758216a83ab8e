using Platform.Core.Containers;

namespace Platform.Core.Tests.Containers.DockerDotNet;

public sealed class DockerDotNetConformanceTests : ContainerEngineConformance
{
    protected override IContainerEngine CreateEngine(string? endpoint = null) =>
        ContainerEngineExtensions.Create(new ContainerOptions { Engine = "docker-dotnet", Endpoint = endpoint ?? Environment.GetEnvironmentVariable("DOCKER_HOST") }, TimeProvider.System);
}
