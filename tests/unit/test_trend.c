/*
 * SPDX-License-Identifier: MIT
 * Trends: drawn runs of builds of which some are slower.
 * Must not measure anything. Invariant: the random numbers are the same in every run of this test.
 */
#include "drawn_runs.h"
#include "stats/trend.h"

enum { BUILDS = 12, RUNS = 2 };

struct history {
    struct job *job;
    struct wick_summary *summaries[BUILDS][RUNS];
    struct wk_runs points[BUILDS];
    uint32_t count;
    struct wk_trend trend;
};

static void begin(struct history *h, int places)
{
    *h = (struct history){.job = job_of(places, 0)};
}

/* The next build, as the job's base is now. */
static void build(struct history *h)
{
    for (int i = 0; i < RUNS; i++) {
        h->summaries[h->count][i] = draw(h->job, WK_BASE, h->count * RUNS + (uint32_t)i);
    }
    h->points[h->count] = (struct wk_runs){h->summaries[h->count], RUNS};
    h->count++;
}

static const struct wk_trend *look(struct history *h)
{
    cr_assert_eq(wk_trend_find(&h->trend, h->points, h->count, &h->job->options), 0);
    return &h->trend;
}

static void finish(struct history *h)
{
    wk_trend_free(&h->trend);
    for (uint32_t i = 0; i < h->count; i++) {
        for (int run = 0; run < RUNS; run++) {
            wick_summary_destroy(h->summaries[i][run]);
        }
    }
    free_job(h->job);
}

static const char *name_of(const struct wk_trend *t, uint32_t row)
{
    return t->matched.rows[row].key[WK_BASE]->name;
}

/* 60 histories of 100 places; the error is 1 % of histories. */
Test(trend, equal_builds_have_no_changes)
{
    int wrong = 0;
    for (int i = 0; i < 60; i++) {
        struct history h;
        begin(&h, 100);
        for (int k = 0; k < BUILDS; k++) {
            build(&h);
        }
        const struct wk_trend *t = look(&h);
        wrong += t->count != 0;
        cr_assert_eq(t->places, 100);
        cr_assert(t->count || t->last_good == BUILDS - 1);
        finish(&h);
    }
    cr_assert(wrong <= 3, "%d of 60", wrong);
}

Test(trend, the_build_and_the_place_are_named)
{
    for (uint32_t at = 2; at <= BUILDS - 2; at++) {
        struct history h;
        begin(&h, 60);
        for (uint32_t k = 0; k < BUILDS; k++) {
            h.job->places[WK_BASE][9].cost_ns *= k == at ? 1.08 : 1;
            build(&h);
        }
        const struct wk_trend *t = look(&h);
        cr_assert(t->count == 1 && t->changes[0].point == at, "%u: %u changes, the first at %u", at, t->count, t->count ? t->changes[0].point : 0);
        cr_assert_str_eq(name_of(t, t->changes[0].row), names[8]);
        cr_assert(t->changes[0].worse && t->changes[0].stands && t->last_good == at - 1);
        cr_assert(t->changes[0].low < 1.08 && t->changes[0].high > 1.08, "%g %g", t->changes[0].low, t->changes[0].high);
        finish(&h);
    }
}

Test(trend, what_was_made_good_does_not_stand)
{
    struct history h;
    begin(&h, 60);
    for (int k = 0; k < BUILDS; k++) {
        h.job->places[WK_BASE][9].cost_ns *= k == 4 ? 1.1 : k == 8 ? 1 / 1.1 : 1;
        build(&h);
    }
    const struct wk_trend *t = look(&h);
    cr_assert_eq(t->count, 2);
    cr_assert(t->changes[0].point == 4 && t->changes[0].worse && !t->changes[0].stands);
    cr_assert(t->changes[1].point == 8 && !t->changes[1].worse && t->last_good == BUILDS - 1);
    finish(&h);
}

Test(trend, one_wild_build_is_no_level)
{
    struct history h;
    begin(&h, 60);
    for (int k = 0; k < BUILDS; k++) {
        h.job->places[WK_BASE][9].cost_ns *= k == 5 ? 1.5 : k == 6 ? 1 / 1.5 : 1;
        build(&h);
    }
    const struct wk_trend *t = look(&h);
    cr_assert_eq(t->count, 0, "%u", t->count);
    finish(&h);
}

Test(trend, all_places_together_are_no_place)
{
    struct history h;
    begin(&h, 60);
    h.job->run_noise = 0.002;
    for (int k = 0; k < BUILDS; k++) {
        for (int i = 1; i < h.job->count && k == 6; i++) {
            h.job->places[WK_BASE][i].cost_ns *= 1.2;
        }
        build(&h);
    }
    const struct wk_trend *t = look(&h);
    cr_assert(t->count == 1 && t->changes[0].row == WICK_NONE && t->changes[0].point == 6, "%u", t->count);
    finish(&h);
}

Test(trend, places_that_some_builds_lack_are_followed)
{
    struct history h;
    begin(&h, 60);
    for (int k = 0; k < BUILDS; k++) {
        h.job->places[WK_BASE][9].name = k < 2 ? NULL : names[8];
        h.job->places[WK_BASE][19].name = k < 8 ? NULL : names[18]; /* too few to tell */
        h.job->places[WK_BASE][9].cost_ns *= k == 7 ? 1.1 : 1;
        build(&h);
    }
    const struct wk_trend *t = look(&h);
    cr_assert(t->count == 1 && t->changes[0].point == 7 && t->last_good == 6, "%u", t->count);
    cr_assert_eq(t->places, 59);
    finish(&h);
}
