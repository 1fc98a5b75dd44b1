/*
 * SPDX-License-Identifier: MIT
 * The index: every scope of a trace in columns, one row per track and depth, with what drawing, searching
 * and statistics need to be fast. The page's engine is a shell over this.
 * Must not draw text, know JavaScript or read logs. Invariant: within a row scopes are sorted and disjoint,
 * so that starts and ends are both monotone; only the last one can be open.
 */
#ifndef WICK_LIB_MODEL_VIEW_INDEX_H
#define WICK_LIB_MODEL_VIEW_INDEX_H

#include "model/base/mem.h"
#include "model/base/kept.h"

#define WK_CHUNK_SCOPES 16384u /* of a chunk of columns: the unit that retention drops */
#define WK_BLOCK_SCOPES 64u    /* of a block: what a walk can step over at once */
#define WK_OPEN INT64_MAX      /* the end of a scope that has none yet */
#define WK_LONG UINT32_MAX     /* a duration that is not known yet, or has no room in a column */
#define WK_DETAIL 0x80000000u  /* in an extra: a detail; otherwise the text alone */
#define WK_INDEX_TEXT_MAX 60000u

enum wk_scope_flags {
    WK_SCOPE_FAILED = 1,
    WK_SCOPE_UNFINISHED = 2,
    WK_SCOPE_OPEN = 4,
    WK_SCOPE_MATCHED = 8
};

/* Which site takes most: a vote weighted by time. A site with more than half of it always wins. */
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

/* What WK_BLOCK_SCOPES ended scopes are worth together. */
struct wk_block {
    int64_t busy_ns;
    int64_t longest_ns;
    double weight; /* of the vote that `site` won */
    uint32_t site;
    uint16_t longest; /* in its chunk */
    uint8_t flags;    /* enum wk_scope_flags, of any */
};

/* What only some scopes have. */
struct wk_detail {
    int64_t cpu_ns; /* < 0: not recorded */
    int64_t end_ns; /* of a WK_LONG; WK_OPEN: it is open */
    double value;
    uint32_t text;    /* in the chunk's texts, from 1; 0: none */
    uint32_t message; /* likewise */
    uint8_t has_value;
    uint8_t failed;
    uint8_t unfinished; /* enum wick_unfinished */
};

/* Which scopes of a block have an extra, and how many had one before them. */
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
    struct wk_block *blocks;  /* complete ones are valid */
    struct wk_extras *extras; /* of all blocks; NULL until a scope has an extra */
    struct wk_array extra;    /* uint32_t, of those: WK_DETAIL | number, or a text, from 1 */
    uint32_t count, capacity;
    int64_t longest_ns;
    struct wk_array texts;   /* bytes: struct wk_kept_text, one after the other */
    struct wk_array details; /* struct wk_detail */
};

#define WK_LEVELS 28u

/* One level of a pyramid. The last bucket is not complete: its sums stand here. */
struct wk_level {
    struct wk_array buckets; /* uint32_t, see wk_bucket */
    int64_t busy_ns;
    struct wk_vote vote;
    uint32_t failed;
};

/*
 * What a row looks like from far away: buckets of 2^shift ns and of 4, 16, 64 ... times that, aligned to
 * absolute time, so that nothing shimmers when the view moves. The finest level is dropped whenever it
 * would hold more than one bucket per 8 scopes. Stays when columns are dropped.
 */
struct wk_pyramid {
    int64_t base_ns;  /* of the first scope */
    uint32_t shift;   /* of the finest level */
    uint32_t levels;
    struct wk_level level[WK_LEVELS];
};

/* A bucket: site << 9 | failed << 8 | coverage (255: all of it). */
static inline uint32_t wk_bucket(uint32_t site, uint32_t failed, uint32_t coverage)
{
    return (site < 0x7fffff ? site : 0x7fffff) << 9 | (failed ? 256u : 0u) | coverage;
}

struct wk_row {
    struct wk_chunk *chunks;
    uint32_t chunk_count, chunk_capacity;
    uint32_t track, depth;
    uint32_t base;    /* index of the first scope of the first chunk: those before were dropped */
    uint32_t count;   /* one past the last index */
    uint8_t open;     /* the last scope is */
    uint32_t summed;  /* scopes that are in the pyramid */
    int64_t busy_ns;  /* of all ended scopes */
    int64_t last_ns;  /* end of the last ended scope */
    struct wk_pyramid *pyramid; /* NULL: so few scopes that none is needed */
};

/* A lock that a track waits for or holds: its instant is still open. */
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

/* A point or a stretch of time that is not a scope. */
struct wk_instant {
    int64_t from_ns, to_ns; /* WK_OPEN: has not ended */
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

/* Instants in order of appearance; sorted by time when somebody asks. */
struct wk_instant_list {
    struct wk_array items; /* struct wk_instant */
    uint32_t sorted;       /* as many as are in order */
};

struct wk_kept_cache {
    uint64_t hash;
    uint32_t row, chunk; /* `chunk`: index of its first scope */
    uint32_t text;
};
#define WK_KEPT_CACHE 1024u

struct wk_index {
    struct wick_allocator allocator; /* counts what the index has */
    const struct wick_allocator *outer;
    size_t bytes;
    struct wk_array rows;   /* struct wk_row */
    struct wk_array tracks; /* struct wk_index_track */
    struct wk_instant_list instants[WK_INSTANT_KINDS];
    struct wk_array texts;  /* bytes: of instants, struct wk_kept_text */
    struct wk_kept_cache *cache;
    int64_t origin_ns;      /* time 0; set by the first record */
    int64_t now_ns;         /* open scopes grow to here; INT64_MIN: to last_ns */
    int64_t first_ns, last_ns;
    int64_t at_ns;          /* time of the record that is being fed */
    int64_t retained_from_ns; /* INT64_MIN: everything is there */
    uint64_t records, scopes, dropped, failed, unfinished, open, marks, lost, stray_ends, backwards;
    uint32_t depth_max;
    uint32_t version;       /* changes with every record: who remembers something compares it */
    uint32_t renames;       /* of tracks */
    uint8_t has_origin;
    uint8_t texts_matched;  /* a search looks at the `matched` of texts */
    int error;
};

#define wk_index_rows(index) ((struct wk_row *)(index)->rows.items)
#define wk_index_tracks(index) ((struct wk_index_track *)(index)->tracks.items)

/* ---- building (index.c, index_row.c, pyramid.c) ---- */

struct wk_index *wk_index_create(const struct wick_allocator *allocator);
void wk_index_destroy(struct wk_index *index);
/* Records as for wick_tree_feed; 0 or WICK_E_NOMEM. Times that go backwards in a track are counted and
 * taken as no time passed. */
int wk_index_feed(struct wk_index *index, const struct wick_record *records, size_t count);
/* Drop the oldest chunks until at most `bytes` are used, or nothing more can be dropped. */
int wk_index_trim(struct wk_index *index, size_t bytes);
/* Where open scopes end. */
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
int wk_row_value(struct wk_index *index, uint32_t row, double value);
/* Bring the pyramid up to the last ended scope; makes it when `force`, or when the row is long enough. */
int wk_row_sum(struct wk_index *index, struct wk_row *row, int force);
void wk_row_free(struct wk_index *index, struct wk_row *row);
void wk_chunk_free(struct wk_index *index, struct wk_chunk *chunk);

int wk_pyramid_add(struct wk_index *index, struct wk_row *row, const struct wk_chunk *chunk, uint32_t at);
void wk_pyramid_free(struct wk_index *index, struct wk_pyramid *pyramid);
/* The coarsest level whose buckets are not longer than this; WK_LEVELS: all are longer. */
uint32_t wk_pyramid_level(const struct wk_pyramid *pyramid, double ns);

/* ---- reading one scope (index_row.c) ---- */

/* Where a scope lies; chunk NULL: no such scope, or dropped. */
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

/* The end of a scope without a place in the column. */
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

/* The first scope that ends at or after a time, or starts at or after it; row->count: none. Dropped scopes
 * are never found. */
uint32_t wk_row_first_ending(const struct wk_row *row, int64_t time_ns);
uint32_t wk_row_first_starting(const struct wk_row *row, int64_t time_ns);
/* The scopes of the row below that belong to a scope: [*first, *past). */
void wk_row_children(const struct wk_index *index, uint32_t row, uint32_t scope, uint32_t *first, uint32_t *past);
/* Where the extra of a scope stands; NULL: it has none. */
uint32_t *wk_chunk_find_extra(const struct wk_chunk *chunk, uint32_t at);
/* What a scope has beside its columns; 0: nothing. */
uint32_t wk_chunk_extra(const struct wk_chunk *chunk, uint32_t at);
/* Details of a scope; all empty when it has none. */
struct wk_detail wk_chunk_detail(const struct wk_chunk *chunk, uint32_t at);
/* A text of a chunk; 0 bytes when `text` is 0. */
const char *wk_chunk_text(const struct wk_chunk *chunk, uint32_t text, uint32_t *bytes);
uint32_t wk_chunk_flags(const struct wk_chunk *chunk, uint32_t at);
/* Duration without the children. */
int64_t wk_row_self(const struct wk_index *index, uint32_t row, uint32_t scope);

/* ---- instants (instants.c) ---- */

int wk_instants_feed(struct wk_index *index, const struct wick_record *record, int64_t time_ns);
/* Items in order of time. */
const struct wk_instant *wk_instants_sorted(struct wk_index *index, uint32_t kind, uint32_t *count);
/* The item at a place of WK_INSTANT_UNDER, from 1; NULL: 0. */
const struct wk_instant *wk_instants_under(const struct wk_index *index, uint32_t at);
/* The first item that begins at or after a time. */
void wk_instants_drop_before(struct wk_index *index, int64_t time_ns);

#endif
