/*
 * SPDX-License-Identifier: MIT
 * Answers about all runs in Redis: the list, its changes, the trackers of all or of one, totals of scopes.
 * Must not read Redis. Invariant: the fleet's lock is held for one piece of an answer.
 */
#ifndef WICK_LIB_SINK_HTTP_HOST_ANSWER_FLEET_H
#define WICK_LIB_SINK_HTTP_HOST_ANSWER_FLEET_H

#include <wick/json.h>

#include "answer_board.h"
#include "service.h"

/* What a question about trackers means. */
enum wk_fleet_place {
    WK_FLEET_OWN,  /* trackers of the server's own: what was posted to it */
    WK_FLEET_RUN,  /* those of a run: `owner` has its name, and the key is what stands behind it */
    WK_FLEET_ALL,  /* the roots of all runs */
    WK_FLEET_LIST, /* the list of runs, to be watched */
    WK_FLEET_NONE  /* there is no such run */
};

/* RUN/KEY, RUN/, KEY (what was posted, else in the newest run that has it), nothing at all, or an empty text. */
enum wk_fleet_place wk_fleet_place(struct wk_fleet *fleet, struct wk_http_question *question, struct wk_board_owner *owner);

/* Write the list of runs. */
void wk_fleet_runs_write(struct wk_fleet *fleet, struct wick_json *json);
/* Write the totals of a run's scopes; false: there is no such run. */
bool wk_fleet_rollups_write(struct wk_fleet *fleet, const char *run, struct wk_growing *to);
/* Is Redis there? Else `why` tells. */
bool wk_fleet_is_up(struct wk_fleet *fleet, char *why, size_t bytes);
/* Changes of the list, or of a tracker of a run; as `updates` of struct wk_http_host. */
long wk_fleet_updates(struct wk_fleet *fleet, struct wk_http_updates *updates, char *to, size_t bytes);

/* The roots of all runs, each run as an answer about it alone is. */
struct wk_fleet_answer;
struct wk_fleet_answer *wk_fleet_answer_create(struct wk_fleet *fleet, uint32_t depth);
bool wk_fleet_answer_step(struct wk_fleet_answer *all, struct wk_growing *text);
void wk_fleet_answer_destroy(struct wk_fleet_answer *all);

#endif
