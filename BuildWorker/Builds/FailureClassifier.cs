namespace Platform.BuildWorker.Builds;

internal enum BuildStep
{
    Install,
    Build,
}

/// <summary>Names the reason of a failed command, and what to do about it.</summary>
internal static class FailureClassifier
{
    public static BuildFailureException Classify(BuildStep step, string command, int exitCode, bool outOfMemory, OutputClues clues, BuildOptions options)
    {
        if (outOfMemory || clues.HeapExhausted)
        {
            return new(
                FailureCode.OutOfMemory,
                $"The build ran out of memory; it has {options.MemoryBytes / (1024 * 1024)} MiB.",
                "Build less at once, or ask the operator for a higher limit.");
        }

        if (clues.MissingScript is { } script)
            return new(FailureCode.MissingScript, $"package.json has no \"{script}\" script.", "Add the script, or change the build command.");
        var ended = $"\"{command}\" ended with exit code {exitCode}.";
        if (step == BuildStep.Build)
            return new(FailureCode.BuildFailed, ended, exitCode == 127 ? "A program was not found: is it listed in package.json?" : "The end of the log shows why.");
        if (clues.LockFileDrift)
            return new(FailureCode.InstallFailed, ended, "The lock file does not fit package.json: install locally and commit the lock file.");
        return new(
            FailureCode.InstallFailed, ended, clues.NoNetwork ? "A package registry could not be reached." : "The end of the log shows why.");
    }
}
