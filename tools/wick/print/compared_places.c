/*
 * SPDX-License-Identifier: MIT
 * All places of both builds as one tree, for the page: what a run of each build spent in them. See compared.h.
 */
#include <math.h>
#include <stdlib.h>

#include "print/compared.h"
#include "base/json_stream.h"

#define LEAST_SHARE 1e-5 /* of the larger side's time: narrower places could not be seen, however wide the page is */

/* Of a place and a side, per run. */
struct spent {
    double self_ns, total_ns, calls, p50_ns; /* p50: mean over the runs that have the place; NAN: none has */
};

struct places {
    const struct wk_comparison *of;
    struct spent (*spent)[WK_SIDES];
    uint32_t *shown;  /* index in the output; WICK_NONE: left out */
    uint32_t left_out;
};

static struct spent spent_by(const struct wk_matched *m, uint32_t row, enum wk_side side)
{
    struct spent sum = {.self_ns = 0};
    const uint32_t runs = m->runs[side].count;
    uint32_t have = 0;
    for (uint32_t run = 0; run < runs; run++) {
        const struct wick_summary_node *node = wk_cell(m, row, run + (side == WK_BASE ? 0 : m->runs[WK_BASE].count));
        if (node) {
            sum.self_ns += (double)node->self_ns;
            sum.calls += (double)node->calls;
            sum.p50_ns += (double)node->p50_ns;
            have++;
        }
    }
    return (struct spent){.self_ns = sum.self_ns / runs, .total_ns = sum.self_ns / runs, .calls = sum.calls / runs,
                          .p50_ns = have ? sum.p50_ns / have : NAN};
}

/* Times of places from those of their children, and which are large enough. */
static void compute(struct places *places)
{
    const struct wk_matched *m = &places->of->matched;
    double whole = 0;
    for (uint32_t row = m->count; row-- > 0;) {
        for (int side = 0; side < WK_SIDES; side++) {
            const struct spent own = spent_by(m, row, (enum wk_side)side);
            struct spent *to = &places->spent[row][side];
            const double below = to->total_ns;
            *to = own;
            to->total_ns += below;
            if (m->rows[row].parent != WICK_NONE) {
                places->spent[m->rows[row].parent][side].total_ns += to->total_ns;
            } else {
                whole = fmax(whole, to->total_ns);
            }
        }
    }
    uint32_t next = 0;
    for (uint32_t row = 0; row < m->count; row++) {
        const struct spent *of = places->spent[row];
        const bool seen = fmax(of[WK_BASE].total_ns, of[WK_CANDIDATE].total_ns) >= LEAST_SHARE * whole;
        places->shown[row] = seen ? next++ : WICK_NONE;
        places->left_out += !seen;
    }
}

static void side_of(struct wick_json *json, const char *name, const struct spent *spent)
{
    wick_json_begin(json, name, '[');
    wick_json_double(json, NULL, rint(spent->self_ns));
    wick_json_double(json, NULL, rint(spent->total_ns));
    wick_json_double(json, NULL, spent->calls);
    wick_json_double(json, NULL, rint(spent->p50_ns));
    wick_json_end(json, ']');
}

static void place(struct wick_json *json, const struct places *places, uint32_t row, uint32_t judged)
{
    const struct wk_match_row *match = &places->of->matched.rows[row];
    const struct wick_summary_key *key = compared_key(match);
    wick_json_line(json);
    wick_json_begin(json, NULL, '{');
    wick_json_string(json, "name", key->name);
    if (*key->file) {
        wick_json_string(json, "file", key->file);
        wick_json_unsigned(json, "line", key->line);
    }
    if (match->parent != WICK_NONE) {
        wick_json_unsigned(json, "parent", places->shown[match->parent]);
    }
    if (match->match != WK_MATCH_SAME) {
        wick_json_string(json, "match", compared_match(match->match));
    }
    if (judged != WICK_NONE) {
        wick_json_unsigned(json, "node", judged);
    }
    side_of(json, "base", &places->spent[row][WK_BASE]);
    side_of(json, "candidate", &places->spent[row][WK_CANDIDATE]);
    wick_json_end(json, '}');
}

bool compared_places_json(FILE *to, const struct compared *compared)
{
    const struct wk_comparison *c = compared->of;
    const uint32_t count = c->matched.count;
    struct places places = {.of = c, .spent = calloc(count + 1, sizeof *places.spent), .shown = malloc((count + 1) * sizeof *places.shown)};
    const bool fine = places.spent && places.shown;
    if (fine) {
        struct wick_json json = json_to(to);
        compute(&places);
        wick_json_begin(&json, NULL, '{');
        wick_json_unsigned(&json, "left_out", places.left_out);
        wick_json_double(&json, "least_share", LEAST_SHARE);
        wick_json_begin(&json, "places", '[');
        for (uint32_t row = 0, judged = 0; row < count; row++) {
            const bool has = judged < c->judged_count && c->judged[judged].row == row;
            if (places.shown[row] != WICK_NONE) {
                place(&json, &places, row, has ? judged : WICK_NONE);
            }
            judged += has;
        }
        wick_json_end(&json, ']');
        wick_json_end(&json, '}');
        putc('\n', to);
    }
    free(places.spent);
    free(places.shown);
    return fine;
}
