/*
 * SPDX-License-Identifier: MIT
 * Classes of durations and their exemplars: exact at the limits, the newest instance of each.
 */
#include <criterion/criterion.h>

#include "heap_memory.h"
#include "model/tree/exemplars.h"

Test(exemplars, a_duration_is_in_the_first_class_whose_limit_it_does_not_exceed)
{
    cr_assert_eq(wk_class_of(-1), 0);
    for (uint32_t i = 0; i + 1 < WK_CLASSES; i++) {
        cr_assert_eq(wk_class_of(wk_class_most_ns(i)), i);
        cr_assert_eq(wk_class_of(wk_class_most_ns(i) + 1), i + 1);
    }
    cr_assert_eq(wk_class_of(INT64_MAX), WK_CLASSES - 1);
}

static void scope(struct wick_tree *tree, int64_t start_ns, int64_t duration_ns)
{
    const struct wick_record records[] = {{.kind = WICK_RECORD_START, .site = 1, .time_ns = start_ns},
                                          {.kind = WICK_RECORD_ENDOK, .site = 1, .time_ns = start_ns + duration_ns, .u.cpu_ns = -1}};
    cr_assert_eq(wick_tree_feed(tree, records, 2), 0);
}

Test(exemplars, the_newest_instance_of_each_class_is_kept_and_classes_count_all)
{
    struct wick_tree *tree = wick_tree_create(&heap_allocator);
    int64_t start_ns = 1000;
    scope(tree, start_ns, 5);
    cr_assert_null(wk_tree_exemplars(tree, 1));
    for (uint32_t calls = 1; calls < 100; calls++) {
        uint64_t counts[WK_CLASSES] = {0}, all = 0;
        wk_tree_classes(tree, 1, counts);
        for (uint32_t i = 0; i < WK_CLASSES; i++) {
            all += counts[i];
        }
        cr_assert_eq(all, calls);
        cr_assert_eq(counts[0], 1 + (calls - 1) / 2, "of %u: %llu", calls, (unsigned long long)counts[0]);
        wk_tree_keep_exemplars(tree);
        scope(tree, start_ns += 10000, calls % 2 ? 2000 : 7);
    }
    const struct wk_exemplar *newest = wk_tree_exemplars(tree, 1);
    cr_assert_eq(newest[1].start_ns, start_ns);
    cr_assert_eq(newest[1].duration_ns, 2000);
    cr_assert_eq(newest[0].start_ns, start_ns - 10000);
    cr_assert_eq(newest[2].start_ns, 0);
    wick_tree_destroy(tree);
}
