/*
 * SPDX-License-Identifier: MIT
 * Metrics as text, in the form of OpenMetrics 1.0 or in the older text format of Prometheus, which knows no exemplars.
 * Must not know what is measured. Invariant: a label is valid UTF-8; what is not is written as \xNN.
 */
#ifndef WICK_LIB_SINK_OPENMETRICS_EXPOSITION_H
#define WICK_LIB_SINK_OPENMETRICS_EXPOSITION_H

#include <stdbool.h>
#include <stdint.h>

#include "model/base/mem.h"

struct wk_exposition {
    struct wk_array text;  /* char; of the heap allocator */
    bool open;             /* OpenMetrics */
    bool failed;           /* no memory: the text is not whole */
    bool labelled;         /* the sample has labels */
    const char *name;      /* of the family */
};

/* "" is no unit. Names of families of the type `counter` have no _total: their samples get it. */
struct wk_family {
    const char *name, *type, *unit, *help;
};

void wk_exposition_put(struct wk_exposition *to, const char *bytes, size_t count);
void wk_exposition_word(struct wk_exposition *to, const char *word);
void wk_exposition_family(struct wk_exposition *to, const struct wk_family *family);

/* A sample: begin, labels, one value, in OpenMetrics perhaps an exemplar, end. */
void wk_sample_begin(struct wk_exposition *to, const char *suffix);
void wk_sample_label(struct wk_exposition *to, const char *name, const char *text, size_t bytes);
/* Labels that wk_sample_label has written before. */
void wk_sample_labels(struct wk_exposition *to, const char *labels, size_t bytes);
void wk_sample_unsigned(struct wk_exposition *to, uint64_t value);
void wk_sample_double(struct wk_exposition *to, double value);
/* A time in ns as seconds, exactly. */
void wk_sample_seconds(struct wk_exposition *to, int64_t time_ns);
/* Begin an exemplar; labels and a value follow. */
void wk_sample_exemplar(struct wk_exposition *to);
void wk_sample_end(struct wk_exposition *to);

/* A family of one sample without labels. */
void wk_exposition_lone(struct wk_exposition *to, const struct wk_family *family, uint64_t value);

/* Write seconds without trailing zeros, at most 24 bytes; returns how many. */
uint32_t wk_exposition_seconds(char *to, int64_t time_ns);

void wk_exposition_fini(struct wk_exposition *to);

#endif
