using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Platform.Core.Containers.EngineApi;

internal sealed partial class EngineApiContainerEngine
{
    public async Task<bool> ImageExistsAsync(string image, CancellationToken cancellationToken)
    {
        var path = $"images/{EngineRequests.Segment(image)}/json";
        return await _transport.SendAsync(HttpMethod.Get, path, null, cancellationToken, HttpStatusCode.NotFound) != HttpStatusCode.NotFound;
    }

    public async Task BuildImageAsync(ImageBuild build, Stream contextTar, IProgress<string> output, CancellationToken cancellationToken)
    {
        using var content = new StreamContent(contextTar);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        using var response = await _transport.OpenAsync(HttpMethod.Post, EngineRequests.Build(build), content, bounded: false, cancellationToken);
        try
        {
            await ReadBuildAsync(response, output, cancellationToken);
        }
        catch (Exception exception) when (exception is not ContainerEngineException)
        {
            throw _transport.Translate(exception, cancellationToken);
        }
    }

    public async Task<IReadOnlyList<ImageSummary>> ListImagesAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        var path = "images/json?filters=" + EngineRequests.LabelFilter(labels);
        var found = await _transport.CallAsync(HttpMethod.Get, path, null, EngineJson.Default.ListListedImage, cancellationToken);
        return [.. found.Select(item => new ImageSummary(
            item.Id,
            [.. (item.RepoTags ?? []).Where(tag => tag != "<none>:<none>")],
            item.Size,
            item.Labels ?? []))];
    }

    public Task RemoveImageAsync(string image, CancellationToken cancellationToken) =>
        _transport.SendAsync(HttpMethod.Delete, $"images/{EngineRequests.Segment(image)}?force=1", null, cancellationToken, HttpStatusCode.NotFound);

    public async Task<string> CreateNetworkAsync(NetworkSpec spec, CancellationToken cancellationToken)
    {
        var ipam = spec.Subnet is { } subnet ? new NetworkIpam([new NetworkPool(subnet)]) : null;
        var creation = new NetworkCreation(spec.Name, "bridge", spec.Internal, CheckDuplicate: true, ipam, spec.Options, spec.Labels);
        var body = JsonSerializer.SerializeToUtf8Bytes(creation, EngineJson.Default.NetworkCreation);
        return (await _transport.CallAsync(HttpMethod.Post, "networks/create", body, EngineJson.Default.EngineId, cancellationToken)).Id;
    }

    public Task RemoveNetworkAsync(string network, CancellationToken cancellationToken) =>
        _transport.SendAsync(HttpMethod.Delete, "networks/" + EngineRequests.Segment(network), null, cancellationToken, HttpStatusCode.NotFound);

    public async Task<IReadOnlyList<NetworkSummary>> ListNetworksAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken)
    {
        var path = "networks?filters=" + EngineRequests.LabelFilter(labels);
        var found = await _transport.CallAsync(HttpMethod.Get, path, null, EngineJson.Default.ListListedNetwork, cancellationToken);
        return [.. found.Select(item => new NetworkSummary(item.Id, item.Name, item.Created, item.Labels ?? []))];
    }

    /// <summary>The engine reports a build as one JSON object per line; a failed one still answers 200.</summary>
    private static async Task ReadBuildAsync(HttpResponseMessage response, IProgress<string> output, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8);
        var lines = new LineSplitter(output);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (string.IsNullOrWhiteSpace(line)) continue;
            var message = JsonSerializer.Deserialize(line, EngineJson.Default.BuildOutput);
            lines.Add(message?.Text);
            if (message?.Error is { } error) throw new ContainerEngineException(ContainerEngineError.BuildFailed, error);
        }

        lines.Complete();
    }
}
