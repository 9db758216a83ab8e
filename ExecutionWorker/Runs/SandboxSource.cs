using Platform.Core.Containers;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Images;
using Platform.ExecutionWorker.Pools;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Runs;

/// <summary>Gets a sandbox for a run: from its pool, started now, or after its image has been built.</summary>
internal sealed class SandboxSource(SandboxPools pools, ImageBuilder images)
{
    /// <summary>Null: the run was taken back while it waited.</summary>
    /// <exception cref="SandboxUnavailableException">There is none.</exception>
    /// <exception cref="RunAbandonedException">The waiting side went away.</exception>
    public async Task<Sandbox?> TakeAsync(Language language, RunChannel channel, RunInbox inbox, Task listening, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var taking = TakeAsync(language, channel, stop.Token);
        await Task.WhenAny(taking, listening, inbox.Cancelled);
        if (taking.IsCompleted && !inbox.Cancelled.IsCompleted) return await taking;

        await stop.CancelAsync();
        await ((Task)taking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (taking.IsCompletedSuccessfully) Return(await taking);
        cancellationToken.ThrowIfCancellationRequested();
        return inbox.Cancelled.IsCompleted ? null : throw new RunAbandonedException();
    }

    public void Return(Sandbox sandbox) => pools.Return(sandbox);

    private async Task<Sandbox> TakeAsync(Language language, RunChannel channel, CancellationToken cancellationToken)
    {
        try
        {
            try
            {
                return await pools.TakeAsync(language, cancellationToken);
            }
            catch (ContainerEngineException exception) when (exception.Error == ContainerEngineError.NotFound && images.CanBuild(language.Image))
            {
                await using var progress = new ProgressMessages(channel, $"The image of {language.Name} is being built.");
                await images.BuildAsync(language.Image, progress, cancellationToken);
            }

            return await pools.TakeAsync(language, cancellationToken);
        }
        catch (Exception exception) when (exception is SandboxException or ContainerEngineException)
        {
            throw new SandboxUnavailableException(Refuse(exception, language), exception);
        }
    }

    private static RunRefusal Refuse(Exception exception, Language language) => (exception as ContainerEngineException)?.Error switch
    {
        ContainerEngineError.NotFound => new RunRefusal(RunRefusal.ImageMissing, $"The image of {language.Name} is not there yet."),
        ContainerEngineError.BuildFailed => new RunRefusal(RunRefusal.ImageBuildFailed, $"The image of {language.Name} could not be built. The next run tries again."),
        _ => new RunRefusal(RunRefusal.Unavailable, "No sandbox can be started at the moment."),
    };
}

/// <summary>A run cannot be served now.</summary>
internal sealed class SandboxUnavailableException(RunRefusal refusal, Exception innerException) : Exception(refusal.Message, innerException)
{
    public RunRefusal Refusal { get; } = refusal;
}
