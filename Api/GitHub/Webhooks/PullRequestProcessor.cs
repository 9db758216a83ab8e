using Platform.Core.Data.Entities;
using Platform.Core.Deployments;

namespace Platform.Api.GitHub.Webhooks;

/// <summary>A pull request: its head is previewed; that of a fork after somebody has looked at it.</summary>
internal sealed class PullRequestProcessor(PushedDeployments deployments)
{
    public async Task<(IReadOnlyList<(Project, PushOutcome)> Outcomes, string? Ignored)> ProcessAsync(
        WebhookPayload payload, PullRequestFacts facts, IReadOnlySet<Guid>? only, bool again, CancellationToken cancellationToken)
    {
        if (payload is not { Repository: { } repository, PullRequest: { Number: > 0 } pull }) return ([], "The delivery says nothing about a pull request.");
        if (payload.Action is not ("opened" or "reopened" or "synchronize" or "closed")) return ([], $"Nothing follows from {payload.Action}.");
        var outcomes = new List<(Project, PushOutcome)>();
        foreach (var project in await deployments.LockAsync(repository.Id, only, cancellationToken))
        {
            // One that is replayed may be closed since.
            if (payload.Action != "closed" && !again) await NoteAsync(project, repository, pull, cancellationToken);
            outcomes.Add((project, payload.Action == "closed"
                ? await CloseAsync(project, repository, pull, cancellationToken)
                : await ProcessAsync(project, repository, pull, facts, again, cancellationToken)));
        }

        return (outcomes, outcomes.Count == 0 ? "No project is made of this repository." : null);
    }

    /// <summary>Whether or not it is deployed: the address of its branch stays as long as one of the branch's pull requests is open.</summary>
    private Task NoteAsync(Project project, RepositoryPart repository, PullRequestPart pull, CancellationToken cancellationToken) =>
        pull.Head is { Ref: { } branch, Repo: { } head } && head.Id == repository.Id && branch != project.Branch && BranchName.IsValid(branch)
            ? deployments.NoteOpenAsync(project.Id, pull.Number, branch, cancellationToken)
            : Task.CompletedTask;

    /// <summary>A fork that is deleted has no repository any more.</summary>
    private Task<PushOutcome> CloseAsync(Project project, RepositoryPart repository, PullRequestPart pull, CancellationToken cancellationToken) =>
        deployments.RemoveAsync(project, new GoneBranch(pull.Head?.Ref ?? "", pull.Number, IsFork: pull.Head?.Repo?.Id != repository.Id), cancellationToken);

    private async Task<PushOutcome> ProcessAsync(
        Project project, RepositoryPart repository, PullRequestPart pull, PullRequestFacts facts, bool again, CancellationToken cancellationToken)
    {
        if (!project.AutoDeploy) return Skip("Automatic deployments are off.");
        if (!again && PushRules.IsSkipped(pull.Title)) return Skip("The title asks to skip it.");
        if (!again && PushRules.IsSkipped(facts.Message)) return Skip("The message of the last commit asks to skip it.");
        if (!again && facts.Files is { } files && !PushRules.Touches(project.WatchPaths, files)) return Skip("The pull request changes nothing that is watched.");
        if (pull.Head is not { Ref: { } branch, Sha: { } sha, Repo: { } head } || !PushProcessor.IsCommit(sha)) return Skip("The fork is gone.");
        if (!BranchName.IsValid(branch)) return Skip("The name of the branch is too long, or none that Git accepts.");
        var isFork = head.Id != repository.Id;
        if (!isFork && branch == project.Branch) return Skip("The branch is the project's own.");
        string? fork = null;
        if (isFork && !TryFindFork(project, head, out fork)) return Skip("The fork is not at the place of the repository.");
        return await deployments.DeployAsync(project, new PushedCommit(branch, sha, fork, pull.Number), again, cancellationToken);
    }

    /// <summary>A fork is where the repository is: a token must go nowhere else.</summary>
    private static bool TryFindFork(Project project, RepositoryPart head, out string? fork)
    {
        fork = null;
        if (!RepositorySource.TryParse(project.Repository, allowFiles: false, out var own, out _) || own.Kind != RepositoryKind.Git) return false;
        if (!RepositorySource.TryParse(head.CloneUrl, allowFiles: false, out var source, out _) || source.Kind != RepositoryKind.Git) return false;
        if (source.Address!.Authority != own.Address!.Authority) return false;
        fork = source.Canonical;
        return true;
    }

    private static PushOutcome Skip(string reason) => new(GitHubDeliveryOutcome.Skipped, reason);
}
