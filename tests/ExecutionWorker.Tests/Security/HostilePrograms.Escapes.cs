using Platform.Core.Execution;

namespace Platform.ExecutionWorker.Tests.Security;

/// <summary>Programs that try to reach what is not theirs. Each exits with 1 and says so when an attempt succeeds.</summary>
internal static partial class HostilePrograms
{
    private const string Attempts = """
        import ctypes, os, sys
        libc = ctypes.CDLL(None, use_errno=True)
        bad = []
        def attempt(name, action):
            try: action()
            except OSError: return
            bad.append(name)
        def call(*arguments):
            ctypes.set_errno(0)
            if libc.syscall(*arguments) == -1: raise OSError(ctypes.get_errno(), 'refused')

        """;

    private const string Report = "\nsys.exit('succeeded: ' + ', '.join(bad) if bad else 0)";

    private static IEnumerable<HostileProgram> Escapes() =>
    [
        new("H06", "writing outside of the work directory", RunVerdict.Ok, Attempts + """
            for folder in ('/', '/etc', '/usr/bin', '/proc/sys/kernel', '/sys', '/root', '/var/tmp', '/run', '/sys/fs/cgroup'):
                attempt(folder, lambda: open(folder + '/x', 'w'))
            for path in ('/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/etc/passwd', '/usr/local/bin/supervisor'):
                attempt(path, lambda: open(path, 'w'))
            with open('/tmp/x', 'w') as file: file.write('fine')
            """ + Report),
        new("H15", "killing everything", RunVerdict.RuntimeError, """
            import os, signal
            for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP): os.kill(1, number)
            if os.fork() == 0:
                while True: pass
            os.kill(-1, signal.SIGKILL)
            os.wait()
            os.kill(-1, signal.SIGKILL)
            """),
        new("H16", "tracing the supervisor, reaching the host", RunVerdict.Ok, Attempts + """
            attempt('ptrace attach', lambda: call(101, 16, 1, 0, 0))
            attempt('ptrace seize', lambda: call(101, 0x4206, 1, 0, 0))
            attempt('ptrace me', lambda: call(101, 0, 0, 0, 0))
            attempt('process_vm_readv', lambda: call(310, 1, 0, 0, 0, 0, 0))
            attempt('memory', lambda: open('/proc/1/mem', 'r+b'))
            attempt('environment', lambda: open('/proc/1/environ').read())
            attempt('maps', lambda: open('/proc/1/maps').read())
            attempt('descriptors', lambda: os.listdir('/proc/1/fd'))
            attempt('root', lambda: os.listdir('/proc/1/root'))
            attempt('limits', lambda: __import__('resource').prlimit(1, 7, (0, 0)))
            attempt('priority', lambda: os.setpriority(os.PRIO_PROCESS, 1, 19))
            attempt('affinity', lambda: os.sched_setaffinity(1, {0}))
            for device in ('/dev/mem', '/dev/kmsg', '/dev/sda', '/dev/vda', '/dev/kvm', '/dev/fuse', '/dev/net/tun', '/var/run/docker.sock', '/run/docker.sock'):
                attempt(device, lambda: open(device, 'rb'))
            """ + Report),
        new("H17", "reaching a network", RunVerdict.Ok, Attempts + """
            import socket
            if os.listdir('/sys/class/net') != ['lo']: bad.append('an interface')
            for address in (('1.1.1.1', 80), ('169.254.169.254', 80), ('172.17.0.1', 80), ('10.0.0.1', 53)):
                attempt(str(address), lambda: socket.create_connection(address, 1))
            attempt('a name', lambda: socket.getaddrinfo('example.org', 80))
            attempt('raw socket', lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
            attempt('packet socket', lambda: socket.socket(17, socket.SOCK_RAW, 0))
            attempt('vsock', lambda: socket.socket(40, socket.SOCK_STREAM, 0))
            """ + Report),
        new("H18", "gaining rights", RunVerdict.Ok, Attempts + """
            import subprocess
            attempt('setuid', lambda: os.setuid(0))
            attempt('setgid', lambda: os.setgid(0))
            attempt('groups', lambda: os.setgroups([0]))
            attempt('chown', lambda: os.chown('.', 0, 0))
            open('program', 'w').write('#!/bin/sh\nid -u > uid')
            os.chmod('program', 0o6755)
            subprocess.run(['./program'])
            if open('uid').read().strip() != '65534': bad.append('a set-uid program')
            for root, _, files in os.walk('/usr'):
                for name in files:
                    if os.lstat(os.path.join(root, name)).st_mode & 0o6000: bad.append(os.path.join(root, name))
            status = open('/proc/self/status').read()
            for line in ('CapEff:\t0000000000000000', 'CapBnd:\t0000000000000000', 'NoNewPrivs:\t1', 'Seccomp:\t2'):
                if line not in status: bad.append('no ' + line)
            """ + Report),
        // Numbers of x86-64; elsewhere they are other calls, which are refused as well or harmless without their arguments.
        new("H19", "calls into the kernel", RunVerdict.Ok, Attempts + """
            calls = {
                'mount': 165, 'umount2': 166, 'pivot_root': 155, 'chroot': 161, 'unshare': (272, 0x10000000), 'unshare net': (272, 0x40000000),
                'setns': 308, 'bpf': 321, 'keyctl': (250, 0), 'add_key': 248, 'request_key': 249, 'perf_event_open': 298, 'userfaultfd': 323,
                'io_uring_setup': (425, 1), 'io_uring_enter': 426, 'clock_settime': 227, 'settimeofday': 164, 'adjtimex': 159, 'reboot': 169,
                'init_module': 175, 'finit_module': 313, 'kexec_load': 246, 'open_by_handle_at': 304, 'name_to_handle_at': 303, 'fsopen': (430, b'tmpfs', 0),
                'open_tree': 428, 'move_mount': 429, 'mount_setattr': 442, 'swapon': 167, 'sethostname': (170, b'x', 1), 'iopl': (172, 3), 'ioperm': 173,
                'acct': 163, 'syslog': (103, 3), 'quotactl': 179, 'process_madvise': 440, 'pidfd_getfd': 438, 'kcmp': 312, 'move_pages': 279, 'mbind': 237,
                'clone with a user namespace': (56, 0x10000011, 0, 0, 0, 0), 'personality': (135, 0x0400000),
            }
            for name, what in calls.items():
                what = what if isinstance(what, tuple) else (what, 0, 0, 0, 0, 0)
                try: call(*what)
                except OSError as error:
                    if error.errno not in (1, 38): bad.append(f'{name} reached the kernel ({error.errno})')
                else: bad.append(name)
            """ + Report),
    ];
}
