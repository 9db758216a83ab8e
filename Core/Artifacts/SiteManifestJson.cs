using System.Text.Json;

namespace Platform.Core.Artifacts;

/// <summary>The stored form of a manifest.</summary>
public static class SiteManifestJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static string Write(SiteManifest manifest) => JsonSerializer.Serialize(manifest, Options);

    public static SiteManifest Read(string json) =>
        JsonSerializer.Deserialize<SiteManifest>(json, Options) ?? throw new JsonException("A manifest must not be null.");
}
