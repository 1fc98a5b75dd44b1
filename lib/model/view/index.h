/*
 * SPDX-License-Identifier: MIT
 * The index: every scope of a trace in columns, one row per track and depth, with blocks and pyramids that make
 * drawing, searching and statistics fast. The page's engine is a thin layer over it.
 * Invariant: the scopes of a row are sorted and disjoint, so that starts, ends and parents are each monotone; only the
 * last scope can be open.
 */
#ifndef WICK_LIB_MODEL_VIEW_INDEX_H
#define WICK_LIB_MODEL_VIEW_INDEX_H

#include "model/base/mem.h"
#include "model/base/kept.h"

#define WK_CHUNK_SCOPES 16384u /* in a chunk of columns: the unit that retention drops */
#define WK_BLOCK_SCOPES 64u    /* in a block, which a walk can skip at once */
#define WK_OPEN INT64_MAX      /* the end of an open scope */
#define WK_LONG UINT32_MAX     /* the duration of an open scope, or one too long for a column */
#define WK_DETAIL 0x80000000u  /* in an extra: it is the number of a detail, otherwise of a text */
#define WK_INDEX_TEXT_MAX 60000u

enum wk_scope_flags {
    WK_SCOPE_FAILED = 1,
    WK_SCOPE_UNFINISHED = 2,
    WK_SCOPE_OPEN = 4,
    WK_SCOPE_MATCHED = 8
};

/* The site with most time, by a weighted majority vote: a site with more than half of it always wins. */
struct wk_vote {
    double weight;
    uint32_t site;
};

static inline void wk_vote_add(struct wk_vote *vote, uint32_t site, double weight)
{
    if (vote->site == site) {
        vote->weight += weight;
    } else if (weight > vote->weight || vote->site == WICK_NONE) {
        vote->weight = weight - vote->weight;
        vote->site = site;
    } else {
        vote->weight -= weight;
    }
}

/* The sums of WK_BLOCK_SCOPES ended scopes. */
struct wk_block {
    int64_t busy_ns;
    int64_t longest_ns;
    double weight; /* of the vote, for `site` */
    uint32_t site;
    uint16_t longest; /* the longest scope's place in the chunk */
    uint8_t flags;    /* enum wk_scope_flags, of any */
    uint8_t bad;      /* how many have failed or are unfinished */
};

/* Whole numbers are kept, and added up, to 64 bits. */
enum wk_value { WK_VALUE_NONE = 0, WK_VALUE_REAL, WK_VALUE_WHOLE, WK_VALUE_UNSIGNED }; /* one more than an enum wick_whole */

/* A named sum of a scope. */
struct wk_amount {
    uint32_t site, next; /* next: of the same scope, in the chunk's amounts, from 1; 0: none */
    double sum;
};

/* Data that only some scopes have. */
struct wk_detail {
    int64_t cpu_ns; /* < 0: not recorded */
    int64_t end_ns; /* valid for WK_LONG only; WK_OPEN: the scope is open */
    union {
        double real;
        int64_t whole;
    } value; /* the sum of the scope's */
    uint32_t text;    /* in the chunk's texts, from 1; 0: none */
    uint32_t message; /* likewise */
    uint32_t amount;  /* the first in the chunk's amounts, from 1; 0: none */
    uint8_t has_value; /* enum wk_value */
    uint8_t failed;
    uint8_t unfinished; /* enum wick_unfinished */
};

/* Which scopes of a block have an extra; `before`: place of the block's first one, valid when there is one. */
struct wk_extras {
    uint64_t has;
    uint32_t before;
};

/* Columns: 20 bytes for a scope. Only the last chunk of a row is not full. */
struct wk_chunk {
    int64_t *start_ns; /* one block of memory for all columns */
    uint32_t *duration_ns;
    uint32_t *site;
    uint32_t *parent;  /* index in the row above */
    struct wk_block *blocks;  /* valid where all scopes have ended */
    struct wk_extras *extras; /* one per block; NULL until a scope has an extra */
    struct wk_array extra;    /* uint32_t, in the order of scopes: WK_DETAIL | number, or a text, from 1 */
    uint32_t count, capacity;
    int64_t longest_ns;
    struct wk_array texts;   /* bytes: struct wk_kept_text, one after the other */
    struct wk_array details; /* struct wk_detail */
    struct wk_array amounts; /* struct wk_amount */
};

#define WK_LEVELS 28u

/* One level of a pyramid: the complete buckets, and the sums of the one that is not complete. */
struct wk_level {
    struct wk_array buckets; /* uint32_t, see wk_bucket */
    int64_t busy_ns;
    struct wk_vote vote;
    uint32_t scopes, bad; /* bad: failed or unfinished */
};

/*
 * A row at low resolution: buckets of 2^shift ns, and of 4, 16, 64 ... times that, aligned to the trace's time 0, so
 * that pixels do not flicker when the view moves. The finest level is dropped whenever it would hold more than one
 * bucket per 8 scopes. The pyramid stays when columns are dropped.
 */
struct wk_pyramid {
    int64_t base_ns;  /* of the first scope */
    uint32_t shift;   /* of the finest level */
    uint32_t levels;
    struct wk_level level[WK_LEVELS];
};

/* The share of bad scopes in four bits: 15 more than a half, 14 more than a quarter, ...; 0 none. */
static inline uint32_t wk_bad_code(uint64_t bad, uint64_t scopes)
{
    uint32_t code = bad ? 15 : 0;
    for (; code > 1 && 2 * bad <= scopes; bad *= 2) {
        code--;
    }
    return code;
}

/* A bucket: site << 12 | wk_bad_code << 8 | coverage (255: fully covered). */
static inline uint32_t wk_bucket(uint32_t site, uint32_t bad_code, uint32_t coverage)
{
    return (site < 0xfffff ? site : 0xfffff) << 12 | bad_code << 8 | coverage;
}

struct wk_row {
    struct wk_chunk *chunks;
    uint32_t chunk_count, chunk_capacity;
    uint32_t track, depth;
    uint32_t base;    /* index of the first scope of the first chunk: those before it were dropped */
    uint32_t count;   /* one past the last index */
    uint8_t open;     /* the last scope is open */
    uint32_t summed;  /* one past the last index in the pyramid */
    int64_t busy_ns;  /* of all ended scopes */
    int64_t last_ns;  /* end of the last ended scope */
    struct wk_pyramid *pyramid; /* NULL: too few scopes to need one */
};

/* A lock that a track waits for or holds, with its open instant. */
struct wk_open_lock {
    uint32_t site;
    uint32_t instant;
};

struct wk_index_track {
    struct wk_array rows;  /* uint32_t, outermost first */
    struct wk_array locks; /* struct wk_open_lock */
    uint32_t depth;        /* open scopes */
    uint32_t seen;
    uint32_t under_first, under_last; /* instants of WK_INSTANT_UNDER, from 1; 0: none */
    int64_t first_ns, last_ns;
    uint64_t scopes, lost;
};

/* A point or interval of time that is not a scope. */
struct wk_instant {
    int64_t from_ns, to_ns; /* to_ns WK_OPEN: not ended */
    double number;
    uint32_t track, site;
    uint32_t text; /* in index->texts, from 1; 0: none. UNDER: the track's next one, likewise */
    uint32_t kind; /* locks: 0 wait, 1 hold; counters: 0 set, 1 added; UNDER: the parent's track */
};

enum wk_instants {
    WK_INSTANT_MARK = 0,
    WK_INSTANT_COUNTER,
    WK_INSTANT_LOCK,
    WK_INSTANT_LOSS,
    WK_INSTANT_UNDER, /* to_ns: start of the scope that the track hangs under */
    WK_INSTANT_KINDS
};

/* Instants in order of appearance; sorted by time when they are read. */
struct wk_instant_list {
    struct wk_array items; /* struct wk_instant */
    uint32_t sorted;       /* how many are in order of time */
    uint32_t kept;         /* so many items are where they were when the counters' marks, or the locks' ends, were made */
};

#define WK_LOCK_BLOCK 256u    /* waits and holds */
#define WK_COUNTER_STEP 4096u /* samples from mark to mark */

/* The values of all strips before sample 0, WK_COUNTER_STEP, ...: a view in the middle of a log need not add up from the
 * beginning. */
struct wk_counter_marks {
    struct wk_array values;  /* double[strips] for each mark */
    struct wk_array of_site; /* uint32_t: the strips that they are for */
    uint32_t strips, count;
};

struct wk_kept_cache {
    uint64_t hash;
    uint32_t row, chunk; /* `chunk`: index of its first scope */
    uint32_t text;
};
#define WK_KEPT_CACHE 1024u

struct wk_index {
    struct wick_allocator allocator; /* of the index's own data: counts `bytes` */
    const struct wick_allocator *outer; /* the caller's, for results and temporary data */
    size_t bytes;
    struct wk_array rows;   /* struct wk_row */
    struct wk_array tracks; /* struct wk_index_track */
    struct wk_instant_list instants[WK_INSTANT_KINDS];
    struct wk_counter_marks counter_marks; /* counter_pixels.c */
    struct wk_array lock_ends; /* int64_t per block: lock_pixels.c */
    struct wk_array texts;  /* bytes: of instants, struct wk_kept_text */
    struct wk_kept_cache *cache;
    int64_t origin_ns;      /* time 0, since the epoch: the first record's; all other times count from it */
    int64_t now_ns;         /* end of open scopes; if earlier than last_ns: last_ns */
    int64_t first_ns, last_ns;
    int64_t at_ns;          /* time of the record that is being fed */
    int64_t retained_from_ns; /* INT64_MIN: nothing was dropped */
    uint64_t records, scopes, dropped, failed, unfinished, open, marks, lost, pauses, stray_ends, backwards;
    uint32_t depth_max;
    uint32_t version;       /* changes with every feed and every dropped chunk: caches compare it */
    uint32_t renames;       /* of tracks */
    int64_t least_ns;       /* shorter scopes are not drawn; 0: all are */
    uint8_t join;           /* neighbours of one site are drawn without a gap */
    uint8_t has_origin;
    uint8_t texts_matched;  /* a search has set `matched` of texts */
    int error;
};

#define wk_index_rows(index) ((struct wk_row *)(index)->rows.items)
#define wk_index_tracks(index) ((struct wk_index_track *)(index)->tracks.items)

/* ---- building (index.c, index_row.c, pyramid.c) ---- */

struct wk_index *wk_index_create(const struct wick_allocator *allocator);
void wk_index_destroy(struct wk_index *index);
/* Feed records, as wick_tree_feed; 0 or WICK_E_NOMEM. A time that goes backwards in a track is counted and replaced by
 * the track's last time. */
int wk_index_feed(struct wk_index *index, const struct wick_record *records, size_t count);
/* Move the tracks from `first_track` on, which are fed no more. 0, WICK_E_NOMEM, or WICK_E_STATE when scopes were dropped. */
int wk_index_shift(struct wk_index *index, uint32_t first_track, int64_t shift_ns);
/* Drop the oldest chunks until at most `bytes` are used, or nothing more can be dropped. */
int wk_index_trim(struct wk_index *index, size_t bytes);
/* The end of open scopes. */
/* A time of the trace. A log may hold any; what is 73 years away or more is that far away, so that differences of two times and a
 * bucket of the pyramid fit 64 bits. */
#define WK_FAR_NS ((int64_t)1 << 61)
static inline int64_t wk_index_time(const struct wk_index *index, int64_t time_ns)
{
    int64_t since_ns = (int64_t)((uint64_t)time_ns - (uint64_t)index->origin_ns);
    return (uint64_t)since_ns + WK_FAR_NS <= 2 * (uint64_t)WK_FAR_NS ? since_ns : since_ns < 0 ? -WK_FAR_NS : WK_FAR_NS;
}

static inline int64_t wk_index_now(const struct wk_index *index)
{
    return index->now_ns > index->last_ns ? index->now_ns : index->last_ns;
}

/* Row below or above a row; WICK_NONE: there is none. */
uint32_t wk_index_below(const struct wk_index *index, uint32_t row);
uint32_t wk_index_above(const struct wk_index *index, uint32_t row);

/* Both at index->at_ns. */
int wk_row_start(struct wk_index *index, uint32_t row, const struct wick_record *record, uint32_t parent);
int wk_row_end(struct wk_index *index, uint32_t row, const struct wick_record *record);
int wk_row_value(struct wk_index *index, uint32_t row, const struct wick_number *value);
/* Add to the named sum of the row's last scope. */
int wk_row_amount(struct wk_index *index, uint32_t row, uint32_t site, double amount);
/* Add all ended scopes to the pyramid. A row without one gets it when it is long enough, or when `force`. */
int wk_row_sum(struct wk_index *index, struct wk_row *row, int force);
void wk_row_free(struct wk_index *index, struct wk_row *row);
void wk_chunk_free(struct wk_index *index, struct wk_chunk *chunk);

int wk_pyramid_add(struct wk_index *index, struct wk_row *row, const struct wk_chunk *chunk, uint32_t at);
void wk_pyramid_free(struct wk_index *index, struct wk_pyramid *pyramid);
/* The coarsest level whose buckets are not longer than this; WK_LEVELS: all are longer. */
uint32_t wk_pyramid_level(const struct wk_pyramid *pyramid, double ns);

/* ---- reading one scope (index_row.c) ---- */

/* The place of a scope; chunk NULL: no such scope, or dropped. */
struct wk_place {
    const struct wk_chunk *chunk;
    uint32_t at;
};

static inline struct wk_place wk_row_place(const struct wk_row *row, uint32_t index)
{
    uint32_t at = index - row->base;
    if (index < row->base || index >= row->count) {
        return (struct wk_place){0};
    }
    return (struct wk_place){&row->chunks[at / WK_CHUNK_SCOPES], at % WK_CHUNK_SCOPES};
}

/* The end of a scope whose duration is WK_LONG. */
int64_t wk_chunk_long_end(const struct wk_chunk *chunk, uint32_t at);

/* WK_OPEN: it is open. */
static inline int64_t wk_chunk_recorded_end(const struct wk_chunk *chunk, uint32_t at)
{
    uint32_t duration_ns = chunk->duration_ns[at];
    return WICK_I_LIKELY(duration_ns != WK_LONG) ? chunk->start_ns[at] + duration_ns
                                                 : wk_chunk_long_end(chunk, at);
}

static inline int64_t wk_chunk_end(const struct wk_index *index, const struct wk_chunk *chunk, uint32_t at)
{
    int64_t end_ns = wk_chunk_recorded_end(chunk, at);
    if (WICK_I_UNLIKELY(end_ns == WK_OPEN)) {
        int64_t now_ns = wk_index_now(index);
        return now_ns > chunk->start_ns[at] ? now_ns : chunk->start_ns[at];
    }
    return end_ns;
}

/* The first scope that ends, or starts, at or after a time; row->count: none. Dropped scopes are never found. */
uint32_t wk_row_first_ending(const struct wk_row *row, int64_t time_ns);
uint32_t wk_row_first_starting(const struct wk_row *row, int64_t time_ns);
/* The children of a scope in the row below: [*first, *past). */
void wk_row_children(const struct wk_index *index, uint32_t row, uint32_t scope, uint32_t *first, uint32_t *past);
/* The extra of a scope; NULL: it has none. */
uint32_t *wk_chunk_find_extra(const struct wk_chunk *chunk, uint32_t at);
/* The value of a scope's extra; 0: none. */
uint32_t wk_chunk_extra(const struct wk_chunk *chunk, uint32_t at);
/* Details of a scope; all empty when it has none. */
struct wk_detail wk_chunk_detail(const struct wk_chunk *chunk, uint32_t at);
/* The sum of its values. */
struct wick_number wk_detail_value(const struct wk_detail *detail);
/* A text of a chunk; 0 bytes when `text` is 0. */
const char *wk_chunk_text(const struct wk_chunk *chunk, uint32_t text, uint32_t *bytes);
uint32_t wk_chunk_flags(const struct wk_chunk *chunk, uint32_t at);
/* Duration without the children. */
int64_t wk_row_self(const struct wk_index *index, uint32_t row, uint32_t scope);

/* ---- instants (instants.c) ---- */

int wk_instants_feed(struct wk_index *index, const struct wick_record *record, int64_t time_ns);
/* Items in order of time. Those that have come since the last call are sorted in; the others are not looked at. */
const struct wk_instant *wk_instants_sorted(struct wk_index *index, uint32_t kind, uint32_t *count);
/* The item `at` of WK_INSTANT_UNDER, from 1; NULL for 0. */
const struct wk_instant *wk_instants_under(const struct wk_index *index, uint32_t at);
/* The first of sorted items that begins at or after a time. */
uint32_t wk_instants_first(const struct wk_instant *items, uint32_t count, int64_t time_ns);
/* Drop the items that end before a time, but those of WK_INSTANT_UNDER. Of a counter's dropped samples one stays, which has
 * the value that they came to. */
void wk_instants_drop_before(struct wk_index *index, int64_t time_ns);

#endif
