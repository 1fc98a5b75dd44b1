/*
 * SPDX-License-Identifier: MIT
 * The histogram: exact up to 16 values, quantiles within 1 % above, merging independent of order.
 * Must not need the tree. Invariant: the reference is a sorted array.
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "heap_memory.h"
#include "model/tree/hist.h"

static uint64_t state = 42;

static int64_t random_duration(void)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((state >> 16) >> (state >> 58)); /* all magnitudes */
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

Test(hist, ranks_are_exact_up_to_16_and_within_one_percent_above)
{
    for (uint32_t count = 1; count < 3000; count = count < 20 ? count + 1 : count * 3) {
        struct wk_hist *h = NULL;
        int64_t *values = malloc(count * sizeof *values);
        for (uint32_t i = 0; i < count; i++) {
            values[i] = random_duration();
            cr_assert_eq(wk_hist_add(&h, &heap_allocator, values[i]), 0);
        }
        qsort(values, count, sizeof *values, by_value);
        for (uint32_t rank = 1; rank <= count; rank++) {
            int64_t got = wk_hist_rank(h, rank), want = values[rank - 1];
            int64_t off = got > want ? got - want : want - got;
            cr_assert(count <= 16 ? off == 0 : off * 100 <= want, "count %u rank %u: %lld, not %lld", count, rank,
                      (long long)got, (long long)want);
        }
        wk_hist_free(h, &heap_allocator);
        free(values);
    }
}

Test(hist, merging_parts_gives_what_one_pass_gives)
{
    for (uint32_t count = 2; count < 200; count += 7) {
        struct wk_hist *whole = NULL, *left = NULL, *right = NULL;
        for (uint32_t i = 0; i < count; i++) {
            int64_t value = random_duration();
            wk_hist_add(&whole, &heap_allocator, value);
            wk_hist_add(i < count / 3 ? &left : &right, &heap_allocator, value);
        }
        cr_assert_eq(wk_hist_merge(&left, &heap_allocator, right), 0);
        struct wick_bucket_info a, b;
        uint32_t i = 0, j = 0;
        int more;
        while ((more = wk_hist_next(whole, &i, &a)) != 0) {
            cr_assert(wk_hist_next(left, &j, &b));
            cr_assert(a.low_ns == b.low_ns && a.high_ns == b.high_ns && a.count == b.count);
        }
        cr_assert(!wk_hist_next(left, &j, &b));
        wk_hist_free(whole, &heap_allocator);
        wk_hist_free(left, &heap_allocator);
        wk_hist_free(right, &heap_allocator);
    }
}

Test(hist, takes_the_extremes)
{
    struct wk_hist *h = NULL;
    for (int i = 0; i < 20; i++) {
        cr_assert_eq(wk_hist_add(&h, &heap_allocator, i % 2 ? INT64_MAX : -5), 0);
    }

    cr_assert_eq(wk_hist_rank(h, 1), 0);
    cr_assert_gt(wk_hist_rank(h, 20), INT64_MAX / 100 * 99);
    wk_hist_free(h, &heap_allocator);
}
