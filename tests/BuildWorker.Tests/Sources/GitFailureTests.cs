using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Sources;
using Platform.Core.Deployments;

namespace Platform.BuildWorker.Tests.Sources;

public sealed class GitFailureTests
{
    [Theory]
    [InlineData(
        "Cloning into '/w/source'...\nfatal: '/srv/x.git' does not appear to be a git repository\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.\n",
        FailureCode.RepositoryNotFound, "'/srv/x.git' does not appear to be a git repository")]
    [InlineData(
        "remote: Repository not found.\nfatal: repository 'https://git.example.com/a/b/' not found\n",
        FailureCode.RepositoryNotFound, "repository 'https://git.example.com/a/b/' not found")]
    [InlineData(
        "fatal: could not read Username for 'https://git.example.com': terminal prompts disabled\n",
        FailureCode.RepositoryAccessDenied, "could not read Username for 'https://git.example.com': terminal prompts disabled")]
    [InlineData("warning: x\nerror: something new\n", FailureCode.CloneFailed, "error: something new")]
    [InlineData("", FailureCode.CloneFailed, "no message")]
    public void The_first_line_that_says_what_is_wrong_is_shown(string errors, string code, string line)
    {
        RepositorySource.TryParse("https://git.example.com/a/b", allowFiles: false, out var source, out _).ShouldBeTrue();

        var failure = GitFailure.Explain(new GitResult(128, "", errors), source!, "main", signedIn: false);

        (failure.Code, failure.Line).ShouldBe((code, line));
        failure.Hint.ShouldNotBeNullOrEmpty();
    }
}
