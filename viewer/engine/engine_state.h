/*
 * SPDX-License-Identifier: MIT
 * What the files of the engine share: its one state, results, small conversions.
 * Must not be included outside viewer/engine. Invariant: a result is complete before its count is returned.
 */
#ifndef WICK_VIEWER_ENGINE_ENGINE_STATE_H
#define WICK_VIEWER_ENGINE_ENGINE_STATE_H

#include "engine.h"
#include "model/view/draw.h"
#include "model/view/selection.h"
#include "model/view/strip_pixels.h"
#include "wasm_memory.h"
#include "wick/model.h"

struct engine {
    struct wick_names *names;
    struct wk_index *index;
    struct wick_reader *reader;
    uint32_t inputs;     /* that were begun */
    uint32_t finished;   /* the current one is */
    double problems;     /* of the inputs before the current one */
    double retention_bytes;
    struct wk_array rooms[ENGINE_ROOMS]; /* bytes */
    struct wk_array result;              /* bytes */
    uint32_t result_bytes;
    char error[256];
    uint32_t background, hatch, other;
    struct wk_array runs;   /* struct wk_streak, of the last image */
    struct wk_array pixels; /* struct wk_pixel: one line */
    struct wk_array times;  /* double per site, all zero */
    struct wk_array strips; /* uint32_t per process and site: its strip */
    struct wk_array processes; /* uint32_t per track */
    struct wk_array lock_rows; /* struct wk_lock_row */
    struct wk_array blocks; /* struct wk_lock_block, of the last engine_lock_rows */
    struct wk_selection selection;
    struct wk_search search;
    struct wk_instances counted; /* by the last histogram */
    double instances_total;
};

extern struct engine engine;

/* Room for a result of so many items; NULL: no memory, the error is set. */
void *engine_take_result(uint32_t count, size_t item_bytes);
#define ENGINE_NO_MEMORY "The page has run out of memory."
/* Note an error and give it back. */
int engine_fail(int error, const char *text);
/* At least so many items in an array; NULL: no memory, the error is set. New items are zero. */
void *engine_need(struct wk_array *array, uint32_t count, size_t item_bytes);

static inline struct engine_text engine_text_of(const char *text, uint32_t bytes)
{
    return (struct engine_text){bytes ? (uint32_t)(uintptr_t)text : 0, bytes};
}

static inline struct engine_text engine_word_of(const char *word)
{
    uint32_t bytes = 0;
    while (word && word[bytes]) {
        bytes++;
    }
    return engine_text_of(word, bytes);
}

/* engine_scope.c: fill in a scope; 0: there is none. */
int engine_fill_scope(uint32_t row, uint32_t index, struct engine_scope *scope);
/* engine_select.c, for engine_draw.c: what an image dims, enum engine_dim. */
struct wk_dim engine_dimming(uint32_t dim);

/* engine_draw.c: the strips in their room; 0: they cannot be had. */
int engine_room_strips(uint32_t strips, uint32_t count, struct wk_strips *out);

#endif
