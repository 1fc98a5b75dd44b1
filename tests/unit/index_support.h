/*
 * SPDX-License-Identifier: MIT
 * What the tests of the index share: random traces, and the same scopes in one plain list.
 * Must not be used outside tests/unit. Invariant: the list is made without the index.
 */
#ifndef WICK_TESTS_UNIT_INDEX_SUPPORT_H
#define WICK_TESTS_UNIT_INDEX_SUPPORT_H

#include "model/view/selection.h"
#include "model_support.h"

#define PLAIN_SCOPES 60000u
#define PLAIN_DEEP 400u
#define PLAIN_TRACKS 8u
#define PLAIN_SITES 6u

/* A scope as the reference has it. */
struct plain_scope {
    int64_t start_ns, end_ns; /* WK_OPEN: open */
    int64_t children_ns;
    uint32_t track, depth, site;
    uint32_t parent; /* in the list; WICK_NONE */
    uint8_t failed;
};

struct plain {
    struct plain_scope all[PLAIN_SCOPES];
    struct wick_record *records;
    uint32_t count, record_count;
    int64_t last_ns;
};

struct plain_shape {
    uint32_t tracks, deep, scopes;
    uint32_t step_ns;  /* mean time between records; 0: many at the same time */
    uint32_t pause;    /* one in so many steps is a thousand times longer; 0: none */
    uint32_t leave_open;
    int64_t start_ns;
};

static inline uint32_t plain_random(uint64_t *state, uint32_t below)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % below;
}

static inline void plain_record(struct plain *p, uint32_t track, uint8_t kind, uint32_t site, int64_t time_ns)
{
    p->records[p->record_count++] =
        (struct wick_record){.time_ns = time_ns, .track = track, .kind = kind, .site = site, .u.cpu_ns = -1};
}

static inline void plain_end(struct plain *p, uint32_t scope, int64_t now_ns, uint64_t *state)
{
    struct plain_scope *s = &p->all[scope];
    s->end_ns = now_ns;
    s->failed = plain_random(state, 20) == 0;
    if (s->parent != WICK_NONE) {
        p->all[s->parent].children_ns += now_ns - s->start_ns;
    }
    plain_record(p, s->track, s->failed ? WICK_RECORD_ENDER : WICK_RECORD_ENDOK, WICK_NONE, now_ns);
}

/* The caller frees records and the trace. */
static inline struct plain *plain_make(uint64_t state, const struct plain_shape *shape)
{
    static uint32_t stack[PLAIN_TRACKS][PLAIN_DEEP];
    uint32_t depth[PLAIN_TRACKS] = {0};
    struct plain *p = calloc(1, sizeof *p);
    p->records = calloc(2 * PLAIN_SCOPES + 16, sizeof *p->records);
    int64_t now_ns = shape->start_ns;
    /* A mark first: it sets the origin at time 0. */
    plain_record(p, 0, WICK_RECORD_MARK, PLAIN_SITES, 0);
    while (p->count < shape->scopes) {
        uint32_t track = plain_random(&state, shape->tracks);
        now_ns += shape->step_ns ? plain_random(&state, 2 * shape->step_ns) : plain_random(&state, 40) == 0;
        if (shape->pause && plain_random(&state, shape->pause) == 0) {
            now_ns += (int64_t)shape->step_ns * 1000;
        }
        if (depth[track] < shape->deep && (!depth[track] || plain_random(&state, 2))) {
            uint32_t parent = depth[track] ? stack[track][depth[track] - 1] : WICK_NONE;
            uint32_t site = plain_random(&state, PLAIN_SITES);
            p->all[p->count] = (struct plain_scope){.start_ns = now_ns, .end_ns = WK_OPEN, .track = track,
                                                    .depth = depth[track], .site = site, .parent = parent};
            plain_record(p, track, WICK_RECORD_START, site, now_ns);
            stack[track][depth[track]++] = p->count++;
        } else {
            plain_end(p, stack[track][--depth[track]], now_ns, &state);
        }
    }
    for (uint32_t track = 0; track < shape->tracks && !shape->leave_open; track++) {
        while (depth[track]) {
            plain_end(p, stack[track][--depth[track]], now_ns, &state);
        }
    }
    p->last_ns = now_ns;
    return p;
}

static inline void plain_free(struct plain *p)
{
    free(p->records);
    free(p);
}

static inline struct wk_index *plain_index(const struct plain *p)
{
    struct wk_index *index = wk_index_create(&heap_allocator);
    cr_assert_eq(wk_index_feed(index, p->records, p->record_count), 0);
    return index;
}

static inline int64_t plain_now(const struct plain *p, const struct plain_scope *s)
{
    return s->end_ns == WK_OPEN ? p->last_ns : s->end_ns;
}

/* The traces that every property is tried on. */
static const struct plain_shape plain_shapes[] = {
    {.tracks = 1, .deep = 3, .scopes = 20000, .step_ns = 1000},
    {.tracks = 4, .deep = 6, .scopes = 40000, .step_ns = 300, .pause = 900},
    {.tracks = 3, .deep = 300, .scopes = 6000, .step_ns = 50, .leave_open = 1},
    {.tracks = 2, .deep = 5, .scopes = 9000, .step_ns = 0},
    {.tracks = 8, .deep = 4, .scopes = 30000, .step_ns = 1, .leave_open = 1},
    {.tracks = 2, .deep = 5, .scopes = 9000, .step_ns = 1500000000}, /* some take more than 32 bits */
    {.tracks = 2, .deep = 4, .scopes = 5000, .step_ns = 700, .start_ns = ((int64_t)1 << 53) - 8000000},
};
#define PLAIN_SHAPES (sizeof plain_shapes / sizeof *plain_shapes)

#endif
