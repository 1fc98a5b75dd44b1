/*
 * SPDX-License-Identifier: MIT
 * Durations in classes of equal ratio, as monitoring systems count them, and of each class of a node its newest instance.
 * A class ends one nanosecond below a power of two, so that the bars of hist.h fall into classes exactly.
 */
#ifndef WICK_LIB_MODEL_TREE_EXEMPLARS_H
#define WICK_LIB_MODEL_TREE_EXEMPLARS_H

#include "tree_state.h"

#define WK_CLASSES 16u          /* up to 1.023 us, each four times as long as the one before, the last without end */
#define WK_CLASS_FIRST_BITS 10u /* of the longest duration of the first class */

/* An instance. start_ns 0: there is none. */
struct wk_exemplar {
    int64_t start_ns, duration_ns;
};

static inline uint32_t wk_class_of(int64_t duration_ns)
{
    uint64_t beyond = (uint64_t)(duration_ns < 0 ? 0 : duration_ns) >> WK_CLASS_FIRST_BITS;
    uint32_t found = beyond ? (63u - (uint32_t)__builtin_clzll(beyond)) / 2 + 1 : 0;
    return found < WK_CLASSES ? found : WK_CLASSES - 1;
}

/* The longest duration of a class but the last. */
static inline int64_t wk_class_most_ns(uint32_t class_number)
{
    return (INT64_C(1) << (WK_CLASS_FIRST_BITS + 2 * class_number)) - 1;
}

/* Add the ended scopes of a node to the counts of the classes. */
void wk_tree_classes(const struct wick_tree *tree, uint32_t node, uint64_t counts[WK_CLASSES]);

/* Keep exemplars from now on: 256 bytes for each node whose scopes end. Where memory runs out, some are missing. */
void wk_tree_keep_exemplars(struct wick_tree *tree);
/* WK_CLASSES of them; NULL: none. Borrows until the next feed. */
const struct wk_exemplar *wk_tree_exemplars(const struct wick_tree *tree, uint32_t node);

#endif
