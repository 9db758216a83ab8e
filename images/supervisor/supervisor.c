/*
 * PID 1 of a sandbox. Takes files and commands as frames on its standard input, runs one command at a time, and reports output and
 * end as frames on its standard output. PROTOCOL.md beside this file describes the frames.
 *
 * The commands run under the same user as this process, so everything here assumes that they are hostile: they cannot trace it or
 * read its memory (not dumpable), cannot kill it (PID 1 of its namespace), and hold none of its descriptors (close-on-exec, pipes).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cgroup.h"
#include "filter.h"
#include "tasks.h"
#include "terminal.h"
#include "workdir.h"

/* All versions from the oldest to the newest are understood. */
#define OLDEST_VERSION 1
#define NEWEST_VERSION 2
#define HEADER_SIZE 5
#define MAX_FRAME (256 * 1024)
#define STDIN_WINDOW (64 * 1024)
#define OUTPUT_CHUNK (32 * 1024)
#define OUT_CAPACITY (256 * 1024)
/* Space in the out buffer that output may not take: for window and exit frames. */
#define OUT_RESERVE 1024
#define TICK_MS 50
#define MAX_STRINGS 4096
#define WORK_DIRECTORY "/box"
#define CONTROL_GROUPS "/sys/fs/cgroup"
#define PROCESSES "/proc"

enum { IN_FILE = 'F', IN_COMMAND = 'C', IN_STDIN = 'I', IN_STDIN_END = 'E', IN_SIGNAL = 'K', IN_RESIZE = 'Z', IN_REMEMBER = 'S', IN_CLEAN = 'D' };
enum { OUT_READY = 'r', OUT_STDOUT = 'o', OUT_STDERR = 'e', OUT_WINDOW = 'w', OUT_EXIT = 'x', OUT_ERROR = '!' };
enum { FILE_APPEND = 1, FILE_EXECUTABLE = 2 };
enum { COMMAND_STDIN = 1, COMMAND_TERMINAL = 2 };
enum { EXITED = 0, SIGNALLED = 1, NOT_STARTED = 2 };
enum { FLAG_WALL = 1, FLAG_CPU = 2, FLAG_STDOUT_LIMIT = 4, FLAG_STDERR_LIMIT = 8, FLAG_BUSY = 16 };

struct reader {
    const uint8_t *at, *end;
};

struct limits {
    uint32_t wall_ms, cpu_ms;
    uint64_t file_size;
    uint32_t open_files;
};

struct output {
    int fd;
    uint8_t frame, limit_flag;
    uint32_t limit;
    uint64_t total;
};

/* The command that runs now. */
struct command {
    bool active;   /* from its start to its exit frame */
    bool running;  /* its main process has not ended */
    pid_t pid;
    struct limits limits;
    struct output out, err;
    int stdin_fd;
    bool stdin_end;
    int terminal;  /* our side of it, the same as the output's and the input's; -1 without one */
    int ends_due;  /* end characters that the terminal has not been given yet */
    uint8_t last_input;
    uint64_t started_us, ended_us;
    uint64_t cgroup_cpu_us, oom_kills, children_cpu_us;
    uint32_t flags;
    uint8_t how, code;
    uint16_t error;
};

static uint8_t in_buffer[HEADER_SIZE + MAX_FRAME];
static size_t in_length;
static uint8_t out_buffer[OUT_CAPACITY];
static size_t out_start, out_end;
static uint8_t stdin_buffer[STDIN_WINDOW];
static size_t stdin_start, stdin_length;
static uint32_t credit;
static struct command current;
static int box_fd, signal_fd, oom_score_fd;
static struct counters counters;
static const char *const writable[] = { WORK_DIRECTORY, "/tmp", "/dev/shm", "/dev/mqueue" };
#define WRITABLE (sizeof writable / sizeof *writable)
static char own_oom_score[16];

/* ---- frames out ---- */

static void put16(uint8_t *at, uint16_t value) { at[0] = value >> 8; at[1] = value & 0xff; }
static void put32(uint8_t *at, uint32_t value) { put16(at, value >> 16); put16(at + 2, value & 0xffff); }
static void put64(uint8_t *at, uint64_t value) { put32(at, value >> 32); put32(at + 4, value & 0xffffffff); }

static size_t out_space(void) { return OUT_CAPACITY - (out_end - out_start); }

static void write_out(void)
{
    while (out_start < out_end) {
        ssize_t written = write(STDOUT_FILENO, out_buffer + out_start, out_end - out_start);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == EAGAIN) return;
        if (written < 0) _exit(0); /* nobody listens any more */
        out_start += written;
    }
    out_start = out_end = 0;
}

/* Room for a frame of this length; the caller has made sure of the space. */
static uint8_t *begin_frame(uint8_t type, uint32_t length)
{
    if (OUT_CAPACITY - out_end < HEADER_SIZE + length) {
        memmove(out_buffer, out_buffer + out_start, out_end - out_start);
        out_end -= out_start;
        out_start = 0;
    }
    uint8_t *frame = out_buffer + out_end;
    frame[0] = type;
    put32(frame + 1, length);
    out_end += HEADER_SIZE + length;
    return frame + HEADER_SIZE;
}

/* The other side broke the protocol, or the sandbox is broken: says why and ends everything. */
static void __attribute__((noreturn)) fail(const char *message)
{
    size_t length = strlen(message);
    if (out_space() >= HEADER_SIZE + length) memcpy(begin_frame(OUT_ERROR, length), message, length);
    fcntl(STDOUT_FILENO, F_SETFL, 0);
    write_out();
    _exit(70);
}

/* ---- clocks and the control group ---- */

static uint64_t now_us(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000ull + time.tv_nsec / 1000;
}

static uint64_t to_us(struct timeval time) { return time.tv_sec * 1000000ull + time.tv_usec; }

static uint64_t children_cpu_us(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return to_us(usage.ru_utime) + to_us(usage.ru_stime);
}

/* Where the kernel counts nothing, the largest process stands for all. */
static uint64_t memory_peak(void)
{
    uint64_t peak = counters_memory_peak(&counters);
    if (peak > 0) return peak;
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return usage.ru_maxrss * 1024ull;
}

/* ---- frames in ---- */

static const uint8_t *take(struct reader *reader, size_t length)
{
    if ((size_t)(reader->end - reader->at) < length) fail("frame is too short");
    const uint8_t *at = reader->at;
    reader->at += length;
    return at;
}

static uint8_t take8(struct reader *reader) { return *take(reader, 1); }
static uint16_t take16(struct reader *reader) { uint16_t high = take8(reader); return high << 8 | take8(reader); }
static uint32_t take32(struct reader *reader) { uint32_t high = take16(reader); return high << 16 | take16(reader); }
static uint64_t take64(struct reader *reader) { uint64_t high = take32(reader); return high << 32 | take32(reader); }

static char *take_string(struct reader *reader)
{
    const uint8_t *end = memchr(reader->at, 0, reader->end - reader->at);
    if (!end) fail("string is not ended");
    return (char *)take(reader, end - reader->at + 1);
}

/* Opens or makes each directory of the path; never follows a link, which an earlier command may have left. */
static int open_parent(char *path, char **name)
{
    int directory = dup(box_fd);
    for (char *part = path;; ) {
        char *slash = strchr(part, '/');
        if (slash) *slash = 0;
        if (!*part || !strcmp(part, ".") || !strcmp(part, "..") || strlen(part) > 255) fail("file name is not allowed");
        if (!slash) {
            *name = part;
            return directory;
        }
        mkdirat(directory, part, 0755);
        int next = openat(directory, part, O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_PATH);
        if (next < 0) fail("directory cannot be opened");
        close(directory);
        directory = next;
        part = slash + 1;
    }
}

static void on_file(struct reader reader)
{
    uint8_t flags = take8(&reader);
    if (flags & ~(FILE_APPEND | FILE_EXECUTABLE)) fail("unknown flag of a file");
    char path[4096], *name;
    const char *given = take_string(&reader);
    if (strlen(given) >= sizeof path) fail("file name is too long");
    strcpy(path, given);
    int directory = open_parent(path, &name);
    /* A new file each time: whatever an earlier command made of it is no part of it any more. */
    if (!(flags & FILE_APPEND)) unlinkat(directory, name, 0);
    int fd = openat(directory, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | (flags & FILE_APPEND ? O_APPEND : O_CREAT | O_EXCL),
                    flags & FILE_EXECUTABLE ? 0755 : 0644);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) fail("file cannot be written");
    while (reader.at < reader.end) {
        ssize_t written = write(fd, reader.at, reader.end - reader.at);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) fail("file does not fit");
        reader.at += written;
    }
    close(fd);
    close(directory);
}

/* ---- a command ---- */

static void set_limit(int resource, rlim_t soft, rlim_t hard)
{
    struct rlimit limit = { soft, hard };
    setrlimit(resource, &limit);
}

/* In the child. Says why by the pipe when the program cannot be executed. */
static void __attribute__((noreturn)) execute(char **argv, char **env, const int fds[3], int error_fd)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setsid();
    if (current.terminal >= 0) ioctl(fds[0], TIOCSCTTY, 0);
    set_limit(RLIMIT_CORE, 0, 0);
    if (current.limits.file_size) set_limit(RLIMIT_FSIZE, current.limits.file_size, current.limits.file_size);
    if (current.limits.open_files) set_limit(RLIMIT_NOFILE, current.limits.open_files, current.limits.open_files);
    /* The control group is what counts the CPU time of all processes; this stops a single one where it is not readable. Later, so that
       the flag is set by then. */
    rlim_t seconds = (current.limits.cpu_ms + 999) / 1000;
    if (seconds) set_limit(RLIMIT_CPU, seconds + 1, seconds + 2);
    int error = 0;
    if (fchdir(box_fd) != 0 || dup2(fds[0], 0) < 0 || dup2(fds[1], 1) < 0 || dup2(fds[2], 2) < 0 || install_filter() != 0) error = errno;
    if (!error) {
        for (; *env; env++) putenv(*env);
        execvp(argv[0], argv);
        error = errno;
    }
    if (write(error_fd, &error, sizeof error) < 0) _exit(126);
    _exit(127);
}

/* Children inherit the score, so that the kernel prefers every one of them to this process when memory runs out. */
static void set_oom_score(const char *score)
{
    if (pwrite(oom_score_fd, score, strlen(score), 0) < 0) fail("out-of-memory score cannot be set");
}

static void open_oom_score(void)
{
    oom_score_fd = open("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);
    if (oom_score_fd < 0 || pread(oom_score_fd, own_oom_score, sizeof own_oom_score - 1, 0) <= 0) fail("out-of-memory score is not known");
}

static void make_pipe(int ends[2])
{
    if (pipe2(ends, O_CLOEXEC) != 0) fail("no pipe");
}

/* The command's three descriptors, and our ends of them. */
static void connect_pipes(int fds[3], bool with_stdin)
{
    int input[2] = { -1, -1 }, output[2], error[2];
    if (with_stdin) make_pipe(input);
    else input[0] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    make_pipe(output);
    make_pipe(error);
    fds[0] = input[0], fds[1] = output[1], fds[2] = error[1];
    current.stdin_fd = input[1];
    current.out.fd = output[0];
    current.err.fd = error[0];
}

static void connect_terminal(int fds[3], uint16_t columns, uint16_t rows)
{
    current.terminal = terminal_open(columns, rows, &fds[0]);
    if (current.terminal < 0) fail("no terminal");
    fds[1] = fds[2] = fds[0];
    current.out.fd = current.terminal;
    current.stdin_fd = dup(current.terminal);
    if (current.stdin_fd < 0) fail("no descriptor");
}

static void do_not_wait(int fd)
{
    if (fd >= 0) fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static void start(char **argv, char **env, int fds[3])
{
    int failure[2];
    make_pipe(failure);
    current.started_us = now_us();
    set_oom_score("1000");
    current.pid = fork();
    if (current.pid == 0) execute(argv, env, fds, failure[1]);
    set_oom_score(own_oom_score);
    if (current.pid < 0) fail("no process");
    for (int i = 0; i < 3; i++) {
        if (i == 0 || fds[i] != fds[0]) close(fds[i]);
    }
    close(failure[1]);
    int reason = 0;
    ssize_t length;
    do length = read(failure[0], &reason, sizeof reason); while (length < 0 && errno == EINTR);
    close(failure[0]);
    if (length == sizeof reason) {
        current.how = NOT_STARTED;
        current.error = reason;
    }
    do_not_wait(current.out.fd);
    do_not_wait(current.err.fd);
    do_not_wait(current.stdin_fd);
}

static char **take_strings(struct reader *reader, uint16_t count, char **strings)
{
    if (count >= MAX_STRINGS) fail("too many strings");
    for (uint16_t i = 0; i < count; i++) strings[i] = take_string(reader);
    strings[count] = NULL;
    return strings;
}

static void on_command(struct reader reader)
{
    static char *argv[MAX_STRINGS], *env[MAX_STRINGS];
    if (current.active) fail("a command is running");
    current = (struct command){ .active = true, .running = true, .stdin_fd = -1, .terminal = -1 };
    uint8_t flags = take8(&reader);
    if (flags & ~(COMMAND_STDIN | COMMAND_TERMINAL)) fail("unknown flag of a command");
    current.limits.wall_ms = take32(&reader);
    current.limits.cpu_ms = take32(&reader);
    current.out = (struct output){ .fd = -1, .frame = OUT_STDOUT, .limit_flag = FLAG_STDOUT_LIMIT, .limit = take32(&reader) };
    current.err = (struct output){ .fd = -1, .frame = OUT_STDERR, .limit_flag = FLAG_STDERR_LIMIT, .limit = take32(&reader) };
    current.limits.file_size = take64(&reader);
    current.limits.open_files = take32(&reader);
    uint16_t argc = take16(&reader), envc = take16(&reader);
    uint16_t columns = 0, rows = 0;
    if (flags & COMMAND_TERMINAL) columns = take16(&reader), rows = take16(&reader);
    take_strings(&reader, argc, argv);
    take_strings(&reader, envc, env);
    if (argc == 0 || reader.at != reader.end) fail("command is malformed");
    stdin_start = stdin_length = credit = 0;
    current.cgroup_cpu_us = counters_cpu_us(&counters);
    current.oom_kills = counters_oom_kills(&counters);
    current.children_cpu_us = children_cpu_us();
    int fds[3];
    if (flags & COMMAND_TERMINAL) connect_terminal(fds, columns, rows);
    else connect_pipes(fds, flags & COMMAND_STDIN);
    start(argv, env, fds);
}

static void close_stdin(void)
{
    if (current.stdin_fd >= 0) close(current.stdin_fd);
    current.stdin_fd = -1;
    credit += stdin_length;
    stdin_start = stdin_length = 0;
    current.ends_due = 0;
}

/* A terminal's input ends by a character, and goes on behind it. In the middle of a line the first one only ends the line. */
static void write_ends(void)
{
    while (current.stdin_fd >= 0 && current.ends_due > 0) {
        char end = terminal_end(current.terminal);
        ssize_t written = write(current.stdin_fd, &end, 1);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == EAGAIN) return;
        if (written < 0) close_stdin();
        else current.ends_due--;
    }
}

static void write_stdin(void)
{
    while (current.stdin_fd >= 0 && stdin_length > 0) {
        size_t piece = STDIN_WINDOW - stdin_start < stdin_length ? STDIN_WINDOW - stdin_start : stdin_length;
        ssize_t written = write(current.stdin_fd, stdin_buffer + stdin_start, piece);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == EAGAIN) return;
        if (written < 0) close_stdin(); /* nobody reads it: what is left and what still comes is dropped */
        else {
            current.last_input = stdin_buffer[(stdin_start + written - 1) % STDIN_WINDOW];
            stdin_start = (stdin_start + written) % STDIN_WINDOW;
            stdin_length -= written;
            credit += written;
        }
    }
    if (!current.stdin_end) return;
    if (current.terminal < 0) close_stdin();
    else write_ends();
}

static void end_stdin(void)
{
    if (!current.active || current.stdin_end) return;
    uint8_t last = stdin_length ? stdin_buffer[(stdin_start + stdin_length - 1) % STDIN_WINDOW] : current.last_input;
    current.stdin_end = true;
    current.ends_due = last == 0 || last == '\n' || last == '\r' ? 1 : 2;
    write_stdin();
}

static void on_stdin(struct reader reader)
{
    size_t length = reader.end - reader.at;
    if (!current.active) return; /* was on its way when the command ended */
    if (length > STDIN_WINDOW - stdin_length - credit) fail("more input than the window allows");
    if (current.stdin_fd < 0 || current.stdin_end) {
        credit += length;
        return;
    }
    for (; reader.at < reader.end; reader.at++) stdin_buffer[(stdin_start + stdin_length++) % STDIN_WINDOW] = *reader.at;
    write_stdin();
}

static void kill_all(void) { kill(-1, SIGKILL); }

static void on_signal(struct reader reader)
{
    int number = take8(&reader);
    if (number < 1 || number > SIGRTMAX) fail("no such signal");
    if (!current.active || !current.running) return;
    if (number == SIGKILL) kill_all();
    else kill(-terminal_foreground(current.terminal, current.pid), number);
}

static void on_resize(struct reader reader)
{
    uint16_t columns = take16(&reader), rows = take16(&reader);
    if (current.active && current.terminal >= 0 && current.out.fd >= 0) terminal_resize(current.terminal, columns, rows);
}

static void on_remember(void)
{
    if (current.active) fail("a command is running");
    forget_all();
    for (size_t i = 0; i < WRITABLE; i++) remember_folder(open(writable[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC), 0);
}

/* Shared memory, queues and semaphores that have no file. */
static void remove_ipc(void)
{
    struct shmid_ds memory;
    struct msqid_ds queue;
    struct seminfo semaphores;
    union {
        struct semid_ds *set;
        struct seminfo *all;
    } argument = { .all = &semaphores };
    int last = shmctl(0, SHM_INFO, &memory);
    for (int i = 0, id; i <= last; i++) {
        if ((id = shmctl(i, SHM_STAT, &memory)) >= 0) shmctl(id, IPC_RMID, NULL);
    }
    last = msgctl(0, MSG_INFO, &queue);
    for (int i = 0, id; i <= last; i++) {
        if ((id = msgctl(i, MSG_STAT, &queue)) >= 0) msgctl(id, IPC_RMID, NULL);
    }
    last = semctl(0, 0, SEM_INFO, argument);
    struct semid_ds set;
    argument.set = &set;
    for (int i = 0, id; i <= last; i++) {
        if ((id = semctl(i, 0, SEM_STAT, argument)) >= 0) semctl(id, 0, IPC_RMID);
    }
}

static void on_clean(void)
{
    if (current.active) fail("a command is running");
    chmod(WORK_DIRECTORY, 0755); /* a program may have closed it to itself */
    for (size_t i = 0; i < WRITABLE; i++) {
        if (!clean_root(writable[i])) fail("the work directory cannot be cleaned");
    }
    remove_ipc();
}

static void on_frame(uint8_t type, struct reader reader)
{
    switch (type) {
    case IN_FILE: on_file(reader); break;
    case IN_COMMAND: on_command(reader); break;
    case IN_STDIN: on_stdin(reader); break;
    case IN_STDIN_END: end_stdin(); break;
    case IN_SIGNAL: on_signal(reader); break;
    case IN_RESIZE: on_resize(reader); break;
    case IN_REMEMBER: on_remember(); break;
    case IN_CLEAN: on_clean(); break;
    default: fail("unknown frame");
    }
}

static void read_in(void)
{
    ssize_t length = read(STDIN_FILENO, in_buffer + in_length, sizeof in_buffer - in_length);
    if (length < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (length <= 0) _exit(0); /* the worker is gone; the namespace dies with this process */
    in_length += length;
    size_t at = 0;
    while (in_length - at >= HEADER_SIZE) {
        struct reader header = { in_buffer + at + 1, in_buffer + at + HEADER_SIZE };
        uint32_t size = take32(&header);
        if (size > MAX_FRAME) fail("frame is too long");
        if (in_length - at < HEADER_SIZE + size) break;
        on_frame(in_buffer[at], (struct reader){ header.end, header.end + size });
        at += HEADER_SIZE + size;
    }
    memmove(in_buffer, in_buffer + at, in_length - at);
    in_length -= at;
}

/* ---- output and end of a command ---- */

/* Passes on one piece of what is within the limit; the first byte beyond it ends the command. */
static void read_output(struct output *output)
{
    if (output->fd < 0 || out_space() < HEADER_SIZE + OUTPUT_CHUNK + OUT_RESERVE) return;
    uint8_t chunk[OUTPUT_CHUNK];
    ssize_t length = read(output->fd, chunk, sizeof chunk);
    if (length < 0 && (errno == EINTR || errno == EAGAIN)) return;
    if (length <= 0) {
        close(output->fd);
        output->fd = -1;
        if (output == &current.out && current.terminal >= 0) {
            /* Nothing of the command has it open any more. */
            current.terminal = -1;
            close_stdin();
        }
        return;
    }
    uint64_t left = output->total < output->limit ? output->limit - output->total : 0;
    size_t kept = (uint64_t)length < left ? (size_t)length : left;
    if (kept) memcpy(begin_frame(output->frame, kept), chunk, kept);
    output->total += length;
    if (output->total > output->limit && !(current.flags & output->limit_flag)) {
        current.flags |= output->limit_flag;
        kill_all();
    }
}

/* The main process has ended: nothing else of the command may live on. */
static void reap_everything(void)
{
    do kill_all(); while (waitpid(-1, NULL, 0) > 0 || errno == EINTR);
}

static void on_child(void)
{
    struct signalfd_siginfo info;
    while (read(signal_fd, &info, sizeof info) > 0) continue;
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (!current.running || pid != current.pid) continue;
        current.running = false;
        current.ended_us = now_us();
        if (current.how != NOT_STARTED) {
            current.how = WIFSIGNALED(status) ? SIGNALLED : EXITED;
            current.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
        }
        close_stdin();
        reap_everything();
    }
}

static void check_limits(void)
{
    if (!current.running || current.flags & (FLAG_WALL | FLAG_CPU)) return;
    counters_sample(&counters);
    uint64_t wall_us = now_us() - current.started_us;
    if (current.limits.wall_ms && wall_us >= current.limits.wall_ms * 1000ull) {
        current.flags |= FLAG_WALL;
        if (busiest_task_us(PROCESSES) >= wall_us / 4 * 3) current.flags |= FLAG_BUSY;
    } else if (current.limits.cpu_ms && counters.cpu >= 0 && counters_cpu_us(&counters) - current.cgroup_cpu_us >= current.limits.cpu_ms * 1000ull)
        current.flags |= FLAG_CPU;
    else return;
    kill_all();
}

static void send_window(void)
{
    if (!credit || out_space() < HEADER_SIZE + 4) return;
    put32(begin_frame(OUT_WINDOW, 4), credit);
    credit = 0;
}

static void send_exit(void)
{
    uint64_t cpu_us = children_cpu_us() - current.children_cpu_us;
    /* Children that nobody waited for are missing there. Only the control group knows whether they were busy. */
    uint64_t group_us = counters_cpu_us(&counters) - current.cgroup_cpu_us;
    if (current.flags & FLAG_WALL && group_us > cpu_us) cpu_us = group_us;
    if (current.limits.cpu_ms && cpu_us >= current.limits.cpu_ms * 1000ull && !(current.flags & FLAG_WALL)) current.flags |= FLAG_CPU;
    uint8_t *at = begin_frame(OUT_EXIT, 56);
    at[0] = current.how;
    at[1] = current.code;
    put16(at + 2, current.error);
    put32(at + 4, current.flags);
    put64(at + 8, current.ended_us - current.started_us);
    put64(at + 16, cpu_us);
    put64(at + 24, memory_peak());
    put64(at + 32, counters_oom_kills(&counters) - current.oom_kills);
    put64(at + 40, current.out.total);
    put64(at + 48, current.err.total);
    current.active = false;
}

static void set_up(void)
{
    if (getpid() != 1) fail("has to be PID 1 of its own namespace");
    open_oom_score();
    counters_open(&counters, CONTROL_GROUPS);
    if (prctl(PR_SET_DUMPABLE, 0) != 0) fail("cannot be hidden from its children");
    box_fd = open(WORK_DIRECTORY, O_DIRECTORY | O_PATH | O_CLOEXEC);
    if (box_fd < 0) fail("no work directory");
    umask(022);
    signal(SIGPIPE, SIG_IGN);
    sigset_t children;
    sigemptyset(&children);
    sigaddset(&children, SIGCHLD);
    sigprocmask(SIG_BLOCK, &children, NULL);
    signal_fd = signalfd(-1, &children, SFD_NONBLOCK | SFD_CLOEXEC);
    if (signal_fd < 0) fail("no signal descriptor");
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    fcntl(STDOUT_FILENO, F_SETFL, O_NONBLOCK);
    uint8_t *versions = begin_frame(OUT_READY, 2);
    versions[0] = OLDEST_VERSION;
    versions[1] = NEWEST_VERSION;
}

static int poll_timeout(void)
{
    return current.active && current.running ? TICK_MS : -1;
}

int main(void)
{
    set_up();
    for (;;) {
        write_out();
        bool room = out_space() >= HEADER_SIZE + OUTPUT_CHUNK + OUT_RESERVE;
        struct pollfd fds[] = {
            { STDIN_FILENO, POLLIN, 0 },
            { signal_fd, POLLIN, 0 },
            { out_start < out_end ? STDOUT_FILENO : -1, POLLOUT, 0 },
            { current.active && room ? current.out.fd : -1, POLLIN, 0 },
            { current.active && room ? current.err.fd : -1, POLLIN, 0 },
            { current.active && (stdin_length > 0 || current.ends_due > 0) ? current.stdin_fd : -1, POLLOUT, 0 },
        };
        if (poll(fds, sizeof fds / sizeof *fds, poll_timeout()) < 0 && errno != EINTR) fail("cannot wait");
        if (fds[5].revents) write_stdin();
        if (current.active) {
            read_output(&current.out);
            read_output(&current.err);
        }
        if (fds[1].revents) on_child();
        check_limits();
        if (fds[0].revents) read_in();
        send_window();
        if (current.active && !current.running && current.out.fd < 0 && current.err.fd < 0 && out_space() >= OUT_RESERVE) send_exit();
    }
}
