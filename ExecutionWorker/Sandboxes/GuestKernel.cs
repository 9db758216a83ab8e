using Platform.Core.Containers;

namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>
/// gVisor: the sandbox has a kernel of its own, a program of the host that needs memory, threads and processes under the same limits. The host sees one
/// program that it ends as a whole.
/// </summary>
internal static class GuestKernel
{
    private const string RuntimePrefix = "runsc";
    private const long Memory = 64 * 1024 * 1024;

    // Each process of a program is one of the host, each of its threads another one, and the kernel has about a hundred.
    private const int PidsPerProcess = 4;
    private const int Pids = 256;

    // What the kernel sends to a program that it ends.
    private const int Killed = 128 + 9;

    /// <summary>Whether a runtime of the engine is gVisor, by its name: <c>runsc</c>, or one that begins so.</summary>
    public static bool IsUsedBy(string? runtime) => runtime?.StartsWith(RuntimePrefix, StringComparison.Ordinal) == true;

    /// <summary>The engine's limits that leave a program these.</summary>
    public static ContainerLimits Around(ContainerLimits limits) => limits with
    {
        Memory = limits.Memory + Memory,
        Pids = (limits.Pids * PidsPerProcess) + Pids,
    };

    /// <summary>Whether a sandbox that ended by itself had no memory left: nothing inside can end it so, and the engine is not told why.</summary>
    public static bool RanOutOfMemory(ContainerState state) => state is { Running: false, ExitCode: Killed };
}
