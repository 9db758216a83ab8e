using Platform.BuildWorker.Builds;
using Platform.Core.Deployments;

namespace Platform.BuildWorker.Sources;

/// <summary>Says in people's words why a clone failed.</summary>
internal static class GitFailure
{
    private const string Fatal = "fatal: ";

    private static readonly string[] Unreachable =
    [
        "could not resolve host", "failed to connect", "couldn't connect", "connection refused", "connection timed out", "connection reset",
        "network is unreachable", "no route to host", "ssl", "certificate", "unable to access",
    ];

    private static readonly string[] Denied =
        ["could not read username", "terminal prompts disabled", "authentication failed", "returned error: 401", "returned error: 403", "permission denied", "access denied"];

    private static readonly string[] NotFound = ["not found", "does not exist", "does not appear to be a git repository", "no such file", "returned error: 404"];

    /// <param name="result">How git ended.</param>
    /// <param name="source">What it cloned.</param>
    /// <param name="branch">Which branch.</param>
    /// <param name="signedIn">It had a token.</param>
    public static BuildFailureException Explain(GitResult result, RepositorySource source, string branch, bool signedIn)
    {
        var errors = result.Errors.Trim();
        var line = FindLine(errors);
        if (Has("remote branch") && Has("not found"))
            return Fail(FailureCode.BranchNotFound, $"The repository has no branch named {branch}.", "Choose another branch; its name is case-sensitive.");
        if (Has("does not have any commits") || Has("empty repository"))
            return Fail(FailureCode.BranchNotFound, "The repository is empty.", "Push a commit first.");
        if (Denied.Any(Has))
        {
            // A server that hides private repositories answers alike for those that do not exist.
            return Fail(
                FailureCode.RepositoryAccessDenied,
                $"The repository {source.Display} is private, or does not exist.",
                signedIn ? "Check that the connected GitHub account may read it." : "Check the address; connect the GitHub account that may read it.");
        }

        if (NotFound.Any(Has)) return Fail(FailureCode.RepositoryNotFound, $"There is no repository {source.Display}.", "Check the address.");
        return Unreachable.Any(Has)
            ? Fail(FailureCode.RepositoryUnreachable, $"The repository {source.Display} cannot be reached: {line}", "Check the address; try again if it is right.")
            : Fail(FailureCode.CloneFailed, $"git could not clone the repository: {line}", "Check the address and the branch, and try again.");

        bool Has(string text) => errors.Contains(text, StringComparison.OrdinalIgnoreCase);

        BuildFailureException Fail(string code, string message, string? hint) => new(code, message, hint) { Line = line };
    }

    /// <summary>The first line that says what is wrong; the last one, advice of a general kind, where none does.</summary>
    private static string FindLine(string errors)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var line = lines.FirstOrDefault(each => each.StartsWith(Fatal, StringComparison.Ordinal)) ?? lines.LastOrDefault() ?? "no message";
        return line.StartsWith(Fatal, StringComparison.Ordinal) ? line[Fatal.Length..] : line;
    }
}
