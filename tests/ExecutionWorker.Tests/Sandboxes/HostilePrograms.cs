using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Tests.Sandboxes;

/// <summary>Programs that try to do harm, and the verdict that each must get.</summary>
internal static class HostilePrograms
{
    public static readonly IReadOnlyDictionary<string, (RunVerdict Verdict, string Code)> All = new Dictionary<string, (RunVerdict, string)>
    {
        ["endless loop"] = (RunVerdict.TimeLimit, "while True: pass"),
        ["endless loop that ignores polite signals"] = (RunVerdict.TimeLimit, """
            import signal
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGXCPU): signal.signal(number, signal.SIG_IGN)
            while True: pass
            """),
        ["endless loop in a child"] = (RunVerdict.TimeLimit, """
            import os
            if os.fork() == 0:
                while True: pass
            os.wait()
            """),
        ["fork bomb"] = (RunVerdict.TimeLimit, """
            import os
            while True:
                try: os.fork()
                except OSError: pass
            """),
        ["memory bomb"] = (RunVerdict.MemoryLimit, """
            kept = []
            while True: kept.append(bytearray(16 << 20))
            """),
        ["memory bomb in a child of a parent that succeeds"] = (RunVerdict.MemoryLimit, """
            import os
            if os.fork() == 0:
                kept = []
                while True: kept.append(bytearray(16 << 20))
            os.wait()
            """),
        ["exit code that looks like an out-of-memory kill"] = (RunVerdict.RuntimeError, "import os; os._exit(137)"),
        ["flood of stdout"] = (RunVerdict.OutputLimit, """
            import sys
            while True: sys.stdout.write('x' * 4096)
            """),
        ["flood of stderr"] = (RunVerdict.OutputLimit, """
            import sys
            while True: sys.stderr.write('x' * 4096)
            """),
        ["sleep for ever"] = (RunVerdict.IdleLimit, "import time; time.sleep(1000)"),
        ["disk full"] = (RunVerdict.RuntimeError, """
            with open('big', 'wb') as file:
                while True: file.write(bytes(1 << 20))
            """),
        ["out of inodes"] = (RunVerdict.RuntimeError, """
            number = 0
            while True:
                open(str(number), 'w').close()
                number += 1
            """),
        ["sparse file of a terabyte"] = (RunVerdict.RuntimeError, """
            with open('big', 'wb') as file: file.truncate(1 << 40)
            """),
        ["all descriptors"] = (RunVerdict.RuntimeError, """
            kept = []
            while True: kept.append(open('/dev/null'))
            """),
        ["thread bomb"] = (RunVerdict.RuntimeError, """
            import threading, time
            while True: threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
            """),
        ["crash"] = (RunVerdict.Signalled, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"),
        ["kills everything it can"] = (RunVerdict.Ok, """
            import os, signal
            for target in (1, -1):
                for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP):
                    try: os.kill(target, number)
                    except ProcessLookupError: pass
            """),
        ["leaves daemons behind, one of them with the output"] = (RunVerdict.Ok, """
            import os, time
            for keep in (True, False):
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        if not keep:
                            for fd in (0, 1, 2): os.close(fd)
                        time.sleep(1000)
                    os._exit(0)
                os.wait()
            """),
        ["deep tree that nobody may enter"] = (RunVerdict.Ok, """
            import os
            for _ in range(1000):
                os.mkdir('d')
                os.chdir('d')
            os.chmod('.', 0)
            """),
    };
}
