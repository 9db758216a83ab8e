using Platform.Core.Data.Entities;
using Platform.Core.Deployments;

namespace Platform.Api.GitHub.Webhooks;

/// <summary>A push to a branch: deploys the project's own, previews the others.</summary>
internal sealed class PushProcessor(PushedDeployments deployments)
{
    private const string Branches = "refs/heads/";

    public async Task<(IReadOnlyList<(Project, PushOutcome)> Outcomes, string? Ignored)> ProcessAsync(
        WebhookPayload payload, IReadOnlySet<Guid>? only, bool again, CancellationToken cancellationToken)
    {
        if (payload is not { Repository: { } repository, Ref: { } reference, After: { } sha }) return ([], "The delivery says nothing about a push.");
        if (!reference.StartsWith(Branches, StringComparison.Ordinal)) return ([], "Only branches are deployed.");
        var branch = reference[Branches.Length..];
        if (!BranchName.IsValid(branch)) return ([], $"Names of branches may have up to {BranchName.MaxLength} characters that Git accepts.");
        if (!payload.Deleted && !IsCommit(sha)) return ([], "The commit is no hash.");

        var outcomes = new List<(Project, PushOutcome)>();
        foreach (var project in await deployments.LockAsync(repository.Id, only, cancellationToken))
            outcomes.Add((project, await ProcessAsync(project, payload, branch, sha, again, cancellationToken)));
        return (outcomes, outcomes.Count == 0 ? "No project is made of this repository." : null);
    }

    internal static bool IsCommit(string? sha) => sha is { Length: 40 } && sha.All(char.IsAsciiHexDigitLower);

    private async Task<PushOutcome> ProcessAsync(Project project, WebhookPayload payload, string branch, string sha, bool again, CancellationToken cancellationToken)
    {
        if (payload.Deleted) return await deployments.RemoveAsync(project, new GoneBranch(branch), cancellationToken);
        if (!project.AutoDeploy) return Skip("Automatic deployments are off.");
        if (!again && PushRules.IsSkipped(payload.HeadCommit?.Message)) return Skip("The commit's message asks to skip it.");
        if (!again && Changes(payload) is { } files && !PushRules.Touches(project.WatchPaths, files)) return Skip("Nothing that is watched has changed.");
        return await deployments.DeployAsync(project, new PushedCommit(branch, sha), again, cancellationToken);
    }

    /// <summary>Null: not known whole. A new branch lists nothing, a forced push not what it took away, and long lists are cut.</summary>
    private static List<string>? Changes(WebhookPayload payload) =>
        payload.Created || payload.Forced || payload.Commits is not { Count: > 0 and < 2048 } commits ? null : [.. commits.SelectMany(commit => commit.Files).Distinct()];

    private static PushOutcome Skip(string reason) => new(GitHubDeliveryOutcome.Skipped, reason);
}
