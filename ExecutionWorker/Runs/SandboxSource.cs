using Platform.Core.Containers;
using Platform.Core.Execution;
using Platform.ExecutionWorker.Images;
using Platform.ExecutionWorker.Pools;
using Platform.ExecutionWorker.Sandboxes;

namespace Platform.ExecutionWorker.Runs;

/// <summary>Gets a sandbox for a run: from its pool, or started now.</summary>
internal sealed class SandboxSource(SandboxPools pools, ImageBuilder images)
{
    /// <summary>Null: the run was taken back while it waited.</summary>
    /// <exception cref="ImageAbsentException">There is none before its image has been built.</exception>
    /// <exception cref="SandboxUnavailableException">There is none.</exception>
    /// <exception cref="RunAbandonedException">The waiting side went away.</exception>
    public async Task<Sandbox?> TakeAsync(ConnectedRun run, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var taking = TakeAsync(run.Plan.Language, stop.Token);
        await Task.WhenAny(taking, run.Listening, run.Inbox.Cancelled);
        if (taking.IsCompleted && !run.Inbox.Cancelled.IsCompleted) return await taking;

        await stop.CancelAsync();
        await ((Task)taking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (taking.IsCompletedSuccessfully) Return(await taking);
        cancellationToken.ThrowIfCancellationRequested();
        return run.Inbox.Cancelled.IsCompleted ? null : throw new RunAbandonedException();
    }

    public void Return(Sandbox sandbox) => pools.Return(sandbox);

    /// <summary>Why none can be had.</summary>
    public static SandboxUnavailableException Unavailable(Exception exception, Language language) => new(
        (exception as ContainerEngineException)?.Error switch
        {
            ContainerEngineError.NotFound => Absent(language),
            ContainerEngineError.BuildFailed => new RunRefusal(RunRefusal.ImageBuildFailed, $"The image of {language.Name} could not be built. The next run tries again."),
            _ => new RunRefusal(RunRefusal.Unavailable, "No sandbox can be started at the moment."),
        },
        exception);

    /// <summary>The image was built, and is not there.</summary>
    public static SandboxUnavailableException Missing(Language language) => new(Absent(language), innerException: null);

    private async Task<Sandbox> TakeAsync(Language language, CancellationToken cancellationToken)
    {
        try
        {
            return await pools.TakeAsync(language, cancellationToken);
        }
        catch (ContainerEngineException exception) when (exception.Error == ContainerEngineError.NotFound && images.CanBuild(language.Image))
        {
            throw new ImageAbsentException();
        }
        catch (Exception exception) when (exception is SandboxException or ContainerEngineException)
        {
            throw Unavailable(exception, language);
        }
    }

    private static RunRefusal Absent(Language language) => new(RunRefusal.ImageMissing, $"The image of {language.Name} is not there yet.");
}

/// <summary>The image of a language is not there and can be built.</summary>
internal sealed class ImageAbsentException() : Exception("The image has to be built first.");

/// <summary>A run cannot be served now.</summary>
internal sealed class SandboxUnavailableException(RunRefusal refusal, Exception? innerException) : Exception(refusal.Message, innerException)
{
    public RunRefusal Refusal { get; } = refusal;
}
