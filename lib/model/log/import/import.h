/*
 * SPDX-License-Identifier: MIT
 * Other tools' files as records: Chrome trace JSON, speedscope JSON, folded stacks.
 * Invariants: unusable values are counted; events in any order become scopes that nest.
 */
#ifndef WICK_LIB_MODEL_LOG_IMPORT_IMPORT_H
#define WICK_LIB_MODEL_LOG_IMPORT_IMPORT_H

#include "model/base/kept.h"
#include "model/base/number.h"
#include "model/base/json.h"
#include "model/log/tables/reader_state.h"

#define WK_IMPORT_NAME 1024u /* bytes kept of a name */
#define WK_IMPORT_DEEP 65536u /* frames kept of a stack */

/* A Chrome event, kept until the end of the file: later events in the file may be earlier in time. */
struct wk_import_span {
    int64_t start_ns;
    union {
        int64_t end_ns; /* WK_IMPORT_OPEN: its end has not been seen */
        double value;
        int64_t integer;
    } u;
    uint32_t track;  /* an entry; from the sorting on: its rank among the tracks */
    uint32_t site;   /* of a counter: an entry */
    uint32_t name;   /* an entry: of a begin or an end; WICK_NONE: any */
    uint32_t text;   /* of the arguments, in `texts`, from 1 */
    uint32_t below;  /* the span that it covers, from 1: of its name while ends are looked for, then of its row */
    uint32_t number; /* of the event in the file, from 1 */
    uint16_t depth;  /* of our own exports: scopes around it, 0: not said */
    uint8_t kind;    /* enum wick_record_kind: START, MARK, GAUGE, and of our own exports VALUE, LOST; ENDOK: an end */
    uint8_t how;     /* enum wk_import_how */
};
#define WK_IMPORT_OPEN INT64_MAX
enum wk_import_how { WK_IMPORT_FINE = 0, WK_IMPORT_FAILED, WK_IMPORT_UNFINISHED, WK_IMPORT_STEP };

/* What is named in a file more than once: a process, a thread or an asynchronous id, a counter, one of its series, a
 * name of scopes. */
struct wk_import_entry {
    uint32_t key, key_bytes; /* in `keys` */
    uint32_t owner;  /* of a track or counter: its process; of a series: its counter */
    uint32_t name;   /* text from metadata, in `texts`; of a scope's name: its innermost begin, as span + 1 */
    uint32_t labels; /* likewise; of a counter: its first series + 1 */
    uint32_t made;   /* the reader's index + 1 of what it became; of a counter: it has several series */
    uint32_t rank;   /* of a track, from the sorting on */
    int32_t order;   /* from metadata */
    uint8_t kind;
};
enum { WK_IMPORT_PROCESS = 1, WK_IMPORT_THREAD, WK_IMPORT_ASYNC, WK_IMPORT_COUNTER, WK_IMPORT_SERIES, WK_IMPORT_SCOPE };

/* Why events are not shown, besides by phase. */
enum wk_import_reason {
    WK_IMPORT_NO_DURATION, WK_IMPORT_NO_TIME, WK_IMPORT_NO_NUMBER, WK_IMPORT_NO_BEGIN, WK_IMPORT_NO_PHASE, WK_IMPORT_NO_JSON,
    WK_IMPORT_CUT, WK_IMPORT_NO_FRAME, WK_IMPORT_CROSSED, WK_IMPORT_NO_WEIGHT, WK_IMPORT_REASONS
};
#define WK_IMPORT_NUMBERS 8u
struct wk_import_tally {
    uint32_t count, numbers[WK_IMPORT_NUMBERS]; /* of events */
};

struct wk_import {
    struct wk_json_cutter cutter;
    const char *other; /* which file this is, if it cannot be read */
    /* Chrome. */
    struct wk_array spans;   /* struct wk_import_span */
    struct wk_array texts;   /* struct wk_kept_text */
    struct wk_array entries; /* struct wk_import_entry */
    struct wk_array keys;    /* char */
    struct wk_table entry_table;
    uint32_t events;
    uint8_t told;            /* a kind of what is not shown has been named */
    uint8_t ours;            /* written by wick export: its extra members count */
    uint32_t phases[128];    /* events not shown, by their phase */
    struct wk_import_tally tallies[WK_IMPORT_REASONS];
    /* speedscope. */
    struct wk_array shared, profiles, name, exporter; /* char: the values of these keys */
    uint64_t active; /* activeProfileIndex */
    /* Folded: the stack that is open, as sites. */
    struct wk_array stack;   /* uint32_t */
    uint32_t track;
    int64_t time_ns;
    uint32_t deep, lengthy, rounded; /* stacks and names that were cut, numbers */
    uint8_t columns; /* numbers per line; 0: not known yet */
};

/* Make reader->import, when there is none. */
int wk_import_begin(struct wick_reader *reader);
/* Bytes of a JSON file, cut anywhere. */
void wk_import_json(struct wick_reader *reader, const char *bytes, size_t count);
/* One line of folded stacks. */
void wk_import_folded(struct wick_reader *reader, const char *line, size_t bytes);
/* Does a line look like a folded stack: names, and a number at its end? */
bool wk_import_is_folded(const char *line, size_t bytes);
/* What one number of folded stacks is in ns; a sample is 1 us. */
int64_t wk_import_unit_ns(const struct wick_reader *reader);
/* The file ends: everything becomes records. */
void wk_import_finish(struct wick_reader *reader);
void wk_import_free(struct wick_reader *reader);

/* The end of each form; the events of a Chrome trace as they come. */
void wk_import_chrome_event(struct wick_reader *reader, struct wk_json event);
void wk_import_chrome_finish(struct wick_reader *reader);
void wk_import_folded_finish(struct wick_reader *reader);
void wk_import_speedscope(struct wick_reader *reader);

/* The entry of a key, made when there is none. WICK_NONE: no memory. */
uint32_t wk_import_entry_of(struct wick_reader *reader, uint8_t kind, const char *key, uint32_t bytes);
#define wk_import_entries(reader) ((struct wk_import_entry *)(reader)->import->entries.items)
/* An event is not shown. */
void wk_import_tally(struct wick_reader *reader, enum wk_import_reason reason, uint32_t number);
/* Say what is not shown, by kind: reader->remark. */
void wk_import_tell(struct wick_reader *reader);

/* A track by process, thread and name; a site by its names. WICK_NONE: no memory. */
uint32_t wk_import_track(struct wick_reader *reader, uint32_t pid, const char *thread, uint32_t bytes);
struct wk_import_name {
    const char *name, *location, *file, *category; /* no location: `-` */
    uint32_t name_bytes, location_bytes, file_bytes, category_bytes, line, colour;
    uint8_t kind; /* enum wick_site_kind */
};
uint32_t wk_import_site(struct wick_reader *reader, const struct wk_import_name *name);
void wk_import_put(struct wick_reader *reader, uint8_t kind, uint32_t track, uint32_t site, int64_t time_ns);

#endif
