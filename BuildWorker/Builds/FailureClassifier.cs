using Platform.BuildWorker.Detection;

namespace Platform.BuildWorker.Builds;

internal enum BuildStep
{
    Install,
    Build,
}

/// <summary>A command that failed.</summary>
internal sealed record FailedStep(BuildStep Step, string Command, int ExitCode, bool OutOfMemory, BuildPlan Plan);

/// <summary>Names the reason of a failed command, the line that shows it and what to do about it.</summary>
internal static class FailureClassifier
{
    private const int CommandNotFound = 127;

    // 128 + SIGXFSZ: one file grew to what the whole build may have.
    private const int FileTooLarge = 153;

    public static BuildFailureException Classify(FailedStep failed, OutputClues clues, BuildOptions options)
    {
        var ended = $"\"{failed.Command}\" ended with exit code {failed.ExitCode}.";
        if (failed.OutOfMemory || clues.Heap is not null)
        {
            return new BuildFailureException(
                FailureCode.OutOfMemory,
                $"The build ran out of memory; it has {options.MemoryBytes / (1024 * 1024)} MiB.",
                "Build less at once, or ask the operator for a higher limit.")
            { Line = clues.Heap ?? clues.Killed ?? clues.Error };
        }

        if (clues.MissingScript is { } missing)
        {
            return new BuildFailureException(
                FailureCode.MissingScript, $"package.json has no \"{missing.Script}\" script.", "Add the script, or change the build command.")
            { Line = missing.Line };
        }

        if (clues.Disk is not null || failed.ExitCode == FileTooLarge)
        {
            return new BuildFailureException(
                FailureCode.DiskFull, $"{ended} It could not write any more.", $"A build has {options.DiskLimitBytes / (1024 * 1024)} MiB: write less, or ask the operator for a higher limit.")
            { Line = clues.Disk ?? clues.Error };
        }

        if (failed.Step == BuildStep.Install && clues.LockFileDrift is { } drift)
        {
            return new BuildFailureException(
                FailureCode.LockFileDrift, "The lock file does not fit package.json.", "Run the installation locally and commit the lock file.")
            { Line = drift };
        }

        if (clues.WrongNode is { } node)
        {
            return new BuildFailureException(
                FailureCode.WrongNodeVersion,
                $"The project does not work with Node {failed.Plan.Node?.Version}.",
                $"Set engines.node in package.json or the Node version in the project's settings; available are {string.Join(", ", options.NodeVersions)}.")
            { Line = node };
        }

        if (clues.Network is { } network) return Network(failed, network, ended);
        return new BuildFailureException(
            failed.Step == BuildStep.Install ? FailureCode.InstallFailed : FailureCode.BuildFailed,
            ended,
            failed.ExitCode == CommandNotFound ? "A program was not found: is it listed in package.json?" : "The end of the log shows why.")
        { Line = clues.Error };
    }

    private static BuildFailureException Network(FailedStep failed, string line, string ended)
    {
        var hint = failed.Plan.InstallCommand is null
            ? "A build that installs nothing has no network: list dependencies in package.json, or fetch data before you commit."
            : "Builds reach the public internet and the package registry, but no private addresses: check the address, and try again if it is public.";
        return new BuildFailureException(FailureCode.NetworkBlocked, $"{ended} It could not reach an address.", hint) { Line = line };
    }
}
