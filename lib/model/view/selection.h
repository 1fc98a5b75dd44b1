/*
 * SPDX-License-Identifier: MIT
 * A selection of an index (time, tracks, names), and its statistics: per site, merged graphs, histograms, instances,
 * search. The selected scopes are fed to a wick_tree, so the numbers are those of the native tool for the same scopes.
 */
#ifndef WICK_LIB_MODEL_VIEW_SELECTION_H
#define WICK_LIB_MODEL_VIEW_SELECTION_H

#include "draw.h"
#include "model/tree/hist.h"
#include "index.h"

/* ---- the selected scopes (selection.c) ---- */

/* The place of a walk in one row. */
struct wk_cursor {
    uint32_t row;
    const struct wk_chunk *chunk; /* of `index`; found again when the index has changed */
    uint32_t at;          /* in the chunk */
    uint32_t index, past; /* scopes of the row */
    uint8_t inside;       /* the scope or one around it has a selected name */
};

struct wk_selection {
    struct wk_index *index;
    int64_t from_ns, to_ns;
    struct wk_array tracks; /* uint8_t: 1 = selected; empty: all */
    struct wk_array sites;  /* uint8_t: 1 = selected, with the scopes below; empty: all */
    struct wick_tree *tree; /* of the selected scopes; complete when `done` */
    struct wk_array cursors; /* struct wk_cursor, of the current track */
    struct wick_rows *rows;  /* made when they are first asked for */
    struct wk_array path;    /* uint32_t: to the scope that a track hangs under */
    uint32_t track, depth;
    uint32_t under;          /* the track's next instant of WK_INSTANT_UNDER, from 1; 0: none */
    uint64_t walked;         /* scopes looked at */
    uint32_t version;        /* of the index when the cursors were set */
    uint32_t amounts;        /* named sums of the scope that is about to end: how many records they have had */
    uint8_t started, done;
    uint8_t texts;           /* records have their texts, which statistics do not need */
};

void wk_selection_init(struct wk_selection *selection, struct wk_index *index);
void wk_selection_fini(struct wk_selection *selection);
/* Discard the results; the caller has set tracks and sites. */
void wk_selection_restart(struct wk_selection *selection);
/* Continue for about `scopes` scopes: 1: done, 0: not yet, < 0: error. Scopes added to the index since the first step
 * may be left out. */
int wk_selection_step(struct wk_selection *selection, uint32_t scopes);
/* Hang the track of an UNDER under its scope in the tree from now on (under.c); 0, also when the scope is missing. */
int wk_under_hang(struct wk_selection *selection, const struct wick_record *under);
/* Iterate over the selection as records: the next ones, all of one track; `capacity` is at least 2. More than 0: there
 * are more; 0: these were the last; < 0: error. */
int wk_selection_records(struct wk_selection *selection, struct wick_record *records, uint32_t capacity,
                         uint32_t *count);

static inline int wk_selection_has_track(const struct wk_selection *s, uint32_t track)
{
    return !s->tracks.count || (track < s->tracks.count && ((const uint8_t *)s->tracks.items)[track]);
}

static inline int wk_selection_has_site(const struct wk_selection *s, uint32_t site)
{
    return !s->sites.count || (site < s->sites.count && ((const uint8_t *)s->sites.items)[site]);
}

/* Does a scope, or one around it, have a selected name? */
int wk_selection_is_inside(const struct wk_selection *selection, uint32_t row, uint32_t scope);
/* Is a scope of no length at the selection's beginning selected? It is if its parent is. */
int wk_selection_has_edge(const struct wk_selection *selection, uint32_t row, uint32_t scope);
/* Cut a scope to the selected time; 0: nothing is left. */
static inline int wk_selection_clip(const struct wk_selection *s, uint32_t row, uint32_t scope, int64_t *start_ns,
                                    int64_t *end_ns)
{
    if (*start_ns >= s->to_ns || *end_ns < s->from_ns) {
        return 0;
    }
    if (*end_ns == s->from_ns) {
        return *start_ns == s->from_ns && wk_selection_has_edge(s, row, scope);
    }
    *start_ns = *start_ns > s->from_ns ? *start_ns : s->from_ns;
    *end_ns = *end_ns < s->to_ns ? *end_ns : s->to_ns;
    return 1;
}
/* The scopes of a row that may be selected by time: [*first, *past). */
void wk_selection_range(const struct wk_selection *selection, const struct wk_row *row, uint32_t *first,
                        uint32_t *past);

/* One row per site with scopes, of sites below `site_count`; needs `done`. NULL: no memory. Kept until the next restart. */
const struct wick_rows *wk_selection_rows(struct wk_selection *selection, uint32_t site_count);

/* ---- merged graphs (flame.c) ---- */

enum wk_flame_kind {
    WK_FLAME_MERGED = 0,
    WK_FLAME_THREADS,
    WK_FLAME_INVERTED,
    WK_FLAME_CALLERS,
    WK_FLAME_CALLEES
};
enum wk_flame_weight { WK_FLAME_TIME = 0, WK_FLAME_COUNT, WK_FLAME_VALUE, WK_FLAME_CPU };

#define WK_FLAME_DEEP 256u /* most levels of callers */

struct wk_flame_frame {
    uint32_t parent; /* WICK_NONE: a root */
    uint32_t site;   /* WICK_NONE: a thread */
    uint32_t track;  /* of a thread's root; else WICK_NONE */
    uint32_t depth;
    double offset, total, self; /* in the weight's unit */
    double count, failed, unfinished, value;
};

struct wk_flame_ask {
    uint32_t kind, weight;
    uint32_t site; /* whose callers or callees */
    double min;    /* leave out narrower frames */
};
/* Frames, parents first, siblings largest first; `frames`: array of struct wk_flame_frame, freed by the
 * caller. 0 or WICK_E_NOMEM. */
int wk_flame_build(const struct wick_tree *tree, const struct wick_allocator *a, const struct wk_flame_ask *ask,
                   struct wk_array *frames);

/* ---- single instances (instances.c) ---- */

#define WK_BARS_PER_OCTAVE 8u
#define WK_BARS (64u * WK_BARS_PER_OCTAVE)

struct wk_bar {
    double count, time_ns;
};

/* Ask for the scopes of a site whose duration (or self time) within the selection is in [low_ns, high_ns]. */
#define WK_ALL_FAILED (WICK_NONE - 1)
struct wk_instances_ask {
    uint32_t site; /* WICK_NONE: the matches of the search; WK_ALL_FAILED: all that have failed */
    uint32_t self; /* 1: by self time */
    int64_t low_ns, high_ns;
    uint32_t most; /* keep the longest ones, at most so many */
};
struct wk_instance {
    uint32_t row, index;
    int64_t duration_ns;
};
struct wk_instances {
    uint64_t count;          /* of all */
    int64_t min_ns, max_ns;
    struct wk_hist *hist;    /* of all; filled when `bars` is set */
    struct wk_bar *bars;     /* WK_BARS entries of the caller; NULL: not wanted */
    struct wk_array longest; /* struct wk_instance, longest first, equal ones by place */
};
struct wk_search;
/* Find instances and fill `found`. 0 or WICK_E_NOMEM. */
int wk_instances_find(const struct wk_selection *selection, const struct wk_search *search,
                      const struct wk_instances_ask *ask, struct wk_instances *found);
/* The bar of a duration; the durations of a bar. */
uint32_t wk_bar_of(int64_t duration_ns);
void wk_bar_bounds(uint32_t bar, int64_t *low_ns, int64_t *high_ns);

/* ---- search (search.c) ---- */

struct wk_search {
    struct wk_array sites; /* uint8_t: 1 = its name matches, 2 = an instance's text does; empty: no search */
    uint32_t names;        /* sites that match by name or text */
};

struct wk_search_sums {
    uint64_t scopes;
    uint64_t by_name, texts, end_texts; /* of them; several may be true of one */
    int64_t covered_ns;  /* nested matches counted once */
    int64_t total_ns;
    int64_t selected_ns; /* thread time of the selection */
    uint64_t marks;
};

void wk_search_end(struct wk_search *search, struct wk_index *index);
/* Search names and instances' texts for `text`, ignoring the case of ASCII letters. */
int wk_search_text(struct wk_search *search, struct wk_index *index, const struct wick_names *names,
                   const char *text, uint32_t bytes);
/* Set the result: flags per site. */
int wk_search_flags(struct wk_search *search, struct wk_index *index, const uint8_t *flags, uint32_t count);
int wk_search_sum(const struct wk_search *search, const struct wk_selection *selection, struct wk_search_sums *sums);
int wk_search_has(const struct wk_search *search, const struct wk_chunk *chunk, uint32_t at);
/* Set each of `view->width` pixels to 255 if it has a match, else to 0. */
void wk_search_strip(const struct wk_search *search, const struct wk_selection *selection, const struct wk_view *view,
                    uint8_t *out);
/* The first match in order of (start, row) after (time, row, index) or, when `direction` < 0, before it. 1 or 0. */
int wk_search_next(const struct wk_search *search, const struct wk_selection *selection, int64_t time_ns,
                   struct wk_instance *place, int direction);

#endif
