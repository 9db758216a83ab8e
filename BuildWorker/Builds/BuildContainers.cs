using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Core.Containers;

namespace Platform.BuildWorker.Builds;

/// <summary>Names the containers of builds and finds those that an earlier attempt left.</summary>
internal sealed class BuildContainers(IContainerEngine engine, WorkerIdentity identity, IOptions<ContainerOptions> options, TimeProvider time)
{
    // An engine that restarts ends its containers first, which takes it ten seconds and a little more.
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

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

    /// <summary>The same for a further attempt: the earlier one may have ended because the engine restarts, which is waited for.</summary>
    /// <exception cref="BuildFailureException">The engine stays away.</exception>
    public async Task RemoveLeftoversPatientlyAsync(Guid jobId, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Restart, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        while (true)
        {
            try
            {
                await RemoveLeftoversAsync(jobId, either.Token);
                return;
            }
            catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new BuildFailureException(
                    FailureCode.Internal, "The container engine cannot be reached.", "Deploy again; if it happens again, ask the operator.", exception);
            }
            catch (ContainerEngineException exception) when (exception.Error == ContainerEngineError.Unavailable)
            {
                await Task.Delay(Pause, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private Dictionary<string, string> Key(Guid jobId) => new()
    {
        [ContainerLabels.Platform] = options.Value.Platform,
        [ContainerLabels.Job] = jobId.ToString("D", CultureInfo.InvariantCulture),
    };
}
