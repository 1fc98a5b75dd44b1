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
#define WK_IMPORT_DEEP 4096u /* frames kept of a stack */

/* A Chrome event, kept until the end of the file: later events in the file may be earlier in time. */
struct wk_import_span {
    int64_t start_ns;
    union {
        int64_t end_ns; /* WK_IMPORT_OPEN: its end has not been seen */
        double value;
    } u;
    uint32_t track, site;
    uint32_t text;  /* of the arguments, in `texts`, from 1 */
    uint32_t below; /* a begin without its end: the one before it on the track, from 1 */
    uint8_t kind;   /* enum wick_record_kind: START, MARK or GAUGE */
};
#define WK_IMPORT_OPEN INT64_MAX

struct wk_import {
    struct wk_json_cutter cutter;
    /* Chrome. */
    struct wk_array spans;   /* struct wk_import_span */
    struct wk_array tops;    /* uint32_t per track: the innermost begin without its end, from 1 */
    struct wk_array texts;   /* struct wk_kept_text */
    uint64_t events;
    /* speedscope. */
    struct wk_array shared, profiles; /* char: the values of these keys */
    /* Folded: the stack that is open, as sites. */
    struct wk_array stack;   /* uint32_t */
    uint32_t track;
    int64_t time_ns;
};

/* Make reader->import, when there is none. */
int wk_import_begin(struct wick_reader *reader);
/* Bytes of a JSON file, cut anywhere. */
void wk_import_json(struct wick_reader *reader, const char *bytes, size_t count);
/* One line of folded stacks. */
void wk_import_folded(struct wick_reader *reader, const char *line, size_t bytes);
/* Does a line look like a folded stack: names, and a number at its end? */
bool wk_import_is_folded(const char *line, size_t bytes);
/* The file ends: everything becomes records. */
void wk_import_finish(struct wick_reader *reader);
void wk_import_free(struct wick_reader *reader);

/* The end of each form; the events of a Chrome trace as they come. */
void wk_import_chrome_event(struct wick_reader *reader, struct wk_json event);
void wk_import_chrome_finish(struct wick_reader *reader);
void wk_import_folded_finish(struct wick_reader *reader);
void wk_import_speedscope(struct wick_reader *reader);

/* A track by process, thread and name; a site by its names. WICK_NONE: no memory. */
uint32_t wk_import_track(struct wick_reader *reader, uint32_t pid, const char *thread, uint32_t bytes);
struct wk_import_name {
    const char *name, *file, *category;
    uint32_t name_bytes, file_bytes, category_bytes, line;
    uint8_t kind; /* enum wick_site_kind */
};
uint32_t wk_import_site(struct wick_reader *reader, const struct wk_import_name *name);
void wk_import_put(struct wick_reader *reader, uint8_t kind, uint32_t track, uint32_t site, int64_t time_ns);

#endif
