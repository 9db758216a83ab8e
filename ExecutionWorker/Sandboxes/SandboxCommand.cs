using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>One command of a sandbox and its limits.</summary>
internal sealed record SandboxCommand
{
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>On top of the image's.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>False: it reads from an empty input.</summary>
    public bool WithStdin { get; init; }

    /// <summary>It has a terminal of this size, and everything it writes is standard output; null: pipes.</summary>
    public TerminalSize? Terminal { get; init; }

    public required TimeSpan WallTime { get; init; }

    public required TimeSpan CpuTime { get; init; }

    /// <summary>Of each of the two outputs.</summary>
    public required int OutputBytes { get; init; }

    /// <summary>Of the largest file it writes.</summary>
    public required long FileBytes { get; init; }

    public required int OpenFiles { get; init; }
}

/// <summary>How a command ended, as its supervisor measured it.</summary>
internal sealed record SandboxExit
{
    public required SandboxExitKind How { get; init; }

    /// <summary>Exit code or number of the signal.</summary>
    public required byte Code { get; init; }

    /// <summary>errno, when it could not be started.</summary>
    public int Error { get; init; }

    public SandboxExitFlags Flags { get; init; }

    public TimeSpan WallTime { get; init; }

    public TimeSpan CpuTime { get; init; }

    public long MemoryBytes { get; init; }

    public long OutOfMemoryKills { get; init; }
}

internal enum SandboxExitKind : byte
{
    Exited,
    Signalled,
    NotStarted,
}

[Flags]
internal enum SandboxExitFlags
{
    None = 0,
    WallTime = 1,
    CpuTime = 2,
    StdoutLimit = 4,
    StderrLimit = 8,

    /// <summary>At the wall limit: it had a processor or waited for one nearly all the time.</summary>
    Busy = 16,
}

/// <summary>The sandbox is broken: its supervisor went away or broke the protocol.</summary>
internal sealed class SandboxException(string message, Exception? innerException = null) : Exception(message, innerException);
