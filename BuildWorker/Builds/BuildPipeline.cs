using System.IO.Pipelines;
using Microsoft.Extensions.Options;
using Platform.BuildWorker.Detection;
using Platform.BuildWorker.Logs;
using Platform.BuildWorker.Publishing;
using Platform.BuildWorker.Sources;
using Platform.Core.Artifacts;
using Platform.Core.Containers;
using Platform.Core.Deployments;

namespace Platform.BuildWorker.Builds;

/// <summary>The steps of one attempt: check out, detect, install, build, publish.</summary>
internal sealed class BuildPipeline(
    SourceCheckout checkout,
    SitePublisher publisher,
    IContainerEngine engine,
    DeploymentRecord records,
    IOptions<BuildOptions> options,
    BuildWorkspace workspace,
    TimeProvider time)
{
    /// <returns>What was published, or null when somebody else ended the deployment meanwhile.</returns>
    /// <exception cref="BuildFailureException">The deployment fails.</exception>
    public async Task<SiteManifest?> RunAsync(
        BuildRequest request, IReadOnlyDictionary<string, string> variables, IReadOnlyDictionary<string, string> labels, BuildLog log, CancellationToken cancellationToken)
    {
        using var directory = workspace.Create(request.Id);
        var source = await FetchAsync(request, directory.Path, log, cancellationToken);
        var project = source.Enter(request.RootDir);
        var plan = ProjectDetector.Detect(project, new BuildOverrides(request.InstallCommand, request.BuildCommand, request.OutputDir));
        foreach (var reason in plan.Reasons) await log.WriteAsync(BuildLog.Info, reason, cancellationToken);

        if (plan.IsStatic)
        {
            if (!await records.BeginPublishingAsync(request.Id, cancellationToken)) return null;
            return await PublishFolderAsync(source, request, project, plan, log, cancellationToken);
        }

        await using var container = await BuildContainer.StartAsync(
            engine, options.Value, labels, variables, online: plan.InstallCommand is not null, cancellationToken);
        await SendAsync(source, container, cancellationToken);
        await BuildAsync(container, plan, request.RootDir, log, cancellationToken);
        return await PublishAsync(container, plan, request, log, cancellationToken);
    }

    private async Task<SourceTree> FetchAsync(BuildRequest request, string directory, BuildLog log, CancellationToken cancellationToken)
    {
        // The Api has checked it; a policy that became stricter since then holds too, in the checkout.
        if (!RepositorySource.TryParse(request.Repository, allowFiles: true, out var source, out var problem))
            throw new BuildFailureException(FailureCode.CloneFailed, problem);
        await log.WriteAsync(
            BuildLog.Info,
            source.Kind == RepositoryKind.Sample ? $"Copying the sample {source.Name}..." : $"Cloning {source.Display}, branch {request.Branch}...",
            cancellationToken);
        var (root, commit) = await checkout.FetchAsync(source, request.Branch, directory, cancellationToken);
        var tree = new SourceTree(root);
        tree.Check(options.Value.MaxSourceBytes);
        if (commit.Hash is not null)
        {
            await records.RecordCommitAsync(request.Id, commit.Hash, commit.Message, commit.Author, cancellationToken);
            await log.WriteAsync(BuildLog.Info, $"Checked out {commit.Hash[..7]}: {commit.Message?.Split('\n')[0]}", cancellationToken);
        }

        return tree;
    }

    private static async Task SendAsync(SourceTree source, BuildContainer container, CancellationToken cancellationToken)
    {
        var pipe = new Pipe();
        var writing = WriteAsync();
        await using (var archive = pipe.Reader.AsStream())
            await container.CopyInAsync(archive, cancellationToken);
        await writing;

        async Task WriteAsync()
        {
            Exception? failure = null;
            try
            {
                await source.WriteTarAsync(pipe.Writer.AsStream(leaveOpen: true), cancellationToken);
            }
            catch (Exception exception)
            {
                failure = exception;
                throw;
            }
            finally
            {
                await pipe.Writer.CompleteAsync(failure);
            }
        }
    }

    private async Task BuildAsync(BuildContainer container, BuildPlan plan, string rootDir, BuildLog log, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = DiskWatchdog.WatchAsync(container, options.Value, time, ended.Token);
        try
        {
            if (plan.InstallCommand is { } install)
            {
                await log.WriteAsync(BuildLog.Info, "Installing dependencies...", cancellationToken);
                await RunStepAsync(container, BuildStep.Install, install, rootDir, log, cancellationToken);
            }

            if (plan.BuildCommand is { } build)
            {
                await log.WriteAsync(BuildLog.Info, "Building application...", cancellationToken);
                await RunStepAsync(container, BuildStep.Build, build, rootDir, log, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is BuildFailureException or ContainerEngineException)
        {
            // A killed build ends a moment before the watch that killed it: its verdict is waited for.
            await ended.CancelAsync();
            if (!await watch) throw;
            throw new BuildFailureException(
                FailureCode.DiskFull,
                $"The build wrote more than {options.Value.DiskLimitBytes / (1024 * 1024)} MiB to the disk.",
                "Install and write less, or ask the operator for a higher limit.",
                exception);
        }
        finally
        {
            await ended.CancelAsync();
            await ((Task)watch).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunStepAsync(BuildContainer container, BuildStep step, string command, string rootDir, BuildLog log, CancellationToken cancellationToken)
    {
        var clues = new OutputClues();
        await log.WriteAsync(BuildLog.Info, $"$ {command}", cancellationToken);
        var exitCode = await container.RunAsync(command, rootDir, log, clues.Observe, cancellationToken);
        if (exitCode == 0) return;
        var outOfMemory = await RanOutOfMemoryAsync(container, cancellationToken);
        throw FailureClassifier.Classify(step, command, exitCode, outOfMemory, clues, options.Value);
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

    private async Task<SiteManifest?> PublishAsync(
        BuildContainer container, BuildPlan plan, BuildRequest request, BuildLog log, CancellationToken cancellationToken)
    {
        var output = await container.FindOutputAsync(request.RootDir, plan.OutputCandidates, cancellationToken)
            ?? throw new BuildFailureException(
                FailureCode.NoOutput,
                $"The build made no output: looked for {string.Join(", ", plan.OutputCandidates)}.",
                "Set the output directory in the project's settings.");
        if (!await records.BeginPublishingAsync(request.Id, cancellationToken)) return null;
        await log.WriteAsync(BuildLog.Info, $"Publishing {(output.Length == 0 ? "the root directory" : output + "/")}...", cancellationToken);
        await using var tar = await container.CopyOutAsync(BuildContainer.Join(request.RootDir, output), cancellationToken);
        return await publisher.PublishAsync(OutputReaders.FromTarAsync(tar, cancellationToken), plan.SpaFallback, cancellationToken);
    }

    private async Task<SiteManifest> PublishFolderAsync(
        SourceTree source, BuildRequest request, string project, BuildPlan plan, BuildLog log, CancellationToken cancellationToken)
    {
        var output = plan.OutputCandidates.FirstOrDefault(candidate => Directory.Exists(Path.Combine(project, candidate)))
            ?? throw new BuildFailureException(
                FailureCode.NoOutput, $"There is no directory {string.Join(", ", plan.OutputCandidates)}.", "Check the output directory in the project's settings.");
        var folder = source.Enter(BuildContainer.Join(request.RootDir, output));
        await log.WriteAsync(BuildLog.Info, "Publishing...", cancellationToken);
        return await publisher.PublishAsync(OutputReaders.FromDirectoryAsync(folder, cancellationToken), plan.SpaFallback, cancellationToken);
    }
}
