using Platform.BuildWorker.Builds;
using Platform.Core.Deployments;

namespace Platform.BuildWorker.Sources;

/// <summary>Says in people's words why a clone failed.</summary>
internal static class GitFailure
{
    private static readonly string[] Unreachable =
    [
        "could not resolve host", "failed to connect", "couldn't connect", "connection refused", "connection timed out", "connection reset",
        "network is unreachable", "no route to host", "ssl", "certificate", "unable to access", "does not exist", "not found",
        "does not appear to be a git repository", "could not read username", "terminal prompts disabled", "no such file",
    ];

    public static BuildFailureException Explain(GitResult result, RepositorySource source, string branch)
    {
        var errors = result.Errors.Trim();
        if (Has("remote branch") && Has("not found"))
        {
            return new(
                FailureCode.BranchNotFound, $"The repository has no branch named {branch}.", "Choose another branch; its name is case-sensitive.");
        }

        if (Has("does not have any commits") || Has("empty repository"))
            return new(FailureCode.BranchNotFound, "The repository is empty.", "Push a commit first.");
        if (Unreachable.Any(Has))
        {
            return new(
                FailureCode.RepositoryUnreachable,
                $"The repository {source.Display} cannot be reached: {LastLine(errors)}",
                "Check the address, and that the repository is public.");
        }

        return new(FailureCode.CloneFailed, $"git could not clone the repository: {LastLine(errors)}");

        bool Has(string text) => errors.Contains(text, StringComparison.OrdinalIgnoreCase);
    }

    private static string LastLine(string errors)
    {
        var line = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "no message";
        return line.StartsWith("fatal: ", StringComparison.Ordinal) ? line["fatal: ".Length..] : line;
    }
}
