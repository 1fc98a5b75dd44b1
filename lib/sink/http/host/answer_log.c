/*
 * SPDX-License-Identifier: MIT
 * Answers a range of time from the logs on disk when memory no longer has it. The log is read from the beginning in
 * small steps, between which the server does its other work.
 * Invariant: for each track, the scopes that are open at the range's start come before its first event.
 */
#include <stdlib.h>
#include <string.h>

#include "service.h"
#include "base/heap.h"

enum { STEP_BYTES = 512 << 10 };

struct wk_log_range {
    struct wick_serve_options options;
    int64_t from_ns, to_ns;
    struct wick_names *names;
    struct wick_tree *tree;    /* of the records so far, for the scopes that are open */
    struct wick_reader *reader;
    struct wk_wire_writer *writer;
    struct wk_growing *out;       /* during a step */
    void *log;
    uint32_t next_log;
    uint8_t *begun;            /* per track: its open scopes were written */
    uint32_t tracks;
    char *block;
    bool failed;
};

static int put_frame(void *user, const void *bytes, size_t count, const struct wk_wire_frame_info *info)
{
    struct wk_log_range *range = user;

    (void)info;
    return wk_growing_put(range->out, bytes, count);
}

static bool have_track(struct wk_log_range *range, uint32_t track)
{
    uint32_t tracks = track < 16 ? 32 : track * 2;

    if (track < range->tracks) {
        return true;
    }
    uint8_t *grown = realloc(range->begun, tracks);
    if (!grown) {
        return false;
    }
    memset(grown + range->tracks, 0, tracks - range->tracks);
    range->begun = grown;
    range->tracks = tracks;
    return true;
}

static void begin_track(struct wk_log_range *range, uint32_t track)
{
    if (range->begun[track]) {
        return;
    }
    range->begun[track] = 1;
    wk_retained_write_open(range->tree, track, range->writer);
}

static int take_records(void *user, const struct wick_record *records, size_t count)
{
    struct wk_log_range *range = user;

    for (size_t i = 0; i < count; i++) {
        const struct wick_record *record = &records[i];

        if (record->time_ns > range->to_ns) {
            continue;
        }
        if (!have_track(range, record->track)) {
            return WICK_E_NOMEM;
        }
        if (record->time_ns >= range->from_ns) {
            begin_track(range, record->track);
            if (wk_wire_write(range->writer, record, 1) < 0) {
                return WICK_E_NOMEM;
            }
        }
        if (wick_tree_feed(range->tree, record, 1) < 0) {
            return WICK_E_NOMEM;
        }
    }
    return 0;
}

static bool next_log(struct wk_log_range *range)
{
    range->log = range->options.log.open(range->options.user, range->next_log);
    if (range->log && range->next_log++) {
        wick_reader_restart(range->reader);
    }
    return range->log != NULL;
}

struct wk_log_range *wk_log_range_create(const struct wick_serve_options *options, int64_t from_ns, int64_t to_ns)
{
    struct wk_log_range *range = options->log.open ? calloc(1, sizeof *range) : NULL;
    const struct wick_record_out records = {take_records, range};
    struct wk_wire_options wire = {.out = {put_frame, range}, .read_records = true};

    if (!range) {
        return NULL;
    }
    range->options = *options;
    range->from_ns = from_ns;
    range->to_ns = to_ns;
    range->block = malloc(STEP_BYTES);
    range->names = wick_names_create(&wk_heap_allocator);
    range->tree = wick_tree_create(&wk_heap_allocator);
    if (range->names) {
        wire.names = range->names;
        range->reader = wick_reader_create(&wk_heap_allocator, range->names, &records, WICK_VECTOR_NONE);
        range->writer = wk_wire_writer_create(&wire, &wk_heap_allocator);
    }
    if (range->block && range->tree && range->reader && range->writer && next_log(range)) {
        return range;
    }
    wk_log_range_destroy(range);
    return NULL;
}

/* Write the open scopes of threads without an event in the range. */
static void finish(struct wk_log_range *range)
{
    for (uint32_t track = 0; track < wick_names_tracks(range->names); track++) {
        if (have_track(range, track)) {
            begin_track(range, track);
        }
    }
    range->failed = wk_wire_flush(range->writer) < 0 || range->failed;
}

bool wk_log_range_step(struct wk_log_range *range, struct wk_growing *out)
{
    range->out = out;
    if (range->tracks == 0) {
        range->failed = !have_track(range, 0);
        (void)wk_growing_put(out, (const char *)wk_wire_stream_header, sizeof wk_wire_stream_header);
    }
    long got = range->options.log.read(range->log, range->block, STEP_BYTES);
    if (got > 0) {
        range->failed = wick_reader_feed(range->reader, range->block, (size_t)got) < 0 || range->failed;
    } else {
        (void)wick_reader_finish(range->reader);
        range->options.log.close(range->log);
        range->log = NULL;
        if (!next_log(range)) {
            finish(range);
            out->failed = out->failed || range->failed;
            return false;
        }
    }
    out->failed = out->failed || range->failed;
    return true;
}

void wk_log_range_destroy(struct wk_log_range *range)
{
    if (!range) {
        return;
    }
    if (range->log) {
        range->options.log.close(range->log);
    }
    wick_reader_destroy(range->reader);
    wk_wire_writer_destroy(range->writer);
    wick_tree_destroy(range->tree);
    wick_names_destroy(range->names);
    free(range->begun);
    free(range->block);
    free(range);
}
