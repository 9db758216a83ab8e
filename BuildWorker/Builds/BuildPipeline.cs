using Microsoft.Extensions.Options;
using Platform.BuildWorker.Detection;
using Platform.BuildWorker.Logs;
using Platform.BuildWorker.Publishing;
using Platform.BuildWorker.Sources;
using Platform.Core.Artifacts;
using Platform.Core.Deployments;

namespace Platform.BuildWorker.Builds;

/// <summary>The steps of one attempt: check out, detect, install, build, publish.</summary>
internal sealed class BuildPipeline(SourceCheckout checkout, SitePublisher publisher, BuildSteps steps, DeploymentRecord records, IOptions<BuildOptions> options)
{
    /// <returns>What was published, or null when somebody else ended the deployment meanwhile.</returns>
    /// <exception cref="BuildFailureException">The deployment fails.</exception>
    public async Task<SiteManifest?> RunAsync(
        BuildSession session,
        BuildRequest request,
        IReadOnlyDictionary<string, string> variables,
        IReadOnlyDictionary<string, string> labels,
        BuildLog log,
        CancellationToken cancellationToken)
    {
        var source = await FetchAsync(request, session.Directory.Path, log, cancellationToken);
        // Refuses root directories that are missing, or links.
        var project = source.Enter(request.RootDir);
        var plan = ProjectDetector.Detect(
            source.Root,
            request.RootDir,
            new BuildOverrides(request.InstallCommand, request.BuildCommand, request.OutputDir, request.NodeVersion),
            options.Value.NodeVersions);
        foreach (var reason in plan.Reasons) await log.WriteAsync(BuildLog.Info, reason, cancellationToken);
        if (plan.IsStatic)
        {
            if (!await records.BeginPublishingAsync(request.Id, cancellationToken)) return null;
            return await PublishFolderAsync(source, request, project, plan, log, cancellationToken);
        }

        await session.Directory.FillBoxAsync(source.Root, cancellationToken);
        await session.RestoreAsync(plan, variables, cancellationToken);
        var output = OutputFinder.Before(session.Directory.App, request.RootDir);
        await steps.RunAsync(session, plan, request, variables, labels, log, cancellationToken);
        return await PublishAsync(session, plan, request, output, log, cancellationToken);
    }

    private async Task<SourceTree> FetchAsync(BuildRequest request, string directory, BuildLog log, CancellationToken cancellationToken)
    {
        // The Api has checked it; a policy that became stricter since then holds too, in the checkout.
        if (!RepositorySource.TryParse(request.Repository, allowFiles: true, out var source, out var problem))
            throw new BuildFailureException(FailureCode.CloneFailed, problem);
        await log.WriteAsync(
            BuildLog.Info,
            source.Kind switch
            {
                RepositoryKind.Sample => $"Copying the sample {source.Name}...",
                RepositoryKind.Archive => "Unpacking the uploaded archive...",
                _ => $"Cloning {source.Display}, branch {request.Branch}...",
            },
            cancellationToken);
        var (root, commit) = await checkout.FetchAsync(new CheckoutRequest(source, request.Branch, request.OwnerId, request.UserId, request.Submodules, request.RequestedCommit), directory, cancellationToken);
        var tree = new SourceTree(root);
        tree.Check(options.Value.MaxSourceBytes);
        if (commit.Hash is not null)
        {
            await records.RecordCommitAsync(request.Id, commit.Hash, commit.Message, commit.Author, cancellationToken);
            await log.WriteAsync(BuildLog.Info, $"Checked out {commit.Hash[..7]}: {commit.Message?.Split('\n')[0]}", cancellationToken);
        }

        return tree;
    }

    private async Task<SiteManifest?> PublishAsync(
        BuildSession session, BuildPlan plan, BuildRequest request, OutputFinder finder, BuildLog log, CancellationToken cancellationToken)
    {
        var output = finder.Find(plan);
        if (output.Reason is { } reason) await log.WriteAsync(BuildLog.Info, reason, cancellationToken);
        if (!await records.BeginPublishingAsync(request.Id, cancellationToken)) return null;
        await log.WriteAsync(BuildLog.Info, $"Publishing {(output.Directory.Length == 0 ? "the root directory" : output.Directory + "/")}...", cancellationToken);
        await using var archive = OutputArchive.Open(session.Directory.App, BuildPaths.Join(request.RootDir, output.Directory));
        return await publisher.PublishAsync(OutputReaders.FromTarAsync(archive, cancellationToken), plan.SpaFallback, cancellationToken);
    }

    private async Task<SiteManifest> PublishFolderAsync(
        SourceTree source, BuildRequest request, string project, BuildPlan plan, BuildLog log, CancellationToken cancellationToken)
    {
        var output = plan.OutputCandidates.FirstOrDefault(candidate => Directory.Exists(Path.Combine(project, candidate)))
            ?? throw new BuildFailureException(
                FailureCode.NoOutput, $"There is no directory {string.Join(", ", plan.OutputCandidates)}.", "Check the output directory in the project's settings.");
        var folder = source.Enter(BuildPaths.Join(request.RootDir, output));
        await log.WriteAsync(BuildLog.Info, "Publishing...", cancellationToken);
        return await publisher.PublishAsync(OutputReaders.FromDirectoryAsync(folder, cancellationToken), plan.SpaFallback, cancellationToken);
    }
}
