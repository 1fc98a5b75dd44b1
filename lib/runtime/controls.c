/*
 * SPDX-License-Identifier: MIT
 * The control functions of a running program: flush, counters, pause and resume, Context's controls.
 */
#include "runtime_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <wick/control.h>

#include "base/clock.h"
#include "base/error.h"
#include "record/fork_watch.h"

/* Become a visitor: the drain and its sinks stay until leave_locked. False: recording is not running. */
static bool visit_locked(void)
{
    bool running = state_now() == RUNNING;

    wk_runtime.visitors += running;
    return running;
}

static void leave_locked(void)
{
    if (--wk_runtime.visitors == 0) {
        wk_condition_announce(&wk_runtime.answered);
    }
}

/* Wait until a tick has completed that began after this call. */
static int ask_drain_locked(int64_t deadline_ns)
{
    uint64_t mine = ++wk_runtime.asked;
    bool in_time = true;

    wk_recorder_wake();
    while (wk_runtime.done < mine && !wk_runtime.ended && in_time) {
        in_time = wk_condition_wait(&wk_runtime.answered, &wk_runtime.lock, deadline_ns);
    }
    return wk_runtime.done >= mine || wk_runtime.ended ? 0 : WICK_E_TIMEOUT; /* ended: everything has been written */
}

static int64_t deadline_in(uint32_t ms)
{
    return wk_clock_mono_ns() + (int64_t)(ms ? ms : wk_runtime.config.shutdown_ms) * 1000000;
}

static int flush_sinks(int64_t deadline_ns)
{
    int rc = wk_runtime.drain.unopened ? WICK_E_IO : 0;

    for (uint32_t i = 0; rc == 0 && i < wk_runtime.drain.sink_count; i++) {
        if (!wk_sink_flush(&wk_runtime.drain.sinks[i], deadline_ns)) {
            rc = wk_clock_mono_ns() < deadline_ns ? WICK_E_IO : WICK_E_TIMEOUT;
        }
    }
    return rc;
}

int wick_flush(uint32_t deadline_ms)
{
    int cancel;
    int64_t deadline_ns;
    int rc = WICK_E_STATE;

    if (wk_fork_unseen()) {
        return rc;
    }
    wk_runtime_lock(&wk_runtime.lock, &cancel);
    if (visit_locked()) {
        deadline_ns = deadline_in(deadline_ms);
        rc = ask_drain_locked(deadline_ns);
        pthread_mutex_unlock(&wk_runtime.lock);
        if (rc == 0) {
            rc = flush_sinks(deadline_ns);
        }
        pthread_mutex_lock(&wk_runtime.lock);
        leave_locked();
    }
    wk_runtime_unlock(&wk_runtime.lock, cancel);
    return rc;
}

int wick_stats_read(struct wick_stats *stats)
{
    int cancel;
    uint32_t size = stats->size;
    uint64_t refused;

    if (size < 8 || size > 4096) {
        return wk_error_set(WICK_E_INVAL, "wick_stats.size is %u: set it to sizeof(struct wick_stats)", size);
    }
    if (wk_fork_unseen()) {
        return wk_error_set(WICK_E_STATE, "this process was made without fork's handlers: it does not record");
    }
    wk_runtime_lock(&wk_runtime.lock, &cancel);
    if (visit_locked()) {
        (void)ask_drain_locked(deadline_in(0));
        leave_locked();
    }
    if (state_now() == IDLE) { /* a copy that stays off counts what it refuses */
        refused = __atomic_load_n(&wk_recorder.dropped_attach, __ATOMIC_RELAXED);
        wk_runtime.stats.attempted += refused - wk_runtime.stats.dropped_attach;
        wk_runtime.stats.dropped_attach = refused;
    }
    memcpy(stats, &wk_runtime.stats, size < sizeof wk_runtime.stats ? size : sizeof wk_runtime.stats);
    wk_runtime_unlock(&wk_runtime.lock, cancel);
    stats->size = size;
    return 0;
}

static void withdraw_locked(const struct wk_question *question)
{
    struct wk_question **at = &wk_runtime.questions;

    while (*at != question) {
        at = &(*at)->next;
    }
    *at = question->next;
}

int wick_current(uint32_t tid, struct wick_current_scope *current)
{
    const struct wick_i_thread *track = wick_i_tls_v1;
    struct wk_question question = {.tid = tid, .serial = tid || !track ? 0 : (uint32_t)(track->top >> 32)};
    uint32_t size = current->size;
    int cancel;
    int rc = WICK_E_STATE;

    if (size < 8 || size > 4096) {
        return wk_error_set(WICK_E_INVAL, "wick_current.size is %u: set it to sizeof(struct wick_current_scope)", size);
    }
    if (wk_fork_unseen() || (!tid && !track)) {
        return rc;
    }
    wk_runtime_lock(&wk_runtime.lock, &cancel);
    if (visit_locked()) {
        question.next = wk_runtime.questions;
        wk_runtime.questions = &question;
        rc = ask_drain_locked(deadline_in(0));
        withdraw_locked(&question);
        rc = rc < 0 || question.answered ? rc : WICK_E_STATE;
        leave_locked();
    }
    wk_runtime_unlock(&wk_runtime.lock, cancel);
    if (rc == 0) {
        memcpy(current, &question.current, size < sizeof *current ? size : sizeof *current);
        current->size = size;
    }
    return rc;
}

/* ---- small controls -------------------------------------------------------------------------- */

void wick_pause(void)
{
    uint32_t recording = WK_ON_RECORDING;
    uint32_t undecided = WK_ON_UNDECIDED;

    /* Relaxed: threads may see it late. */
    if (__atomic_compare_exchange_n(&wick_i_on_v1, &recording, WK_ON_OFF, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
        __atomic_fetch_add(&wk_recorder.pauses, 1, __ATOMIC_RELAXED); /* the drain may see it late, and says it then */
        return;
    }
    /* Paused before the first event: the environment is not read until wick_resume. */
    if (__atomic_compare_exchange_n(&wick_i_on_v1, &undecided, WK_ON_OFF, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
        __atomic_store_n(&wk_runtime.paused_early, true, __ATOMIC_RELAXED); /* a flag of its own */
    }
}

/* No lock, since signal handlers may call it. wick_shutdown and wick_init change the state first, then the switch. If
 * their change of the switch comes before this one, the second look at the state sees theirs, and this change is taken
 * back; if it comes after, it overrides this one. */
void wick_resume(void)
{
    uint32_t off = WK_ON_OFF;

    if (state_now() != RUNNING) {
        if (__atomic_exchange_n(&wk_runtime.paused_early, false, __ATOMIC_RELAXED)) { /* as in wick_pause */
            __atomic_compare_exchange_n(&wick_i_on_v1, &off, WK_ON_UNDECIDED, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
        }
        return;
    }
    do {
        set_switch(WK_ON_RECORDING);
        if (state_now() == RUNNING) {
            return;
        }
        set_switch(WK_ON_OFF);
    } while (state_now() == RUNNING); /* a new run has begun since */
}

uint32_t wick_version(void)
{
    return WICK_VERSION;
}

int wick_set_log(const char *url, int append)
{
    struct wick_config config;
    int rc = wick_shutdown();

    if (!url) {
        return rc;
    }
    if (strncmp(url, "file://", 7) == 0) {
        url += 7;
    } else if (strstr(url, "://")) {
        return wk_error_set(WICK_E_UNSUPPORTED, "%s: only files: a path, or file://path", url);
    }
    wick_config_init(&config);
    config.log_path = url;
    config.log_append = append != 0;
    return wick_init(&config);
}

int wick_set_profile(int on)
{
    if (&wick_i_functions_on_v1) {
        __atomic_store_n(&wick_i_functions_on_v1, on != 0, __ATOMIC_RELAXED); /* a switch, no order */
        return 0;
    }
    return on ? wk_error_set(WICK_E_UNSUPPORTED, "the program was not compiled with -finstrument-functions and the "
                                                 "companion library")
              : 0;
}

void wick_profile_begin(void)
{
    if (__atomic_fetch_add(&wk_runtime.profile_depth, 1, __ATOMIC_RELAXED) == 0) { /* a count */
        (void)wick_set_profile(1);
    }
}

void wick_profile_end(void)
{
    if (__atomic_fetch_sub(&wk_runtime.profile_depth, 1, __ATOMIC_RELAXED) == 1) { /* a count */
        (void)wick_set_profile(0);
    }
}
