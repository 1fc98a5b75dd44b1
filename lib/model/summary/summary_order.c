/*
 * SPDX-License-Identifier: MIT
 * Order statistics of the self times of one place, exact. The selection is Hoare's quickselect (CACM 4, 1961, algorithm 65) with
 * pivots at random: linear on the average for any input.
 */
#include "summary_state.h"

/* Put the value of rank `rank` there, smaller ones before it, larger ones behind it. */
static void select_rank(int64_t *values, uint32_t from, uint32_t to, uint32_t rank)
{
    uint64_t random = 0x9E3779B97F4A7C15u;
    while (to - from > 1) {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        const int64_t pivot = values[from + (uint32_t)(random % (to - from))];
        uint32_t low = from, high = to - 1;
        for (;;) {
            while (values[low] < pivot) {
                low++;
            }
            while (values[high] > pivot) {
                high--;
            }
            if (low >= high) {
                break;
            }
            const int64_t other = values[low];
            values[low++] = values[high];
            values[high--] = other;
        }
        /* [from, split) <= pivot <= [split, to) */
        const uint32_t split = low > from ? low : from + 1;
        if (rank < split) {
            to = split;
        } else {
            from = split;
        }
    }
}

/* The nearest rank of a share in percent: the smallest value that so many are not above. */
static uint32_t rank_of(uint32_t count, uint32_t percent)
{
    const uint64_t rank = ((uint64_t)count * percent + 99) / 100;
    return rank ? (uint32_t)rank - 1 : 0;
}

/* The mean, exact until it is divided. */
static double mean(const int64_t *values, uint32_t count)
{
    uint64_t low = 0, high = 0;
    for (uint32_t i = 0; i < count; i++) {
        low += (uint64_t)values[i];
        high += low < (uint64_t)values[i];
    }
    return ((double)high * 18446744073709551616.0 + (double)low) / count;
}

void wk_summary_order(struct wick_summary_node *node, int64_t *selves, uint32_t count)
{
    static const uint8_t percents[] = {10, 50, 90, 99};
    int64_t *const to[] = {&node->p10_ns, &node->p50_ns, &node->p90_ns, &node->p99_ns};
    uint32_t from = 0, ranks[4];
    for (uint32_t i = 0; i < 4; i++) {
        ranks[i] = rank_of(count, percents[i]);
        select_rank(selves, from, count, ranks[i]);
        *to[i] = selves[ranks[i]];
        from = ranks[i];
    }
    node->lomean_ns = mean(selves + ranks[0], ranks[1] - ranks[0] + 1);
    node->min_ns = node->max_ns = node->p50_ns;
    for (uint32_t i = 0; i < count; i++) {
        node->min_ns = selves[i] < node->min_ns ? selves[i] : node->min_ns;
        node->max_ns = selves[i] > node->max_ns ? selves[i] : node->max_ns;
        node->slow += selves[i] > node->p50_ns + node->p50_ns / 2;
    }
}
