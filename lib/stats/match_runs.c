/*
 * SPDX-License-Identifier: MIT
 * The runs of each side joined into one tree, the two trees matched, the result as rows. See match_runs.h.
 */
#include "stats/match_runs.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "stats/joined_runs.h"

/* ---- matching ---- */

struct matching {
    struct wk_joined side[WK_SIDES];
    uint32_t *other[WK_SIDES]; /* per place its partner on the other side, or WICK_NONE */
    uint8_t *match;            /* per place of the candidate: enum wk_match */
    uint32_t *open;            /* places of the candidate whose children are to be matched */
    uint32_t open_count;
    const struct wk_renamings *renamings;
};

static void pair(struct matching *m, uint32_t base, uint32_t candidate, enum wk_match how)
{
    m->other[WK_BASE][base] = candidate;
    m->other[WK_CANDIDATE][candidate] = base;
    m->match[candidate] = (uint8_t)how;
    m->open[m->open_count++] = candidate;
}

static void match_equal_keys(struct matching *m, uint32_t base, uint32_t candidate)
{
    const struct wk_joined *new = &m->side[WK_CANDIDATE];
    for (uint32_t c = wk_joined_first(new, candidate); c != WICK_NONE; c = new->places[c].next) {
        const uint32_t b = wk_joined_find(&m->side[WK_BASE], base, new->places[c].key);
        if (b != WICK_NONE) {
            pair(m, b, c, WK_MATCH_SAME);
        }
    }
}

/* The child of `parent` on the other side, not matched yet, that is most like this one; WICK_NONE: none is like it. */
static uint32_t most_like(const struct matching *m, enum wk_side side, uint32_t place, uint32_t parent)
{
    const enum wk_side opposite = side == WK_BASE ? WK_CANDIDATE : WK_BASE;
    const struct wk_joined *there = &m->side[opposite];
    uint32_t best = WICK_NONE;
    double most = 0.6;
    for (uint32_t i = wk_joined_first(there, parent); i != WICK_NONE; i = there->places[i].next) {
        if (m->other[opposite][i] != WICK_NONE) {
            continue;
        }
        const double likeness = wk_joined_likeness(&m->side[side], place, there, i);
        if (likeness >= most) {
            most = likeness + 1e-9; /* of equals the first */
            best = i;
        }
    }
    return best;
}

/* More siblings than this that have no partner are new and removed: each is held against each. */
enum { RENAMED_MAX = 300 };

static bool has_candidates(const struct matching *m, enum wk_side side, uint32_t parent)
{
    const struct wk_joined *tree = &m->side[side];
    uint32_t left = 0;
    for (uint32_t i = wk_joined_first(tree, parent); i != WICK_NONE; i = tree->places[i].next) {
        left += m->other[side][i] == WICK_NONE;
    }
    return left && left <= RENAMED_MAX;
}

static void match_renamed(struct matching *m, uint32_t base, uint32_t candidate)
{
    if (!has_candidates(m, WK_BASE, base) || !has_candidates(m, WK_CANDIDATE, candidate)) {
        return;
    }
    const struct wk_joined *new = &m->side[WK_CANDIDATE];
    for (uint32_t c = wk_joined_first(new, candidate); c != WICK_NONE; c = new->places[c].next) {
        const uint32_t b = m->other[WK_CANDIDATE][c] == WICK_NONE ? most_like(m, WK_CANDIDATE, c, base) : WICK_NONE;
        if (b != WICK_NONE && most_like(m, WK_BASE, b, candidate) == c) {
            pair(m, b, c, WK_MATCH_RENAMED);
        }
    }
}

/* The child of `parent` in the base, not matched yet, of this name and kind; WICK_NONE: there is none. */
static uint32_t child_named(const struct matching *m, uint32_t parent, const char *name, uint8_t kind)
{
    const struct wk_joined *old = &m->side[WK_BASE];
    uint32_t b = wk_joined_first(old, parent);
    while (b != WICK_NONE && (m->other[WK_BASE][b] != WICK_NONE || old->places[b].key->kind != kind || strcmp(old->places[b].key->name, name) != 0)) {
        b = old->places[b].next;
    }
    return b;
}

/* Names that the caller knows to be those of one place. */
static void match_told(struct matching *m, uint32_t base, uint32_t candidate)
{
    const struct wk_joined *new = &m->side[WK_CANDIDATE];
    for (uint32_t i = 0; i < m->renamings->count; i++) {
        struct wk_renaming *told = &m->renamings->items[i];
        for (uint32_t c = wk_joined_first(new, candidate); c != WICK_NONE; c = new->places[c].next) {
            const bool named = m->other[WK_CANDIDATE][c] == WICK_NONE && strcmp(new->places[c].key->name, told->to) == 0;
            const uint32_t b = named ? child_named(m, base, told->from, new->places[c].key->kind) : WICK_NONE;
            if (b != WICK_NONE) {
                pair(m, b, c, WK_MATCH_RENAMED);
                told->matched++;
            }
        }
    }
}

static void match_children(struct matching *m, uint32_t base, uint32_t candidate)
{
    match_equal_keys(m, base, candidate);
    match_told(m, base, candidate);
    match_renamed(m, base, candidate);
}

static void match_below(struct matching *m)
{
    while (m->open_count) {
        const uint32_t candidate = m->open[--m->open_count], base = m->other[WK_CANDIDATE][candidate];
        match_children(m, base, candidate);
    }
}

/* Places without a partner whose key no other such place of their side has: they have moved. */
static int match_moved(struct matching *m)
{
    struct wk_lonely lonely[WK_SIDES] = {{.count = 0}};
    int rc = 0;
    for (int side = 0; side < WK_SIDES && rc == 0; side++) {
        rc = wk_lonely_make(&lonely[side], &m->side[side], m->other[side]);
    }
    const struct wk_joined *new = &m->side[WK_CANDIDATE];
    for (uint32_t c = 0; rc == 0 && c < new->count; c++) {
        if (m->other[WK_CANDIDATE][c] == WICK_NONE) {
            const uint32_t b = wk_lonely_find(&lonely[WK_BASE], new->places[c].key);
            if (b != WICK_NONE && m->other[WK_BASE][b] == WICK_NONE && wk_lonely_find(&lonely[WK_CANDIDATE], new->places[c].key) == c) {
                pair(m, b, c, WK_MATCH_MOVED);
                match_below(m);
            }
        }
    }
    wk_lonely_free(&lonely[WK_BASE]);
    wk_lonely_free(&lonely[WK_CANDIDATE]);
    return rc;
}

static int match(struct matching *m)
{
    const uint32_t counts[WK_SIDES] = {m->side[WK_BASE].count, m->side[WK_CANDIDATE].count};
    for (int side = 0; side < WK_SIDES; side++) {
        m->other[side] = malloc(((size_t)counts[side] + 1) * sizeof **m->other);
    }
    m->match = malloc((size_t)counts[WK_CANDIDATE] + 1);
    m->open = malloc(((size_t)counts[WK_CANDIDATE] + 1) * sizeof *m->open);
    if (!m->other[WK_BASE] || !m->other[WK_CANDIDATE] || !m->match || !m->open) {
        return WICK_E_NOMEM;
    }
    memset(m->other[WK_BASE], 0xff, counts[WK_BASE] * sizeof **m->other);
    memset(m->other[WK_CANDIDATE], 0xff, counts[WK_CANDIDATE] * sizeof **m->other);
    memset(m->match, WK_MATCH_NEW, counts[WK_CANDIDATE]);
    match_children(m, WICK_NONE, WICK_NONE);
    match_below(m);
    return match_moved(m);
}

/* ---- rows ---- */

/* Rows of the base are its places, in their order; those of the candidate alone stand behind them. */
static int make_rows(struct wk_matched *out, const struct matching *m, uint32_t *row_of)
{
    const struct wk_joined *old = &m->side[WK_BASE], *new = &m->side[WK_CANDIDATE];
    out->rows = calloc((size_t)old->count + new->count + 1, sizeof *out->rows);
    if (!out->rows) {
        return WICK_E_NOMEM;
    }
    for (uint32_t b = 0; b < old->count; b++) {
        out->rows[b] = (struct wk_match_row){.key = {old->places[b].key, NULL}, .parent = old->places[b].parent, .match = WK_MATCH_REMOVED};
    }
    out->count = old->count;
    for (uint32_t c = 0; c < new->count; c++) {
        const uint32_t b = m->other[WK_CANDIDATE][c], parent = new->places[c].parent;
        row_of[c] = b != WICK_NONE ? b : out->count++;
        if (b == WICK_NONE) {
            out->rows[row_of[c]].parent = parent == WICK_NONE ? WICK_NONE : row_of[parent];
        }
        out->rows[row_of[c]].key[WK_CANDIDATE] = new->places[c].key;
        out->rows[row_of[c]].match = m->match[c];
    }
    return 0;
}

static int fill_cells(struct wk_matched *out, const struct matching *m, const uint32_t *row_of)
{
    const uint32_t base_runs = out->runs[WK_BASE].count, runs = base_runs + out->runs[WK_CANDIDATE].count;
    out->cells = calloc((size_t)out->count * runs + 1, sizeof(*out->cells));
    if (!out->cells) {
        return WICK_E_NOMEM;
    }
    for (uint32_t run = 0; run < runs; run++) {
        const enum wk_side side = run < base_runs ? WK_BASE : WK_CANDIDATE;
        const uint32_t own = side == WK_BASE ? run : run - base_runs;
        const struct wick_summary *summary = out->runs[side].items[own];
        const struct wick_summary_node *node;
        for (uint32_t i = 0; (node = wick_summary_node_at(summary, i)) != NULL; i++) {
            const uint32_t place = m->side[side].place_of[own][i];
            out->cells[(size_t)(side == WK_BASE ? place : row_of[place]) * runs + run] = node;
        }
    }
    return 0;
}

int wk_match_runs(struct wk_matched *matched, const struct wk_runs runs[WK_SIDES], const struct wk_renamings *renamings)
{
    struct matching m = {.renamings = renamings};
    *matched = (struct wk_matched){.runs = {runs[WK_BASE], runs[WK_CANDIDATE]}};
    int rc = wk_joined_make(&m.side[WK_BASE], runs[WK_BASE].items, runs[WK_BASE].count);
    rc = rc == 0 ? wk_joined_make(&m.side[WK_CANDIDATE], runs[WK_CANDIDATE].items, runs[WK_CANDIDATE].count) : rc;
    rc = rc == 0 ? match(&m) : rc;
    uint32_t *row_of = rc == 0 ? malloc(((size_t)m.side[WK_CANDIDATE].count + 1) * sizeof *row_of) : NULL;
    rc = rc == 0 && !row_of ? WICK_E_NOMEM : rc;
    rc = rc == 0 ? make_rows(matched, &m, row_of) : rc;
    rc = rc == 0 ? fill_cells(matched, &m, row_of) : rc;
    free(row_of);
    free(m.open);
    free(m.match);
    for (int side = 0; side < WK_SIDES; side++) {
        free(m.other[side]);
        wk_joined_free(&m.side[side]);
    }
    return rc;
}

void wk_matched_free(struct wk_matched *matched)
{
    free(matched->rows);
    free(matched->cells);
    *matched = (struct wk_matched){.count = 0};
}
