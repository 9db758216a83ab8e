using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Sandboxes;

/// <summary>What the kernel lets a sandbox do beyond its limits: the seccomp profile, and the runtime that configuration names.</summary>
internal static class SandboxProfile
{
    /// <summary>
    /// The system calls that programs may use, as JSON. An allow-list: the kernel's calls without those that reach other processes, the
    /// kernel itself, other namespaces, or that have no use in a sandbox (tracing, keys, bpf, perf, io_uring, userfaultfd, mounts, modules, clocks).
    /// </summary>
    public static string Seccomp { get; } = Read();

    /// <summary>The engine's name of the runtime; null: its default.</summary>
    public static string? RuntimeOf(Language language, ExecutionWorkerOptions options)
    {
        var runtime = options.Runtimes.TryGetValue(language.Id, out var own) ? own : options.Runtime;
        return string.IsNullOrWhiteSpace(runtime) ? null : runtime;
    }

    private static string Read()
    {
        using var stream = typeof(SandboxProfile).Assembly.GetManifestResourceStream("seccomp.json")
            ?? throw new InvalidOperationException("The seccomp profile is missing from the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
