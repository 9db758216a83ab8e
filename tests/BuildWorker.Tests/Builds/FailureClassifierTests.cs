using Platform.BuildWorker.Builds;
using Platform.BuildWorker.Detection;

namespace Platform.BuildWorker.Tests.Builds;

public sealed class FailureClassifierTests
{
    [Theory]
    [InlineData(nameof(BuildStep.Install), "npm error `npm ci` can only install packages when your package.json and package-lock.json are in sync.", FailureCode.LockFileDrift)]
    [InlineData(nameof(BuildStep.Install), " ERR_PNPM_OUTDATED_LOCKFILE  Cannot install with \"frozen-lockfile\"", FailureCode.LockFileDrift)]
    [InlineData(nameof(BuildStep.Install), "error Your lockfile needs to be updated, but yarn was run with `--frozen-lockfile`.", FailureCode.LockFileDrift)]
    [InlineData(nameof(BuildStep.Install), "➤ YN0028: │ The lockfile would have been modified by this install, which is explicitly forbidden.", FailureCode.LockFileDrift)]
    [InlineData(nameof(BuildStep.Install), "error: lockfile had changes, but lockfile is frozen", FailureCode.LockFileDrift)]
    [InlineData(nameof(BuildStep.Build), "npm error Missing script: \"build\"", FailureCode.MissingScript)]
    [InlineData(nameof(BuildStep.Build), "error Command \"build\" not found.", FailureCode.MissingScript)]
    [InlineData(nameof(BuildStep.Build), "Usage Error: Couldn't find a script named \"build\".", FailureCode.MissingScript)]
    [InlineData(nameof(BuildStep.Build), "error: Script not found \"build\"", FailureCode.MissingScript)]
    [InlineData(nameof(BuildStep.Install), "npm error code EBADENGINE", FailureCode.WrongNodeVersion)]
    [InlineData(nameof(BuildStep.Build), "Error: error:0308010C:digital envelope routines::unsupported ERR_OSSL_EVP_UNSUPPORTED", FailureCode.WrongNodeVersion)]
    [InlineData(nameof(BuildStep.Build), "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory", FailureCode.OutOfMemory)]
    [InlineData(nameof(BuildStep.Build), "Error: ENOSPC: no space left on device, write", FailureCode.DiskFull)]
    [InlineData(nameof(BuildStep.Install), "npm error request to http://10.0.0.7/x failed, reason: connect ETIMEDOUT", FailureCode.NetworkBlocked)]
    [InlineData(nameof(BuildStep.Build), "Error: getaddrinfo EAI_AGAIN api.example.org", FailureCode.NetworkBlocked)]
    [InlineData(nameof(BuildStep.Install), "npm error 404 Not Found - GET left-pad", FailureCode.InstallFailed)]
    [InlineData(nameof(BuildStep.Build), "src/App.tsx(3,1): error TS2304: Cannot find name 'x'.", FailureCode.BuildFailed)]
    public void Line_tells_the_class_and_is_shown(string step, string line, string code)
    {
        var clues = new OutputClues();
        clues.Observe("some output before");
        clues.Observe($"\e[31m{line}\e[0m");
        clues.Observe("npm error A complete log of this run can be found in: /x");

        var failure = Classify(Enum.Parse<BuildStep>(step), clues);

        failure.Code.ShouldBe(code);
        failure.Line.ShouldBe(line.Trim());
        failure.Hint.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void What_stands_in_a_command_has_not_happened()
    {
        var clues = new OutputClues();
        clues.Observe("> shop@1.0.0 build");
        clues.Observe("> node -e \"console.error('Error: ECONNREFUSED')\"");
        clues.Observe("$ node check.js || echo fatal");
        clues.Observe("Error: boom");
        clues.Observe("    at check.js:3");

        Classify(BuildStep.Build, clues).ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe(FailureCode.BuildFailed), failure => failure.Line.ShouldBe("Error: boom"));
    }

    [Fact]
    public void Warning_about_the_engine_is_no_failure_of_it()
    {
        var clues = new OutputClues();
        clues.Observe("npm warn EBADENGINE Unsupported engine { package: 'x', required: { node: '>=24' } }");
        clues.Observe("Could not resolve entry module \"index.html\".");

        Classify(BuildStep.Build, clues).ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe(FailureCode.BuildFailed), failure => failure.Line.ShouldBe("Could not resolve entry module \"index.html\"."));
    }

    [Fact]
    public void File_that_grew_to_the_disk_limit_is_named_so() =>
        FailureClassifier.Classify(new FailedStep(BuildStep.Build, "npm run build", 153, OutOfMemory: false, Plan), new OutputClues(), new BuildOptions()).Code.ShouldBe(FailureCode.DiskFull);

    [Fact]
    public void Kernels_word_about_memory_comes_before_everything_else()
    {
        var clues = new OutputClues();
        clues.Observe("npm error Missing script: \"x\"");

        FailureClassifier.Classify(new FailedStep(BuildStep.Build, "npm run build", 137, OutOfMemory: true, Plan), clues, new BuildOptions()).Code.ShouldBe(FailureCode.OutOfMemory);
    }

    private static BuildPlan Plan => new() { Framework = "x", Reasons = [] };

    private static BuildFailureException Classify(BuildStep step, OutputClues clues) =>
        FailureClassifier.Classify(new FailedStep(step, "npm run build", 1, OutOfMemory: false, Plan), clues, new BuildOptions());
}
