/*
 * SPDX-License-Identifier: MIT
 * Ranks and orders. See rank.h.
 */
#include "stats/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int ascending(const void *left, const void *right)
{
    const double x = *(const double *)left, y = *(const double *)right;
    return x < y ? -1 : x > y;
}

double wk_stats_median(double *values, uint32_t count)
{
    qsort(values, count, sizeof *values, ascending);
    return count ? (values[(count - 1) / 2] + values[count / 2]) / 2 : NAN;
}

/* Twice the middle rank of each value: a whole number, whatever is equal. */
static void double_ranks(const double *values, uint32_t count, uint32_t *ranks)
{
    for (uint32_t i = 0; i < count; i++) {
        ranks[i] = 1;
        for (uint32_t j = 0; j < count; j++) {
            ranks[i] += (values[j] < values[i]) * 2u + (values[j] == values[i]);
        }
    }
}

double wk_stats_rank_tail(const double *values, uint32_t first, uint32_t second)
{
    enum { MOST = 2 * WK_STATS_RANK_MAX, SUMS = MOST * (MOST + 1) + 1 };
    uint32_t ranks[MOST], sum = 0, all = 0, seen = first + second;
    if (!first || !second || first > WK_STATS_RANK_MAX || second > WK_STATS_RANK_MAX) {
        return 1;
    }
    double_ranks(values, seen, ranks);
    for (uint32_t i = 0; i < seen; i++) {
        all += ranks[i];
        sum += i >= first ? ranks[i] : 0;
    }
    /* ways[k][s]: to choose k of the values seen so far whose ranks add up to s; 50 of 100 are 1e29: a double holds it */
    double(*ways)[SUMS] = calloc((size_t)second + 1, sizeof *ways);
    if (!ways) {
        return 1;
    }
    ways[0][0] = 1;
    for (uint32_t i = 0; i < seen; i++) {
        for (uint32_t k = i < second ? i + 1 : second; k > 0; k--) {
            for (uint32_t s = all; s >= ranks[i]; s--) {
                ways[k][s] += ways[k - 1][s - ranks[i]];
            }
        }
    }
    double tail = 0, total = 0;
    for (uint32_t s = 0; s <= all; s++) {
        tail += s >= sum ? ways[second][s] : 0;
        total += ways[second][s];
    }
    free(ways);
    return tail / total;
}

void wk_stats_holm(double *sorted, uint32_t count)
{
    double least = 0;
    for (uint32_t i = 0; i < count; i++) {
        const double adjusted = sorted[i] * (count - i);
        least = adjusted > least ? adjusted : least;
        sorted[i] = least < 1 ? least : 1;
    }
}
