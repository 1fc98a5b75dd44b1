/*
 * SPDX-License-Identifier: MIT
 * Runs of two builds compared: what got slower, is called more often, fails more often, and whether these runs could have shown it.
 * Must not print. Invariant: equal runs in equal order give equal results; only a place's own numbers can be held against it.
 */
#ifndef WICK_LIB_STATS_COMPARE_H
#define WICK_LIB_STATS_COMPARE_H

#include <stdbool.h>

#include "stats/match_runs.h"

enum wk_metric {
    WK_METRIC_COST,   /* self time of an undisturbed call, ns */
    WK_METRIC_CALLS,  /* calls per call of the parent */
    WK_METRIC_ERRORS, /* share of calls that failed */
    WK_METRIC_TAIL,   /* self time that 1 % of the calls exceed, ns */
    WK_METRIC_SLOW,   /* share of calls that took more than 1.5 times the median */
    WK_METRICS
};

enum wk_cost {
    WK_COST_SELF,  /* self time of an undisturbed call: only the place itself can be held against */
    WK_COST_TOTAL, /* time of a call with those in it: those above change with it */
    WK_COST_LOCKS  /* time that a call waited for locks */
};

enum { WK_MODEL_RUNS = 10 };

enum wk_outcome {
    WK_OUTCOME_NONE,       /* not tested */
    WK_OUTCOME_EQUAL,      /* no difference was shown */
    WK_OUTCOME_WORSE,
    WK_OUTCOME_BETTER,
    WK_OUTCOME_MOVED,      /* worse, but another place took as much less: the time has moved */
    WK_OUTCOME_CONFOUNDED, /* worse or better, or later: the sides ran one after the other */
    WK_OUTCOME_IGNORED     /* a rule says so */
};

/* What a rule asks of the places that it matches. */
struct wk_rule {
    const char *glob;    /* of a path of names, or of a name */
    double threshold;    /* instead of the options'; 0: none */
    int64_t budget_ns;   /* self time of a call in the candidate, median over runs of p50; 0: none */
    bool ignore, warn, exact; /* exact: numbers of calls and failures are the same in all runs of one build */
    uint32_t matched;    /* rows, counted by wk_compare */
};

struct wk_compare_options {
    double alpha;     /* of a false alarm, for all places and metrics together */
    double threshold; /* smaller changes are not flagged: 0.02 */
    double detect;    /* the change that must be seen everywhere for the verdict pass: 0.05; of a rule's place as much larger as
                       * its threshold is */
    double min_share; /* places with a smaller share of all self time, on both sides, are not tested */
    int64_t floor_ns; /* changes that cost a run less are not flagged */
    uint32_t metrics; /* a bit for each of enum wk_metric; 0: all */
    uint8_t cost;     /* enum wk_cost: what WK_METRIC_COST is */
    bool any_order;   /* the times of the runs do not say whether they were run in turns */
    bool model;       /* the base's runs, WK_MODEL_RUNS at least, tell how much runs differ: one of the candidate is enough */
    struct wk_renamings renamings;
    struct wk_rule *rules; /* of several that match the last */
    uint32_t rule_count;
};

/* What a call of a place costs, ns; 0: it is not known. */
double wk_compare_cost(const struct wk_compare_options *options, const struct wick_summary_node *node);

static inline bool wk_compare_asks(const struct wk_compare_options *options, enum wk_metric metric)
{
    return !options->metrics || (options->metrics >> metric & 1);
}

/* One number of a place, of both sides. */
struct wk_change {
    double from, to;            /* in the metric's unit: means over runs; times without the shift of all places */
    double ratio, low, high;    /* to / from and its 99 % interval; NAN: unknown */
    double p;                   /* adjusted for all tests of the metric */
    double least;               /* smaller changes may be missed: they are found in less than 80 % of such comparisons, or, where
                                 * none was found, these runs do not exclude them; NAN: unknown */
    double noise;               /* standard deviation between runs, relative */
    uint8_t outcome;            /* enum wk_outcome */
    bool exact;                 /* it never varied */
};

/* A place large enough to be judged. */
struct wk_judged {
    uint32_t row;
    const struct wk_rule *rule; /* NULL: none matches */
    double share[WK_SIDES];     /* of the run's self time */
    double calls[WK_SIDES];     /* per run */
    double contribution_ns;     /* to the time of a run, of what is flagged */
    double detect;              /* the change that must be seen here */
    bool over_budget;
    bool is_sum;                /* a named sum (WICK_SUM): WK_METRIC_CALLS is what comes to a call of its scope */
    struct wk_change change[WK_METRICS];
};

/* Why runs are not held against each other. A set of bits. */
enum wk_obstacle {
    WK_OBSTACLE_LOST = 1,      /* events were lost, or lines could not be used */
    WK_OBSTACLE_FILTERED = 2,  /* WICK_FILTER, WICK_MIN or a pause left something out */
    WK_OBSTACLE_MACHINE = 4,   /* hosts or processors differ */
    WK_OBSTACLE_BUILD = 8,     /* versions of wick or its compiler differ */
    WK_OBSTACLE_PROGRAM = 16   /* less than half of the time is in places that both have */
};

enum wk_verdict {
    WK_VERDICT_PASS, WK_VERDICT_IMPROVED, WK_VERDICT_CHANGED, WK_VERDICT_UNIFORM, WK_VERDICT_UNVERIFIED, WK_VERDICT_INCONCLUSIVE,
    WK_VERDICT_NOT_COMPARABLE, WK_VERDICT_REGRESSION
};

struct wk_comparison {
    struct wk_matched matched;
    const struct wk_compare_options *options;
    struct wk_judged *judged; /* by row */
    uint32_t judged_count;
    uint32_t too_small, partial; /* rows not judged: too little time; not in all runs */
    uint32_t flagged[WK_METRICS], improved, moved, confounded, blind, over_budget;
    uint32_t obstacles;          /* enum wk_obstacle */
    const char *differs;         /* the property that the machine or the build is not the same in; NULL: none */
    struct wk_change shift;      /* of all places at once; outcome NONE: too few places to tell it from their own */
    struct wk_change machine;    /* of the loop that runs time at their start and end (WICK_CALIBRATE); outcome NONE: not all did */
    bool machine_shift;          /* the machine was slower, and that is all of the shift */
    struct wk_change total;      /* self time of a run, ns */
    bool blocked;                /* one side ran after the other */
    bool enough;                 /* runs for a verdict */
    double new_share, removed_share; /* of the time of a run */
};

/*
 * Compare the runs, which stay the caller's and outlive the comparison. 0 or WICK_E_NOMEM; wk_comparison_free in any case.
 *
 * Sources: the tests are those of moderated.h and rank.h; times first lose what all places of a run have in common, the median of
 * the places' deviations, as microarrays lose the array's.
 */
int wk_compare(struct wk_comparison *c, const struct wk_runs runs[WK_SIDES], const struct wk_compare_options *options);
void wk_comparison_free(struct wk_comparison *c);

/* Would a change of what it costs, as large as must be seen, not have been seen there? A place that never waits has no cost of locks. */
bool wk_compare_is_blind(const struct wk_comparison *c, const struct wk_judged *judged);

/* What keeps one run from being held against any other: enum wk_obstacle. */
uint32_t wk_run_obstacles(const struct wick_summary *run);

/* What makes a comparison fail. A set of bits. */
enum wk_fail_on { WK_FAIL_COST = 1, WK_FAIL_CALLS = 2, WK_FAIL_TAIL = 4, WK_FAIL_UNIFORM = 8, WK_FAIL_NEW = 16 };

/* Has it something that fails, whatever keeps the runs from being compared? new_share: of new places, with WK_FAIL_NEW. */
bool wk_compare_fails(const struct wk_comparison *c, uint32_t fail_on, double new_share);
enum wk_verdict wk_compare_verdict(const struct wk_comparison *c, uint32_t fail_on, double new_share);

#endif
