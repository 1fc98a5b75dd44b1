/*
 * SPDX-License-Identifier: MIT
 * The inside of a reader: tables of processes, tracks, locations and sites, and the batch of records, which the forms
 * (ctxt, wire, import) fill. Invariant: a record's text points into the caller's bytes, the carry buffer or the form's
 * memory, so the batch is flushed before any of them changes.
 */
#ifndef WICK_LIB_MODEL_LOG_TABLES_READER_STATE_H
#define WICK_LIB_MODEL_LOG_TABLES_READER_STATE_H

#include <stdbool.h>

#include "kinds.h"

#define WK_READER_BATCH 256u
#define WK_READER_LINE_MAX (4u << 20)  /* bytes of a line; longer ones are counted and left out */
#define WK_READER_PROBLEMS 16u         /* kept with their line numbers */
#define WK_READER_RUNS 4096u           /* `run` and `stat` lines that are kept */
#define WK_READER_CACHE 1024u          /* locations, direct mapped */
#define WK_READER_PREFIX 64u           /* longest ` node pid thread ` of the fast path */
#define WK_READER_NAME_MAX 4096u       /* of a text that is part of an identity */
#define WK_READER_TEXT_NAME_MAX 4000u  /* of the text of an instance that is its name: the recorder cuts such names there */

struct wk_process {
    const char *key; /* `node pid` */
    uint32_t key_bytes;
    uint32_t node_bytes;
    int64_t start_ns;  /* 0: not known */
    uint8_t ended;     /* lines of this host and pid are another process's from now on */
    const char *program, *arguments; /* `run` lines before `start`, which says whose they are; NULL: none */
};

struct wk_reader_track {
    const char *prefix; /* ` node pid thread ` */
    uint32_t prefix_bytes;
    uint32_t process;
    int64_t cpu_ns;     /* of the END that follows; < 0: none */
    uint8_t unfinished; /* likewise */
    uint8_t renamed;    /* in a part: a `thread` line gave it its label */
    uint32_t depth, outer, unknown; /* of a wire: as the stream before left it (struct wk_wire_known_track) */
};

/* A location of a process. */
struct wk_location {
    const char *name;
    uint32_t name_bytes;
    uint32_t process;
    uint32_t site;      /* of its `site` line; WICK_NONE: none so far */
    uint32_t text_site; /* site of the last text, where the text is part of the identity: a cache */
    const char *text;   /* that text */
    uint32_t text_bytes;
    uint32_t mark_site, lock_site, counter_site; /* where there is no `site` line */
    uint32_t guess;     /* in a part: `site` as of the seed */
    uint32_t stand_in;  /* in a part: a site that the join replaces by the real one; WICK_NONE: not needed */
    uint8_t kind;       /* enum wick_site_kind of `site` */
    uint8_t used;       /* in a part: used by another line than a `site` line */
    uint8_t known;      /* in a part: its `site` line came before any use */
    uint8_t changed;    /* in a part: it had a `site` line */
};

struct wk_cached_location {
    uint64_t head, tail; /* the name's first and last eight bytes; tail 0: it is shorter */
    uint32_t bytes;      /* 0: nothing is kept here */
    uint32_t location;
    uint32_t process;
};

struct wk_wire_in;
struct wk_wire_event;
struct wk_import;

/* The form of a log, which its beginning tells. JSON_LINES: Chrome events, one per line. OTHER: it cannot be read. */
enum wk_form { WK_FORM_UNKNOWN = 0, WK_FORM_TEXT, WK_FORM_WIRE, WK_FORM_JSON, WK_FORM_JSON_LINES, WK_FORM_FOLDED, WK_FORM_OTHER };

struct wk_form_utf16 {
    struct wk_array text; /* char: UTF-8 of the bytes that came last */
    uint32_t high;        /* half of a surrogate pair; 0: none */
    uint8_t on, big, half, byte; /* half: `byte` is half of a unit */
};

struct wick_reader {
    const struct wick_allocator *allocator;
    struct wick_names *names;
    struct wick_record_out out;
    struct wick_renamer renamer;
    uint32_t vector;
    int error;
    uint8_t form;          /* enum wk_form */
    struct wk_form_utf16 utf16;
    uint8_t begun;         /* the byte order mark has been looked for */
    struct wk_array head;  /* char: held back while the form is unknown */
    const char *unit;      /* of folded stacks' numbers; NULL: they are samples */
    struct wk_import *import; /* of another tool's file; NULL: not one */
    struct wk_wire_in *wire; /* NULL: the log is text */
    /* Takes the events of a wire instead of `out`, and NULL where a frame begins; NULL: not wanted. False: the event is
     * not valid. */
    bool (*on_event)(void *user, struct wk_wire_event *event);
    void *on_event_user;
    uint8_t unjoinable; /* in a part: it must be read behind what came before it */
    uint8_t speculate; /* in a part: assume that a location without a `site` line had it before the part */
    uint32_t batch_count;
    struct wick_record batch[WK_READER_BATCH];

    /* The last line's fields, for the fast path. */
    char seconds[16]; /* first ten digits and the point */
    int64_t seconds_ns;
    uint32_t last_track;
    uint32_t prefix_bytes; /* 0: none, or too long */
    uint64_t prefix[WK_READER_PREFIX / 8 + 1];
    uint64_t prefix_tail_mask;
    const char *(*fast_lines)(struct wick_reader *reader, const char *at, const char *end);
    /* Reads one whole line of text, without its LF; set by the form. */
    void (*use_line)(struct wick_reader *reader, const char *line, size_t bytes);

    struct wk_array processes, tracks, locations, runs;
    struct wick_left_out left_out; /* by the runs of earlier logs */
    struct wk_table process_table, track_table, location_table, site_table;
    struct wk_arena strings;
    struct wk_cached_location cache[WK_READER_CACHE];

    struct wk_array scratch; /* char: texts of the batch that had to be made */
    struct wk_array carry; /* char: the start of a line whose end has not come yet */
    uint8_t skipping;      /* the current line is too long: its rest is not kept */
    uint64_t site_lines;
    uint64_t frames;       /* of a wire: seen, good or bad */
    struct wick_reader_stats stats;
    struct wk_array remark; /* char: what is not shown of another tool's file, or which file it is; NUL at its end */
    uint32_t problem_count;
    struct wick_problem_info problems[WK_READER_PROBLEMS];
};

#define wk_reader_processes(reader) ((struct wk_process *)(reader)->processes.items)
#define wk_reader_tracks(reader) ((struct wk_reader_track *)(reader)->tracks.items)
#define wk_reader_locations(reader) ((struct wk_location *)(reader)->locations.items)

/* The form that the first bytes of a log, up to four, tell: enum wk_form. */
uint8_t wk_reader_form_of(const char *first, size_t count);
void wk_reader_problem(struct wick_reader *reader, uint8_t kind, const char *excerpt, size_t bytes);
/* Add to the remark. */
void wk_reader_say(struct wick_reader *reader, const char *text);
/* Pass the batch on and empty it. */
int wk_reader_flush(struct wick_reader *reader);
/* Room for a text of a record that has to be made; it lives as long as the batch. NULL: no memory. May hand the batch out. */
char *wk_reader_scratch(struct wick_reader *reader, uint32_t bytes);

/* Tables; WICK_NONE: no memory, reader->error is set. */
/* The process of a host and pid: the one that began at `start_ns`; 0: the latest one. */
uint32_t wk_reader_process_of(struct wick_reader *reader, const char *key, uint32_t bytes, uint32_t node_bytes,
                              int64_t start_ns);
/* All processes so far have ended: the same host and pid is another process from here on. */
void wk_reader_end_processes(struct wick_reader *reader);
/* wk_reader_process_of, WICK_NONE when there is none. */
uint32_t wk_reader_find_process(const struct wick_reader *reader, const char *key, uint32_t bytes, int64_t start_ns);
/* A track by its ` node pid thread `, of the latest process with this host and pid; or of a certain process. */
uint32_t wk_reader_track_of(struct wick_reader *reader, const char *prefix, size_t bytes, uint32_t node_bytes);
uint32_t wk_reader_process_track(struct wick_reader *reader, uint32_t process, const char *prefix, size_t bytes);
/* The same, WICK_NONE when there is none. */
uint32_t wk_reader_find_track(const struct wick_reader *reader, uint32_t process, const char *prefix, size_t bytes);
/* Keep a property; its strings are the reader's. */
void wk_reader_keep_property(struct wick_reader *reader, const struct wick_property *info);
/* A `run` line of a track. May begin another process of the same host and pid: gives the track of that. */
uint32_t wk_reader_process_property(struct wick_reader *reader, uint32_t track, const char *key, const char *value);
uint32_t wk_reader_location_of(struct wick_reader *reader, uint32_t process, const char *name,
                               uint32_t bytes);
/* The same, for use by any line but its `site` line. */
uint32_t wk_reader_use_location(struct wick_reader *reader, uint32_t process, const char *name,
                                uint32_t bytes);
uint32_t wk_reader_intern_site(struct wick_reader *reader, const struct wick_site_info *info);
/* The site of a START: sets *text_bytes to 0 when the text is the identity or the literal. */
uint32_t wk_reader_scope_site(struct wick_reader *reader, uint32_t location, const char *text,
                              uint32_t *text_bytes);
/* The site of a mark or a counter (WICK_SITE_MARK, WICK_SITE_COUNTER). */
uint32_t wk_reader_instant_site(struct wick_reader *reader, uint32_t location, uint8_t kind);
uint32_t wk_reader_lock_site(struct wick_reader *reader, uint32_t location, const char *text,
                             uint32_t text_bytes);
/* A mark or counter without a `site` line. */
uint32_t wk_reader_plain_site(struct wick_reader *reader, uint32_t process, const char *location, uint8_t kind);
/* A NUL-terminated copy of a text that becomes a name, cut to WK_READER_NAME_MAX. NULL: no memory. */
const char *wk_reader_name(struct wick_reader *reader, const char *text, uint32_t bytes);
/* A `site` line: from now on `site` is the location's. */
void wk_reader_introduce(struct wick_reader *reader, uint32_t location, uint32_t site);
/* Set the newest name of a track. */
void wk_reader_label(struct wick_reader *reader, uint32_t track, const char *text, uint32_t bytes);
static inline struct wick_record *wk_reader_next_record(struct wick_reader *reader)
{
    if (WICK_I_UNLIKELY(reader->batch_count == WK_READER_BATCH)) {
        wk_reader_flush(reader);
    }
    return &reader->batch[reader->batch_count++];
}

#endif
