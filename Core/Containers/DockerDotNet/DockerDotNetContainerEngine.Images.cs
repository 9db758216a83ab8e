using Docker.DotNet.Models;

namespace Platform.Core.Containers.DockerDotNet;

internal sealed partial class DockerDotNetContainerEngine
{
    public async Task<bool> ImageExistsAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            await _connection.CallAsync(client => client.Images.InspectImageAsync(Id(image), cancellationToken), cancellationToken);
            return true;
        }
        catch (ContainerEngineException exception) when (exception.Error == ContainerEngineError.NotFound)
        {
            return false;
        }
    }

    public async Task BuildImageAsync(ImageBuild build, Stream contextTar, IProgress<string> output, CancellationToken cancellationToken)
    {
        var messages = new BuildMessages(output);
        await _connection.TransferAsync(
            client => client.Images.BuildImageFromDockerfileAsync(DockerDotNetRequests.Build(build), contextTar, null, null, messages, cancellationToken),
            cancellationToken);
        messages.Complete();
    }

    public Task<IReadOnlyList<ImageSummary>> ListImagesAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        _connection.CallAsync<IReadOnlyList<ImageSummary>>(
            async client =>
            {
                var parameters = new ImagesListParameters { Filters = DockerDotNetRequests.LabelFilter(labels) };
                var found = await client.Images.ListImagesAsync(parameters, cancellationToken);
                return [.. found.Select(item => new ImageSummary(
                    item.ID,
                    [.. (item.RepoTags ?? []).Where(tag => tag != "<none>:<none>")],
                    item.Size,
                    DockerDotNetRequests.Labels(item.Labels)))];
            },
            cancellationToken);

    public async Task RemoveImageAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            await _connection.CallAsync(client => client.Images.DeleteImageAsync(Id(image), new ImageDeleteParameters { Force = true }, cancellationToken), cancellationToken);
        }
        catch (ContainerEngineException exception) when (exception.Error == ContainerEngineError.NotFound)
        {
            // Gone already.
        }
    }

    public async Task<string> CreateNetworkAsync(NetworkSpec spec, CancellationToken cancellationToken)
    {
        var parameters = DockerDotNetRequests.Network(spec);
        return (await _connection.CallAsync(client => client.Networks.CreateNetworkAsync(parameters, cancellationToken), cancellationToken)).ID;
    }

    public async Task RemoveNetworkAsync(string network, CancellationToken cancellationToken)
    {
        try
        {
            await _connection.CallAsync(client => client.Networks.DeleteNetworkAsync(Id(network), cancellationToken), cancellationToken);
        }
        catch (ContainerEngineException exception) when (exception.Error == ContainerEngineError.NotFound)
        {
            // Gone already.
        }
    }

    public Task<IReadOnlyList<NetworkSummary>> ListNetworksAsync(IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        _connection.CallAsync<IReadOnlyList<NetworkSummary>>(
            async client =>
            {
                var parameters = new NetworksListParameters { Filters = DockerDotNetRequests.LabelFilter(labels) };
                var found = await client.Networks.ListNetworksAsync(parameters, cancellationToken);
                return [.. found.Select(item => new NetworkSummary(item.ID, item.Name, DockerDotNetRequests.Utc(item.Created), DockerDotNetRequests.Labels(item.Labels)))];
            },
            cancellationToken);

    /// <summary>Follows a build. The package does not look at the status of the answer: a refusal shows only by its having no output.</summary>
    private sealed class BuildMessages(IProgress<string> output) : IProgress<JSONMessage>
    {
        private readonly LineSplitter _lines = new(output);
        private string? _error;
        private bool _begun;

        public void Report(JSONMessage value)
        {
            _begun |= value.Stream is not null;
            _lines.Add(value.Stream);
            _error ??= value.Error?.Message ?? value.ErrorMessage;
        }

        public void Complete()
        {
            _lines.Complete();
            if (_error is not null) throw new ContainerEngineException(ContainerEngineError.BuildFailed, _error);
            if (!_begun) throw new ContainerEngineException(ContainerEngineError.Invalid, "The engine refused to build the image.");
        }
    }
}
