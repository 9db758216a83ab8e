using System.Globalization;

namespace Platform.Api.Execution;

/// <summary>Signals that a program can be sent, by the numbers of Linux on x86 and ARM.</summary>
internal static class Signals
{
    private static readonly Dictionary<string, byte> Numbers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["SIGHUP"] = 1,
        ["SIGINT"] = 2,
        ["SIGQUIT"] = 3,
        ["SIGILL"] = 4,
        ["SIGTRAP"] = 5,
        ["SIGABRT"] = 6,
        ["SIGBUS"] = 7,
        ["SIGFPE"] = 8,
        ["SIGKILL"] = 9,
        ["SIGUSR1"] = 10,
        ["SIGSEGV"] = 11,
        ["SIGUSR2"] = 12,
        ["SIGPIPE"] = 13,
        ["SIGALRM"] = 14,
        ["SIGTERM"] = 15,
        ["SIGSTKFLT"] = 16,
        ["SIGCHLD"] = 17,
        ["SIGCONT"] = 18,
        ["SIGSTOP"] = 19,
        ["SIGTSTP"] = 20,
        ["SIGTTIN"] = 21,
        ["SIGTTOU"] = 22,
        ["SIGURG"] = 23,
        ["SIGXCPU"] = 24,
        ["SIGXFSZ"] = 25,
        ["SIGVTALRM"] = 26,
        ["SIGPROF"] = 27,
        ["SIGWINCH"] = 28,
        ["SIGIO"] = 29,
        ["SIGPWR"] = 30,
        ["SIGSYS"] = 31,
    };

    /// <summary>The number of <c>SIGINT</c>, <c>INT</c> or <c>2</c>; null when there is no such signal.</summary>
    public static byte? Find(string? name)
    {
        if (string.IsNullOrEmpty(name)) return null;
        if (Numbers.TryGetValue(name, out var number) || Numbers.TryGetValue($"SIG{name}", out number)) return number;
        return byte.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out number) && Numbers.ContainsValue(number) ? number : null;
    }

    /// <summary>Only by its whole name, as in lists of signals.</summary>
    public static byte? FindExactly(string? name) =>
        name is not null && !name.Any(char.IsAsciiLetterLower) && Numbers.TryGetValue(name, out var number) ? number : null;
}
