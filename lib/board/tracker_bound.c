/*
 * SPDX-License-Identifier: MIT
 * Scopes that run a tracker: one attempt each. See wick/bound.h.
 * Invariant: a run is in the list of the board while its scope is open and recorded; what ends it first takes it out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <wick/bound.h>

#include "base/error.h"
#include "model/tree/board_state.h"
#include "record/bound.h"
#include "record/recorder.h"
#include "tracker_calls.h"

struct wk_bound_run {
    struct wk_bound bound; /* first: the recorder gives it back */
    struct wk_bound_run *next, *before;
    struct wick_tracker *tracker;
    uint32_t attempt;
    char key[WICK_KEY_BYTES + 1];
};

/* ---- ends ------------------------------------------------------------------------------------- */

static void finish_locked(struct wk_call *call, const struct wick_tracker *tracker, uint32_t attempt, enum wick_tracker_status status,
                          const char *text)
{
    call->entry = wk_handle_entry(tracker);
    if (call->entry != WICK_NONE &&
        wick_board_read(wk_program_board.board, call->entry, (int64_t)wk_program_board.version, &call->info) &&
        call->info.attempt == attempt) {
        (void)wk_tracker_finish(call, status, text && *text ? text : NULL); /* an earlier end stays */
    }
}

static void unlink_locked(struct wk_bound_run *run)
{
    *(run->before ? &run->before->next : &wk_program_board.runs) = run->next;
    if (run->next) {
        run->next->before = run->before;
    }
}

/* A signal handler cannot end a run: it stays in the list, and the end of recording cancels it. */
static void end_run(struct wk_bound_run *run, enum wick_tracker_status status, const char *text)
{
    struct wk_call call = {.rc = 0};
    if (wk_board_enter(&call.visit) == 0) {
        finish_locked(&call, run->tracker, run->attempt, status, text);
        unlink_locked(run);
        (void)wk_call_end(&call, 0);
        free(run);
    }
}

static void end_unfinished(struct wk_bound *bound, const char *reason)
{
    end_run((struct wk_bound_run *)(void *)bound, WICK_TRACKER_CANCELED, reason);
}

void wk_bound_runs_end(void)
{
    for (struct wk_bound_run *run = wk_program_board.runs; run; run = run->next) {
        struct wk_call call = {.rc = 0};
        finish_locked(&call, run->tracker, run->attempt, WICK_TRACKER_CANCELED, "unfinished: exit");
    }
}

void wk_bound_runs_free(struct wk_bound_run *runs)
{
    while (runs) {
        struct wk_bound_run *next = runs->next;
        free(runs);
        runs = next;
    }
}

void wick_i_leave_bound(struct wick_i_bound *at, const unsigned *uncaught)
{
    uint64_t token = at->scope.token;
    int saved = errno;
    wick_i_leave_named(&at->scope, uncaught);
    struct wk_bound_run *run = token ? (struct wk_bound_run *)(void *)wk_bound_take(token) : NULL;
    if (run) {
        end_run(run, run->bound.failed ? WICK_TRACKER_FAILED : WICK_TRACKER_FINISHED, run->bound.failed ? run->bound.text : NULL);
    } else if (at->tracker && at->process == wk_recorder.process) { /* not recorded, or ended by something else: then that end stays */
        struct wk_call call = {.rc = 0};
        bool thrown = uncaught && *uncaught > at->uncaught;
        if (wk_board_enter(&call.visit) == 0) {
            finish_locked(&call, at->tracker, at->attempt, thrown ? WICK_TRACKER_FAILED : WICK_TRACKER_FINISHED,
                          thrown ? "exception" : NULL);
            (void)wk_call_end(&call, 0);
        }
    }
    errno = saved;
}

/* ---- begins ----------------------------------------------------------------------------------- */

/* The tracker says which scope runs it. */
static void name_scope(struct wk_call *call, const struct wick_site *site)
{
    struct wick_fact fact;
    if (!wick_board_field(wk_program_board.board, call->entry, "scope", &fact)) {
        wk_change_text(call, "scope", site->literal ? site->literal : site->function);
    }
}

/* The scope as the recorder knows it; NULL: it is not recorded, or there is no memory. */
static struct wk_bound_run *make_run(const struct wk_call *call, const struct wick_i_bound *at)
{
    struct wk_bound_run *run = wick_i_is_on() ? calloc(1, sizeof *run) : NULL;
    if (run) {
        run->tracker = at->tracker;
        run->attempt = at->attempt;
        memcpy(run->key, call->info.key, call->info.key_bytes);
        run->next = wk_program_board.runs;
        if (run->next) {
            run->next->before = run;
        }
        wk_program_board.runs = run;
    }
    return run;
}

static struct wk_bound_run *start(struct wick_i_bound *at, const struct wick_site *site, struct wick_tracker *tracker)
{
    struct wk_bound_run *run = NULL;
    struct wk_call call;
    if (wk_call_begin(&call, tracker) < 0) {
        return NULL;
    }
    int rc = wk_tracker_begin(&call, WK_TRACKER_AGAIN, NULL);
    if (rc >= 0) { /* a warning: it is in progress already */
        at->tracker = tracker;
        at->process = wk_recorder.process;
        at->attempt = call.info.attempt ? call.info.attempt : 1;
        name_scope(&call, site);
        run = make_run(&call, at);
    }
    (void)wk_call_end(&call, rc);
    return run;
}

static void drop_run(struct wk_bound_run *run)
{
    struct wk_visit visit;
    if (wk_board_enter(&visit) == 0) {
        unlink_locked(run);
        wk_board_leave(&visit);
        free(run);
    }
}

void wick_i_begin_bound(struct wick_i_bound *at, struct wick_site *site, struct wick_tracker *tracker)
{
    int saved = errno;
    wk_bound_set_left(end_unfinished);
    struct wk_bound_run *run = start(at, site, tracker);
    if (!run) {
        wick_i_begin_named(&at->scope, site);
    } else if (!wk_bound_begin(&run->bound, &at->scope, site, run->key, at->attempt)) {
        drop_run(run);
    }
    errno = saved;
}
