/*
 * SPDX-License-Identifier: MIT
 * Durations in classes, and an instance of each. See exemplars.h.
 */
#include "exemplars.h"

void wk_tree_classes(const struct wick_tree *tree, uint32_t node, uint64_t counts[WK_CLASSES])
{
    const struct wk_node *n = &tree->nodes[node];
    struct wick_bucket_info bar;
    if (!n->hist && n->count == 1) {
        counts[wk_class_of(n->total_ns)]++;
    }
    for (uint32_t cursor = 0; wk_hist_next(n->hist, &cursor, &bar);) {
        counts[wk_class_of(bar.low_ns)] += bar.count;
    }
}

#ifndef __wasm__ /* nobody asks for them in the page */
void wk_tree_keep_exemplars(struct wick_tree *tree)
{
    tree->keeps_exemplars = 1;
}

const struct wk_exemplar *wk_tree_exemplars(const struct wick_tree *tree, uint32_t node)
{
    return node < tree->exemplars.count ? ((struct wk_exemplar **)tree->exemplars.items)[node] : NULL;
}

/* Make room in the list of all nodes, and for this one. NULL: no memory. */
static struct wk_exemplar *exemplars_of(struct wick_tree *tree, uint32_t node)
{
    struct wk_array *list = &tree->exemplars;
    if (node >= list->count) {
        if (wk_array_reserve(list, tree->allocator, node + 1, sizeof(struct wk_exemplar *)) < 0) {
            return NULL;
        }
        memset((struct wk_exemplar **)list->items + list->count, 0, (node + 1 - list->count) * sizeof(struct wk_exemplar *));
        list->count = node + 1;
    }
    struct wk_exemplar **place = (struct wk_exemplar **)list->items + node;
    if (!*place) {
        *place = wk_arena_take(&tree->arena, WK_CLASSES * sizeof **place, 8);
        if (*place) {
            memset(*place, 0, WK_CLASSES * sizeof **place);
        }
    }
    return *place;
}

void wk_tree_note_exemplar(struct wick_tree *tree, uint32_t node, int64_t start_ns, int64_t duration_ns)
{
    struct wk_exemplar *all = exemplars_of(tree, node);
    if (all) {
        all[wk_class_of(duration_ns)] = (struct wk_exemplar){start_ns, duration_ns};
    }
}
#endif
