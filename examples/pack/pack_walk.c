/*
 * SPDX-License-Identifier: MIT
 * Walks the tree and puts the name of everything in it into the queue, directories first, sorted, so
 * that two runs walk alike. No recursion: a stack of names. Symbolic links are never followed.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pack.h"

struct names {
    char **items;
    size_t length, capacity;
};

/* Keeps name; false: out of memory, and name is freed. */
static bool names_add(struct names *names, char *name)
{
    if (name && names->length == names->capacity) {
        size_t capacity = names->capacity ? 2 * names->capacity : 64;
        char **items = realloc(names->items, capacity * sizeof *items);
        if (!items) {
            free(name);
            return false;
        }
        names->items = items;
        names->capacity = capacity;
    }
    if (name) {
        names->items[names->length++] = name;
    }
    return name != NULL;
}

static void names_fini(struct names *names)
{
    while (names->length) {
        free(names->items[--names->length]);
    }
    free(names->items);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The stack of pending directories gives its last first. */
static int compare_names_backwards(const void *a, const void *b)
{
    return compare_names(b, a);
}

static char *join_path(const char *dir, const char *name)
{
    char *path;

    if (!*dir) {
        return strdup(name);
    }
    return asprintf(&path, "%s/%s", dir, name) < 0 ? NULL : path;
}

static bool is_directory(const struct pack_run *run, const char *path, unsigned char type)
{
    struct stat stat;

    if (type != DT_UNKNOWN) {
        return type == DT_DIR;
    }
    return fstatat(run->dir_fd, path, &stat, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(stat.st_mode);
}

static DIR *open_directory(const struct pack_run *run, const char *path)
{
    int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int fd = openat(run->dir_fd, *path ? path : ".", flags);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);

    if (fd >= 0 && !dir) {
        close(fd);
    }
    return dir;
}

/* The entries of one directory; sub-directories also go to `pending`. 0, or the errno. */
static int read_directory(struct pack_run *run, const char *path, struct names *found,
                          struct names *pending)
{
    struct dirent *entry;
    int error = 0;
    DIR *dir = open_directory(run, path);

    if (!dir) {
        return errno;
    }
    while (!error && (errno = 0, entry = readdir(dir))) {
        char *child;
        bool inner;
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) {
            continue;
        }
        child = join_path(path, entry->d_name);
        inner = child && is_directory(run, child, entry->d_type);
        if (!names_add(found, child) || (inner && !names_add(pending, strdup(child)))) {
            error = ENOMEM;
        }
    }
    if (!error) {
        error = errno;
    }
    closedir(dir);
    return error;
}

/* False: the queue takes nothing more, because the output has failed. */
static bool walk_directory(struct pack_run *run, const char *path, struct names *pending)
{
    struct names found = {0};
    size_t first = pending->length, next = 0;
    int error;
    WICK_SCOPEF("directory %s", *path ? path : ".");

    error = read_directory(run, path, &found, pending);
    if (error) {
        WICK_FAIL(strerror(error));
        pack_report_failure(&run->totals, *path ? path : run->options.dir, strerror(error));
    }
    WICK_VALUE(found.length);
    if (found.length) {
        qsort(found.items, found.length, sizeof *found.items, compare_names);
    }
    if (pending->length > first + 1) {
        qsort(pending->items + first, pending->length - first, sizeof *pending->items,
              compare_names_backwards);
    }
    while (next < found.length && pack_queue_push(&run->queue, found.items[next])) {
        next++;
    }
    for (size_t i = next + 1; i < found.length; i++) {
        free(found.items[i]); /* the one at `next` was freed by the queue */
    }
    error = next < found.length;
    free(found.items);
    return !error;
}

void pack_walk(struct pack_run *run)
{
    struct names pending = {0};
    WICK_SCOPE("walk the tree");

    if (!names_add(&pending, strdup(""))) {
        pack_report_failure(&run->totals, run->options.dir, strerror(ENOMEM));
    }
    while (pending.length) {
        char *path = pending.items[--pending.length];
        bool goes_on = walk_directory(run, path, &pending);
        free(path);
        if (!goes_on) {
            break;
        }
    }
    names_fini(&pending);
}
