/*
 * SPDX-License-Identifier: MIT
 * From the slots of a ring to records: nesting, failures, unfinished scopes, CPU time, nanoseconds.
 * One decoder per track; it survives the switch to a larger ring. It knows neither names nor files.
 * Invariant: what it gives out is balanced: every end has its start, innermost first.
 */
#ifndef WICK_LIB_MODEL_LIVE_DECODE_H
#define WICK_LIB_MODEL_LIVE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wick/model.h>

#include "event.h"

enum {
    WK_BATCH_RECORDS = 256, /* 14 KiB: they stay in the first cache until they are written */
    WK_BATCH_TEXT_BYTES = 64 * 1024,
};

/* Ticks to nanoseconds since the epoch: pieces of lines, each beginning where the last one ended, so that
 * the conversion is continuous and monotone. Late events find the older pieces. */
struct wk_timeline {
    struct wk_clock_line {
        uint64_t ticks;
        int64_t ns;         /* at `ticks` */
        double ns_per_tick;
    } lines[64];
    uint32_t newest;
    uint32_t count;         /* of valid lines, ending with the newest */
};

int64_t wk_timeline_ns(const struct wk_timeline *timeline, uint64_t ticks);
/* Go on from `ticks` with another slope; `ns` is the time there. */
void wk_timeline_add(struct wk_timeline *timeline, uint64_t ticks, int64_t ns, double ns_per_tick);

struct wk_open_scope {
    int64_t start_ns;
    uint64_t start_ticks;
    int64_t cpu_ns;     /* < 0: not recorded */
    char *end_text;     /* copy; NULL: none. Why it failed, or what it has to say */
    uint32_t end_bytes;
    uint32_t end_site;  /* of its end's location; 0: its own */
    uint32_t site;      /* 0: begun before this decoder was, its end is not reported */
    bool special;       /* failed, or it has something to say */
    bool failed;
    bool thrown;        /* an exception leaves it, and nobody has said why it failed */
};

struct wk_decoder {
    struct wk_open_scope *open;
    uint32_t depth;
    uint32_t capacity;
    uint32_t track;
    uint64_t recorded;  /* events decoded that a program asked for */
    uint64_t scopes;    /* of these, scopes */
    uint64_t unwound;
    uint64_t refused;   /* no memory for the stack: scopes not reported */
    uint64_t damaged;   /* spans that ended in slots which no recorder writes: what came behind them was left */
};

/* Where decoding stopped. */
enum wk_decode_stop {
    WK_DECODE_EMPTY,
    WK_DECODE_BATCH,  /* full: take it and call again */
    WK_DECODE_SWITCH,
    WK_DECODE_UNDER,  /* before an UNDER: see parent_serial; call again with under_seen */
    WK_DECODE_EXIT
};

/* Where long texts lie: slots refer to them, and the decoder knows no addresses of its own. */
struct wk_long_texts {
    /* Borrowed until it is released; NULL: no text of so many bytes is there, which damaged slots may say. */
    const char *(*at)(void *user, uint64_t reference, uint64_t bytes);
    /* Nobody reads it any more. NULL: not wanted. */
    void (*release)(void *user, uint64_t reference, uint64_t bytes);
    void *user;
};

/* A batch of records and the texts that they borrow, until the batch is begun anew. */
struct wk_batch {
    uint32_t count;
    uint32_t text_used;
    uint32_t garbage_count;
    bool unresolved;   /* an UNDER or a LOST is among them, whose numbers only the caller can complete */
    struct wick_record records[WK_BATCH_RECORDS];
    char text[WK_BATCH_TEXT_BYTES];
    struct {
        char *text;
        uint32_t bytes;
    } garbage[WK_BATCH_RECORDS];     /* texts of ends, freed with the batch */
    uint32_t long_count;
    struct {
        uint64_t reference;
        uint64_t bytes;
    } long_texts[WK_BATCH_RECORDS];  /* released with the batch */
    const struct wk_long_texts *texts; /* where they lie */
};

struct wk_span {
    const struct wick_event *slots;
    const struct wk_long_texts *texts;
    uint32_t mask;
    uint32_t tail;      /* in: first to read; out: first not read */
    uint32_t head;
    uint64_t until_ticks; /* not 0: stop, as if empty, before what is later than this */
    bool under_seen;    /* the UNDER at tail may be decoded; cleared by it */
    uint32_t parent_serial; /* out, at WK_DECODE_UNDER: the parent's thread, */
    uint64_t parent_ticks;  /* and when its scope began */
    uint64_t next_ring; /* out, at WK_DECODE_SWITCH: reference of its slots, */
    uint32_t next_mask; /* and their count - 1 */
};

void wk_batch_begin(struct wk_batch *batch, const struct wick_allocator *memory);

/* Decode until the span is empty, the batch is full, the ring goes on elsewhere or the thread ends. */
enum wk_decode_stop wk_decode(struct wk_decoder *decoder, struct wk_span *span, const struct wk_timeline *line,
                              struct wk_batch *batch, const struct wick_allocator *memory);

/* End open scopes as unfinished, as many as the batch has room for. False: call again with a new batch. */
bool wk_decode_close(struct wk_decoder *decoder, int64_t time_ns, enum wick_unfinished reason,
                     struct wk_batch *batch, const struct wick_allocator *memory);

void wk_decode_fini(struct wk_decoder *decoder, const struct wick_allocator *memory);

/* When did the open scope that began at `ticks` start? False: it is not open here. */
bool wk_decode_start_ns(const struct wk_decoder *decoder, uint64_t ticks, int64_t *start_ns);

#endif
