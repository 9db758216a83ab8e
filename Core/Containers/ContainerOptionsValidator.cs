using Microsoft.Extensions.Options;
using Platform.Core.Containers.EngineApi;

namespace Platform.Core.Containers;

/// <summary>Refuses engines this build does not have and addresses it cannot reach.</summary>
internal sealed class ContainerOptionsValidator : IValidateOptions<ContainerOptions>
{
    public const string BuiltIn = "engine-api";

    public ValidateOptionsResult Validate(string? name, ContainerOptions options)
    {
        if (options.Engine is { } engine && engine != BuiltIn && engine != PackagedContainerEngine.Name)
        {
            var known = PackagedContainerEngine.Name is { } packaged ? $"'{packaged}' or '{BuiltIn}'" : $"'{BuiltIn}' (other engines need the full package set)";
            return ValidateOptionsResult.Fail($"Containers:Engine is '{engine}'; it must be {known}.");
        }

        var builtIn = (options.Engine ?? PackagedContainerEngine.Name ?? BuiltIn) == BuiltIn;
        if (builtIn && options.Endpoint is { } address && !EngineEndpoint.TryParse(address, out _))
        {
            return ValidateOptionsResult.Fail($"Containers:Endpoint (or DOCKER_HOST) is '{address}'; it must be unix:///path or tcp://host:port.");
        }

        return ValidateOptionsResult.Success;
    }
}
