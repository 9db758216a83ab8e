namespace Platform.Core.Containers;

/// <summary>The adapter over a client package: this package set has none.</summary>
internal static class PackagedContainerEngine
{
    public static readonly string? Name;

    public static IContainerEngine Create(ContainerOptions options, TimeProvider time) =>
        throw new NotSupportedException("This package set has no client package for the container engine.");
}
