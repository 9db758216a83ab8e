using Microsoft.Extensions.Options;
using Platform.BuildWorker.Detection;
using Platform.BuildWorker.Logs;
using Platform.Core.Containers;

namespace Platform.BuildWorker.Builds;

/// <summary>The part of a build that runs in its container: install and build.</summary>
internal sealed class BuildSteps(IContainerEngine engine, IOptions<BuildOptions> options, TimeProvider time)
{
    /// <summary>Ends with a stopped container.</summary>
    /// <exception cref="BuildFailureException">A command failed, or the build was ended for a limit.</exception>
    public async Task RunAsync(
        BuildSession session,
        BuildPlan plan,
        BuildRequest request,
        IReadOnlyDictionary<string, string> variables,
        IReadOnlyDictionary<string, string> labels,
        BuildLog log,
        CancellationToken cancellationToken)
    {
        DiskWatchdog.RequireRoom(session.Directory, options.Value);
        var container = await BuildContainer.StartAsync(engine, options.Value, labels, session.Directory, plan, variables, cancellationToken);
        session.Container = container;
        var watchdog = new DiskWatchdog(container, session.Directory, options.Value, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = watchdog.WatchAsync(ended.Token);
        try
        {
            await InstallAsync(session, container, plan, request, log, cancellationToken);
            if (plan.BuildCommand is { } build)
            {
                await log.WriteAsync(BuildLog.Info, "Building application...", cancellationToken);
                await RunStepAsync(session, container, plan, BuildStep.Build, build, request.RootDir, log, cancellationToken);
            }

            // What a build has left running must not change what is published, nor what is kept.
            await container.KillAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is BuildFailureException or ContainerEngineException)
        {
            // A killed build ends a moment before the watch that killed it: its verdict is waited for.
            await ended.CancelAsync();
            if (!await watch) throw;
            session.IsWorthKeeping = false;
            throw new BuildFailureException(FailureCode.DiskFull, watchdog.Verdict!, "Install and write less, or ask the operator for a higher limit.", exception);
        }
        finally
        {
            await ended.CancelAsync();
            await ((Task)watch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task InstallAsync(
        BuildSession session, BuildContainer container, BuildPlan plan, BuildRequest request, BuildLog log, CancellationToken cancellationToken)
    {
        if (plan.InstallCommand is not { } install) return;
        if (session.ModulesAreCached)
        {
            await log.WriteAsync(BuildLog.Info, "Dependencies have not changed since an earlier build: using the installed ones.", cancellationToken);
            foreach (var script in plan.LifecycleScripts)
                await RunStepAsync(session, container, plan, BuildStep.Install, plan.PackageManager!.Run(script), plan.InstallDir, log, cancellationToken);
            return;
        }

        await log.WriteAsync(BuildLog.Info, request.UseCache ? "Installing dependencies..." : "Installing dependencies without caches...", cancellationToken);
        await RunStepAsync(session, container, plan, BuildStep.Install, install, plan.InstallDir, log, cancellationToken);
        if (session.RestoreIntoModules() is { } restore) await container.ReadAsync(restore, cancellationToken);
    }

    private async Task RunStepAsync(
        BuildSession session, BuildContainer container, BuildPlan plan, BuildStep step, string command, string directory, BuildLog log, CancellationToken cancellationToken)
    {
        var clues = new OutputClues();
        await log.WriteAsync(BuildLog.Info, $"$ {command}", cancellationToken);
        session.IsWorthKeeping = false;
        session.LastLine = log.Mask($"$ {command}");
        var exitCode = await container.RunAsync(command, directory, log, line => session.LastLine = clues.Observe(line) ?? session.LastLine, cancellationToken);
        var outOfMemory = exitCode != 0 && await RanOutOfMemoryAsync(container, cancellationToken);
        // An installation that failed, or a build that was killed, may have left halves of files.
        session.IsWorthKeeping = !outOfMemory && (exitCode == 0 || (step == BuildStep.Build && exitCode < 128));
        if (exitCode == 0) return;
        // An engine that stops kills what runs on it: that is not the build's failure.
        if (!outOfMemory && exitCode >= 128 && !await container.IsRunningAsync(cancellationToken))
            throw new ContainerEngineException(ContainerEngineError.Unavailable, "The container of the build was stopped from outside.");
        throw FailureClassifier.Classify(new FailedStep(step, command, exitCode, outOfMemory, plan), clues, options.Value);
    }

    private static async Task<bool> RanOutOfMemoryAsync(BuildContainer container, CancellationToken cancellationToken)
    {
        try
        {
            return await container.RanOutOfMemoryAsync(cancellationToken);
        }
        catch (ContainerEngineException exception) when (exception.Error is ContainerEngineError.Conflict or ContainerEngineError.NotFound)
        {
            // The container is gone: the watchdog or an operator has ended it, and there is nothing left to ask.
            return false;
        }
    }
}
