using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Platform.Core.Containers;

namespace Platform.Core.Tests.Containers;

public sealed class ContainerOptionsTests
{
    [Theory]
    [InlineData("Containers:Engine", "podman", "Containers:Engine")]
    [InlineData("Containers:Endpoint", "ssh://host", "Containers:Endpoint")]
    [InlineData("DOCKER_HOST", "nonsense", "DOCKER_HOST")]
    [InlineData("Containers:Platform", "has spaces", "Platform")]
    [InlineData("Containers:RequestTimeout", "00:00:00", "RequestTimeout")]
    public async Task Wrong_settings_are_refused_by_name(string key, string value, string named)
    {
        await using var services = Services((key, value), ("Containers:Engine", key == "Containers:Engine" ? value : "engine-api"));

        var failure = Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IContainerEngine>());

        failure.Message.ShouldContain(named);
    }

    [Theory]
    [InlineData(null, "unix:///from/environment.sock", "unix:///from/environment.sock")]
    [InlineData("tcp://10.0.0.1:2375", "unix:///from/environment.sock", "tcp://10.0.0.1:2375")]
    [InlineData("", "", null)]
    public async Task The_address_comes_from_the_setting_or_else_the_environment(string? setting, string environment, string? expected)
    {
        await using var services = Services(("Containers:Endpoint", setting), ("DOCKER_HOST", environment));

        services.GetRequiredService<IOptions<ContainerOptions>>().Value.Endpoint.ShouldBe(expected);
    }

    [Fact]
    public async Task Health_says_when_the_engine_is_away()
    {
        var socket = $"unix:///tmp/no-engine-{Guid.NewGuid():N}.sock";
        await using var services = Services(("Containers:Engine", "engine-api"), ("Containers:Endpoint", socket));

        var report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        var entry = report.Entries["container-engine"];
        entry.Status.ShouldBe(HealthStatus.Unhealthy);
        entry.Description!.ShouldContain(socket);
    }

    private static ServiceProvider Services(params (string Key, string? Value)[] settings) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings.DistinctBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => pair.Value)).Build())
        .AddLogging()
        .AddContainerEngine()
        .BuildServiceProvider();
}
