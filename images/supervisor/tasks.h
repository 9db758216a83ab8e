/*
 * Whether a program worked or waited. How much processor it got says little where others hold it: what counts is how long it wanted one.
 */
#ifndef TASKS_H
#define TASKS_H

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Time that the task had a processor, and that it was ready and had none; 0 where the kernel does not tell. */
static uint64_t task_wanted_us(int tasks_fd, const char *task)
{
    char path[300], text[128];
    snprintf(path, sizeof path, "%.255s/schedstat", task);
    int fd = openat(tasks_fd, path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    if (length <= 0) return 0;
    text[length] = 0;
    char *rest;
    uint64_t had = strtoull(text, &rest, 10);
    return (had + strtoull(rest, NULL, 10)) / 1000;
}

static uint64_t process_wanted_us(const char *root, const char *process)
{
    char path[512];
    uint64_t most = 0;
    snprintf(path, sizeof path, "%.200s/%.255s/task", root, process);
    DIR *tasks = opendir(path);
    if (!tasks) return 0; /* it has ended meanwhile */
    for (struct dirent *task; (task = readdir(tasks)); ) {
        uint64_t wanted = *task->d_name >= '1' && *task->d_name <= '9' ? task_wanted_us(dirfd(tasks), task->d_name) : 0;
        if (wanted > most) most = wanted;
    }
    closedir(tasks);
    return most;
}

/* Of the task that wanted a processor for the longest time. Not the sum: many that waited a little did not work. PID 1 is us. */
static uint64_t busiest_task_us(const char *root)
{
    uint64_t most = 0;
    DIR *processes = opendir(root);
    if (!processes) return 0;
    for (struct dirent *process; (process = readdir(processes)); ) {
        if (*process->d_name < '1' || *process->d_name > '9' || (process->d_name[0] == '1' && !process->d_name[1])) continue;
        uint64_t wanted = process_wanted_us(root, process->d_name);
        if (wanted > most) most = wanted;
    }
    closedir(processes);
    return most;
}

#endif
