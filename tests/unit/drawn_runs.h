/*
 * SPDX-License-Identifier: MIT
 * Runs whose costs are drawn, as summaries.
 * Must not measure anything. Invariant: the random numbers are the same in every run of a test.
 */
#ifndef WICK_TESTS_UNIT_DRAWN_RUNS_H
#define WICK_TESTS_UNIT_DRAWN_RUNS_H

#include <criterion/criterion.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "drawn_numbers.h"
#include "stats/compare.h"

enum { RUNS_MAX = 24, PLACES_MAX = 400 };

struct drawn {
    const char *name; /* NULL: it is not in this run */
    int parent;       /* comes before it; 0 is the thread */
    double cost_ns, noise;
    uint64_t calls, failed, slow;
};

struct job {
    struct drawn places[WK_SIDES][PLACES_MAX]; /* as each side has them */
    int count;                                 /* of both sides, the thread included */
    uint32_t runs[WK_SIDES];
    double run_noise, run_factor[WK_SIDES][RUNS_MAX];
    bool blocked;
    const char *extra[WK_SIDES];               /* properties, as JSON */
    const char *head[WK_SIDES];                /* counts of the run, as JSON */
    struct wick_summary *summaries[WK_SIDES][RUNS_MAX];
    struct wk_compare_options options;
    struct wk_comparison result;
};

static char names[PLACES_MAX][16];

static inline int add(struct job *job, int parent, const char *name, double cost_ns)
{
    const struct drawn drawn = {.name = name, .parent = parent, .cost_ns = cost_ns, .noise = 0.003, .calls = 100};
    job->places[WK_BASE][job->count] = job->places[WK_CANDIDATE][job->count] = drawn;
    return job->count++;
}

/* A root with groups of ten. */
static inline struct job *job_of(int places, uint32_t runs)
{
    struct job *job = calloc(1, sizeof *job);
    *job = (struct job){.runs = {runs, runs}, .run_noise = 0.01,
                        .options = {.alpha = 0.01, .threshold = 0.02, .detect = 0.05, .min_share = 0.0001, .floor_ns = 1000}};
    for (int side = 0; side < WK_SIDES; side++) {
        job->extra[side] = job->head[side] = "";
        for (int i = 0; i < RUNS_MAX; i++) {
            job->run_factor[side][i] = 1;
        }
    }
    add(job, -1, "main", 0);
    for (int i = 0; i < places; i++) {
        snprintf(names[i], sizeof names[i], "p%03d", i);
        add(job, i % 10 == 0 ? 0 : job->count - i % 10, names[i], 2000 + 100 * (i % 50));
    }
    return job;
}

static inline int by_name(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static inline void print(char *text, size_t *at, const char *format, ...) __attribute__((format(printf, 3, 4)));
static inline void print(char *text, size_t *at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    *at += (size_t)vsnprintf(text + *at, 300, format, arguments);
    va_end(arguments);
}

/* The run as the text of its summary: keys in their order, then places. */
static inline struct wick_summary *draw(const struct job *job, enum wk_side side, uint32_t run)
{
    static char text[PLACES_MAX * 600];
    const char *sorted[PLACES_MAX];
    int count = 0, index[PLACES_MAX], nodes = 0;
    size_t at = 0;
    for (int i = 1; i < job->count; i++) {
        const char *name = job->places[side][i].name;
        bool known = !name;
        for (int k = 0; k < count; k++) {
            known = known || strcmp(sorted[k], name) == 0;
        }
        if (!known) {
            sorted[count++] = name;
        }
        nodes += name != NULL;
    }
    qsort(sorted, (size_t)count, sizeof *sorted, by_name);
    const int order = job->blocked ? (int)run + (side ? RUNS_MAX : 0) : (int)run * 2 + (int)((run + side) % 2);
    print(text, &at, "{\"schema\":\"wick-summary/1\",\"log\":\"r%d\",\"first_ns\":\"%d\",\"last_ns\":\"%d\",%s", order, order * 1000,
          order * 1000 + 999, *job->head[side] ? job->head[side] : "\"lost\":0,\"pauses\":0,\"problems\":0,");
    print(text, &at, "\"ended\":true,\"foreign\":false,\"keys\":%d,\"nodes\":%d,\"run\":[%s]}\n", count + 1, nodes + 1,
          *job->extra[side] ? job->extra[side] : "[\"host\",\"h\"]");
    print(text, &at, "{\"kind\":\"thread\",\"name\":\"main\",\"function\":\"\",\"ordinal\":0,\"file\":\"\",\"line\":0}\n");
    for (int k = 0; k < count; k++) {
        print(text, &at, "{\"kind\":\"scope\",\"name\":\"%s\",\"function\":\"f\",\"ordinal\":0,\"file\":\"f.c\",\"line\":%d}\n", sorted[k], k);
    }
    print(text, &at, "{\"parent\":null,\"key\":0,\"calls\":1}\n");
    const double whole = exp(job->run_noise * drawn_normal()) * job->run_factor[side][run];
    index[0] = 0;
    nodes = 1;
    for (int i = 1; i < job->count; i++) {
        const struct drawn *p = &job->places[side][i];
        if (!p->name) {
            continue;
        }
        int key = 0;
        while (strcmp(sorted[key], p->name) != 0) {
            key++;
        }
        const double cost = p->cost_ns * whole * exp(p->noise * drawn_normal());
        index[i] = nodes++;
        print(text, &at, "{\"parent\":%d,\"key\":%d,\"calls\":%" PRIu64 ",\"failed\":%" PRIu64 ",\"self_ns\":%.0f,\"total_ns\":%.0f,\"p50_ns\":%.0f,",
              index[p->parent], key + 1, p->calls, p->failed, cost * (double)p->calls, cost * (double)p->calls, cost);
        print(text, &at, "\"p99_ns\":%.0f,\"slow\":%" PRIu64 ",\"lomean_ns\":%.6f}\n", cost * 2, p->slow, cost);
    }
    struct wick_summary *summary = wick_summary_create(&wk_heap_allocator, NULL);
    struct wick_summary_error error = {0};
    const char *from = text;
    cr_assert_eq(wick_summary_read(summary, &from, text + at, &error), 1, "line %d: %s", (int)error.line, error.what ? error.what : "");
    return summary;
}

static inline void free_job(struct job *job)
{
    wk_comparison_free(&job->result);
    for (int side = 0; side < WK_SIDES; side++) {
        for (uint32_t i = 0; i < job->runs[side]; i++) {
            wick_summary_destroy(job->summaries[side][i]);
        }
    }
    free(job);
}

#endif
