/*
 * SPDX-License-Identifier: MIT
 * Comparisons: runs whose costs are drawn, changed in one way, and judged.
 * Must not measure anything. Invariant: the random numbers are the same in every run of this test.
 */
#include "drawn_runs.h"

static struct wk_comparison *compare(struct job *job)
{
    struct wk_runs runs[WK_SIDES];
    for (int side = 0; side < WK_SIDES; side++) {
        for (uint32_t i = 0; i < job->runs[side]; i++) {
            job->summaries[side][i] = draw(job, (enum wk_side)side, i);
        }
        runs[side] = (struct wk_runs){job->summaries[side], job->runs[side]};
    }
    cr_assert_eq(wk_compare(&job->result, runs, &job->options), 0);
    return &job->result;
}

static const struct wk_judged *judged_at(const struct wk_comparison *c, const char *name)
{
    for (uint32_t i = 0; i < c->judged_count; i++) {
        const struct wk_match_row *row = &c->matched.rows[c->judged[i].row];
        const struct wick_summary_key *key = row->key[WK_CANDIDATE] ? row->key[WK_CANDIDATE] : row->key[WK_BASE];
        if (strcmp(key->name, name) == 0) {
            return &c->judged[i];
        }
    }
    cr_assert_fail("no %s is judged", name);
    return NULL;
}

/* Places that got worse in any way. */
static uint32_t flagged(const struct wk_comparison *c)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < c->judged_count; i++) {
        bool worse = false;
        for (int metric = 0; metric < WK_METRICS; metric++) {
            worse = worse || c->judged[i].change[metric].outcome == WK_OUTCOME_WORSE;
        }
        count += worse;
    }
    return count;
}

static enum wk_verdict verdict(const struct wk_comparison *c)
{
    return wk_compare_verdict(c, WK_FAIL_COST | WK_FAIL_CALLS, 1);
}

/* ---- equal builds ---- */

/* 200 jobs, each of 200 places; the error is 1 % a job, so that six or more would be luck of 1 in 60. */
Test(compare, equal_builds_pass, .timeout = 200)
{
    int failed = 0, unclear = 0;
    for (int i = 0; i < 200; i++) {
        struct job *job = job_of(200, i % 2 ? 5 : 7);
        for (int p = 1; p < job->count; p++) {
            job->places[WK_BASE][p].noise = job->places[WK_CANDIDATE][p].noise = 0.001 * exp(2 * drawn_uniform());
        }
        const struct wk_comparison *c = compare(job);
        failed += verdict(c) == WK_VERDICT_REGRESSION;
        unclear += verdict(c) == WK_VERDICT_INCONCLUSIVE;
        cr_assert_eq(c->matched.count, 201);
        free_job(job);
    }
    cr_assert(failed <= 5, "%d of 200 equal builds failed", failed);
    cr_assert(unclear <= 60, "%d of 200 are unclear", unclear);
}

/* Equal builds as well, and one of ten places that differ: one run of the candidate against ten that the caller vouches for. */
Test(compare, one_run_against_a_model)
{
    int wrong = 0, found = 0;
    for (int i = 0; i < 100; i++) {
        struct job *job = job_of(100, 10);
        job->runs[WK_CANDIDATE] = 1;
        job->options.model = true;
        job->places[WK_CANDIDATE][7].cost_ns *= i % 2 ? 1.1 : 1;
        job->places[WK_CANDIDATE][8].calls += i % 2 ? 5 : 0;
        const struct wk_comparison *c = compare(job);
        const bool named = judged_at(c, names[6])->change[WK_METRIC_COST].outcome == WK_OUTCOME_WORSE;
        found += i % 2 && named && c->flagged[WK_METRIC_CALLS] == 1;
        wrong += flagged(c) > (i % 2 ? 2u : 0u);
        free_job(job);
    }
    cr_assert(wrong <= 3 && found >= 48, "%d wrong, %d of 50 found", wrong, found);
}

/* ---- a change ---- */

Test(compare, the_place_that_changed_is_named)
{
    int found = 0;
    for (int i = 0; i < 40; i++) {
        struct job *job = job_of(100, 7);
        job->places[WK_CANDIDATE][1 + i * 2].cost_ns *= 1.05;
        const struct wk_comparison *c = compare(job);
        const struct wk_judged *judged = judged_at(c, names[i * 2]);
        found += judged->change[WK_METRIC_COST].outcome == WK_OUTCOME_WORSE && verdict(c) == WK_VERDICT_REGRESSION;
        cr_assert(flagged(c) <= 1, "%u are flagged", flagged(c));
        cr_assert(judged->change[WK_METRIC_COST].low < 1.055 && judged->change[WK_METRIC_COST].high > 1.045);
        free_job(job);
    }
    cr_assert(found >= 39, "%d of 40", found);
}

Test(compare, the_other_way_round_it_is_an_improvement)
{
    struct job *job = job_of(100, 7);
    job->places[WK_CANDIDATE][5].cost_ns *= 0.9;
    const struct wk_comparison *c = compare(job);
    cr_assert_eq(verdict(c), WK_VERDICT_IMPROVED);
    cr_assert(c->improved == 1 && judged_at(c, names[4])->change[WK_METRIC_COST].outcome == WK_OUTCOME_BETTER);
    cr_assert(judged_at(c, names[4])->contribution_ns < 0);
    free_job(job);
}

Test(compare, all_places_together_are_no_place)
{
    struct job *job = job_of(100, 7);
    for (int i = 1; i < job->count; i++) {
        job->places[WK_CANDIDATE][i].cost_ns *= 1.1;
    }
    job->run_noise = 0.002;
    const struct wk_comparison *c = compare(job);
    cr_assert_eq(flagged(c), 0);
    cr_assert_eq(c->shift.outcome, WK_OUTCOME_WORSE);
    cr_assert(fabs(c->shift.ratio - 1.1) < 0.01);
    cr_assert_eq(verdict(c), WK_VERDICT_UNIFORM);
    cr_assert_eq(wk_compare_verdict(c, WK_FAIL_UNIFORM, 1), WK_VERDICT_REGRESSION);
    free_job(job);
}

/* Without a loop at start and end nothing says whose the change is. */
Test(compare, what_the_machine_explains_is_not_the_builds)
{
    static const struct {
        int loop_ns;
        enum wk_verdict verdict;
    } cases[] = {{1100000, WK_VERDICT_PASS}, {1000000, WK_VERDICT_UNIFORM}, {1040000, WK_VERDICT_UNIFORM}, {900000, WK_VERDICT_UNIFORM}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct job *job = job_of(100, 7);
        char loop[100];
        snprintf(loop, sizeof loop, "[\"calibration_start_ns\",\"%d\"],[\"calibration_end_ns\",\"9000000\"]", cases[i].loop_ns);
        job->extra[WK_BASE] = "[\"calibration_start_ns\",\"1000000\"],[\"calibration_end_ns\",\"1000100\"]";
        job->extra[WK_CANDIDATE] = loop;
        job->run_noise = 0.002;
        for (int p = 1; p < job->count; p++) {
            job->places[WK_CANDIDATE][p].cost_ns *= 1.1;
        }
        const struct wk_comparison *c = compare(job);
        cr_assert_eq(c->shift.outcome, WK_OUTCOME_WORSE);
        cr_assert(fabs(c->machine.ratio - cases[i].loop_ns / 1e6) < 1e-9);
        cr_assert(c->machine_shift == (cases[i].verdict == WK_VERDICT_PASS) && verdict(c) == cases[i].verdict, "case %zu: %d", i, verdict(c));
        cr_assert_eq(wk_compare_verdict(c, WK_FAIL_UNIFORM, 1) == WK_VERDICT_REGRESSION, !c->machine_shift);
        free_job(job);
    }
}

/* Of few places one that got slower is not mistaken for all of them. */
Test(compare, one_place_of_one_is_not_all_places)
{
    for (int places = 1; places < 8; places++) {
        struct job *job = job_of(places, 7);
        job->run_noise = 0.002;
        for (int i = 1; i < job->count; i++) {
            job->places[WK_CANDIDATE][i].cost_ns *= 1.2;
        }
        const struct wk_comparison *c = compare(job);
        cr_assert(c->flagged[WK_METRIC_COST] == (uint32_t)places && verdict(c) == WK_VERDICT_REGRESSION);
        free_job(job);
    }
}

Test(compare, a_wild_run_is_not_a_change)
{
    for (int side = 0; side < WK_SIDES; side++) {
        struct job *job = job_of(100, 7);
        job->run_factor[side][3] = 3;
        const struct wk_comparison *c = compare(job);
        cr_assert(flagged(c) == 0 && c->shift.outcome == WK_OUTCOME_EQUAL);
        free_job(job);
    }
}

Test(compare, one_build_after_the_other_proves_nothing_small)
{
    for (int i = 0; i < 2; i++) {
        struct job *job = job_of(100, 7);
        job->blocked = true;
        job->places[WK_CANDIDATE][7].cost_ns *= i ? 1.3 : 1.03;
        const struct wk_comparison *c = compare(job);
        cr_assert(c->blocked);
        cr_assert_eq(judged_at(c, names[6])->change[WK_METRIC_COST].outcome, i ? WK_OUTCOME_WORSE : WK_OUTCOME_CONFOUNDED);
        cr_assert_eq(verdict(c), i ? WK_VERDICT_REGRESSION : WK_VERDICT_INCONCLUSIVE);
        free_job(job);
    }
    struct job *job = job_of(100, 7);
    job->blocked = true;
    cr_assert_eq(verdict(compare(job)), WK_VERDICT_INCONCLUSIVE, "equal builds, but nothing shows that they are");
    free_job(job);
}

Test(compare, calls_are_flagged_at_the_caller_alone)
{
    struct job *job = job_of(100, 5);
    for (int i = 11; i <= 20; i++) { /* a group: all of it is called twice as often */
        job->places[WK_CANDIDATE][i].calls *= 2;
    }
    const struct wk_comparison *c = compare(job);
    cr_assert(c->flagged[WK_METRIC_CALLS] == 1 && flagged(c) == 1, "%u", flagged(c));
    const struct wk_change *calls = &judged_at(c, names[10])->change[WK_METRIC_CALLS];
    cr_assert(calls->outcome == WK_OUTCOME_WORSE && calls->exact && fabs(calls->ratio - 2) < 1e-9);
    cr_assert_eq(verdict(c), WK_VERDICT_REGRESSION);
    cr_assert_eq(wk_compare_verdict(c, WK_FAIL_COST, 1), WK_VERDICT_CHANGED, "never a pass");
    free_job(job);
}

Test(compare, failures_are_flagged)
{
    struct job *job = job_of(100, 5);
    job->places[WK_CANDIDATE][7].failed = 3;
    const struct wk_comparison *c = compare(job);
    cr_assert(c->flagged[WK_METRIC_ERRORS] == 1 && flagged(c) == 1);
    cr_assert(judged_at(c, names[6])->change[WK_METRIC_ERRORS].to == 0.03);
    cr_assert_eq(verdict(c), WK_VERDICT_REGRESSION);
    free_job(job);
}

Test(compare, time_that_moved_is_not_lost)
{
    struct job *job = job_of(100, 7);
    job->places[WK_BASE][13].cost_ns = 5000;
    job->places[WK_BASE][14].cost_ns = 5000;
    job->places[WK_CANDIDATE][13].cost_ns = 5500;
    job->places[WK_CANDIDATE][14].cost_ns = 4500;
    const struct wk_comparison *c = compare(job);
    cr_assert_eq(judged_at(c, names[12])->change[WK_METRIC_COST].outcome, WK_OUTCOME_MOVED);
    cr_assert(c->moved == 1 && flagged(c) == 0 && verdict(c) == WK_VERDICT_CHANGED);
    free_job(job);
    job = job_of(100, 7);
    job->places[WK_CANDIDATE][13].cost_ns *= 1.1;
    job->places[WK_CANDIDATE][33].cost_ns *= 0.9; /* elsewhere */
    cr_assert_eq(verdict(compare(job)), WK_VERDICT_REGRESSION);
    free_job(job);
}

/* ---- names ---- */

static uint8_t match_of(const struct wk_comparison *c, const char *name)
{
    for (uint32_t i = 0; i < c->matched.count; i++) {
        const struct wk_match_row *row = &c->matched.rows[i];
        const struct wick_summary_key *key = row->key[WK_CANDIDATE] ? row->key[WK_CANDIDATE] : row->key[WK_BASE];
        if (strcmp(key->name, name) == 0) {
            return row->match;
        }
    }
    cr_assert_fail("no place %s", name);
    return 0;
}

Test(compare, places_are_found_again)
{
    struct job *job = job_of(40, 5);
    job->places[WK_CANDIDATE][11].name = "p010_renamed"; /* its children tell */
    job->places[WK_CANDIDATE][25].name = "q024";         /* only its calls and half of its name do */
    job->places[WK_CANDIDATE][36].name = NULL;           /* removed */
    job->places[WK_BASE][38].name = NULL;                /* new */
    job->places[WK_BASE][38].calls = job->places[WK_CANDIDATE][38].calls = 7;
    job->places[WK_CANDIDATE][34].parent = 1;            /* under another parent */
    const struct wk_comparison *c = compare(job);
    cr_assert_eq(match_of(c, "p010_renamed"), WK_MATCH_RENAMED);
    cr_assert_eq(match_of(c, names[15]), WK_MATCH_SAME, "below it nothing changed");
    cr_assert_eq(match_of(c, "q024"), WK_MATCH_RENAMED);
    cr_assert_eq(match_of(c, names[35]), WK_MATCH_REMOVED);
    cr_assert_eq(match_of(c, names[37]), WK_MATCH_NEW);
    cr_assert_eq(match_of(c, names[33]), WK_MATCH_MOVED);
    cr_assert(c->new_share > 0 && c->removed_share > 0);
    cr_assert_eq(flagged(c), 0);
    free_job(job);
}

/* ---- never a pass by accident ---- */

Test(compare, too_few_runs_conclude_nothing)
{
    static const uint32_t few[][2] = {{1, 1}, {1, 7}, {2, 2}, {4, 4}, {4, 5}, {3, 12}}, enough[][2] = {{4, 6}, {6, 4}, {5, 5}, {7, 12}};
    for (size_t i = 0; i < sizeof few / sizeof *few; i++) {
        struct job *job = job_of(20, 0);
        memcpy(job->runs, few[i], sizeof job->runs);
        job->places[WK_CANDIDATE][3].cost_ns *= 1.5;
        const enum wk_verdict v = verdict(compare(job));
        cr_assert_eq(v, i ? WK_VERDICT_INCONCLUSIVE : WK_VERDICT_UNVERIFIED, "%u against %u", few[i][0], few[i][1]);
        free_job(job);
    }
    for (size_t i = 0; i < sizeof enough / sizeof *enough; i++) {
        struct job *job = job_of(20, 0);
        memcpy(job->runs, enough[i], sizeof job->runs);
        job->places[WK_CANDIDATE][3].cost_ns *= 1.5;
        cr_assert_eq(verdict(compare(job)), WK_VERDICT_REGRESSION, "%u against %u", enough[i][0], enough[i][1]);
        free_job(job);
    }
}

Test(compare, what_cannot_be_seen_is_no_pass)
{
    struct job *job = job_of(100, 5);
    job->places[WK_BASE][9].noise = job->places[WK_CANDIDATE][9].noise = 0.2;
    job->places[WK_CANDIDATE][9].cost_ns *= 1.05;
    const struct wk_comparison *c = compare(job);
    const struct wk_change *cost = &judged_at(c, names[8])->change[WK_METRIC_COST];
    cr_assert(cost->outcome == WK_OUTCOME_EQUAL && cost->least > 0.05, "%g", cost->least);
    cr_assert(c->blind == 1 && verdict(c) == WK_VERDICT_INCONCLUSIVE);
    free_job(job);
}

/* What is missed is never less than what is said to be seen, however noisy the place is. */
Test(compare, a_miss_is_admitted, .timeout = 100)
{
    int missed = 0;
    for (int i = 0; i < 400; i++) {
        struct job *job = job_of(60, 7);
        job->places[WK_BASE][9].noise = job->places[WK_CANDIDATE][9].noise = 0.004 + 0.00005 * i;
        job->places[WK_CANDIDATE][9].cost_ns *= 1.05;
        const struct wk_change *cost = &judged_at(compare(job), names[8])->change[WK_METRIC_COST];
        missed += cost->outcome == WK_OUTCOME_EQUAL;
        cr_assert(cost->outcome == WK_OUTCOME_WORSE || cost->least > 0.05, "%d: missed, although %g would be found", i, cost->least);
        free_job(job);
    }
    cr_assert(missed > 40, "%d were missed", missed);
}

Test(compare, other_runs_are_not_comparable)
{
    static const struct {
        const char *head, *extra;
        uint32_t obstacle;
    } cases[] = {{"\"lost\":3,\"pauses\":0,\"problems\":0,", "", WK_OBSTACLE_LOST},
                 {"\"lost\":0,\"pauses\":0,\"problems\":1,", "", WK_OBSTACLE_LOST},
                 {"\"lost\":0,\"pauses\":1,\"problems\":0,", "", WK_OBSTACLE_FILTERED},
                 {"", "[\"filter\",\"-x\"]", WK_OBSTACLE_FILTERED}, {"", "[\"min\",\"1us\"]", WK_OBSTACLE_FILTERED},
                 {"", "[\"host\",\"other\"]", WK_OBSTACLE_MACHINE}, {"", "[\"governor\",\"powersave\"]", WK_OBSTACLE_MACHINE},
                 {"", "[\"aslr\",\"off\"]", WK_OBSTACLE_MACHINE}, {"", "[\"build_type\",\"Debug\"]", WK_OBSTACLE_BUILD}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct job *job = job_of(20, 5);
        job->head[WK_CANDIDATE] = cases[i].head;
        job->extra[WK_BASE] = "[\"host\",\"h\"],[\"governor\",\"performance\"],[\"aslr\",\"on\"],[\"build_type\",\"Release\"]";
        job->extra[WK_CANDIDATE] = cases[i].extra;
        job->places[WK_CANDIDATE][3].cost_ns *= 1.5;
        const struct wk_comparison *c = compare(job);
        cr_assert_eq(c->differs == NULL, !(cases[i].obstacle & (WK_OBSTACLE_MACHINE | WK_OBSTACLE_BUILD)));
        cr_assert(c->obstacles == cases[i].obstacle && verdict(c) == WK_VERDICT_NOT_COMPARABLE, "case %zu: %u", i, c->obstacles);
        free_job(job);
    }
    struct job *job = job_of(20, 5);
    for (int i = 1; i < job->count; i++) {
        static char other[PLACES_MAX][16];
        snprintf(other[i], sizeof other[i], "zz%02dq", i);
        job->places[WK_CANDIDATE][i].name = other[i];
        job->places[WK_CANDIDATE][i].calls = 17 + (uint64_t)i;
    }
    const struct wk_comparison *c = compare(job);
    cr_assert(c->obstacles == WK_OBSTACLE_PROGRAM && verdict(c) == WK_VERDICT_NOT_COMPARABLE);
    free_job(job);
}

Test(compare, nothing_to_test_is_no_pass)
{
    struct job *job = job_of(0, 5);
    cr_assert_eq(verdict(compare(job)), WK_VERDICT_INCONCLUSIVE);
    free_job(job);
}

/* ---- rules ---- */

static enum wk_verdict with_rule(struct wk_rule rule, double factor, uint32_t runs)
{
    struct job *job = job_of(20, runs);
    job->options.rules = &rule;
    job->options.rule_count = 1;
    job->places[WK_CANDIDATE][3].cost_ns *= factor;
    job->places[WK_CANDIDATE][4].calls = factor > 1.4 ? 150 : 100;
    const enum wk_verdict v = verdict(compare(job));
    free_job(job);
    return v;
}

Test(compare, rules)
{
    cr_assert_eq(with_rule((struct wk_rule){.glob = "p002", .threshold = 0.2}, 1.1, 7), WK_VERDICT_PASS);
    cr_assert_eq(with_rule((struct wk_rule){.glob = "main/p000/p002", .threshold = 0.2}, 1.3, 7), WK_VERDICT_REGRESSION);
    cr_assert_eq(with_rule((struct wk_rule){.glob = "p002", .ignore = true}, 1.1, 7), WK_VERDICT_PASS);
    cr_assert_eq(with_rule((struct wk_rule){.glob = "p002", .budget_ns = 1000}, 1, 1), WK_VERDICT_REGRESSION);
    cr_assert_eq(with_rule((struct wk_rule){.glob = "p002", .budget_ns = 100000}, 1, 7), WK_VERDICT_PASS);
    cr_assert_eq(with_rule((struct wk_rule){.glob = "p003", .exact = true}, 1.5, 1), WK_VERDICT_REGRESSION, "one run each, declared exact");
    cr_assert_eq(with_rule((struct wk_rule){.glob = "p004", .exact = true}, 1.5, 1), WK_VERDICT_UNVERIFIED, "another place is");
}
