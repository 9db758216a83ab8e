using Platform.Core.Data.Entities;
using Platform.Core.Deployments;

namespace Platform.Api.GitHub.Webhooks;

/// <summary>A pull request: its head is previewed; that of a fork after somebody has looked at it.</summary>
internal sealed class PullRequestProcessor(PushedDeployments deployments)
{
    public async Task<(IReadOnlyList<(Project, PushOutcome)> Outcomes, string? Ignored)> ProcessAsync(
        WebhookPayload payload, IReadOnlySet<Guid>? only, bool again, CancellationToken cancellationToken)
    {
        if (payload is not { Repository: { } repository, PullRequest: { Number: > 0 } pull }) return ([], "The delivery says nothing about a pull request.");
        if (payload.Action is not ("opened" or "reopened" or "synchronize" or "closed")) return ([], $"Nothing follows from {payload.Action}.");
        var outcomes = new List<(Project, PushOutcome)>();
        foreach (var project in await deployments.LockAsync(repository.Id, only, cancellationToken))
            outcomes.Add((project, await ProcessAsync(project, repository, pull, payload.Action == "closed", again, cancellationToken)));
        return (outcomes, outcomes.Count == 0 ? "No project is made of this repository." : null);
    }

    private async Task<PushOutcome> ProcessAsync(
        Project project, RepositoryPart repository, PullRequestPart pull, bool isClosed, bool again, CancellationToken cancellationToken)
    {
        if (isClosed) return await deployments.RemoveAsync(project, pull.Head?.Ref ?? "", pull.Number, cancellationToken);
        if (!project.AutoDeploy) return Skip("Automatic deployments are off.");
        if (!again && PushRules.IsSkipped(pull.Title)) return Skip("The title asks to skip it.");
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
