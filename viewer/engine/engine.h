/*
 * SPDX-License-Identifier: MIT
 * What the page's worker calls: the exports of engine.wasm, their arguments and the layout of their results.
 * Must not compute: everything here is a thin shell over lib/model. Invariant: one engine per instance, one
 * call at a time; a call that fails changes nothing but engine_error().
 *
 * Conventions
 *
 * Times        double, ns since engine_origin_ns(); integers are exact up to 2^53. May be negative when a
 *              second log begins earlier than the first.
 * Scopes       a pair (row, index). A row is one depth of one track; within a row scopes are sorted and
 *              disjoint. Indices never change, also not when old scopes are dropped.
 * Arguments    arrays and texts go into a room first: engine_room(slot, bytes) gives its address; what was
 *              written stays until the room is asked for again with more bytes. Memory may grow in any call:
 *              make typed-array views anew after each call.
 * Results      a function that gives a list returns how many items, each a struct of this file, lie at
 *              engine_result() (engine_result_bytes() bytes in all), borrowed until the next call that gives
 *              a list. Texts inside items are addresses of UTF-8 bytes with a length.
 * Errors       a negative result is a wick error (wick/error.h); engine_error() says it for people.
 * No scope, site, track, row   ENGINE_NONE (0xffffffff).
 */
#ifndef WICK_VIEWER_ENGINE_ENGINE_H
#define WICK_VIEWER_ENGINE_ENGINE_H

#include <stdint.h>

#define ENGINE_NONE UINT32_MAX
#define ENGINE_EXPORT(name) __attribute__((export_name(#name))) name

/* A text: address and length in bytes. Not terminated. */
struct engine_text {
    uint32_t at;
    uint32_t bytes;
};

/* ---- memory and results ------------------------------------------------------------------------- */

enum engine_room {
    ENGINE_ROOM_INPUT = 0, /* bytes of a log */
    ENGINE_ROOM_TEXT,      /* a name, a search */
    ENGINE_ROOM_LINES,     /* struct engine_line[]: which rows stand on which line of the image */
    ENGINE_ROOM_PALETTE,   /* uint32_t[sites]: colour per site as RGBA bytes (0xAABBGGRR little-endian) */
    ENGINE_ROOM_DIMMED,    /* uint32_t[sites]: the same, dimmed */
    ENGINE_ROOM_TRACKS,    /* uint8_t[tracks]: 1 = selected */
    ENGINE_ROOM_SITES,     /* uint8_t[sites]: 1 = selected, or matched */
    ENGINE_ROOMS
};

/* Give a room of at least `bytes` bytes; its old contents stay. 0: no memory. */
uint32_t engine_room(uint32_t room, uint32_t bytes);
/* The last list: address and size. */
uint32_t engine_result(void);
uint32_t engine_result_bytes(void);
/* What went wrong last, as a sentence for people: address of a text that ends with NUL; "" when nothing. */
uint32_t engine_error(void);

/* ---- input -------------------------------------------------------------------------------------- */

/* Forget everything that was read, and the selection and search; 0. To be called once at the start too. */
int engine_reset(void);
/* Begin a further log. Its sites join those of the logs before it, its tracks, too, unless it is `beside` them: then its processes
 * are others, even of the same host and pid. Its kind (.ctxt or wire, Chrome trace JSON, speedscope JSON, folded stacks) is seen
 * from its first bytes. */
int engine_input_begin(uint32_t beside);
/* Move the tracks from `first_track` on, of logs that have ended. */
int engine_shift(uint32_t first_track, double shift_ns);
/* Read the first `bytes` bytes of ENGINE_ROOM_INPUT: the next piece of the log, cut anywhere. A 1 MiB piece
 * takes about 2 to 4 ms. */
int engine_feed(uint32_t bytes);
/* The log has ended: what was read stays; torn ends are counted. Live data needs no finish. */
int engine_finish(void);
/* Problems of the current log, newline-separated sentences for people, "" when none: the result is text.
 * Gives the number of sentences. */
int engine_problems(void);
/* Properties that the logs' programs wrote (`run` and `stat` lines) as key=value lines: the result is text. */
int engine_properties(void);
/* What was left out of the logs or lost, in lines for people, as `wick report` ends; gives the bytes. */
int engine_left_out(void);
/* Keep at most so many bytes of detail (default 512 MiB); oldest scopes are dropped first, images stay. */
int engine_set_retention(double bytes);
/* Open scopes grow to here. Until it is called: to the last record's time. */
int engine_set_now(double now_ns);

struct engine_stats {
    double first_ns, last_ns;     /* of any record */
    double retained_from_ns;      /* before this, scopes were dropped: images only */
    double records;
    double scopes;                /* begun, dropped ones included */
    double scopes_dropped;        /* by the retention */
    double marks, failed, unfinished;
    double lost;                  /* events that programs had to refuse */
    double problems;              /* lines or frames that could not be used */
    double stray_ends, backwards; /* ENDs without START; times that went backwards in a track */
    double memory_bytes;          /* of detail, as the retention counts it */
    uint32_t tracks, rows, depth_max;
    uint32_t sites_version;       /* changes when sites, tracks or their names did: read them again */
};
/* One struct engine_stats. */
int engine_stats(void);
/* Time of 0 in ns since the epoch (a BigInt in JavaScript). */
int64_t engine_origin_ns(void);

/* ---- names -------------------------------------------------------------------------------------- */

struct engine_site {
    struct engine_text name, location, file, category;
    uint32_t line;   /* 0: unknown */
    uint32_t colour; /* 0xRRGGBB; ENGINE_NONE: none was given */
    uint32_t kind;   /* enum wick_site_kind: 0 scope, 1 format, 2 dynamic, 3 mark, 4 counter, 5 lock, 6 foreign */
};
/* Sites from index `first` on. */
int engine_sites(uint32_t first);

struct engine_track {
    struct engine_text name;  /* newest label, else the name in the log */
    struct engine_text host;
    struct engine_text program; /* of its process; no bytes: unknown */
    uint32_t pid;
    uint32_t process;         /* number of its process: two may have one host and pid */
    uint32_t depth;           /* rows */
    double first_ns, last_ns; /* of its records */
    double busy_ns;           /* covered by outermost scopes */
};
int engine_tracks(void);
/* Row numbers of a track, outermost first: uint32_t[depth]. */
int engine_rows(uint32_t track);

enum engine_layout_flags {
    ENGINE_LAYOUT_PACK = 1, /* tracks of one pool that do not overlap share a lane */
    ENGINE_LAYOUT_BUSY = 2, /* busiest first, main thread(s) pinned at the top; else in order of appearance */
    ENGINE_LAYOUT_POOL = 4  /* threads whose names differ by a number only stand together */
};
struct engine_lane_item {
    uint32_t lane;  /* from 0, top to bottom */
    uint32_t track; /* several items of one lane: never overlapping */
    uint32_t pool;  /* number of its group of names, from 0 */
    uint32_t depth; /* of the whole lane */
    struct engine_text pool_name; /* the name without its number */
    double lane_busy_ns;
};
/* Which track stands where, in order of lanes. */
int engine_layout(uint32_t flags);

/* ---- images ------------------------------------------------------------------------------------- */

/* A row on a line of the image. Rows on one line stand together in the room and must not overlap in time
 * (engine_layout sees to it). */
struct engine_line {
    uint32_t row;
    uint32_t line; /* from 0, below `lines` */
};

/* Colours of what is not a scope. Sites take theirs from the rooms PALETTE and DIMMED; a site beyond the
 * room's count takes `other`. */
int engine_set_colours(uint32_t background, uint32_t hatch, uint32_t other);

enum engine_dim {
    ENGINE_DIM_SEARCH = 1,   /* what the search does not match */
    ENGINE_DIM_SELECTION = 2 /* what is outside of the selection (time, tracks, names) */
};
/*
 * Draw `count` struct engine_line of ENGINE_ROOM_LINES: `width` x `lines` pixels, RGBA, row after row;
 * the result is uint32_t[width * lines]. Pixel x covers [from_ns + x * ns_per_px, ... + ns_per_px). Each
 * pixel is the background mixed with its dominant site's colour by exact coverage, not less than 0.35 where
 * there is anything; neighbours that are wide keep 1 px apart; losses and dropped detail are hatched.
 * Gives the number of pixels. 56 rows of 1440 px: about 2 ms.
 */
int engine_image(double from_ns, double ns_per_px, uint32_t width, uint32_t lines, uint32_t count,
                 uint32_t dim);
/* What images and labels leave out: scopes shorter than least_ns (0: none), and with `join` the gap between neighbours of one site,
 * which then have one label. */
int engine_set_shown(double least_ns, uint32_t join);
/* Of the last image: struct engine_streak of pixels that hold failed, unfinished or open scopes. */
struct engine_streak {
    uint32_t line, x0, x1; /* pixels [x0, x1) */
    uint32_t what;         /* enum engine_scope_flags; an open scope's soft right edge ends at x1 */
    uint32_t share;        /* of failed and unfinished scopes: 4 more than a half, 3 an eighth, 2 1/64, 1 less, 0 none */
};
int engine_flags(void);

struct engine_label {
    uint32_t line;
    float x0, x1;          /* px, clamped to the viewport; x1 - x0 >= min_px */
    uint32_t site;
    struct engine_text text; /* of the instance; no bytes: its site's name says it all */
    uint32_t flags;        /* enum engine_scope_flags */
};
/* Scopes of the lines that are at least min_px wide (28), left to right per line. */
int engine_labels(double from_ns, double ns_per_px, uint32_t width, uint32_t count, double min_px);

/* Activity of groups of tracks for the minimap. ENGINE_ROOM_TRACKS gives the group of each track (uint8_t,
 * 255: none), `groups` how many. The result is float[groups * width]: mean number of busy tracks. */
int engine_activity(double from_ns, double ns_per_px, uint32_t width, uint32_t groups);
/* Where the search matches, for ticks in the minimap: uint8_t[width], 255 or 0. */
int engine_search_strip(double from_ns, double ns_per_px, uint32_t width);

/* ---- scopes ------------------------------------------------------------------------------------- */

enum engine_scope_flags {
    ENGINE_SCOPE_FAILED = 1,
    ENGINE_SCOPE_UNFINISHED = 2,
    ENGINE_SCOPE_OPEN = 4,
    ENGINE_SCOPE_MATCHED = 8 /* by the search */
};

struct engine_hit {
    uint32_t count;        /* scopes in the pixel; 0: nothing there */
    uint32_t row, index;   /* the only scope, or the longest one */
    uint32_t site;         /* that takes most of the pixel's time */
    uint32_t discarded;    /* 1: there was something, its detail has been dropped */
    uint32_t failed;       /* of the scopes in the pixel */
    double share;          /* of that site in the scopes' time, 0 .. 1 */
    double from_ns, to_ns; /* of the run */
    double longest_ns;
};
/* What is in the pixel of a row that begins at from_ns. One struct. */
int engine_hit(uint32_t row, double from_ns, double ns_per_px);

struct engine_scope {
    uint32_t row, index;
    uint32_t track, depth;  /* 0 = outermost */
    uint32_t site;
    uint32_t flags;         /* enum engine_scope_flags */
    uint32_t unfinished;    /* enum wick_unfinished: 1 unwound, 2 thread, 3 exit, 4 fork, 5 clear, 6 killed */
    uint32_t children;      /* how many */
    uint32_t parent_row, parent_index;
    uint32_t first_child_row, first_child_index;
    uint32_t previous_index, next_index; /* siblings (same row); ENGINE_NONE */
    uint32_t sibling_number, sibling_count; /* k (from 1) of n */
    struct engine_text text, message;
    double start_ns, end_ns; /* end of an open one: now */
    double duration_ns, self_ns;
    double cpu_ns;          /* -1: not recorded */
    double value;
    double parent_ns;       /* duration of the parent; 0: none */
    uint32_t has_value;
    uint32_t value_low, value_high, value_is_whole; /* the same to 64 bits; enum wick_whole */
    uint32_t discarded;     /* 1: dropped by the retention: nothing else is set */
};
/* One struct, or 0 items: no such scope. */
int engine_scope(uint32_t row, uint32_t index);
/* The named sums of a scope; with row ENGINE_NONE those of item `index` of engine_table, while its statistics hold. */
struct engine_sum {
    double sum;
    uint32_t site;
};
int engine_sums(uint32_t row, uint32_t index);
/* The deepest scope of a track at a time, as engine_scope. */
int engine_scope_at(uint32_t track, double at_ns);

/* ---- marks, losses, counters, locks ------------------------------------------------------------- */

enum engine_list { ENGINE_LIST_MARKS = 0, ENGINE_LIST_LOSSES = 3 };

struct engine_instant {
    double from_ns, to_ns; /* marks: equal */
    double number;         /* marks: for how many it stands; losses: events lost */
    uint32_t track, site;
    struct engine_text text; /* marks: of the instance; no bytes: the site's name */
};
/*
 * Marks or losses in [from_ns, to_ns], by time. At most `most`; `step_ns` > 0 joins them: one mark for each step
 * of that length, one loss for each step and track, so that there is no end before to_ns.
 */
int engine_list(uint32_t list, double from_ns, double to_ns, double step_ns, uint32_t most);

/* A site of a process, and the strip on which it stands. */
struct engine_strip {
    uint32_t site, process, strip;
};
/* Counters per pixel. ENGINE_ROOM_LINES has `count` struct engine_strip. The result is double[strips][width][3]: least, largest, last value of each pixel; without a
 * sample all three are the value that still holds, not-a-number before the first sample. */
int engine_counters(double from_ns, double ns_per_px, uint32_t width, uint32_t strips, uint32_t count);
/* Locks per pixel, likewise. The result is double[strips][width][7]: share of the pixel's time in which somebody holds it,
 * share in which somebody waits, ns of the longest hold and of the longest wait that touch the pixel, holds and waits that
 * begin in it, the track of the longest hold (-1: none). */
int engine_locks(double from_ns, double ns_per_px, uint32_t width, uint32_t strips, uint32_t count);

struct engine_lock_row {
    double holds, hold_ns, held_ns;   /* held_ns: somebody holds it */
    double longest_hold_ns;
    double waits, wait_ns, p99_wait_ns, longest_wait_ns; /* p99_wait_ns: -1: nobody waits */
};
/* The locks of the selected time and tracks, one struct per strip; strips as for engine_locks. */
int engine_lock_rows(uint32_t strips, uint32_t count);
struct engine_lock_block {
    uint32_t strip, holder, waiter; /* tracks */
    uint32_t times;
    double ns;                      /* for which the waiter waits while the holder holds it */
};
/* Who kept whom waiting, of the last engine_lock_rows. */
int engine_lock_blocks(void);

/* ---- search ------------------------------------------------------------------------------------- */

struct engine_search {
    double scopes;       /* matched, in the selected time and tracks */
    double covered_ns;   /* of them, nested ones not counted twice */
    double selected_ns;  /* thread time of the selection: share = covered / selected */
    double total_ns;     /* sum of all durations */
    double marks;        /* matched, by name or text */
    double by_name, texts, end_texts; /* of the scopes: what of them matches */
    uint32_t sites;      /* matched */
};
enum engine_search_mode {
    ENGINE_SEARCH_TEXT = 0, /* ENGINE_ROOM_TEXT: part of a name, location, file, or of a text of an instance or of its end, any case */
    ENGINE_SEARCH_SITES     /* ENGINE_ROOM_SITES: flags (a regular expression over engine_sites) */
};
/* Search; `bytes` of the text (0: end the search). One struct engine_search; within the selection. */
int engine_search(uint32_t mode, uint32_t bytes);
/* uint8_t[sites]: 1 = its name matches, 2 = a text of an instance does. */
int engine_search_sites(void);
/* The next match after (direction > 0) or before a time, as engine_scope; 0 items: none. A match at the same
 * time as the scope (row, index) is taken once; ENGINE_NONE, ENGINE_NONE: the first at or beyond the time. */
int engine_search_next(double at_ns, uint32_t row, uint32_t index, int direction);

/* ---- selection and statistics ------------------------------------------------------------------- */

/*
 * Select a time range, tracks (use_tracks: ENGINE_ROOM_TRACKS as flags) and names (use_sites:
 * ENGINE_ROOM_SITES as flags: what is not below or at such a scope is left out). Cheap; begins the statistics
 * anew. The start: everything (-Infinity, Infinity, 0, 0).
 */
int engine_select(double from_ns, double to_ns, uint32_t use_tracks, uint32_t use_sites);
/* Go on with the statistics for about so many scopes (20,000: about 1 ms). 1: done; 0: call again. New data
 * or another selection begins them anew (engine_select). */
int engine_select_step(uint32_t scopes);

/* What follows needs finished statistics (else WICK_E_STATE). */

struct engine_row_stats {
    uint32_t site;
    double count;     /* ended ones; clipped at the range's ends */
    double total_ns;  /* with the open ones so far; nested calls of itself counted once */
    double self_ns;   /* with the open ones so far */
    double mean_ns, min_ns, p50_ns, p90_ns, p99_ns, p999_ns; /* of ended ones; NaN: none */
    double max_ns;    /* with the open ones so far */
    double failed, unfinished, open;
    double cpu_ns;  /* -1: not recorded */
    double value;   /* sum of wick values */
    uint32_t value_low, value_high, value_is_whole; /* the same to 64 bits; enum wick_whole */
};
/* The table: one per site with scopes in the selection. */
int engine_table(void);

enum engine_flame {
    ENGINE_FLAME_MERGED = 0, /* outermost first, all tracks in one */
    ENGINE_FLAME_THREADS,    /* the same, one root per track (site ENGINE_NONE, track set) */
    ENGINE_FLAME_INVERTED,   /* by innermost: widths are self times, children are callers */
    ENGINE_FLAME_CALLERS,    /* of `site`: roots are the site, children its callers */
    ENGINE_FLAME_CALLEES     /* of `site` */
};
struct engine_frame {
    uint32_t parent;        /* item index; ENGINE_NONE: a root */
    uint32_t site;
    uint32_t track;         /* ENGINE_FLAME_THREADS: of the root; else ENGINE_NONE */
    uint32_t depth;         /* 0: roots */
    double offset_ns;       /* where it begins, left-heavy: largest first */
    double total_ns, self_ns;
    double count, failed, unfinished;
    double value;
};
/* Frames, parents before children, siblings largest first, none narrower than min_ns. `site`: for callers
 * and callees. `weight`: 0 time, 1 count, 2 value, 3 CPU (offset, total and self are then in that unit). */
int engine_flame(uint32_t kind, uint32_t site, double min_ns, uint32_t weight);

struct engine_bar {
    double low_ns, high_ns; /* durations in [low, high] */
    double count;
    double time_ns;         /* their sum */
};
/* Histogram of a site in the selection: bars of 1/8 octave that are not empty, shortest first. `self`: 1 =
 * of self times. */
int engine_histogram(uint32_t site, uint32_t self);
/* Quantile of the last histogram, per mille. */
double engine_quantile(uint32_t per_mille);

#define ENGINE_FAILED 0xfffffffeu /* in place of a site: all that have failed */

struct engine_instance {
    uint32_t row, index;
    uint32_t track, flags, site;
    struct engine_text text, message;
    double start_ns, duration_ns, self_ns;
};
/* Instances of a site in the selection whose duration is in [low_ns, high_ns] (self: whose self time is),
 * longest first, at most `most`. engine_instances_total: how many there are. */
int engine_instances(uint32_t site, double low_ns, double high_ns, uint32_t self, uint32_t most);
double engine_instances_total(void);

/* ---- export ------------------------------------------------------------------------------------- */

/* Write the selection as .ctxt: the result is the next piece of text, of at most about 1 MiB; gives its bytes,
 * 0 after the last. `begin` = 1 starts over. */
int engine_export(uint32_t begin);

#endif
