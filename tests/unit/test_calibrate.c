/*
 * SPDX-License-Identifier: MIT
 * What calibration says of drawn runs, held against what comparisons of such runs find.
 * Must not measure anything. Invariant: the random numbers are the same in every run of this test.
 */
#include "drawn_runs.h"
#include "stats/calibrate.h"

static struct wk_runs draw_runs(struct job *job, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        job->summaries[WK_BASE][i] = draw(job, WK_BASE, i);
    }
    job->runs[WK_BASE] = count;
    job->runs[WK_CANDIDATE] = 0;
    return (struct wk_runs){job->summaries[WK_BASE], count};
}

Test(calibrate, the_noise_of_places_and_of_all_is_found)
{
    struct job *job = job_of(100, 20);
    struct wk_calibration c;
    job->places[WK_BASE][7].noise = 0.1;
    const struct wk_runs runs = draw_runs(job, 20);
    cr_assert_eq(wk_calibrate(&c, &runs, &job->options), 0);
    cr_assert_eq(c.count, 100);
    double sum = 0;
    for (uint32_t i = 0; i < c.count; i++) {
        sum += i == 6 ? 0 : c.places[i].noise / 99;
        cr_assert(c.places[i].exact, "all runs have the same calls");
    }
    cr_assert(fabs(sum - 0.003) < 0.0006, "%g", sum);
    cr_assert(c.places[6].noise > 0.05 && c.places[6].needed == 0 && c.unclear == 1, "%g %u", c.places[6].noise, c.places[6].needed);
    cr_assert(fabs(c.shift_noise - 0.01) < 0.004, "%g", c.shift_noise);
    wk_calibration_free(&c);
    free_job(job);
}

Test(calibrate, calls_that_vary_are_not_exact)
{
    struct job *job = job_of(20, 5);
    struct wk_calibration c;
    const struct wk_runs runs = draw_runs(job, 4);
    job->places[WK_BASE][9].calls = 101;
    wick_summary_destroy(job->summaries[WK_BASE][3]);
    job->summaries[WK_BASE][3] = draw(job, WK_BASE, 3);
    cr_assert_eq(wk_calibrate(&c, &runs, &job->options), 0);
    for (uint32_t i = 0; i < c.count; i++) {
        cr_assert(c.places[i].exact == (i != 8), "%u", i);
    }
    wk_calibration_free(&c);
    free_job(job);
}

/* The change that is promised in 80 % of comparisons is found in some 80 % of them. */
Test(calibrate, what_is_promised_is_found, .timeout = 200)
{
    struct job *job = job_of(100, 24);
    struct wk_calibration c;
    int found = 0, jobs = 200;
    for (int p = 1; p < job->count; p++) {
        job->places[WK_BASE][p].noise = 0.01;
    }
    const struct wk_runs runs = draw_runs(job, 24);
    cr_assert_eq(wk_calibrate(&c, &runs, &job->options), 0);
    const double least = c.places[5].least[1];
    wk_calibration_free(&c);
    free_job(job);
    for (int i = 0; i < jobs; i++) {
        job = job_of(100, 7);
        for (int p = 1; p < job->count; p++) {
            job->places[WK_BASE][p].noise = job->places[WK_CANDIDATE][p].noise = 0.01;
        }
        job->places[WK_CANDIDATE][6].cost_ns *= 1 + least;
        for (int side = 0; side < WK_SIDES; side++) {
            for (uint32_t run = 0; run < 7; run++) {
                job->summaries[side][run] = draw(job, (enum wk_side)side, run);
            }
        }
        const struct wk_runs sides[WK_SIDES] = {{job->summaries[WK_BASE], 7}, {job->summaries[WK_CANDIDATE], 7}};
        cr_assert_eq(wk_compare(&job->result, sides, &job->options), 0);
        found += job->result.flagged[WK_METRIC_COST] == 1;
        free_job(job);
    }
    cr_assert(found >= jobs * 7 / 10 && found <= jobs * 9 / 10, "%d of %d at %g", found, jobs, least);
}

Test(calibrate, halves_of_equal_runs_are_equal)
{
    struct job *job = job_of(60, 14);
    uint32_t alarms = 99, again;
    const struct wk_runs runs = draw_runs(job, 14);
    cr_assert_eq(wk_calibrate_check(&runs, &job->options, 50, &alarms), 0);
    cr_assert(alarms <= 2, "%u", alarms);
    cr_assert_eq(wk_calibrate_check(&runs, &job->options, 50, &again), 0);
    cr_assert_eq(alarms, again, "nothing is drawn anew");
    free_job(job);
}
