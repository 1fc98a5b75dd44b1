/*
 * SPDX-License-Identifier: MIT
 * Several logs in wire form into one. See merge_wire.h.
 * Invariant: the next frame is the earliest of all logs, and the frames of a log keep their order.
 */
#include "input/merge_wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "base/host.h"
#include "base/messages.h"
#include "input/input.h"
#include "input/log_problems.h"

enum {
    FRAME_HEAD_BYTES = 40, /* wire.md: kind at 12, earliest time at 24 */
    FRAME_TIME_AT = 24,
    BLOCK_BYTES = 256 << 10
};

/* A log, as far as it was read: one file, or those of a rotated log. */
struct wire_log {
    char *const *paths; /* of the files that are not open yet */
    int files;
    const char *path;
    struct input *input;
    char *bytes;
    size_t at, filled;
    uint32_t capacity;
    bool ended;
    size_t unit_bytes; /* of the frame that comes next; 0: the log has ended */
    int64_t unit_ns;
};

/* What is merged. */
struct wire_merge {
    const struct settings *settings;
    struct wire_log *logs;
    int64_t *run_start_ns;
    int count;
};

bool merge_wire_can(const struct settings *settings, char *const *paths, int count)
{
    bool wire = true;
    for (int i = 0; wire && i < count; i++) {
        char head[FRAME_HEAD_BYTES];
        struct input *input = input_open(settings, paths[i]);
        long got = input ? input_read(input, head, sizeof head) : 0;
        wire = got > 0 && wick_wire_frame(head, (size_t)got, NULL) > 0;
        input_close(input);
    }
    return wire;
}

/* Have `bytes` of what comes next, as far as the file has them. False after a message. */
static bool have(const struct settings *settings, struct wire_log *log, size_t bytes)
{
    if (log->filled - log->at >= bytes || log->ended) {
        return true;
    }
    if (!tool_grow(&log->bytes, &log->capacity, (uint32_t)(bytes > BLOCK_BYTES ? bytes : BLOCK_BYTES), 1)) {
        tool_error(settings, "out of memory");
        return false;
    }
    memmove(log->bytes, log->bytes + log->at, log->filled - log->at);
    log->filled -= log->at;
    log->at = 0;
    while (!log->ended && log->filled < bytes) {
        long got = input_read(log->input, log->bytes + log->filled, log->capacity - log->filled);
        log->ended = got <= 0;
        log->filled += got > 0 ? (size_t)got : 0;
        if (got < 0) {
            return false;
        }
    }
    return true;
}

static bool open_next(const struct settings *settings, struct wire_log *log)
{
    input_close(log->input);
    log->path = *log->paths++;
    log->files--;
    log->input = input_open(settings, log->path);
    log->ended = false;
    return log->input != NULL;
}

/* Find the next frame. What is no frame goes on as it is: the reader finds its way. */
static bool find_unit(const struct settings *settings, struct wire_log *log)
{
    uint32_t kind = 0;
    while (log->unit_bytes = 0, have(settings, log, FRAME_HEAD_BYTES)) {
        size_t left = log->filled - log->at;
        if (!left && log->files) {
            if (!open_next(settings, log)) {
                return false;
            }
            continue;
        }
        uint64_t bytes = wick_wire_frame(log->bytes + log->at, left, &kind);
        if (bytes > UINT32_MAX / 2 || !have(settings, log, (size_t)bytes)) {
            return false;
        }
        left = log->filled - log->at;
        log->unit_bytes = bytes && bytes < left ? (size_t)bytes : left;
        if (kind == 2 && log->unit_bytes >= FRAME_HEAD_BYTES) {
            memcpy(&log->unit_ns, log->bytes + log->at + FRAME_TIME_AT, sizeof log->unit_ns);
        }
        return true;
    }
    return false;
}

static int write_bytes(void *user, const char *bytes, size_t count)
{
    return fwrite(bytes, 1, count, user) == count ? 0 : WICK_E_IO;
}

static int feed_frames(const struct wire_merge *m, struct wick_merger *merger)
{
    for (;;) {
        struct wire_log *next = NULL;
        for (int i = 0; i < m->count; i++) {
            if (m->logs[i].unit_bytes && (!next || m->logs[i].unit_ns < next->unit_ns)) {
                next = &m->logs[i];
            }
        }
        if (!next) {
            return wick_merger_finish(merger);
        }
        int rc = wick_merger_feed(merger, (uint32_t)(next - m->logs), next->bytes + next->at, next->unit_bytes);
        next->at += next->unit_bytes;
        if (rc < 0) {
            return rc;
        }
        if (!find_unit(m->settings, next)) {
            return WICK_E_STATE; /* reported */
        }
    }
}

/* False after a message. */
static bool open_logs(struct wire_merge *m, char *const *paths, const struct log_head *heads)
{
    int files = m->settings->argument_count;
    m->logs = calloc((size_t)files, sizeof *m->logs);
    m->run_start_ns = calloc((size_t)files, sizeof *m->run_start_ns);
    if (!m->logs || !m->run_start_ns) {
        tool_error(m->settings, "out of memory");
        return false;
    }
    for (int i = 0; i < files; m->count++) {
        struct wire_log *log = &m->logs[m->count];
        *log = (struct wire_log){.paths = paths + i, .ended = true, .unit_ns = heads[i].first_ns,
                                 .files = series_length(heads, i, files)};
        m->run_start_ns[m->count] = heads[i].run_start_ns;
        i += log->files;
        if (!open_next(m->settings, log) || !find_unit(m->settings, log)) {
            return false;
        }
    }
    return true;
}

int merge_wire(const struct settings *settings, char *const *paths, const struct log_head *heads, FILE *to)
{
    struct wire_merge m = {.settings = settings};
    int rc = WICK_E_STATE;
    if (open_logs(&m, paths, heads)) {
        struct wick_merger_options options = {.vector = tool_vector(), .start_ns = heads[0].first_ns,
                                              .run_start_ns = m.run_start_ns, .out = {write_bytes, to}};
        struct wick_merger *merger = wick_merger_create(&wk_heap_allocator, (uint32_t)m.count, &options);
        rc = merger ? feed_frames(&m, merger) : WICK_E_NOMEM;
        for (int i = 0; rc >= 0 && i < m.count; i++) {
            problems_report(wick_merger_reader(merger, (uint32_t)i), m.logs[i].path);
        }
        wick_merger_destroy(merger);
    }
    for (int i = 0; m.logs && i < settings->argument_count; i++) {
        input_close(m.logs[i].input);
        free(m.logs[i].bytes);
    }
    free(m.logs);
    free(m.run_start_ns);
    if (rc == WICK_E_NOMEM) {
        tool_error(settings, "out of memory");
    }
    return rc >= 0 || rc == WICK_E_IO ? EXIT_FINE : EXIT_USAGE; /* WICK_E_IO: the output's owner reports it */
}
