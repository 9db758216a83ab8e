/*
 * The writable places of a sandbox between two commands. "Remember" keeps what is there now; "clean" removes all that has come since. The
 * trees are made by hostile programs: no link is followed, and their depth costs neither stack nor descriptors.
 */
#ifndef WORKDIR_H
#define WORKDIR_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KNOWN_SLOTS (128 * 1024)
#define KNOWN_DEPTH 64
#define RENAME_ATTEMPTS 100000
#define NOREPLACE 1

/* Hashes of (folder, name, file); 0 is a free slot. */
static uint64_t known[KNOWN_SLOTS];
static size_t known_count;

static uint64_t entry_hash(const struct stat *folder, const char *name, const struct stat *file)
{
    uint64_t hash = 14695981039346656037ull;
    uint64_t numbers[] = { folder->st_dev, folder->st_ino, file->st_ino };
    const uint8_t *bytes = (const uint8_t *)numbers;
    for (size_t i = 0; i < sizeof numbers; i++) hash = (hash ^ bytes[i]) * 1099511628211ull;
    for (; *name; name++) hash = (hash ^ (uint8_t)*name) * 1099511628211ull;
    return hash ? hash : 1;
}

static uint64_t *known_slot(uint64_t hash)
{
    size_t at = hash % KNOWN_SLOTS;
    while (known[at] && known[at] != hash) at = (at + 1) % KNOWN_SLOTS;
    return known + at;
}

static int open_folder(int parent, const char *name) { return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC); }

static bool is_self_or_parent(const char *name) { return !strcmp(name, ".") || !strcmp(name, ".."); }

/* Takes over the descriptor. What lies deeper, or is too much, is not remembered. */
static void remember_folder(int fd, int depth)
{
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    struct stat own, info;
    if (!folder || fstat(fd, &own) != 0) {
        if (folder) closedir(folder);
        return;
    }
    for (struct dirent *entry; known_count < KNOWN_SLOTS / 2 && (entry = readdir(folder));) {
        if (is_self_or_parent(entry->d_name) || fstatat(fd, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
        uint64_t hash = entry_hash(&own, entry->d_name, &info), *slot = known_slot(hash);
        if (!*slot) known_count++;
        *slot = hash;
        if (S_ISDIR(info.st_mode) && depth < KNOWN_DEPTH) remember_folder(open_folder(fd, entry->d_name), depth + 1);
    }
    closedir(folder);
}

static void forget_all(void)
{
    if (known_count) memset(known, 0, sizeof known);
    known_count = 0;
}

/* Up to the root, where it is emptied in its turn. */
static bool move_up(int root, int folder, const char *name)
{
    static unsigned number;
    for (int attempt = 0; attempt < RENAME_ATTEMPTS; attempt++) {
        char fresh[32];
        snprintf(fresh, sizeof fresh, ".%u", number++);
        if (syscall(SYS_renameat2, folder, name, root, fresh, NOREPLACE) == 0) return true;
        if (errno != EEXIST) return false;
    }
    return false;
}

static bool remove_entry(int root, int folder, const char *name, bool is_folder)
{
    if (!is_folder) return unlinkat(folder, name, 0) == 0;
    if (unlinkat(folder, name, AT_REMOVEDIR) == 0) return true;
    /* A folder can be moved, and entered, by who may write it. */
    return fchmodat(folder, name, 0700, 0) == 0 && move_up(root, folder, name);
}

/* Empties a folder of the root that is not known; its folders move up. */
static bool empty_folder(int root, const char *name)
{
    if (fchmodat(root, name, 0700, 0) != 0) return false;
    int fd = open_folder(root, name);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder) return false;
    bool done = true;
    struct stat info;
    for (struct dirent *entry; done && (entry = readdir(folder));) {
        if (is_self_or_parent(entry->d_name)) continue;
        done = fstatat(fd, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0 && remove_entry(root, fd, entry->d_name, S_ISDIR(info.st_mode));
    }
    closedir(folder);
    return done && unlinkat(root, name, AT_REMOVEDIR) == 0;
}

/* Takes over the descriptor of a known folder. Counts what was removed or moved; -1 when something resists. */
static int clean_folder(int root, int fd, int depth)
{
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    struct stat own, info;
    if (!folder || fstat(fd, &own) != 0) {
        if (folder) closedir(folder);
        return -1;
    }
    int changes = 0;
    for (struct dirent *entry; changes >= 0 && (entry = readdir(folder));) {
        const char *name = entry->d_name;
        if (is_self_or_parent(name) || fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
        bool is_folder = S_ISDIR(info.st_mode);
        if (known_count && *known_slot(entry_hash(&own, name, &info))) {
            int inside = 0;
            if (is_folder && depth < KNOWN_DEPTH) inside = fchmodat(fd, name, 0755, 0) != 0 ? -1 : clean_folder(root, open_folder(fd, name), depth + 1);
            changes = inside < 0 ? -1 : changes + inside;
            continue;
        }
        bool removed = is_folder && depth == 0 ? empty_folder(root, name) : remove_entry(root, fd, name, is_folder);
        changes = removed ? changes + 1 : -1;
    }
    closedir(folder);
    return changes;
}

/* Until a round finds nothing any more: what moved up is emptied in the next one. */
static bool clean_root(const char *path)
{
    int root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) return errno == ENOENT;
    int changes = 1;
    for (int round = 0; changes > 0 && round < RENAME_ATTEMPTS; round++) changes = clean_folder(root, open_folder(root, "."), 0);
    close(root);
    return changes == 0;
}

#endif
