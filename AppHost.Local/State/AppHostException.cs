namespace Platform.AppHost.Local.State;

/// <summary>Why the app host ended; scripts tell the cases apart by the process's exit code.</summary>
internal enum ExitReason
{
    Failed = 1,
    InvalidModel = 2,
    MissingProgram = 3,
    PortInUse = 4,
    AlreadyRunning = 5,
}

/// <summary>The platform cannot be started or a resource cannot; the message says what to do.</summary>
internal sealed class AppHostException(ExitReason reason, string message, Exception? innerException = null) : Exception(message, innerException)
{
    public ExitReason Reason { get; } = reason;

    public int ExitCode => (int)Reason;
}
