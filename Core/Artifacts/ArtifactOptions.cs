namespace Platform.Core.Artifacts;

/// <summary>Where published files are kept.</summary>
public sealed class ArtifactOptions
{
    public const string SectionName = "Artifacts";

    /// <summary>Directory of the disk store, relative to the installation.</summary>
    public string Path { get; set; } = ".data/artifacts";
}
