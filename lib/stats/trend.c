/*
 * SPDX-License-Identifier: MIT
 * Change points of costs. See trend.h.
 */
#include "stats/trend.h"

#include <math.h>
#include <stdlib.h>

#include "stats/compare_state.h"
#include "stats/moderated.h"
#include "stats/rank.h"
#include "stats/special.h"

enum {
    SEGMENT_LEAST = 2, /* points: one alone is no new level */
    SHIFT_PLACES = 8   /* with fewer, what all have in common cannot be told from their own */
};

/* A place, or all of them together: the mean of a point's runs as a logarithm, for the points that have it. */
struct trend_series {
    uint32_t row, count;
    const double *values;
    const uint32_t *points; /* of each value */
};

struct trending {
    struct wk_trend *out;
    const struct wk_compare_options *options;
    const struct wk_runs *points;
    uint32_t runs;
    double *shift;          /* per run */
    struct trend_series *series;
    uint32_t count;
    struct wk_prior prior;
    double *values;         /* per series and point */
    uint32_t *value_points;
    uint32_t *cuts;         /* of one series: where segments begin, the first and the end included */
    double *spare;          /* one per run, place and point */
};

/* ---- values ---- */

/* Logarithm of a place's cost in a run; NAN: it has none. */
static double cost_of(const struct trending *t, uint32_t row, uint32_t run)
{
    const struct wick_summary_node *node = wk_cell(&t->out->matched, row, run);
    return node && node->lomean_ns > 0 ? log(node->lomean_ns) : NAN;
}

static bool is_large(const struct trending *t, const double *self_ns, uint32_t row)
{
    double share = 0;
    for (uint32_t run = 0; run < t->runs; run++) {
        const struct wick_summary_node *node = wk_cell(&t->out->matched, row, run);
        share = node && self_ns[run] > 0 ? fmax(share, (double)node->self_ns / self_ns[run]) : share;
    }
    return share >= t->options->min_share;
}

/* Put what every run has in common into `shift`: the median of the deviations of the places that all runs have. */
static int find_shift(struct trending *t, const uint32_t *rows, uint32_t count)
{
    double *deviations = calloc((size_t)count * t->runs + 1, sizeof *deviations);
    uint32_t common = 0;
    if (!deviations) {
        return WICK_E_NOMEM;
    }
    for (uint32_t i = 0; i < count; i++) {
        double *own = deviations + (size_t)common * t->runs;
        bool whole = true;
        for (uint32_t run = 0; run < t->runs; run++) {
            t->spare[run] = own[run] = cost_of(t, rows[i], run);
            whole = whole && isfinite(own[run]);
        }
        const double middle = whole ? wk_stats_median(t->spare, t->runs) : 0;
        for (uint32_t run = 0; run < t->runs; run++) {
            own[run] -= middle;
        }
        common += whole;
    }
    for (uint32_t run = 0; run < t->runs && common >= SHIFT_PLACES; run++) {
        for (uint32_t i = 0; i < common; i++) {
            t->spare[i] = deviations[(size_t)i * t->runs + run];
        }
        t->shift[run] = wk_stats_median(t->spare, common);
    }
    free(deviations);
    return 0;
}

/* The series of a row (WICK_NONE: of the shift), if it has points enough. */
static void add_series(struct trending *t, uint32_t row)
{
    double *values = t->values + (size_t)t->count * t->out->points;
    uint32_t *points = t->value_points + (size_t)t->count * t->out->points, count = 0;
    for (uint32_t point = 0, run = 0; point < t->out->points; point++) {
        double sum = 0;
        uint32_t known = 0;
        for (uint32_t i = 0; i < t->points[point].count; i++, run++) {
            const double value = row == WICK_NONE ? t->shift[run] : cost_of(t, row, run) - t->shift[run];
            sum += isfinite(value) ? value : 0;
            known += isfinite(value);
        }
        if (known) {
            values[count] = sum / known;
            points[count++] = point;
        }
    }
    if (count >= WK_TREND_LEAST) {
        t->series[t->count++] = (struct trend_series){row, count, values, points};
    }
}

static int make_series(struct trending *t)
{
    const struct wk_matched *m = &t->out->matched;
    const size_t room = (size_t)m->count + 1, points = t->out->points;
    uint32_t *rows = calloc(room, sizeof *rows), count = 0;
    double *self_ns = calloc((size_t)t->runs + 1, sizeof *self_ns);
    t->spare = calloc(t->runs + room + points, sizeof *t->spare);
    int rc = rows && self_ns && t->spare ? 0 : WICK_E_NOMEM;
    for (uint32_t row = 0; row < m->count && rc == 0; row++) {
        for (uint32_t run = 0; run < t->runs; run++) {
            const struct wick_summary_node *node = wk_cell(m, row, run);
            self_ns[run] += node ? (double)node->self_ns : 0;
        }
    }
    for (uint32_t row = 0; row < m->count && rc == 0; row++) {
        rows[count] = row;
        count += is_large(t, self_ns, row);
    }
    rc = rc == 0 ? find_shift(t, rows, count) : rc;
    t->series = calloc((size_t)count + 1, sizeof *t->series);
    t->values = calloc(((size_t)count + 1) * points, sizeof *t->values);
    t->value_points = calloc(((size_t)count + 1) * points, sizeof *t->value_points);
    t->cuts = calloc(points + 2, sizeof *t->cuts);
    rc = t->series && t->values && t->value_points && t->cuts ? rc : WICK_E_NOMEM;
    if (rc == 0) {
        add_series(t, WICK_NONE);
        for (uint32_t i = 0; i < count; i++) {
            add_series(t, rows[i]);
        }
    }
    free(rows);
    free(self_ns);
    return rc;
}

/* The prior of the places' variances, from the steps between neighbours: a level that changes now and then hardly counts. */
static void fit_prior(struct trending *t)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        const struct trend_series *s = &t->series[i];
        double sum = 0;
        for (uint32_t k = 0; k + 1 < s->count; k++) {
            sum += (s->values[k + 1] - s->values[k]) * (s->values[k + 1] - s->values[k]) / 2;
        }
        if (s->row != WICK_NONE) {
            t->spare[count++] = fmax(sum / (s->count - 1), WK_COMPARE_LEAST_DEVIATION * WK_COMPARE_LEAST_DEVIATION);
        }
    }
    /* Neighbouring steps share a value: two of three are news. */
    t->prior = count ? wk_stats_fit_prior(t->spare, count, fmax(1, 2. / 3 * (t->out->points - 1))) : (struct wk_prior){1, 0};
}

/* ---- where to cut ---- */

/* Where a segment falls into two that are least alike; its end: it is too short. */
static uint32_t best_cut(const double *values, uint32_t from, uint32_t to)
{
    double within_left = 0, within_right = 0, between = 0, best = -1;
    uint32_t found = to;
    for (uint32_t i = from; i < to; i++) {
        for (uint32_t k = i + 1; k < to; k++) {
            within_right += fabs(values[i] - values[k]);
        }
    }
    for (uint32_t cut = from + 1; cut + SEGMENT_LEAST <= to; cut++) { /* values[cut - 1] goes from the right to the left */
        double to_left = 0, to_right = 0;
        for (uint32_t i = from; i + 1 < cut; i++) {
            to_left += fabs(values[i] - values[cut - 1]);
        }
        for (uint32_t k = cut; k < to; k++) {
            to_right += fabs(values[cut - 1] - values[k]);
        }
        within_left += to_left;
        within_right -= to_right;
        between += to_right - to_left;
        const double left = cut - from, right = to - cut;
        const double energy = 2 * between / (left * right) - within_left / (left * fmax(left - 1, 1) / 2) - within_right / (right * fmax(right - 1, 1) / 2);
        const double size = energy * left * right / (left + right);
        if (cut - from >= SEGMENT_LEAST && size > best) {
            best = size;
            found = cut;
        }
    }
    return found;
}

static int ascending(const void *left, const void *right)
{
    const uint32_t x = *(const uint32_t *)left, y = *(const uint32_t *)right;
    return x < y ? -1 : x > y;
}

/* Cut until nothing is left to be cut. Returns the number of segments; cuts[number] is the end. */
static uint32_t cut_all(struct trending *t, const struct trend_series *s)
{
    uint32_t *cuts = t->cuts, count = 1;
    cuts[0] = 0;
    cuts[1] = s->count;
    for (uint32_t i = 0; i < count;) {
        const uint32_t cut = best_cut(s->values, cuts[i], cuts[i + 1]);
        if (cut == cuts[i + 1]) {
            i++;
            continue;
        }
        cuts[++count] = cut;
        qsort(cuts, count + 1, sizeof *cuts, ascending);
    }
    return count;
}

/* ---- which cuts stay ---- */

/* Segment `i` against the one before it. */
static struct wk_moderated test_cut(const struct trending *t, const struct trend_series *s, uint32_t i, struct wk_groups *groups)
{
    const struct wk_prior nothing = {.variance = 1, .freedom = 0};
    const uint32_t *cuts = t->cuts;
    *groups = wk_stats_groups(s->values + cuts[i - 1], cuts[i] - cuts[i - 1], cuts[i + 1] - cuts[i]);
    return wk_stats_moderate(groups, s->row == WICK_NONE ? &nothing : &t->prior, WK_COMPARE_LEAST_DEVIATION, WK_COMPARE_MARGIN);
}

/* Take cuts out, the weakest first, until all are changes. Returns the number of segments. */
static uint32_t merge(struct trending *t, const struct trend_series *s, uint32_t count)
{
    const double alpha = t->options->alpha / t->count / s->count;
    while (count > 1) {
        uint32_t weakest = 0;
        double most = -1;
        for (uint32_t i = 1; i < count; i++) {
            struct wk_groups groups;
            const double p = test_cut(t, s, i, &groups).p;
            const double weight = fabs(groups.difference) <= log1p(t->options->threshold) ? 1 + p : p;
            if (weight > most) {
                most = weight;
                weakest = i;
            }
        }
        if (most <= alpha) {
            break;
        }
        for (uint32_t i = weakest; i < count; i++) {
            t->cuts[i] = t->cuts[i + 1];
        }
        count--;
    }
    return count;
}

static double mean_of(const struct trend_series *s, uint32_t from, uint32_t to)
{
    double sum = 0;
    for (uint32_t i = from; i < to; i++) {
        sum += s->values[i];
    }
    return sum / (to - from);
}

static int add_changes(struct trending *t, const struct trend_series *s, uint32_t count)
{
    struct wk_trend *out = t->out;
    const uint32_t *cuts = t->cuts;
    struct wk_trend_change *grown = count > 1 ? realloc(out->changes, ((size_t)out->count + count) * sizeof *grown) : out->changes;
    if (count > 1 && !grown) {
        return WICK_E_NOMEM;
    }
    out->changes = grown;
    const double last = mean_of(s, cuts[count - 1], cuts[count]), threshold = log1p(t->options->threshold);
    for (uint32_t i = 1; i < count; i++) {
        struct wk_groups groups;
        const struct wk_moderated m = test_cut(t, s, i, &groups);
        const double sure = wk_stats_t_exceeded(0.005, m.freedom), before = mean_of(s, cuts[i - 1], cuts[i]);
        out->changes[out->count++] = (struct wk_trend_change){.row = s->row,
                                                              .point = s->points[cuts[i]],
                                                              .from = exp(before),
                                                              .to = exp(before + groups.difference),
                                                              .ratio = exp(groups.difference),
                                                              .low = exp(groups.difference - sure * m.error),
                                                              .high = exp(groups.difference + sure * m.error),
                                                              .p = fmin(1, m.p * t->count * s->count),
                                                              .worse = groups.difference > 0,
                                                              .stands = groups.difference > 0 && last > before + threshold};
    }
    return 0;
}

static int by_point(const void *left, const void *right)
{
    const struct wk_trend_change *x = left, *y = right;
    if (x->point != y->point) {
        return x->point < y->point ? -1 : 1;
    }
    return x->row + 1 < y->row + 1 ? -1 : x->row != y->row; /* WICK_NONE + 1 is 0 */
}

static int find_changes(struct trending *t)
{
    struct wk_trend *out = t->out;
    int rc = make_series(t);
    if (rc == 0) {
        fit_prior(t);
    }
    for (uint32_t i = 0; i < t->count && rc == 0; i++) {
        rc = add_changes(t, &t->series[i], merge(t, &t->series[i], cut_all(t, &t->series[i])));
    }
    out->places = t->count ? t->count - 1 : 0;
    if (out->count) {
        qsort(out->changes, out->count, sizeof *out->changes, by_point);
    }
    for (uint32_t i = out->count; i-- > 0;) {
        out->last_good = out->changes[i].stands ? out->changes[i].point - 1 : out->last_good;
    }
    return rc;
}

int wk_trend_find(struct wk_trend *trend, const struct wk_runs *points, uint32_t count, const struct wk_compare_options *options)
{
    struct trending t = {.out = trend, .options = options, .points = points};
    *trend = (struct wk_trend){.points = count, .last_good = count - 1};
    for (uint32_t i = 0; i < count; i++) {
        t.runs += points[i].count;
    }
    struct wick_summary **all = calloc((size_t)t.runs + 1, sizeof *all);
    t.shift = calloc((size_t)t.runs + 1, sizeof *t.shift);
    for (uint32_t point = 0, run = 0; point < count && all; point++) {
        for (uint32_t i = 0; i < points[point].count; i++) {
            all[run++] = points[point].items[i];
        }
    }
    const struct wk_runs sides[WK_SIDES] = {{all, t.runs}, {NULL, 0}};
    int rc = all && t.shift ? wk_match_runs(&trend->matched, sides, &options->renamings) : WICK_E_NOMEM;
    rc = rc == 0 ? find_changes(&t) : rc;
    trend->matched.runs[WK_BASE].items = NULL; /* they are gone; their number and nodes are not */
    free(all);
    free(t.shift);
    free(t.series);
    free(t.values);
    free(t.value_points);
    free(t.cuts);
    free(t.spare);
    return rc;
}

void wk_trend_free(struct wk_trend *trend)
{
    wk_matched_free(&trend->matched);
    free(trend->changes);
    *trend = (struct wk_trend){.count = 0};
}
