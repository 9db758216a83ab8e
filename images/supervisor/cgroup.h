/*
 * What the kernel counts for the whole sandbox, from version 1 or version 2 of its control groups.
 */
#ifndef CGROUP_H
#define CGROUP_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Descriptors; -1 is what this kernel does not count. */
struct counters {
    int cpu, peak, memory, oom;
    bool nanoseconds;
    uint64_t sampled_peak;
};

static int counter_open(const char *root, const char *name)
{
    char path[512];
    if (snprintf(path, sizeof path, "%s/%s", root, name) >= (int)sizeof path) return -1;
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* The number behind a key at the start of a line (the file's first number for an empty key), or 0. */
static uint64_t read_counter(int fd, const char *key)
{
    char text[4096];
    ssize_t length = fd < 0 ? -1 : pread(fd, text, sizeof text - 1, 0);
    if (length <= 0) return 0;
    text[length] = 0;
    size_t key_length = strlen(key);
    for (char *line = text; line; line = strchr(line, '\n')) {
        if (*line == '\n') line++;
        if (strncmp(line, key, key_length) == 0) return strtoull(line + key_length, NULL, 10);
    }
    return 0;
}

static void counters_open(struct counters *counters, const char *root)
{
    *counters = (struct counters){ .cpu = counter_open(root, "cpuacct/cpuacct.usage") };
    counters->nanoseconds = counters->cpu >= 0;
    if (counters->nanoseconds) {
        counters->peak = counter_open(root, "memory/memory.max_usage_in_bytes");
        counters->memory = -1;
        counters->oom = counter_open(root, "memory/memory.oom_control");
        return;
    }
    counters->cpu = counter_open(root, "cpu.stat");
    counters->peak = counter_open(root, "memory.peak");
    counters->memory = counter_open(root, "memory.current");
    counters->oom = counter_open(root, "memory.events");
}

static uint64_t counters_cpu_us(const struct counters *counters)
{
    return counters->nanoseconds ? read_counter(counters->cpu, "") / 1000 : read_counter(counters->cpu, "usage_usec ");
}

static uint64_t counters_oom_kills(const struct counters *counters) { return read_counter(counters->oom, "oom_kill "); }

/* Version 2 counts no peak before Linux 5.19: there, what is in use is looked at now and then. */
static void counters_sample(struct counters *counters)
{
    if (counters->peak >= 0) return;
    uint64_t now = read_counter(counters->memory, "");
    if (now > counters->sampled_peak) counters->sampled_peak = now;
}

/* 0 where nothing is known. */
static uint64_t counters_memory_peak(struct counters *counters)
{
    counters_sample(counters);
    uint64_t peak = read_counter(counters->peak, "");
    return peak > counters->sampled_peak ? peak : counters->sampled_peak;
}

#endif
