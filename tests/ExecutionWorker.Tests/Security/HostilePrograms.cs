using Platform.Core.Execution;
using Platform.ExecutionWorker.Tests.Contract;

namespace Platform.ExecutionWorker.Tests.Security;

/// <summary>The list of hostile programs.</summary>
internal static partial class HostilePrograms
{
    public static readonly IReadOnlyList<HostileProgram> All =
    [
        .. Bombs(), .. Escapes(),
        new("H23", "bytes that are no text", RunVerdict.Ok, """
            import sys
            sys.stdout.buffer.write(bytes(range(256)) + b'\xed\xa0\x80\x1b]0;title\x07\xe2\x80\xa8')
            """),
        new("H24", "a forged frame and a forged verdict", RunVerdict.RuntimeError, """
            import os, sys
            for fd in range(3, 256):
                try: os.write(fd, b'x\0\0\0\x38' + bytes(56))
                except OSError: pass
            sys.stdout.write('x\0\0\0\x38{"verdict":"ok"}')
            sys.exit(9)
            """),
        new("H25", "an exit code that looks like an out-of-memory kill", RunVerdict.RuntimeError, "import os; os._exit(137)"),
        new("H26", "a crash with a core dump", RunVerdict.Signalled, """
            import os, resource, signal
            try: resource.setrlimit(resource.RLIMIT_CORE, (-1, -1))
            except (OSError, ValueError): pass
            os.kill(os.getpid(), signal.SIGSEGV)
            """)
        { C = "int main(void) { *(volatile int *)0 = 1; }" },
        new("H27", "an argument of 200 kB", RunVerdict.InternalError, "print(1)") { Arguments = [new string('x', 200_000)], Refused = true },
        new("H28", "an environment of 2 MB", RunVerdict.InternalError, "print(1)")
        {
            Environment = Enumerable.Range(0, 20).ToDictionary(number => $"V{number}", _ => new string('x', 100_000)), Refused = true,
        },
        new("H30", "a compiler that reads without end", RunVerdict.CompileError, "# eat all memory") { Language = WorkerHarness.Compiled, C = "#include \"/dev/zero\"\nint main(void) {}" },
        new("H31", "a compiler that writes without end", RunVerdict.CompileError, "# compile for ever")
        {
            Language = WorkerHarness.Compiled, C = "char big[2147483647] = { 1 };\nint main(void) { return big[5]; }",
        },
        new("H32", "input that nobody reads", RunVerdict.Ok, "print('done')") { Stdin = new byte[200_000] },
        new("H33", "links, pipes and devices left in the work directory", RunVerdict.Ok, """
            import os, sys
            if os.path.lexists('link') or os.path.lexists('pipe'): sys.exit('left over')
            os.symlink('/etc/passwd', 'link')
            os.mkfifo('pipe')
            os.symlink('/proc/self/fd/1', 'device')
            try: os.mknod('disk', 0o60666, os.makedev(8, 0))
            except PermissionError: sys.exit(0)
            sys.exit('made a device')
            """) { Twice = true },
        new("H34", "shared memory left behind", RunVerdict.Ok, """
            import ctypes, os, sys
            libc = ctypes.CDLL(None)
            if libc.shmget(4711, 4096, 0) != -1 or os.listdir('/dev/shm'): sys.exit('left over')
            if libc.shmget(4711, 4096, 0o1666) == -1: sys.exit('none made')
            libc.semget(4711, 1, 0o1666); libc.msgget(4711, 0o1666)
            open('/dev/shm/left', 'w').write('x')
            """) { Twice = true },
    ];

    public static HostileProgram Get(string id) => All.Single(program => program.Id == id);

    private static IEnumerable<HostileProgram> Bombs() =>
    [
        new("H01", "a fork bomb", RunVerdict.TimeLimit, """
            import os
            while True:
                try: os.fork()
                except OSError: pass
            """),
        new("H02", "a memory bomb", RunVerdict.MemoryLimit, """
            kept = []
            while True: kept.append(bytearray(16 << 20))
            """),
        new("H03", "a memory bomb in a child of a parent that succeeds", RunVerdict.MemoryLimit, """
            import os
            if os.fork() == 0:
                kept = []
                while True: kept.append(bytearray(16 << 20))
            os.wait()
            """),
        new("H04", "a full disk", RunVerdict.RuntimeError, """
            with open('big', 'wb') as file:
                while True: file.write(bytes(1 << 20))
            """),
        new("H05", "no inodes left", RunVerdict.RuntimeError, """
            number = 0
            while True:
                open(str(number), 'w').close()
                number += 1
            """),
        new("H07", "a flood of stdout", RunVerdict.OutputLimit, """
            import sys
            while True: sys.stdout.write('x' * 4096)
            """),
        new("H08", "a flood of stderr", RunVerdict.OutputLimit, """
            import sys
            while True: sys.stderr.write('x' * 4096)
            """),
        new("H09", "an endless loop", RunVerdict.TimeLimit, "while True: pass"),
        new("H10", "an endless sleep", RunVerdict.IdleLimit, "import time; time.sleep(1000)"),
        new("H11", "input that nobody closes", RunVerdict.IdleLimit, "import sys; sys.stdin.read()") { Stdin = null },
        new("H12", "a daemon", RunVerdict.Ok, Daemon + "leave(False)"),
        new("H13", "a daemon that holds the output", RunVerdict.Ok, Daemon + "leave(True)"),
        new("H14", "an endless loop that ignores polite signals", RunVerdict.TimeLimit, """
            import signal
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU): signal.signal(number, signal.SIG_IGN)
            while True: pass
            """),
        new("H20", "all descriptors", RunVerdict.RuntimeError, """
            kept = []
            while True: kept.append(open('/dev/null'))
            """),
        new("H21", "a thread bomb", RunVerdict.RuntimeError, """
            import threading, time
            while True: threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
            """),
        new("H22", "a sparse file of a terabyte", RunVerdict.RuntimeError, """
            with open('big', 'wb') as file: file.truncate(1 << 40)
            """),
        new("H29", "a deep tree that nobody may enter", RunVerdict.Ok, """
            import os
            for _ in range(1500):
                os.mkdir('d')
                os.chdir('d')
            os.chmod('.', 0)
            """) { Twice = true },
    ];

    private const string Daemon = """
        import os, time
        def leave(keep):
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    if not keep:
                        for fd in (0, 1, 2): os.close(fd)
                    time.sleep(1000)
                os._exit(0)
            os.wait()

        """;
}
