/*
 * SPDX-License-Identifier: MIT
 * What the wire's unit tests share: random records of a program, written as wire and as .ctxt, and the names.
 * Must not be used outside tests/unit. Invariant: both writers get the same records and the same names.
 */
#ifndef WICK_TESTS_UNIT_WIRE_SUPPORT_H
#define WICK_TESTS_UNIT_WIRE_SUPPORT_H

#include "model/log/ctxt/ctxt_write.h"
#include "model/log/wire/wire.h"
#include "model_support.h"

enum { WIRE_TRACKS = 3, WIRE_FIRST_NS_SECOND = 1700000000 };

/* Location, literal, file, category, line, colour, process, kind, formatted. */
static const struct wick_site_info wire_sites[] = {
    [1] = {"main:12", "load", "app.c", "", 12, WICK_NONE, 0, WICK_SITE_SCOPE, 0},
    [2] = {"fetch:30", "fetch %s", "dir name/d\xc3\xb6.c", "io", 30, 0xff8800, 0, WICK_SITE_FORMAT, 0},
    [3] = {"main:14", "a mark", "", "", 14, WICK_NONE, 0, WICK_SITE_MARK, 0},
    [4] = {"0xa", "a lock", "x.c", "", 3, WICK_NONE, 0, WICK_SITE_LOCK, 0},
    [5] = {"0xb", "b lock", "", "", 0, WICK_NONE, 0, WICK_SITE_LOCK, 0},
    [6] = {"main:20", "queue", "app.c", "", 20, WICK_NONE, 0, WICK_SITE_COUNTER, 0},
    [7] = {"main:21", "%s", "app.c", "", 21, WICK_NONE, 0, WICK_SITE_MARK, 1},
    [8] = {"dyn:1", "first", "app.c", "", 1, WICK_NONE, 0, WICK_SITE_DYNAMIC, 0},
    [9] = {"dyn:1", "second", "app.c", "", 1, WICK_NONE, 0, WICK_SITE_DYNAMIC, 0},
    [10] = {"call:3", "f", "app.c", "cpu", 3, 1, 0, WICK_SITE_SCOPE, 0},
};
enum { WIRE_SITES = sizeof wire_sites / sizeof wire_sites[0] };
static const char *const wire_threads[WIRE_TRACKS] = {"main", "worker-1", "worker-2"};

/* The names of wire_record's indices; made once. */
static inline const struct wick_names *wire_names(void)
{
    static struct wick_names *names;
    static const struct wick_process_info process = {.host = "host", .pid = "42", .pid_number = 42, .program = "program",
                                                     .arguments = "a b",
                                                     .start_ns = (int64_t)WIRE_FIRST_NS_SECOND * 1000000000};
    if (names) {
        return names;
    }
    names = wick_names_create(&heap_allocator);
    for (uint32_t i = 0; i < WIRE_SITES; i++) {
        wick_names_set_site(names, i, &wire_sites[i]);
    }
    for (uint32_t i = 0; i < WIRE_TRACKS; i++) {
        wick_names_set_track(names, i, &(struct wick_track_info){.thread = wire_threads[i]});
    }
    wick_names_set_process(names, 0, &process);
    return names;
}

struct wire_bytes {
    char *bytes;
    size_t count, frames, capacity;
};

static inline void wire_bytes_add(struct wire_bytes *to, const void *bytes, size_t count)
{
    if (to->count + count > to->capacity) {
        to->capacity = 2 * (to->count + count);
        to->bytes = realloc(to->bytes, to->capacity);
    }
    memcpy(to->bytes + to->count, bytes, count);
    to->count += count;
}

static inline int wire_keep_frame(void *user, const void *bytes, size_t count, const struct wk_wire_frame_info *info)
{
    struct wire_bytes *to = user;
    (void)info;
    wire_bytes_add(to, bytes, count);
    to->frames++;
    return 0;
}

static inline struct wk_wire_writer *wire_open(struct wire_bytes *to)
{
    struct wk_wire_options options = {.names = wire_names(), .out = {wire_keep_frame, to},
                                      .vector = WICK_VECTOR_AVX2};
    struct wk_wire_writer *writer = wk_wire_writer_create(&options, &heap_allocator);
    cr_assert(writer != NULL);
    wire_bytes_add(to, wk_wire_stream_header, WK_WIRE_STREAM_BYTES);
    return writer;
}

static uint64_t wire_state = 1;

static inline uint32_t wire_random(uint32_t n)
{
    wire_state = wire_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(wire_state >> 33) % n;
}

/* Records as the drain gives them: balanced, in order per track, of every kind. */
struct wire_program {
    int64_t now_ns[WIRE_TRACKS];
    int64_t starts[WIRE_TRACKS][64];
    uint32_t depth[WIRE_TRACKS];
};

static uint32_t wire_kinds = WICK_RECORD_KINDS; /* of random records; a golden file has those of its time */

static const char wire_letters[] = "text \xc3\xb6 with\nlines\t\xff and more of it, up to a few hundred bytes of it .....";

static const uint64_t wire_addresses[] = {0x7f00deadbeef, 1, UINT64_MAX, 0x55d0c0ffee00};

static inline void wire_text(struct wick_record *r)
{
    r->text = wire_letters;
    r->text_bytes = 1 + wire_random(sizeof wire_letters - 2);
}

static inline struct wick_record wire_scope(struct wire_program *p, uint32_t track, bool end)
{
    static const uint32_t sites[] = {1, 2, 8, 9, 10, 1};
    struct wick_record r = {.time_ns = p->now_ns[track], .track = track, .u.cpu_ns = -1};
    uint32_t *depth = &p->depth[track];
    if (end) {
        r.kind = wire_random(8) ? WICK_RECORD_ENDOK : WICK_RECORD_ENDER;
        r.site = 1;
        r.u.cpu_ns = wire_random(6) ? -1 : (int64_t)wire_random(100000);
        if (r.kind == WICK_RECORD_ENDER) {
            r.unfinished = (uint8_t)wire_random(WICK_UNFINISHED_KINDS);
        }
        if (r.kind == WICK_RECORD_ENDER || wire_random(9) == 0) { /* a good end may have a text, too */
            wire_text(&r);
        }
        (*depth)--;
    } else {
        r.kind = WICK_RECORD_START;
        r.site = sites[wire_random(6)];
        p->starts[track][(*depth)++] = r.time_ns;
        if (r.site == 2) {
            wire_text(&r);
        }
    }
    return r;
}

static inline struct wick_record wire_other(struct wire_program *p, uint32_t track)
{
    struct wick_record r = {.time_ns = p->now_ns[track], .track = track,
                            .kind = (uint8_t)(WICK_RECORD_MARK + wire_random(wire_kinds - WICK_RECORD_MARK))};
    uint32_t parent = (track + 1) % WIRE_TRACKS;
    switch (r.kind) {
    case WICK_RECORD_MARK:
        r.site = wire_random(2) ? 3 : 7;
        if (r.site == 7) {
            wire_text(&r);
        }
        break;
    case WICK_RECORD_LOCKW: case WICK_RECORD_LOCKA: case WICK_RECORD_LOCKR: case WICK_RECORD_SHARED:
        r.site = 4 + wire_random(2);
        break;
    case WICK_RECORD_BIND:
        r.u.count = wire_random(9);
        r.text = "jobs.7";
        r.text_bytes = 6;
        break;
    case WICK_RECORD_STACK:
        r.text = (const char *)wire_addresses;
        r.text_bytes = 8 * (1 + wire_random(4));
        break;
    case WICK_RECORD_GAUGE_INT:
    case WICK_RECORD_SUM_INT:
    case WICK_RECORD_CALL:
        r.site = 6;
        r.u.integer = wire_random(3) ? (int64_t)wire_random(1000) : INT64_MIN + (int64_t)wire_random(2);
        break;
    case WICK_RECORD_VALUE_INT:
        r.site = 1;
        r.u.integer = INT64_MAX - (int64_t)wire_random(2);
        break;
    case WICK_RECORD_GAUGE_UINT: case WICK_RECORD_SUM_UINT: case WICK_RECORD_VALUE_UINT:
        r.site = r.kind == WICK_RECORD_VALUE_UINT ? 1 : 6;
        r.u.count = UINT64_MAX - wire_random(2);
        break;
    case WICK_RECORD_UNIT:
        r.site = 6;
        r.text = "bytes";
        r.text_bytes = 5;
        break;
    case WICK_RECORD_CLEAR:
        if (wire_random(10)) { /* rarely: it ends all */
            r.kind = WICK_RECORD_VALUE;
            r.site = 1;
            r.u.number = 3;
            break;
        }
        p->depth[track] = 0;
        break;
    case WICK_RECORD_LOST:
        r.u.count = wire_random(1000);
        r.first_ns = r.time_ns - (int64_t)wire_random(1000);
        break;
    case WICK_RECORD_UNDER:
        r.parent_track = parent;
        r.first_ns = p->depth[parent] ? p->starts[parent][p->depth[parent] - 1] : r.time_ns;
        break;
    case WICK_RECORD_THREAD_NAME:
    case WICK_RECORD_TRACKER:
    case WICK_RECORD_PAUSE:
    case WICK_RECORD_RESUME:
        wire_text(&r);
        break;
    default:
        r.site = r.kind == WICK_RECORD_VALUE ? 1 : 6;
        r.u.number = (double)wire_random(1000) / 8;
    }
    return r;
}

static inline struct wick_record wire_record(struct wire_program *p)
{
    uint32_t track = wire_random(WIRE_TRACKS);
    if (!p->now_ns[track]) {
        p->now_ns[track] = (int64_t)WIRE_FIRST_NS_SECOND * 1000000000;
    }
    p->now_ns[track] += wire_random(20) ? wire_random(200) : wire_random(1000000000);
    if (wire_random(12) == 0) {
        return wire_other(p, track);
    }
    bool end = p->depth[track] == 60 || (p->depth[track] && wire_random(2));
    return wire_scope(p, track, end);
}

#endif
