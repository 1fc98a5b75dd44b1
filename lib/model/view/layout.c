/*
 * SPDX-License-Identifier: MIT
 * Order and lanes of tracks; see layout.h. The same tracks always give the same layout.
 */
#include "layout.h"

#include "model/base/order.h"

/* Length of a name without the number at its end and the separator before it: worker-12 -> worker. */
static uint32_t pool_bytes(const char *name)
{
    uint32_t bytes = (uint32_t)wk_mem_length(name), all = bytes;
    while (bytes && name[bytes - 1] >= '0' && name[bytes - 1] <= '9') {
        bytes--;
    }
    if (bytes == all) {
        return all;
    }
    while (bytes > 1 && (name[bytes - 1] == '-' || name[bytes - 1] == '_' || name[bytes - 1] == '#' ||
                         name[bytes - 1] == ':' || name[bytes - 1] == '/' || name[bytes - 1] == '.')) {
        bytes--;
    }
    return bytes ? bytes : all;
}

static int same_text(const char *x, uint32_t x_bytes, const char *y, uint32_t y_bytes)
{
    return x_bytes == y_bytes && memcmp(x, y, x_bytes) == 0;
}

/* A pool: threads whose names differ by a number. */
struct group {
    int64_t busy_ns;
    uint32_t first;  /* item */
    uint32_t pinned;
};

struct layout {
    const struct wk_index *index;
    const struct wick_names *names;
    uint32_t flags;
    struct wk_array *items;
    struct wk_array pools;  /* struct group */
    struct wk_table pool_table;
};

static int64_t busy_of(const struct wk_index *index, uint32_t track)
{
    const struct wk_array *rows = &wk_index_tracks(index)[track].rows;
    return rows->count ? wk_index_rows(index)[*(const uint32_t *)rows->items].busy_ns : 0;
}

/* Find or make the pool of an item: of the same process and pool name. */
static int find_pool(struct layout *l, struct wk_lane_item *item, uint32_t number)
{
    const struct wick_track_info *info = wick_names_track(l->names, item->track);
    uint64_t hash = wk_mem_hash(item->pool_name, item->pool_bytes, info->process);
    const struct wk_lane_item *items = l->items->items;
    struct group *pools = l->pools.items;
    uint32_t probe = 0, found;
    while ((found = wk_table_next(&l->pool_table, hash, &probe)) != WICK_NONE) {
        const struct wk_lane_item *first = &items[pools[found].first];
        const struct wick_track_info *other = wick_names_track(l->names, first->track);
        if (same_text(first->pool_name, first->pool_bytes, item->pool_name, item->pool_bytes) &&
            other->process == info->process) {
            item->pool = found;
            pools[found].busy_ns += busy_of(l->index, item->track);
            pools[found].pinned |= item->pinned;
            return 0;
        }
    }
    const struct wick_allocator *a = l->index->outer;
    if (wk_array_reserve(&l->pools, a, l->pools.count + 1, sizeof *pools) < 0 ||
        wk_table_add(&l->pool_table, a, hash, l->pools.count) < 0) {
        return WICK_E_NOMEM;
    }
    item->pool = l->pools.count;
    ((struct group *)l->pools.items)[l->pools.count++] =
        (struct group){busy_of(l->index, item->track), number, item->pinned};
    return 0;
}

/* A process's main thread is pinned: the one named `main`, else the first of its process. */
static int is_main(const struct layout *l, uint32_t track)
{
    const struct wick_track_info *info = wick_names_track(l->names, track);
    if (same_text(info->thread, (uint32_t)wk_mem_length(info->thread), "main", 4)) {
        return 1;
    }
    for (uint32_t i = 0; i < l->index->tracks.count; i++) {
        const struct wick_track_info *other = wick_names_track(l->names, i);
        if (other->process == info->process) {
            return i == track;
        }
    }
    return 0;
}

static int collect(struct layout *l)
{
    for (uint32_t track = 0; track < l->index->tracks.count; track++) {
        const struct wk_index_track *t = &wk_index_tracks(l->index)[track];
        const struct wick_track_info *info = wick_names_track(l->names, track);
        if (!t->seen) {
            continue;
        }
        if (wk_array_reserve(l->items, l->index->outer, l->items->count + 1, sizeof(struct wk_lane_item)) < 0) {
            return WICK_E_NOMEM;
        }
        const char *name = info->label[0] ? info->label : info->thread;
        struct wk_lane_item *item = (struct wk_lane_item *)l->items->items + l->items->count;
        *item = (struct wk_lane_item){.track = track, .pool_name = name, .depth = t->rows.count,
                                      .pool_bytes = pool_bytes(name), .first_ns = t->first_ns,
                                      .last_ns = t->depth ? wk_index_now(l->index) : t->last_ns,
                                      .pinned = (l->flags & WK_LAYOUT_BUSY) && is_main(l, track)};
        int rc = find_pool(l, item, l->items->count);
        if (rc < 0) {
            return rc;
        }
        l->items->count++;
    }
    return 0;
}

/* Pinned tracks first, then the busiest; pools together, by the flags. */
static int is_above(const void *user, const void *x, const void *y)
{
    const struct layout *l = user;
    const struct wk_lane_item *p = x, *q = y;
    const struct group *pools = l->pools.items;
    if (p->pinned != q->pinned) {
        return p->pinned > q->pinned;
    }
    if (l->flags & (WK_LAYOUT_POOL | WK_LAYOUT_PACK) && p->pool != q->pool) {
        if (l->flags & WK_LAYOUT_BUSY && pools[p->pool].busy_ns != pools[q->pool].busy_ns) {
            return pools[p->pool].busy_ns > pools[q->pool].busy_ns;
        }
        return p->pool < q->pool;
    }
    if (l->flags & WK_LAYOUT_PACK && p->first_ns != q->first_ns) {
        return p->first_ns < q->first_ns; /* assign_lanes needs the order of time */
    }
    int64_t p_ns = l->flags & WK_LAYOUT_BUSY ? busy_of(l->index, p->track) : 0;
    int64_t q_ns = l->flags & WK_LAYOUT_BUSY ? busy_of(l->index, q->track) : 0;
    return p_ns != q_ns ? p_ns > q_ns : p->track < q->track;
}

/* Give each track the first lane of its pool whose last track has ended, else a new lane. */
static int assign_lanes(const struct layout *l)
{
    struct wk_lane_item *items = l->items->items;
    uint32_t lanes = 0, pool_lane = 0;
    uint32_t count = l->items->count;
    int64_t *ends = wk_mem_resize(l->index->outer, NULL, 0, (count + 1) * sizeof *ends);
    if (!ends) {
        return WICK_E_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || items[i].pool != items[i - 1].pool || items[i].pinned != items[i - 1].pinned) {
            pool_lane = lanes;
        }
        uint32_t lane = lanes;
        for (uint32_t k = pool_lane; k < lanes && lane == lanes && l->flags & WK_LAYOUT_PACK; k++) {
            lane = ends[k] < items[i].first_ns ? k : lane;
        }
        ends[lane] = items[i].last_ns;
        items[i].lane = lane;
        lanes += lane == lanes;
    }
    wk_mem_free(l->index->outer, ends, (count + 1) * sizeof *ends);
    return 0;
}

static int by_lane(const void *user, const void *x, const void *y)
{
    (void)user;
    return ((const struct wk_lane_item *)x)->lane < ((const struct wk_lane_item *)y)->lane;
}

/* Set the depth (the greatest) and busy time (the sum) of each lane. */
static void sum_lanes(const struct layout *l)
{
    struct wk_lane_item *items = l->items->items;
    for (uint32_t i = 0, end; i < l->items->count; i = end) {
        uint32_t depth = 0;
        int64_t busy_ns = 0;
        for (end = i; end < l->items->count && items[end].lane == items[i].lane; end++) {
            depth = items[end].depth > depth ? items[end].depth : depth;
            busy_ns += busy_of(l->index, items[end].track);
        }
        for (uint32_t k = i; k < end; k++) {
            items[k].depth = depth;
            items[k].lane_busy_ns = busy_ns;
        }
    }
}

int wk_layout_tracks(const struct wk_index *index, const struct wick_names *names, uint32_t flags,
                     struct wk_array *items)
{
    struct layout l = {.index = index, .names = names, .flags = flags, .items = items};
    const struct wk_order order = {is_above, &l}, lanes = {by_lane, NULL};
    items->count = 0;
    int rc = collect(&l);
    rc = rc < 0 ? rc : wk_order_sort(index->outer, items->items, items->count, sizeof(struct wk_lane_item), &order);
    rc = rc < 0 ? rc : assign_lanes(&l);
    rc = rc < 0 ? rc : wk_order_sort(index->outer, items->items, items->count, sizeof(struct wk_lane_item), &lanes);
    if (rc >= 0) {
        sum_lanes(&l);
    }
    wk_array_free(&l.pools, index->outer, sizeof(struct group));
    wk_table_free(&l.pool_table, index->outer);
    return rc;
}
