using Microsoft.Extensions.Options;
using Platform.BuildWorker.Builds;
using Platform.Core.Deployments;

namespace Platform.BuildWorker.Sources;

/// <summary>The commit that was checked out; a sample has none.</summary>
internal sealed record CommitInfo(string? Hash, string? Message, string? Author);

/// <summary>Brings the source of a deployment into a directory of this worker.</summary>
internal sealed class SourceCheckout(
    IOptions<SourceOptions> sources, IOptions<BuildOptions> builds, ISourceCredentials credentials, ISourceArchives archives, TimeProvider time)
{
    private const string PlainHome = "home";

    // As wide as the column.
    private const int MaxAuthor = 255;

    /// <param name="request">What to fetch.</param>
    /// <param name="workDirectory">An empty directory of this build.</param>
    /// <param name="cancellationToken">Stops the checkout.</param>
    /// <returns>The directory of the source and its commit.</returns>
    /// <exception cref="BuildFailureException">It cannot be had.</exception>
    public async Task<(string Directory, CommitInfo Commit)> FetchAsync(CheckoutRequest request, string workDirectory, CancellationToken cancellationToken)
    {
        var target = Path.Combine(workDirectory, "source");
        switch (request.Source.Kind)
        {
            case RepositoryKind.Sample:
                CopySample(request.Source, target);
                return (target, new CommitInfo(null, null, null));
            case RepositoryKind.Archive:
                await UnpackAsync(request, target, cancellationToken);
                return (target, new CommitInfo(null, null, null));
            default:
                return (target, await CheckOutAsync(request, target, workDirectory, cancellationToken));
        }
    }

    private async Task<CommitInfo> CheckOutAsync(CheckoutRequest request, string target, string workDirectory, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(builds.Value.CheckoutTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var home = Directory.CreateDirectory(Path.Combine(workDirectory, PlainHome)).FullName;
            var git = new GitCommand(home);
            await CloneAsync(git, request, target, either.Token);
            var commit = await ReadCommitAsync(git, target, either.Token);
            Directory.Delete(Path.Combine(target, ".git"), recursive: true);
            return commit;
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

    private async Task UnpackAsync(CheckoutRequest request, string target, CancellationToken cancellationToken)
    {
        await using var archive = await archives.OpenAsync(request.OwnerId, request.Source.ArchiveId!.Value, cancellationToken)
            ?? throw new BuildFailureException(FailureCode.CloneFailed, "The uploaded archive is not there (any more).", "Upload it again.");
        await new ArchiveExtractor(target, new ArchiveLimits(builds.Value.MaxSourceBytes, builds.Value.MaxSourceFiles)).ExtractAsync(archive, cancellationToken);
    }

    private async Task CloneAsync(GitCommand git, CheckoutRequest request, string target, CancellationToken cancellationToken)
    {
        var source = request.Source;
        var settings = await SettingsAsync(source, cancellationToken);
        var credential = await credentials.FindAsync(request.UserId, source, cancellationToken);
        var result = await git.RunAsync(
            settings,
            ["clone", "--depth", "1", "--no-tags", "--single-branch", "--no-recurse-submodules", "--template=", "--branch", request.Branch, "--", source.Canonical, target],
            Certificates(),
            credential,
            cancellationToken);
        if (result.ExitCode != 0) throw GitFailure.Explain(result, source, request.Branch, credential is not null);
        if (request.Commit is { } commit) await GoToCommitAsync(git, commit, settings, credential, target, cancellationToken);
        if (request.Submodules && File.Exists(Path.Combine(target, ".gitmodules"))) await AddSubmodulesAsync(git, source, settings, credential, target, cancellationToken);
    }

    /// <summary>Servers hand out any commit that they still have, also one that no branch leads to any more.</summary>
    private async Task GoToCommitAsync(GitCommand git, string commit, List<string> settings, GitCredential? credential, string target, CancellationToken cancellationToken)
    {
        string[][] commands = [["fetch", "--depth", "1", "--no-tags", "--no-recurse-submodules", "origin", commit], ["checkout", "--detach", "--force", "FETCH_HEAD"]];
        foreach (var command in commands)
        {
            var result = await git.RunAsync(settings, ["-C", target, .. command], Certificates(), credential, cancellationToken);
            if (result.ExitCode == 0) continue;
            throw new BuildFailureException(
                FailureCode.CloneFailed, $"The repository does not hand out commit {commit} (any more).", "Deploy the branch's latest commit instead.");
        }
    }

    /// <summary>The submodules of the repository itself; theirs stay out. Their addresses are checked like that of the repository.</summary>
    private async Task AddSubmodulesAsync(
        GitCommand git, RepositorySource source, List<string> settings, GitCredential? credential, string target, CancellationToken cancellationToken)
    {
        var listed = await git.RunAsync(
            ["safe.directory=*"], ["config", "-f", Path.Combine(target, ".gitmodules"), "--get-regexp", @"^submodule\..*\.url$"], Certificates(), null, cancellationToken);
        foreach (var line in listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var address = line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim();
            // A relative one is on the server of the repository.
            if (address.StartsWith("./", StringComparison.Ordinal) || address.StartsWith("../", StringComparison.Ordinal)) continue;
            if (!RepositorySource.TryParse(address, allowFiles: source.Kind == RepositoryKind.File, out var submodule, out var problem) || submodule.Address is null)
                throw new BuildFailureException(FailureCode.SourceRefused, $"The submodule {address} is refused: {problem ?? "it is no repository."}");
            settings.AddRange(await SettingsAsync(submodule, cancellationToken));
        }

        var result = await git.RunAsync(
            [.. settings.Distinct()], ["-C", target, "submodule", "update", "--init", "--depth", "1", "--jobs", "2"], Certificates(), credential, cancellationToken);
        if (result.ExitCode != 0) throw GitFailure.Explain(result, source, "", credential is not null);
        foreach (var pointer in Directory.EnumerateFiles(target, ".git", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }))
            File.Delete(pointer);
    }

    private async Task<List<string>> SettingsAsync(RepositorySource source, CancellationToken cancellationToken)
    {
        if (source.Kind == RepositoryKind.File)
        {
            if (sources.Value.AllowFiles != true) throw new BuildFailureException(FailureCode.SourceRefused, "Local repositories are accepted in Development only.");
            // A repository on this machine usually belongs to another account.
            return ["protocol.file.allow=always", "safe.directory=*"];
        }

        return ["protocol.https.allow=always", .. await GitHostGuard.PinAsync(source.Address!, sources.Value.AllowPrivateHosts == true, cancellationToken)];
    }

    private Dictionary<string, string> Certificates() =>
        builds.Value.CaBundle is { Length: > 0 } bundle ? new() { ["GIT_SSL_CAINFO"] = bundle } : [];

    private static async Task<CommitInfo> ReadCommitAsync(GitCommand git, string target, CancellationToken cancellationToken)
    {
        var result = await git.RunAsync(
            ["safe.directory=*"], ["-C", target, "log", "-1", "--no-show-signature", "--format=%H%x00%an%x00%B"], new Dictionary<string, string>(), null, cancellationToken);
        var parts = result.Output.Split('\0', 3);
        if (result.ExitCode != 0 || parts.Length != 3)
            throw new BuildFailureException(FailureCode.CloneFailed, $"The commit cannot be read: {result.Errors.Trim()}");
        return new CommitInfo(parts[0], parts[2].Trim(), parts[1].Length > MaxAuthor ? parts[1][..MaxAuthor] : parts[1]);
    }
}
