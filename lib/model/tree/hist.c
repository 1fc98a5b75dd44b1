/*
 * SPDX-License-Identifier: MIT
 * Histogram of durations; see hist.h. An octave is allocated when a value falls into it: most nodes use two or three
 * of 58. Invariant: the values are raw if and only if there are at most WK_HIST_RAW, whatever their order.
 */
#include "hist.h"

/* Up to WK_HIST_RAW values are kept as they came. Above, `slot` gives the block of counts of each octave. */
struct wk_hist {
    uint64_t count;
    uint32_t capacity; /* raw: values; logarithmic: octave blocks */
    uint32_t used;     /* logarithmic: octave blocks */
    uint8_t logarithmic;
    uint8_t slot[WK_HIST_OCTAVES + 5]; /* block + 1; 0: no value fell into that octave */
    int64_t values[];  /* raw values, or blocks of WK_HIST_SUB counts */
};

#define HEAD_BYTES sizeof(struct wk_hist)

static size_t raw_bytes(uint32_t capacity)
{
    return HEAD_BYTES + capacity * sizeof(int64_t);
}

static size_t log_bytes(uint32_t capacity)
{
    return HEAD_BYTES + (size_t)capacity * WK_HIST_SUB * sizeof(int64_t);
}

static size_t hist_bytes(const struct wk_hist *h)
{
    return h->logarithmic ? log_bytes(h->capacity) : raw_bytes(h->capacity);
}

static uint32_t octave_of(uint64_t value, uint32_t *sub)
{
    if (value < WK_HIST_SUB) {
        *sub = (uint32_t)value;
        return 0;
    }
    uint32_t top = 63u - (uint32_t)__builtin_clzll(value);
    *sub = (uint32_t)(value >> (top - 6)) & (WK_HIST_SUB - 1);
    return top - 5;
}

static int log_add(struct wk_hist **hist, const struct wick_allocator *a, int64_t value_ns,
                   uint64_t times)
{
    struct wk_hist *h = *hist;
    uint32_t sub;
    uint32_t octave = octave_of((uint64_t)value_ns, &sub);
    if (WICK_I_UNLIKELY(!h->slot[octave])) {
        if (h->used == h->capacity) {
            uint32_t capacity = h->capacity ? h->capacity * 2 : 2;
            h = wk_mem_resize(a, h, log_bytes(h->capacity), log_bytes(capacity));
            if (!h) {
                return WICK_E_NOMEM;
            }
            h->capacity = capacity;
            *hist = h;
        }
        memset(h->values + (size_t)h->used * WK_HIST_SUB, 0, WK_HIST_SUB * sizeof(int64_t));
        h->slot[octave] = (uint8_t)++h->used;
    }
    h->values[(size_t)(h->slot[octave] - 1) * WK_HIST_SUB + sub] += (int64_t)times;
    h->count += times;
    return 0;
}

/* Rebuild as logarithmic, before the value after WK_HIST_RAW. On failure the raw form stays. */
static int to_log(struct wk_hist **hist, const struct wick_allocator *a)
{
    struct wk_hist *raw = *hist;
    struct wk_hist *h = wk_mem_resize(a, NULL, 0, log_bytes(2));
    if (!h) {
        return WICK_E_NOMEM;
    }
    memset(h, 0, HEAD_BYTES);
    h->capacity = 2;
    h->logarithmic = 1;
    for (uint32_t i = 0; i < raw->count; i++) {
        if (log_add(&h, a, raw->values[i], 1) < 0) {
            wk_mem_free(a, h, log_bytes(h->capacity));
            return WICK_E_NOMEM;
        }
    }
    wk_mem_free(a, raw, raw_bytes(raw->capacity));
    *hist = h;
    return 0;
}

int wk_hist_add(struct wk_hist **hist, const struct wick_allocator *a, int64_t value_ns)
{
    struct wk_hist *h = *hist;
    value_ns = value_ns < 0 ? 0 : value_ns;
    if (WICK_I_LIKELY(h && h->logarithmic)) {
        return log_add(hist, a, value_ns, 1);
    }
    if (h && h->count == WK_HIST_RAW) {
        int rc = to_log(hist, a);
        return rc < 0 ? rc : log_add(hist, a, value_ns, 1);
    }
    if (!h || h->count == h->capacity) {
        uint32_t capacity = h ? WK_HIST_RAW : 2;
        h = wk_mem_resize(a, h, h ? raw_bytes(h->capacity) : 0, raw_bytes(capacity));
        if (!h) {
            return WICK_E_NOMEM;
        }
        if (!*hist) {
            memset(h, 0, HEAD_BYTES);
        }
        h->capacity = capacity;
        *hist = h;
    }
    h->values[h->count++] = value_ns;
    return 0;
}

/* Both are logarithmic: add whole octaves. */
static int merge_octaves(struct wk_hist **hist, const struct wick_allocator *a, const struct wk_hist *from)
{
    for (uint32_t octave = 0; octave < WK_HIST_OCTAVES; octave++) {
        if (!from->slot[octave]) {
            continue;
        }
        if (!(*hist)->slot[octave]) {
            /* Adds no value (0 times), but makes the octave's block. */
            int rc = log_add(hist, a, (int64_t)(octave ? (uint64_t)WK_HIST_SUB << (octave - 1) : 0), 0);
            if (rc < 0) {
                return rc;
            }
        }
        int64_t *to = (*hist)->values + (size_t)((*hist)->slot[octave] - 1) * WK_HIST_SUB;
        const int64_t *add = from->values + (size_t)(from->slot[octave] - 1) * WK_HIST_SUB;
        for (uint32_t i = 0; i < WK_HIST_SUB; i++) {
            to[i] += add[i];
        }
    }
    (*hist)->count += from->count;
    return 0;
}

int wk_hist_merge(struct wk_hist **hist, const struct wick_allocator *a, const struct wk_hist *from)
{
    if (!from) {
        return 0;
    }
    int rc = 0;
    if (!from->logarithmic) {
        for (uint32_t i = 0; i < from->count && rc >= 0; i++) {
            rc = wk_hist_add(hist, a, from->values[i]);
        }
        return rc;
    }
    if (*hist && (*hist)->logarithmic) {
        return merge_octaves(hist, a, from);
    }
    struct wick_bucket_info bar;
    for (uint32_t cursor = 0; rc >= 0 && wk_hist_next(from, &cursor, &bar);) {
        uint64_t left = bar.count;
        while (left && rc >= 0 && (!*hist || !(*hist)->logarithmic)) {
            rc = wk_hist_add(hist, a, bar.low_ns);
            left--;
        }
        if (left && rc >= 0) {
            rc = log_add(hist, a, bar.low_ns, left);
        }
    }
    return rc;
}

void wk_hist_free(struct wk_hist *hist, const struct wick_allocator *a)
{
    if (hist) {
        wk_mem_free(a, hist, hist_bytes(hist));
    }
}

int wk_calls_add(struct wk_calls *to, const struct wick_allocator *a, const struct wk_calls *more)
{
    int rc = to->count == 1 && more->count ? wk_hist_add(&to->hist, a, to->total_ns) : 0;
    if (rc >= 0 && more->hist) {
        rc = wk_hist_merge(&to->hist, a, more->hist);
    } else if (rc >= 0 && to->count && more->count) {
        rc = wk_hist_add(&to->hist, a, more->total_ns);
    }
    to->count += more->count;
    to->total_ns += more->total_ns;
    return rc;
}

static void bar_bounds(uint32_t octave, uint32_t sub, struct wick_bucket_info *info)
{
    if (octave == 0) {
        info->low_ns = info->high_ns = (int64_t)sub;
        return;
    }
    uint32_t shift = octave - 1;
    info->low_ns = (int64_t)((uint64_t)(WK_HIST_SUB + sub) << shift);
    info->high_ns = (int64_t)(((uint64_t)(WK_HIST_SUB + sub + 1) << shift) - 1);
}

/* Raw form: the smallest value whose rank is above *cursor, with all its equals. At most 16 values: a scan suffices. */
static int next_raw(const struct wk_hist *h, uint32_t *cursor, struct wick_bucket_info *info)
{
    if (*cursor >= h->count) {
        return 0;
    }
    int64_t value = wk_hist_rank(h, (uint64_t)*cursor + 1);
    *info = (struct wick_bucket_info){value, value, 0};
    for (uint32_t i = 0; i < h->count; i++) {
        info->count += h->values[i] == value;
    }
    *cursor += (uint32_t)info->count;
    return 1;
}

int wk_hist_next(const struct wk_hist *h, uint32_t *cursor, struct wick_bucket_info *info)
{
    if (!h) {
        return 0;
    }
    if (!h->logarithmic) {
        return next_raw(h, cursor, info);
    }
    while (*cursor < WK_HIST_OCTAVES * WK_HIST_SUB) {
        uint32_t octave = *cursor / WK_HIST_SUB, sub = *cursor % WK_HIST_SUB;
        if (!h->slot[octave]) {
            *cursor += WK_HIST_SUB;
            continue;
        }
        (*cursor)++;
        int64_t count = h->values[(size_t)(h->slot[octave] - 1) * WK_HIST_SUB + sub];
        if (count) {
            bar_bounds(octave, sub, info);
            info->count = (uint64_t)count;
            return 1;
        }
    }
    return 0;
}

int64_t wk_hist_rank(const struct wk_hist *h, uint64_t rank)
{
    if (!h || !h->count || !rank) {
        return 0;
    }
    if (!h->logarithmic) {
        int64_t sorted[WK_HIST_RAW];
        for (uint32_t i = 0; i < h->count; i++) {
            uint32_t at = i;
            for (; at > 0 && sorted[at - 1] > h->values[i]; at--) {
                sorted[at] = sorted[at - 1];
            }
            sorted[at] = h->values[i];
        }
        return sorted[(rank > h->count ? h->count : rank) - 1];
    }
    struct wick_bucket_info bar = {0};
    uint64_t seen = 0;
    for (uint32_t cursor = 0; seen < rank && wk_hist_next(h, &cursor, &bar);) {
        seen += bar.count;
    }
    return bar.low_ns + (bar.high_ns - bar.low_ns) / 2;
}

int64_t wk_hist_quantile(const struct wk_hist *h, uint32_t per_mille, int64_t least_ns, int64_t most_ns)
{
    /* In two steps so that nothing overflows. */
    uint64_t count = h ? h->count : 0, rank = count / 1000 * per_mille + (count % 1000 * per_mille + 999) / 1000;
    int64_t value_ns = wk_hist_rank(h, rank ? rank : 1);
    return value_ns < least_ns ? least_ns : value_ns > most_ns ? most_ns : value_ns;
}
