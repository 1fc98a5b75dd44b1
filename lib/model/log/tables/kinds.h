/*
 * SPDX-License-Identifier: MIT
 * What a log can say, in either form: the kinds of records, then what only a log has. A row is all that writers, readers
 * and the converter know of a kind: its word, its number, its shape.
 */
#ifndef WICK_LIB_MODEL_LOG_TABLES_KINDS_H
#define WICK_LIB_MODEL_LOG_TABLES_KINDS_H

#include <stdbool.h>

#include "model/base/mem.h"
#include "model/base/shapes.h"

/* Kinds that only logs have: from 64 on, as those of records in wick/records.h. */
#define WK_LOG_KINDS(X)                                                                                              \
    X(LOCKW2, 64, "lockw", NAMED, LOCK)      /* lock words in lower case: beside Context's one lock per thread */    \
    X(LOCKA2, 65, "locka", NAMED, LOCK)                                                                              \
    X(LOCKR2, 66, "lockr", NAMED, LOCK)                                                                              \
    X(SITE, 67, "site", SITE, FOREIGN)       /* `kind line colour category file literal`: see ctxt/README.md */      \
    X(RUN, 68, "run", TEXT, FOREIGN)         /* `key value`: metadata of the run; the keys: lib/runtime/run.c */     \
    X(STAT, 69, "stat", TEXT, FOREIGN)       /* `name number`: a counter of wick itself, at shutdown */              \
    X(BREAK, 70, "break", TEXT, FOREIGN)     /* nanoseconds by which the clock jumped (suspend, migration) */        \
    X(PAD, 71, "pad", PAD, FOREIGN)          /* dots that fill a block of the file; thread `wick` */                 \
    X(LINE, 72, "", LINE, FOREIGN)                                                                                   \
    X(DECIMALS, 73, "", DECIMALS, FOREIGN)                                                                           \
    X(SWITCH, 74, "", SWITCH, FOREIGN)                                                                               \
    X(CPU, 75, "cpu", OF_END, FOREIGN)       /* nanoseconds of CPU time of the scope that ends */                    \
    X(UNFINISHED, 76, "unfinished", OF_END, FOREIGN) /* a word of wk_reason_words: why the program did not end it */

enum wk_log_kind {
#define WK_LOG_KIND(name, number, word, shape, site) WK_KIND_##name = number,
    WK_LOG_KINDS(WK_LOG_KIND)
#undef WK_LOG_KIND
    WK_KIND_NONE = 255
};

struct wk_kind {
    char word[11];
    uint8_t word_bytes; /* 0: no line has it */
    uint8_t number;
    uint8_t shape;      /* enum wk_shape */
    uint8_t site;       /* enum wick_site_kind, of a site without a `site` line */
};

/* The row of a kind; one of WK_SHAPE_UNKNOWN where there is none. */
const struct wk_kind *wk_kind_of(uint32_t number);
/* The number of the kind with this word; WK_KIND_NONE. */
uint8_t wk_kind_of_word(const char *word, uint32_t bytes);
static inline uint8_t wk_kind_shape(uint32_t number)
{
    return wk_kind_of(number)->shape;
}

/* The kind of a site that a program registered (enum wick_i_site_kind): enum wick_site_kind. */
uint8_t wk_site_kind_of(uint32_t recorded);

/* By enum wick_unfinished and enum wick_site_kind. */
extern const char *const wk_reason_words[WICK_UNFINISHED_KINDS];
extern const char *const wk_site_words[WICK_SITE_KINDS];
/* The index of a word among `count`, from `from` on; `count`: it is none of them. */
uint32_t wk_kind_word_in(const char *const *words, uint32_t from, uint32_t count, const char *word, uint32_t bytes);

#endif
