namespace Platform.Api.GitHub.Webhooks;

/// <summary>What a delivery about a pull request does not tell.</summary>
/// <param name="Message">The message of its last commit; null: not known.</param>
/// <param name="Files">All files that it changes, under their former names, too; null: not known whole.</param>
internal sealed record PullRequestFacts(string? Message, IReadOnlyList<string>? Files)
{
    public static PullRequestFacts Unknown { get; } = new(null, null);
}
