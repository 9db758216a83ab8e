using System.Runtime.InteropServices;

namespace Platform.AppHost.Local.Processes;

/// <summary>The signals the host sends.</summary>
internal enum Signal
{
    None = 0,
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
}

/// <summary>Sends signals to whole process groups, so that what a resource started ends with it.</summary>
internal static partial class Signals
{
    /// <summary>The name that shells give the signal.</summary>
    public static string Name(Signal signal) => signal switch
    {
        Signal.Interrupt => "INT",
        Signal.Kill => "KILL",
        Signal.Terminate => "TERM",
        Signal.None => "0",
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, "Not a signal the host sends."),
    };

    /// <returns>Whether the group had a process to send it to.</returns>
    public static bool SendToGroup(int group, Signal signal) => Kill(-group, (int)signal) == 0;

    public static bool Send(int process, Signal signal) => Kill(process, (int)signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
