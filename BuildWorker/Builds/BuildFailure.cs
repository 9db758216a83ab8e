namespace Platform.BuildWorker.Builds;

/// <summary>Why a deployment failed, for programs.</summary>
internal static class FailureCode
{
    public const string CloneFailed = "CLONE_FAILED";
    public const string BranchNotFound = "BRANCH_NOT_FOUND";
    public const string RepositoryUnreachable = "REPOSITORY_UNREACHABLE";
    public const string RepositoryNotFound = "REPOSITORY_NOT_FOUND";
    public const string RepositoryAccessDenied = "REPOSITORY_ACCESS_DENIED";
    public const string SourceRefused = "SOURCE_REFUSED";
    public const string ArchiveRefused = "ARCHIVE_REFUSED";
    public const string ArchiveBroken = "ARCHIVE_BROKEN";
    public const string InstallFailed = "INSTALL_FAILED";
    public const string LockFileDrift = "LOCK_FILE_DRIFT";
    public const string WrongNodeVersion = "WRONG_NODE_VERSION";
    public const string NetworkBlocked = "NETWORK_BLOCKED";
    public const string BuildFailed = "BUILD_FAILED";
    public const string MissingScript = "MISSING_SCRIPT";
    public const string OutOfMemory = "OUT_OF_MEMORY";
    public const string DiskFull = "DISK_LIMIT";
    public const string TimedOut = "TIMED_OUT";
    public const string NoOutput = "NO_OUTPUT";
    public const string ServerOnly = "SERVER_ONLY_OUTPUT";
    public const string OutputTooLarge = "OUTPUT_TOO_LARGE";
    public const string OutputRefused = "OUTPUT_REFUSED";
    public const string WorkerLost = "WORKER_LOST";
    public const string Internal = "INTERNAL";
}

/// <summary>The deployment fails for a reason of its own: trying again would not help.</summary>
/// <param name="code">One of <see cref="FailureCode"/>.</param>
/// <param name="message">What happened, for people.</param>
/// <param name="hint">What to do about it.</param>
/// <param name="innerException">What it came from.</param>
internal sealed class BuildFailureException(string code, string message, string? hint = null, Exception? innerException = null)
    : Exception(message, innerException)
{
    public string Code { get; } = code;

    public string? Hint { get; } = hint;

    /// <summary>The line of the log that shows it best.</summary>
    public string? Line { get; init; }

    /// <summary>The same; where nothing showed it better, what the build said last does.</summary>
    public BuildFailureException Or(string? lastLine) => Line is not null || lastLine is null ? this : new(Code, Message, Hint, InnerException) { Line = lastLine };

    /// <summary>The same without secrets: a command may hold one.</summary>
    public BuildFailureException Masked(Func<string, string> mask) =>
        new(Code, mask(Message), Hint is null ? null : mask(Hint), InnerException) { Line = Line is null ? null : mask(Line) };
}
