/*
 * SPDX-License-Identifier: MIT
 * Values of the statistics, for a test that has other ones: a line `FUNCTION NUMBER...` in, a line of numbers out.
 * Must not check anything. Invariant: numbers are printed so that they read back as they were.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stats/moderated.h"
#include "stats/rank.h"
#include "stats/special.h"

static double evaluate(const char *what, double *x, uint32_t count)
{
    if (strcmp(what, "t_tail") == 0) {
        return wk_stats_t_tail(x[0], x[1]);
    }
    if (strcmp(what, "t_exceeded") == 0) {
        return wk_stats_t_exceeded(x[0], x[1]);
    }
    if (strcmp(what, "digamma") == 0) {
        return wk_stats_digamma(x[0]);
    }
    if (strcmp(what, "trigamma") == 0) {
        return wk_stats_trigamma(x[0]);
    }
    if (strcmp(what, "median") == 0) {
        return wk_stats_median(x, count);
    }
    if (strcmp(what, "ranks") == 0) { /* the size of the first group, then both */
        return wk_stats_rank_tail(x + 1, (uint32_t)x[0], count - 1 - (uint32_t)x[0]);
    }
    fprintf(stderr, "stats_values: no function %s\n", what);
    exit(2);
}

int main(void)
{
    char *line = NULL, *rest;
    size_t room = 0;
    while (getline(&line, &room, stdin) > 0) {
        double numbers[200];
        uint32_t count = 0;
        const char *what = strtok_r(line, " \n", &rest), *word;
        while (count < 200 && (word = strtok_r(NULL, " \n", &rest)) != NULL) {
            numbers[count++] = strtod(word, NULL);
        }
        printf("%.17g\n", what ? evaluate(what, numbers, count) : 0);
    }
    free(line);
    return 0;
}
