using Platform.Core.Containers;

namespace Platform.Core.Tests.Containers;

public sealed class EngineApiConformanceTests : ContainerEngineConformance
{
    protected override IContainerEngine CreateEngine(string? endpoint = null) =>
        ContainerEngineExtensions.Create(new ContainerOptions { Engine = "engine-api", Endpoint = endpoint ?? Environment.GetEnvironmentVariable("DOCKER_HOST") }, TimeProvider.System);
}
