using Microsoft.Extensions.Options;
using Platform.BuildWorker.Builds;
using Platform.Core.Deployments;

namespace Platform.BuildWorker.Sources;

/// <summary>The commit that was checked out; a sample has none.</summary>
internal sealed record CommitInfo(string? Hash, string? Message, string? Author);

/// <summary>Brings the source of a deployment into a directory of this worker.</summary>
internal sealed class SourceCheckout(IOptions<SourceOptions> sources, IOptions<BuildOptions> builds, TimeProvider time)
{
    private const string PlainHome = "home";

    // As wide as the column.
    private const int MaxAuthor = 255;

    /// <param name="source">What to fetch.</param>
    /// <param name="branch">Which branch.</param>
    /// <param name="workDirectory">An empty directory of this build.</param>
    /// <param name="cancellationToken">Stops the checkout.</param>
    /// <returns>The directory of the source and its commit.</returns>
    /// <exception cref="BuildFailureException">It cannot be had.</exception>
    public async Task<(string Directory, CommitInfo Commit)> FetchAsync(
        RepositorySource source, string branch, string workDirectory, CancellationToken cancellationToken)
    {
        var target = Path.Combine(workDirectory, "source");
        if (source.Kind == RepositoryKind.Sample)
        {
            CopySample(source, target);
            return (target, new CommitInfo(null, null, null));
        }

        using var limit = new CancellationTokenSource(builds.Value.CheckoutTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var home = Directory.CreateDirectory(Path.Combine(workDirectory, PlainHome)).FullName;
            var git = new GitCommand(home);
            await CloneAsync(git, source, branch, target, either.Token);
            var commit = await ReadCommitAsync(git, target, either.Token);
            Directory.Delete(Path.Combine(target, ".git"), recursive: true);
            return (target, commit);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new BuildFailureException(
                FailureCode.CloneFailed, $"The checkout took longer than {builds.Value.CheckoutTimeout.TotalSeconds:0} seconds.", "Check the size of the repository.");
        }
    }

    private void CopySample(RepositorySource source, string target)
    {
        var sample = Path.Combine(sources.Value.SamplesPath, source.Name);
        if (!Directory.Exists(sample)) throw new BuildFailureException(FailureCode.CloneFailed, $"There is no sample named {source.Name}.");
        Copy(new DirectoryInfo(sample), target);
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles()) file.CopyTo(Path.Combine(to, file.Name));
        // What a developer's own run in the samples folder left behind is no source.
        foreach (var directory in from.EnumerateDirectories().Where(directory => directory.Name is not ("node_modules" or ".git")))
            Copy(directory, Path.Combine(to, directory.Name));
    }

    private async Task CloneAsync(GitCommand git, RepositorySource source, string branch, string target, CancellationToken cancellationToken)
    {
        List<string> settings = [];
        if (source.Kind == RepositoryKind.File)
        {
            if (sources.Value.AllowFiles != true) throw new BuildFailureException(FailureCode.SourceRefused, "Local repositories are accepted in Development only.");
            // A repository on this machine usually belongs to another account.
            settings.AddRange(["protocol.file.allow=always", "safe.directory=*"]);
        }
        else
        {
            settings.Add("protocol.https.allow=always");
            settings.AddRange(await GitHostGuard.PinAsync(source.Address!, sources.Value.AllowPrivateHosts == true, cancellationToken));
        }

        var result = await git.RunAsync(
            settings,
            ["clone", "--depth", "1", "--no-tags", "--single-branch", "--no-recurse-submodules", "--template=", "--branch", branch, "--", source.Canonical, target],
            Certificates(),
            cancellationToken);
        if (result.ExitCode != 0) throw GitFailure.Explain(result, source, branch);
    }

    private Dictionary<string, string> Certificates() =>
        builds.Value.CaBundle is { Length: > 0 } bundle ? new() { ["GIT_SSL_CAINFO"] = bundle } : [];

    private static async Task<CommitInfo> ReadCommitAsync(GitCommand git, string target, CancellationToken cancellationToken)
    {
        var result = await git.RunAsync(
            ["safe.directory=*"], ["-C", target, "log", "-1", "--no-show-signature", "--format=%H%x00%an%x00%B"], new Dictionary<string, string>(), cancellationToken);
        var parts = result.Output.Split('\0', 3);
        if (result.ExitCode != 0 || parts.Length != 3)
            throw new BuildFailureException(FailureCode.CloneFailed, $"The commit cannot be read: {result.Errors.Trim()}");
        return new CommitInfo(parts[0], parts[2].Trim(), parts[1].Length > MaxAuthor ? parts[1][..MaxAuthor] : parts[1]);
    }
}
