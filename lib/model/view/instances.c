/*
 * SPDX-License-Identifier: MIT
 * Finds the scopes of a site within the selection: their histogram, and the longest ones. Scopes that cannot be among
 * the longest are dropped early: memory is bounded. Durations are cut to the selection, as in the statistics.
 */
#include "selection.h"

#include "model/base/order.h"

uint32_t wk_bar_of(int64_t duration_ns)
{
    uint64_t value = (uint64_t)duration_ns;
    if (value < WK_BARS_PER_OCTAVE) {
        return (uint32_t)value;
    }
    uint32_t top = 63u - (uint32_t)__builtin_clzll(value);
    return (top - 2) * WK_BARS_PER_OCTAVE + ((uint32_t)(value >> (top - 3)) & (WK_BARS_PER_OCTAVE - 1));
}

void wk_bar_bounds(uint32_t bar, int64_t *low_ns, int64_t *high_ns)
{
    uint32_t octave = bar / WK_BARS_PER_OCTAVE, sub = bar % WK_BARS_PER_OCTAVE;
    if (!octave) {
        *low_ns = *high_ns = bar;
        return;
    }
    *low_ns = (int64_t)((uint64_t)(WK_BARS_PER_OCTAVE + sub) << (octave - 1));
    *high_ns = (int64_t)(((uint64_t)(WK_BARS_PER_OCTAVE + sub + 1) << (octave - 1)) - 1);
}

struct finding {
    const struct wk_selection *selection;
    const struct wk_search *search;
    const struct wk_instances_ask *ask;
    struct wk_instances *found;
    int64_t shortest_ns; /* once `full`: only longer scopes can be among the longest */
    uint8_t full;
    uint32_t below, child; /* row of the children, and the next one to look at */
};

static int is_longer(const void *user, const void *x, const void *y)
{
    const struct wk_instance *p = x, *q = y;
    (void)user;
    if (p->duration_ns != q->duration_ns) {
        return p->duration_ns > q->duration_ns;
    }
    return p->row != q->row ? p->row < q->row : p->index < q->index;
}

/* Keep the longest `most` of the collected ones. */
static int prune(struct finding *f)
{
    struct wk_array *longest = &f->found->longest;
    const struct wk_order order = {is_longer, NULL};
    int rc = wk_order_sort(f->selection->index->outer, longest->items, longest->count, sizeof(struct wk_instance), &order);
    if (rc >= 0 && longest->count >= f->ask->most) {
        longest->count = f->ask->most;
        f->shortest_ns = ((const struct wk_instance *)longest->items)[longest->count - 1].duration_ns;
        f->full = 1;
    }
    return rc;
}

static int keep(struct finding *f, const struct wk_instance *instance)
{
    struct wk_array *longest = &f->found->longest;
    if (f->full && instance->duration_ns <= f->shortest_ns) {
        return 0; /* of equal ones, the first stay */
    }
    if (wk_array_reserve(longest, f->selection->index->outer, longest->count + 1, sizeof *instance) < 0) {
        return WICK_E_NOMEM;
    }
    ((struct wk_instance *)longest->items)[longest->count++] = *instance;
    return longest->count >= 2 * f->ask->most + 16 ? prune(f) : 0;
}

/* Time of a scope's children within the selection. Called with growing indices: each child is looked at once. */
static int64_t children_ns(struct finding *f, uint32_t scope)
{
    const struct wk_index *index = f->selection->index;
    const struct wk_row *row = f->below == WICK_NONE ? NULL : &wk_index_rows(index)[f->below];
    int64_t sum_ns = 0;
    for (; row && f->child < row->count; f->child++) {
        struct wk_place place = wk_row_place(row, f->child);
        if (place.chunk->parent[place.at] > scope) {
            break;
        }
        int64_t start_ns = place.chunk->start_ns[place.at], end_ns = wk_chunk_end(index, place.chunk, place.at);
        if (place.chunk->parent[place.at] == scope &&
            wk_selection_clip(f->selection, f->below, f->child, &start_ns, &end_ns)) {
            sum_ns += end_ns - start_ns;
        }
    }
    return sum_ns;
}

static int one(struct finding *f, uint32_t row, uint32_t scope, const struct wk_place *place)
{
    const struct wk_instances_ask *ask = f->ask;
    int64_t start_ns = place->chunk->start_ns[place->at];
    int64_t end_ns = wk_chunk_end(f->selection->index, place->chunk, place->at);
    if (!wk_selection_clip(f->selection, row, scope, &start_ns, &end_ns) ||
        !wk_selection_is_inside(f->selection, row, scope)) {
        return 0;
    }
    int64_t duration_ns = end_ns - start_ns - (ask->self ? children_ns(f, scope) : 0);
    if (duration_ns < ask->low_ns || duration_ns > ask->high_ns) {
        return 0;
    }
    f->found->min_ns = !f->found->count || duration_ns < f->found->min_ns ? duration_ns : f->found->min_ns;
    f->found->max_ns = duration_ns > f->found->max_ns ? duration_ns : f->found->max_ns;
    f->found->count++;
    if (f->found->bars) {
        struct wk_bar *bar = &f->found->bars[wk_bar_of(duration_ns)];
        bar->count++;
        bar->time_ns += (double)duration_ns;
        int rc = wk_hist_add(&f->found->hist, f->selection->index->outer, duration_ns);
        if (rc < 0) {
            return rc;
        }
    }
    return ask->most ? keep(f, &(struct wk_instance){row, scope, duration_ns}) : 0;
}

static int is_asked(const struct finding *f, const struct wk_place *place)
{
    if (f->ask->site == WK_ALL_FAILED) {
        return place->chunk->extras && (wk_chunk_flags(place->chunk, place->at) & WK_SCOPE_FAILED);
    }
    return f->ask->site == WICK_NONE ? wk_search_has(f->search, place->chunk, place->at)
                                     : place->chunk->site[place->at] == f->ask->site;
}

static int in_row(struct finding *f, uint32_t number)
{
    const struct wk_row *row = &wk_index_rows(f->selection->index)[number];
    uint32_t i, past;
    int rc = 0;
    wk_selection_range(f->selection, row, &i, &past);
    f->below = wk_index_below(f->selection->index, number);
    f->child = f->below == WICK_NONE ? 0 : wk_index_rows(f->selection->index)[f->below].base;
    for (; i < past && rc >= 0; i++) {
        struct wk_place place = wk_row_place(row, i);
        if (is_asked(f, &place)) {
            rc = one(f, number, i, &place);
        }
    }
    return rc;
}

int wk_instances_find(const struct wk_selection *selection, const struct wk_search *search,
                      const struct wk_instances_ask *ask, struct wk_instances *found)
{
    struct finding f = {.selection = selection, .search = search, .ask = ask, .found = found};
    const struct wk_index *index = selection->index;
    int rc = 0;
    for (uint32_t row = 0; row < index->rows.count && rc >= 0; row++) {
        if (wk_selection_has_track(selection, wk_index_rows(index)[row].track)) {
            rc = in_row(&f, row);
        }
    }
    return rc < 0 || !ask->most ? rc : prune(&f);
}
