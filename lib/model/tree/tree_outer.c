/*
 * SPDX-License-Identifier: MIT
 * In a part of a log: keeps the operations on scopes and locks from before the part, for the join. Growing arrays.
 */
#include "tree_state.h"

/* Doubling reaches 2^31 items at most: there `wanted` wraps to 0, and the call fails. */
void *wk_tree_grow(struct wick_tree *tree, void *block, uint32_t *capacity, size_t item_bytes)
{
    uint32_t wanted = *capacity ? *capacity * 2 : 8;
    void *grown = wanted > *capacity && wanted <= SIZE_MAX / item_bytes
                      ? wk_mem_resize(tree->allocator, block, *capacity * item_bytes, wanted * item_bytes)
                      : NULL;
    if (grown) {
        *capacity = wanted;
    } else {
        wk_tree_fail(tree, WICK_E_NOMEM);
    }
    return grown;
}

struct wk_outer *wk_tree_outer(struct wick_tree *tree, uint32_t track, uint8_t kind,
                               const struct wick_record *record)
{
    struct wk_track_state *t = &tree->tracks[track];
    if (t->outer_count == t->outer_capacity) {
        struct wk_outer *outer = wk_tree_grow(tree, t->outer, &t->outer_capacity, sizeof *outer);
        if (!outer) {
            return NULL;
        }
        t->outer = outer;
    }
    struct wk_outer *op = &t->outer[t->outer_count++];
    *op = (struct wk_outer){.node = WICK_NONE, .kind = kind};
    if (record) {
        /* A record's text is valid during the feed only, the operation until the join. No message keeps more bytes. */
        op->record = *record;
        uint32_t bytes = record->text_bytes < WK_TREE_TEXT_BYTES ? record->text_bytes : WK_TREE_TEXT_BYTES;
        op->record.text = bytes ? wk_arena_text(&tree->arena, record->text, bytes) : NULL;
        op->record.text_bytes = op->record.text ? bytes : 0;
    }
    return op;
}
