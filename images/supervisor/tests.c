/*
 * Tests of the supervisor's parts that need no sandbox. They run while the image is built; the rest is tested through real sandboxes.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/wait.h>

#include "cgroup.h"
#include "tasks.h"
#include "terminal.h"
#include "workdir.h"

static int failures;

#define CHECK(condition) check(condition, #condition, __LINE__)

static void check(bool holds, const char *condition, int line)
{
    if (holds) return;
    printf("line %d: %s does not hold (errno %d)\n", line, condition, errno);
    failures++;
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0) {
        perror(path);
        exit(2);
    }
}

static void enter(char *folder)
{
    if (!mkdtemp(folder) || chdir(folder) != 0) exit(2);
}

static void version_1_is_read(void)
{
    char folder[] = "/tmp/group-XXXXXX";
    enter(folder);
    mkdir("cpuacct", 0755);
    mkdir("memory", 0755);
    put("cpuacct/cpuacct.usage", "1234567890\n");
    put("memory/memory.max_usage_in_bytes", "4096\n");
    put("memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
    struct counters counters;
    counters_open(&counters, folder);
    CHECK(counters_cpu_us(&counters) == 1234567);
    CHECK(counters_memory_peak(&counters) == 4096);
    CHECK(counters_oom_kills(&counters) == 3);
}

static void version_2_is_read(void)
{
    char folder[] = "/tmp/group-XXXXXX";
    enter(folder);
    put("cpu.stat", "usage_usec 777\nuser_usec 700\nsystem_usec 77\n");
    put("memory.peak", "8192\n");
    put("memory.current", "5\n");
    put("memory.events", "low 0\nhigh 0\nmax 12\noom 2\noom_kill 2\noom_group_kill 9\n");
    struct counters counters;
    counters_open(&counters, folder);
    CHECK(counters_cpu_us(&counters) == 777);
    CHECK(counters_memory_peak(&counters) == 8192);
    CHECK(counters_oom_kills(&counters) == 2);
    put("memory.events", "oom 3\noom_kill 5\n");
    CHECK(counters_oom_kills(&counters) == 5);
}

static void version_2_without_a_peak_is_sampled(void)
{
    char folder[] = "/tmp/group-XXXXXX";
    enter(folder);
    put("cpu.stat", "usage_usec 1\n");
    put("memory.current", "300\n");
    struct counters counters;
    counters_open(&counters, folder);
    counters_sample(&counters);
    put("memory.current", "100\n");
    CHECK(counters_memory_peak(&counters) == 300);
    CHECK(counters_oom_kills(&counters) == 0);
}

static void nothing_is_counted_without_a_group(void)
{
    struct counters counters;
    counters_open(&counters, "/nowhere");
    CHECK(counters_cpu_us(&counters) == 0);
    CHECK(counters_memory_peak(&counters) == 0);
}

static void process(const char *task, const char *schedstat)
{
    char path[64] = "";
    for (const char *at = task; (at = strchr(at, '/')); at++) {
        memcpy(path, task, at - task);
        path[at - task] = 0;
        mkdir(path, 0755);
    }
    mkdir(task, 0755);
    snprintf(path, sizeof path, "%s/schedstat", task);
    put(path, schedstat);
}

static void a_task_that_waits_for_a_processor_is_busy(void)
{
    char folder[] = "/tmp/tasks-XXXXXX";
    enter(folder);
    CHECK(busiest_task_us("/nowhere") == 0);
    CHECK(busiest_task_us(folder) == 0);
    process("1/task/1", "99000000 99000000 1\n"); /* the supervisor itself */
    process("self/task/7", "99000000 99000000 1\n");
    process("7/task/7", "1000000 2000000 5\n");
    process("7/task/8", "200000 4000000 5\n");
    process("12/task/12", "1500000 1500000 5\n");
    mkdir("13", 0755); /* has just ended */
    CHECK(busiest_task_us(folder) == 4200);
}

static void remember(const char *path) { remember_folder(open(path, O_RDONLY | O_DIRECTORY), 0); }

static void what_came_later_is_removed(void)
{
    char folder[] = "/tmp/work-XXXXXX";
    enter(folder);
    mkdir("kept", 0755);
    put("kept/program", "x");
    forget_all();
    remember(folder);
    put("new", "x");
    put("kept/new", "x");
    put("outside", "x");
    if (symlink("/etc/passwd", "kept/link") != 0) exit(2);
    mkdir("kept/folder", 0755);
    mkdir("kept/folder/inner", 0755);
    put("kept/folder/inner/file", "x");
    chmod("kept", 0);
    CHECK(clean_root(folder));
    CHECK(access("kept/program", F_OK) == 0);
    CHECK(access("new", F_OK) != 0);
    CHECK(access("kept/new", F_OK) != 0);
    CHECK(access("kept/folder", F_OK) != 0);
    CHECK(access("kept/link", F_OK) != 0);
    CHECK(access("/etc/passwd", F_OK) == 0);
    CHECK(access(".0", F_OK) != 0);
}

static void what_was_replaced_is_removed(void)
{
    char folder[] = "/tmp/work-XXXXXX";
    enter(folder);
    put("program", "x");
    mkdir("lib", 0755);
    forget_all();
    remember(folder);
    put("other", "y");
    rename("other", "program");
    rename("lib", "moved");
    CHECK(clean_root(folder));
    CHECK(access("program", F_OK) != 0);
    CHECK(access("moved", F_OK) != 0);
}

static void a_deep_tree_that_nobody_may_enter_is_removed(void)
{
    char folder[] = "/tmp/work-XXXXXX";
    enter(folder);
    forget_all();
    for (int i = 0; i < 3000; i++) {
        put("file", "x");
        mkdir("d", 0755);
        if (chdir("d") != 0) exit(2);
    }
    chmod(".", 0);
    if (chdir(folder) != 0) exit(2);
    put(".1", "in the way");
    mkdir(".2", 0755);
    put(".2/file", "in the way");
    CHECK(clean_root(folder));
    CHECK(rmdir(folder) == 0);
}

static void a_place_that_does_not_exist_is_clean(void) { CHECK(clean_root("/nowhere")); }

static void a_terminal_has_a_size_and_ends_by_a_character(void)
{
    int command_side;
    struct winsize size;
    int master = terminal_open(80, 25, &command_side);
    if (master < 0) {
        printf("no terminal can be opened here: its test is left to the sandboxes\n");
        return;
    }
    CHECK(ioctl(command_side, TIOCGWINSZ, &size) == 0 && size.ws_col == 80 && size.ws_row == 25);
    terminal_resize(master, 100, 30);
    CHECK(ioctl(command_side, TIOCGWINSZ, &size) == 0 && size.ws_col == 100 && size.ws_row == 30);
    CHECK(terminal_end(master) == 4);
    CHECK(terminal_foreground(master, 77) == 77);
    char end = terminal_end(master), read_back[8];
    CHECK(write(master, &end, 1) == 1);
    CHECK(read(command_side, read_back, sizeof read_back) == 0);
}

int main(void)
{
    version_1_is_read();
    version_2_is_read();
    version_2_without_a_peak_is_sampled();
    nothing_is_counted_without_a_group();
    a_task_that_waits_for_a_processor_is_busy();
    what_came_later_is_removed();
    what_was_replaced_is_removed();
    a_deep_tree_that_nobody_may_enter_is_removed();
    a_place_that_does_not_exist_is_clean();
    a_terminal_has_a_size_and_ends_by_a_character();
    if (failures == 0) printf("all tests passed\n");
    return failures != 0;
}
