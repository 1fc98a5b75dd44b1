/*
 * SPDX-License-Identifier: MIT
 * A comparison for people and for other programs.
 * Must not decide anything. Invariant: every form names the same verdict, places and numbers.
 */
#ifndef WICK_TOOLS_WICK_PRINT_COMPARED_H
#define WICK_TOOLS_WICK_PRINT_COMPARED_H

#include "stats/compare.h"
#include "tool.h"

struct compared {
    const struct settings *settings;
    const struct wk_comparison *of;
    const struct wk_rule *rules;
    uint32_t rule_count;
    uint32_t left_out[WK_SIDES]; /* runs without an end */
    enum wk_verdict verdict;
    int exit_code;
};

/* ---- words (compared_words.c) ---- */

const char *compared_verdict(enum wk_verdict verdict);
const char *compared_outcome(uint8_t outcome);
const char *compared_match(uint8_t match);
/* "cost", "calls", ... */
const char *compared_metric(enum wk_metric metric);
/* Why there is no conclusion, or what is: one sentence. Valid until the next call. */
const char *compared_reason(const struct compared *compared);
/* Why runs cannot be held against each other, of enum wk_obstacle. */
const char *compared_obstacle(uint32_t obstacles);
bool compared_is_json(const struct settings *settings);
/* The member `path`: the names from the thread on. */
void compared_json_path(struct wick_json *json, const struct wk_matched *matched, uint32_t row);
/* Names from the thread on, with this between them; in the middle left out where they are too long. */
void compared_path(char *to, size_t bytes, const struct wk_matched *matched, uint32_t row, const char *between);
/* "+5.1 %" of a ratio; "?" when it is unknown. */
void compared_percent(char *to, size_t bytes, double ratio);
/* "cost 7.23 us -> 7.60 us a call, +5.1 % (99 %: +4.6 .. +5.5 %), p 2e-06, +1.9 ms a run" */
void compared_change(char *to, size_t bytes, const struct wk_judged *judged, enum wk_metric metric);
/* Judged places of which `wanted` is true, those with the largest effect first. The caller frees them. NULL: no memory. */
uint32_t *compared_places(const struct compared *compared, bool (*wanted)(const struct wk_judged *judged, const struct compared *compared),
                          uint32_t *count);
/* What is to be shown first: worse, or over its budget. */
bool compared_is_culprit(const struct wk_judged *judged, const struct compared *compared);
/* Large, and even a change of --detect would not have been seen. */
bool compared_is_blind(const struct wk_judged *judged, const struct compared *compared);
bool compared_is_better(const struct wk_judged *judged, const struct compared *compared);
/* The key to show: the candidate's where there is one. */
const struct wick_summary_key *compared_key(const struct wk_match_row *row);
/* "wick: verdict=pass exit=0 nodes=12 tested=7 flagged=0" */
void compared_last_line(FILE *to, const struct compared *compared);

/* ---- forms ---- */

void compared_text(FILE *to, const struct compared *compared);
void compared_markdown(FILE *to, const struct compared *compared);
void compared_json(FILE *to, const struct compared *compared);
void compared_junit(FILE *to, const struct compared *compared);
/* Stacks with the self times of both builds, mean of their runs, in ns: what difffolded.pl writes. */
void compared_folded(FILE *to, const struct compared *compared);
void compared_github(FILE *to, const struct compared *compared);
/* All places as a tree, for the page, which has compared_json beside it: `node` counts its nodes. false: no memory. */
bool compared_places_json(FILE *to, const struct compared *compared);

#endif
