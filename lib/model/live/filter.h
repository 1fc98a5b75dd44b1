/*
 * SPDX-License-Identifier: MIT
 * WICK_FILTER and WICK_MIN: which scopes are left out before any sink sees them. Records in, records out.
 * Invariant: what comes out is balanced, and in order per track.
 */
#ifndef WICK_LIB_MODEL_LIVE_FILTER_H
#define WICK_LIB_MODEL_LIVE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <wick/model.h>

#include "model/base/glob.h"

struct wk_filter;

struct wk_filter_options {
    const char *patterns; /* NULL: keep all; a list of base/glob.h; a path that no entry matches follows its parent */
    /* Is a site left out alone, at every depth? NULL: none is. */
    bool (*is_off)(void *user, uint32_t site);
    const struct wick_names *names; /* of the records' indices; borrowed until destroy */
    void *user;
    int64_t min_ns;       /* 0: keep all; shorter scopes go if they ended well and hold nothing but scopes */
};

/* Who gets the records that stay; texts are borrowed until it returns. */
struct wk_filter_out {
    void (*records)(void *user, const struct wick_record *records, size_t count);
    void *user;
};

/* NULL: no memory. All that it is given but the names is copied, the patterns too. */
struct wk_filter *wk_filter_create(const struct wk_filter_options *options, const struct wk_filter_out *out,
                                   const struct wick_allocator *memory);
void wk_filter_destroy(struct wk_filter *filter);

void wk_filter_feed(struct wk_filter *filter, const struct wick_record *records, size_t count);
/* Time has come to `now_ns`: scopes that have been open for min_ns are shown. Hands everything on. */
void wk_filter_tick(struct wk_filter *filter, int64_t now_ns);

/* Scopes left out so far. */
uint64_t wk_filter_left_out(const struct wk_filter *filter);
/* Records lost for want of memory. */
uint64_t wk_filter_refused(const struct wk_filter *filter);

/* wk_glob_list_unmatched with the filter's list; none where there were no scopes. */
bool wk_filter_unmatched(const struct wk_filter *filter, uint32_t *from, struct wk_glob_entry *entry);

/*
 * The names that switch sites off by themselves: entries -NAME without / and wildcard, in patterns whose first is not a +, unless
 * a later + may match a path that ends with NAME. Each name with a 0 behind it; gives their bytes. `names` has room for the
 * patterns and a 0. */
size_t wk_filter_off_names(const char *patterns, char *names);

#endif
