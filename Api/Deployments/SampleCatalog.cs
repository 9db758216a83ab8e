using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Core.Deployments;

namespace Platform.Api.Deployments;

/// <summary>The samples of this installation: one folder each, described in <c>samples.json</c> beside them.</summary>
internal sealed class SampleCatalog(IOptions<SourceOptions> options)
{
    private const string DescriptionFile = "samples.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public async Task<SampleListResponse> ListAsync(CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(options.Value.SamplesPath);
        if (!folder.Exists) return new SampleListResponse([]);
        var descriptions = await ReadDescriptionsAsync(Path.Combine(folder.FullName, DescriptionFile), cancellationToken);
        return new SampleListResponse([.. folder.EnumerateDirectories()
            .Select(sample => sample.Name)
            .Where(name => RepositorySource.TryParse($"sample:{name}", allowFiles: false, out _, out _))
            // Described ones first, in the order of their descriptions.
            .OrderBy(name => descriptions.IndexOf(name) is >= 0 and var index ? index : int.MaxValue).ThenBy(name => name, StringComparer.Ordinal)
            .Select(name => new SampleResponse(
                name, descriptions.GetValueOrDefault(name)?.Title ?? TitleOf(name), descriptions.GetValueOrDefault(name)?.Description ?? ""))]);
    }

    private static async Task<OrderedDictionary<string, SampleDescription>> ReadDescriptionsAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path)) return [];
        await using var stream = File.OpenRead(path);
        return await JsonSerializer.DeserializeAsync<OrderedDictionary<string, SampleDescription>>(stream, Json, cancellationToken) ?? [];
    }

    private static string TitleOf(string name)
    {
        var words = name.Replace('-', ' ');
        return char.ToUpperInvariant(words[0]) + words[1..];
    }

    private sealed record SampleDescription(string? Title, string? Description);
}
