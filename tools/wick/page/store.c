/*
 * SPDX-License-Identifier: MIT
 * The store: locked, read, and written anew. See store.h.
 */
#include "page/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/heap.h"
#include "base/host.h"
#include "base/messages.h"
#include "input/load.h"
#include "model/tree/board_lines.h"
#include "page/posted.h"

/* A store that is read. */
struct store {
    const struct load *load;
    struct wick_board *board;
    uint64_t refused;
};

static int on_records(void *user, const struct wick_record *records, size_t count)
{
    struct store *store = user;
    for (size_t i = 0; i < count; i++) {
        int rc = records[i].kind == WICK_RECORD_TRACKER ? wick_board_feed(store->board, store->load->names, &records[i]) : 0;
        if (rc == WICK_E_NOMEM) {
            return rc;
        }
        store->refused += rc < 0;
    }
    return 0;
}

/* ---- writing it anew -------------------------------------------------------------------------- */

struct writing {
    struct posted_log to;
    int64_t time_ns;
};

static int put_line(void *user, const char *text, size_t bytes)
{
    struct writing *writing = user;
    (void)bytes;
    return posted_put(&writing->to, writing->time_ns, text);
}

/* The oldest fact that stands: no line is older than the first one. */
static int64_t first_ns(struct wick_board *board, int64_t now_ns)
{
    struct wick_tracker_info info;
    uint64_t first = (uint64_t)now_ns;
    for (uint32_t i = 0; i < wick_board_entries(board); i++) {
        uint64_t version;
        for (uint32_t at = 0; wick_board_read(board, i, 0, &info) && (version = wk_board_next_version(board, i, &at)) != 0;) {
            first = version < first ? version : first;
        }
    }
    return (int64_t)first;
}

static int write_trackers(struct wick_board *board, struct writing *writing)
{
    const struct wick_text_out out = {put_line, writing};
    struct wick_tracker_info info;
    int rc = posted_put(&writing->to, 0, NULL);
    for (uint32_t i = 0; rc == 0 && i < wick_board_entries(board); i++) {
        uint64_t version;
        if (!wick_board_read(board, i, 0, &info)) {
            continue; /* what was removed is not kept */
        }
        for (uint32_t at = 0; rc == 0 && (version = wk_board_next_version(board, i, &at)) != 0;) {
            const struct wk_board_line line = {.tracker = i, .version = version, .time_ns = (int64_t)version};
            writing->time_ns = line.time_ns;
            rc = wk_board_lines(board, &line, &out);
        }
    }
    return rc;
}

/* Beside it, and then in its place. */
static int replace(const struct settings *settings, struct wick_board *board, const char *path)
{
    char beside[4300];
    struct writing writing;
    snprintf(beside, sizeof beside, "%.4200s.new", path);
    posted_begin_at(&writing.to, settings, beside);
    writing.to.start_ns = first_ns(board, writing.to.start_ns);
    (void)unlink(beside); /* of one that was interrupted */
    int rc = write_trackers(board, &writing);
    rc = posted_close(&writing.to) < 0 ? WICK_E_IO : rc;
    if (rc < 0 || rename(beside, path) != 0) {
        tool_error(settings, "--store %s: cannot be written: %s", path, rc == WICK_E_NOMEM ? "out of memory" : strerror(errno));
        (void)unlink(beside);
        return EXIT_USAGE;
    }
    return EXIT_FINE;
}

static int read_store(const struct settings *settings, const char *path, struct store *store)
{
    struct load load;
    const struct wick_record_out out = {on_records, store};
    store->load = &load;
    int rc = load_begin(&load, settings, &out);
    if (rc == EXIT_FINE) {
        rc = load_log(&load, path);
    }
    load_end(&load);
    if (store->refused) { /* they would be lost */
        tool_error(settings, "--store %s: %llu tracker lines are not valid; `wick check` says which", path, (unsigned long long)store->refused);
        rc = EXIT_USAGE;
    }
    return rc;
}

/* ---- opening it ------------------------------------------------------------------------------- */

/* The file, locked. It may have been replaced between its opening and its lock. */
static int lock_file(const struct settings *settings, const char *path)
{
    for (;;) {
        struct stat ours, now;
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0) {
            tool_error(settings, "--store %s: %s", path, fd >= 0 && errno == EWOULDBLOCK ? "another process uses it" : strerror(errno));
            if (fd >= 0) {
                close(fd);
            }
            return -1;
        }
        if (fstat(fd, &ours) == 0 && stat(path, &now) == 0 && ours.st_ino == now.st_ino && ours.st_dev == now.st_dev) {
            return fd;
        }
        close(fd);
    }
}

int store_open(const struct settings *settings, const char *path)
{
    struct stat status;
    struct store store = {.board = wick_board_create(&wk_heap_allocator, 0)};
    int fd = store.board ? lock_file(settings, path) : -1, rc = EXIT_FINE;
    if (!store.board) {
        tool_error(settings, "out of memory");
    }
    if (fd >= 0 && fstat(fd, &status) == 0 && status.st_size > 0) {
        rc = read_store(settings, path, &store);
        rc = rc == EXIT_FINE ? replace(settings, store.board, path) : rc;
        if (rc == EXIT_FINE) { /* the new file's lock, before the old one's is given up */
            int old = fd;
            fd = lock_file(settings, path);
            close(old);
        }
    }
    if (rc != EXIT_FINE && fd >= 0) {
        close(fd);
        fd = -1;
    }
    wick_board_destroy(store.board);
    return fd;
}
