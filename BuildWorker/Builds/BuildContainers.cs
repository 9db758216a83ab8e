using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Core.Containers;

namespace Platform.BuildWorker.Builds;

/// <summary>Names the containers of builds and finds those that an earlier attempt left.</summary>
internal sealed class BuildContainers(IContainerEngine engine, WorkerIdentity identity, IOptions<ContainerOptions> options)
{
    public IReadOnlyDictionary<string, string> LabelsOf(Guid jobId) => new Dictionary<string, string>(Key(jobId))
    {
        [ContainerLabels.Kind] = BuildContainer.Kind,
        [ContainerLabels.Worker] = identity.Name,
    };

    /// <summary>Whoever holds the job's lease is the only one who may have a container for it.</summary>
    public async Task RemoveLeftoversAsync(Guid jobId, CancellationToken cancellationToken)
    {
        foreach (var container in await engine.ListAsync(Key(jobId), cancellationToken))
            await engine.RemoveAsync(container.Id, cancellationToken);
    }

    private Dictionary<string, string> Key(Guid jobId) => new()
    {
        [ContainerLabels.Platform] = options.Value.Platform,
        [ContainerLabels.Job] = jobId.ToString("D", CultureInfo.InvariantCulture),
    };
}
