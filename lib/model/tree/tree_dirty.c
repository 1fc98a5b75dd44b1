/*
 * SPDX-License-Identifier: MIT
 * Lists of changed nodes, one per asker, so that an output copies what changed instead of the whole tree.
 * Invariant: a node is in an asker's list exactly when the asker's bit is set in it.
 */
#include "tree_state.h"

void wk_tree_note(struct wick_tree *tree, uint32_t node)
{
    for (uint32_t i = 0; i < WICK_TREE_ASKERS; i++) {
        struct wk_array *list = &tree->lists[i];
        if (!((tree->askers & ~tree->nodes[node].dirty) >> i & 1)) {
            continue;
        }
        if (wk_array_reserve(list, tree->allocator, list->count + 1, sizeof(uint32_t)) < 0) {
            wk_tree_fail(tree, WICK_E_NOMEM);
            return;
        }
        ((uint32_t *)list->items)[list->count++] = node;
        tree->nodes[node].dirty |= (uint8_t)(1u << i);
    }
}

int wick_tree_ask(struct wick_tree *tree)
{
    int asker = 0;
    while (asker < WICK_TREE_ASKERS && tree->askers >> asker & 1) {
        asker++;
    }
    if (asker == WICK_TREE_ASKERS) {
        return WICK_E_LIMIT;
    }
    tree->askers |= (uint8_t)(1u << asker);
    for (uint32_t node = 0; node < tree->node_count; node++) {
        wk_tree_touch(tree, node);
    }
    return tree->error ? tree->error : asker;
}

uint32_t wick_tree_dirty(const struct wick_tree *tree, int asker, const uint32_t **nodes)
{
    *nodes = tree->lists[asker].items;
    return tree->lists[asker].count;
}

void wick_tree_clean(struct wick_tree *tree, int asker)
{
    const uint32_t *nodes = tree->lists[asker].items;
    for (uint32_t i = 0; i < tree->lists[asker].count; i++) {
        tree->nodes[nodes[i]].dirty &= (uint8_t)~(1u << asker);
    }
    tree->lists[asker].count = 0;
}
