/*
 * SPDX-License-Identifier: MIT
 * Starts and stops recording: the first event, wick_init, wick_shutdown, exit. See runtime_state.h for the locks.
 */
#include "runtime_state.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include <wick/control.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/error.h"
#include "base/intercepted.h"
#include "copies.h"
#include "model/live/filter.h"
#include "record/fork_watch.h"
#include "record/handler.h"
#include "record/site.h"
#include "record/fiber.h"

enum {
    DECISION_PAUSE_NS = 50000,
    EXIT_TRIES = 2000,
    HANDLER_MS = 200, /* a signal handler may have interrupted malloc, which the drain waits for then */
};

static void at_exit(void);

/* Sites that the filter leaves out by their names alone are not recorded at all. */
static void switch_sites_off(const char *filter)
{
    char *names = filter ? malloc(strlen(filter) + 1) : NULL;
    size_t bytes = names ? wk_filter_off_names(filter, names) : 0;

    if ((filter && !names) || !wk_site_set_off(names, bytes)) {
        wk_diag("no memory for the names of WICK_FILTER: they are recorded");
    }
    free(names);
}

/* Every function fills rings as fast as they can be filled: half of what ran would be lost, while waiting costs no more. */
static bool waits(const struct wick_config *config)
{
    return config->full == WICK_FULL_WAIT || (config->full == WICK_FULL_DEFAULT && &wick_i_functions_on_v1);
}

static void set_recorder(const struct wick_config *config)
{
    static bool clock_chosen;

    if (!clock_chosen) { /* once per process: all events of a ring must use one clock */
        wk_clock_begin();
        wk_recorder.tsc = !config->no_tsc && wk_clock_tsc_good();
        clock_chosen = true;
    }
    __atomic_store_n(&wk_recorder.cpu_time, config->cpu_time != 0, __ATOMIC_RELAXED); /* see WK_SETTING */
    __atomic_store_n(&wk_recorder.wait, waits(config), __ATOMIC_RELAXED); /* see WK_SETTING */
    __atomic_store_n(&wk_recorder.wait_ms, config->wait_ms, __ATOMIC_RELAXED); /* see WK_SETTING */
    __atomic_store_n(&wk_recorder.ring_slots_max, (uint32_t)(config->ring_bytes / sizeof(struct wick_event)),
                     __ATOMIC_RELAXED); /* see WK_SETTING */
    __atomic_store_n(&wk_recorder.log_failed, false, __ATOMIC_RELAXED); /* a hint */
    wk_site_set_names_max(config->names_max);
    switch_sites_off(config->filter);
    if (!wk_recorder.key_good) {
        wk_recorder.key_good = pthread_key_create(&wk_recorder.key, wk_fiber_thread_exit) == 0;
    }
}

static bool start_thread(void)
{
    pthread_sigmask(SIG_SETMASK, NULL, &wk_runtime.mask);
    wk_worker_configure(wk_runtime.config.cpus, wk_runtime.config.thread_stack_bytes);
    wk_runtime.worker = (struct wk_worker){.name = "wick-drain", .run = wk_drain_main, .user = &wk_runtime};
    return wk_worker_start(&wk_runtime.worker);
}

/* A library that has replaced functions of libc's, and that exit finishes before this one, must not be called after that: the run
 * then ends after the handlers that the program has registered since its first event. */
static void end_early(void)
{
    static bool asked;

    if (!asked && wk_intercepted_early() && atexit(at_exit) != 0) {
        wk_diag("no memory to end before the libraries that replace libc's functions");
    }
    asked = true;
}

/* quick_exit calls none of exit's handlers; its own ones that the program has registered since the first event come before. */
static void end_quickly(void)
{
    static bool asked;

    if (!asked && at_quick_exit(wick_i_before_exit) != 0) {
        wk_diag("no memory for what quick_exit calls: it loses the last events");
    }
    asked = true;
}

/* Begin a run; the configuration is loaded and asks for an output. */
static int start_locked(void)
{
    __atomic_store_n(&wk_runtime.paused_early, false, __ATOMIC_RELAXED); /* as in wick_pause */
    set_recorder(&wk_runtime.config);
    wk_fork_watch();
    wk_clock_anchor(&wk_runtime.start, wk_recorder.tsc);
    if (!wk_recorder_begin(&wk_runtime.start)) {
        return wk_error_set(WICK_E_NOMEM, "no memory to record in");
    }
    if (!wk_runtime.atfork) {
        wk_runtime.atfork = pthread_atfork(wk_runtime_before_fork, wk_runtime_after_fork_parent, wk_runtime_after_fork_child) == 0;
    }
    end_early();
    end_quickly();
    __atomic_store_n(&wk_recorder.children, 0, __ATOMIC_RELAXED); /* of this run */
    wk_runtime.stop = wk_runtime.ended = wk_runtime.complete = false;
    wk_runtime.stop_ticks = 0;
    wk_runtime.pid = (uint32_t)getpid();
    if (!start_thread()) {
        return wk_error_set(WICK_E_NOMEM, "no thread could be made for recording");
    }
    pthread_mutex_lock(&wk_runtime.lock); /* a visitor that sees the run sees its configuration */
    run_begins_locked();
    pthread_mutex_unlock(&wk_runtime.lock);
    return 0;
}

/* Without a WICK_ variable nothing is configured, and parsing is skipped. */
static bool environment_asks(void)
{
    if (wk_config_is_off(getenv("WICK"))) {
        return false;
    }
    for (char **entry = environ; entry && *entry; entry++) {
        if (strncmp(*entry, "WICK_", 5) == 0) {
            return true;
        }
    }
    return false;
}

/* In a forked child, at its first event: start with the parent's configuration, whatever its source. */
static void start_following(void)
{
    char host[WK_HOST_BYTES];

    wk_run_host(host);
    snprintf(wk_runtime.parent, sizeof wk_runtime.parent, "%.128s %u %lld.%09lld", host, wk_runtime.parent_pid,
             (long long)(wk_runtime.start.wall_ns / 1000000000), (long long)(wk_runtime.start.wall_ns % 1000000000));
    free((char *)(uintptr_t)wk_runtime.config.serve); /* address and link of the page stay the parent's */
    wk_runtime.config.serve = NULL;
    if (!wk_config_wants(&wk_runtime.config)) {
        stay_off();
    } else if (start_locked() != 0) {
        wk_diag("%s; the forked child records nothing", wick_error_detail());
        stay_off();
    }
}

static uint32_t on_now(void)
{
    /* Pairs with the release in set_switch: a thread that sees recording on sees what start_locked prepared. */
    return __atomic_load_n(&wick_i_on_v1, __ATOMIC_ACQUIRE);
}

static void decide_locked(void)
{
    if (on_now() != WK_ON_UNDECIDED) {
        return;
    }
    if (wk_runtime.follows) {
        start_following();
    } else if (!environment_asks()) {
        stay_off();
    } else {
        wk_config_fini(&wk_runtime.config);
        (void)wk_config_load(&wk_runtime.config, NULL); /* it reports errors itself */
        if (!wk_config_wants(&wk_runtime.config)) {
            stay_off();
        } else if (!wk_copies_claim()) {
            wk_diag("another copy of wick records in this process; this one stays off and counts");
            set_switch(WK_ON_SECOND);
        } else if (start_locked() != 0) {
            wk_diag("%s; nothing is recorded", wick_error_detail());
            stay_off();
        }
    }
}

/* Other threads poll for the decision instead of queueing for `control`: by their turn its holder may be stopping the
 * run, for seconds. The caller has disabled cancellation. */
static bool first_event(void)
{
    while (on_now() == WK_ON_UNDECIDED) {
        if (pthread_mutex_trylock(&wk_runtime.control) == 0) {
            wk_diag_hold();
            decide_locked();
            pthread_mutex_unlock(&wk_runtime.control);
            wk_diag_release();
        } else {
            wk_clock_sleep(DECISION_PAUSE_NS);
        }
    }
    return on_now() == WK_ON_RECORDING;
}

bool (*const wk_record_first_event)(void) = first_event;

int wick_i_init(const struct wick_config *config, uint32_t header_version)
{
    int cancel;
    int rc;

    wk_error_clear();
    if (header_version >> 8 > WICK_VERSION >> 8) {
        return wk_error_set(WICK_E_INVAL, "compiled with wick %u.%u, running with %d.%d: install the newer library",
                            header_version >> 16, header_version >> 8 & 255, WICK_VERSION_MAJOR, WICK_VERSION_MINOR);
    }
    if (wk_fork_unseen()) {
        return wk_error_set(WICK_E_STATE, "this process was made without fork's handlers: it cannot record");
    }
    wk_runtime_lock(&wk_runtime.control, &cancel);
    if (state_now() != IDLE) {
        rc = wk_error_set(WICK_E_STATE, "recording runs already: wick_shutdown first");
    } else {
        wk_runtime.follows = false;
        wk_runtime.parent[0] = 0;
        wk_config_fini(&wk_runtime.config);
        rc = wk_config_load(&wk_runtime.config, config);
        if (rc != 0 || !wk_config_wants(&wk_runtime.config)) {
            stay_off();
        } else if (wk_copies_claim()) {
            rc = start_locked();
        } else {
            rc = wk_error_set(WICK_E_BUSY, "another copy of wick records in this process");
        }
    }
    wk_runtime_unlock(&wk_runtime.control, cancel);
    return rc;
}

/* ---- stop ------------------------------------------------------------------------------------ */

static int stop_locked(uint32_t most_ms)
{
    bool in_time = true;

    run_ends_locked();
    pthread_mutex_lock(&wk_runtime.lock);
    wk_runtime.deadline_ns = wk_clock_mono_ns() + (int64_t)most_ms * 1000000;
    /* Sinks end by the deadline itself; one second more detects a thread that hangs. */
    int64_t deadline_ns = wk_runtime.deadline_ns + 1000000000;
    while (wk_runtime.visitors && in_time) {
        in_time = wk_condition_wait(&wk_runtime.answered, &wk_runtime.lock, deadline_ns);
    }
    if (in_time) {
        wk_runtime.stop = true;
        wk_recorder_wake();
    }
    while (!wk_runtime.ended && in_time) {
        in_time = wk_condition_wait(&wk_runtime.answered, &wk_runtime.lock, deadline_ns);
    }
    bool ended = wk_runtime.ended;
    pthread_mutex_unlock(&wk_runtime.lock);
    if (!ended) {
        pthread_detach(wk_runtime.worker.thread);
        set_state(STOPPING); /* for ever: the hanging thread still uses the memory of the run */
        wk_diag("recording did not end within %u ms: the outputs are incomplete (WICK_SHUTDOWN)", most_ms);
        return wk_error_set(WICK_E_TIMEOUT, "recording did not end within %u ms", most_ms);
    }
    pthread_join(wk_runtime.worker.thread, NULL);
    set_state(IDLE);
    return wk_runtime.complete ? 0 : wk_error_set(WICK_E_IO, "the log is incomplete: see the message on stderr");
}

int wick_shutdown(void)
{
    int cancel;
    int rc = 0;
    int saved = errno;

    if (wk_fork_unseen()) {
        return 0;
    }
    wk_runtime_lock(&wk_runtime.control, &cancel);
    if (state_now() == RUNNING) {
        wk_runtime.stop_ticks = wk_clock_ticks(wk_recorder.tsc); /* the drain reads it behind `stop` */
        rc = stop_locked(wk_runtime.config.shutdown_ms);
    } else {
        stay_off();
    }
    wk_runtime_unlock(&wk_runtime.control, cancel);
    errno = saved;
    return rc;
}

/* Neither lock may be waited for without an end: a signal handler may have interrupted its holder. */
static bool lock_in_time(pthread_mutex_t *mutex)
{
    for (int tries = 0; tries < EXIT_TRIES; tries++) {
        if (pthread_mutex_trylock(mutex) == 0) {
            return true;
        }
        wk_clock_sleep(DECISION_PAUSE_NS);
    }
    return false;
}

void wick_i_before_exit(void)
{
    int saved = errno;

    /* A child that shares memory (vfork) is not the process that records. */
    if (state_now() != RUNNING || wk_worker_here() || (uint32_t)getpid() != wk_runtime.pid || wk_fork_unseen()) {
        return;
    }
    if (lock_in_time(&wk_runtime.control)) {
        if (state_now() == RUNNING && lock_in_time(&wk_runtime.lock)) {
            pthread_mutex_unlock(&wk_runtime.lock);
            wk_runtime.stop_ticks = wk_clock_ticks(wk_recorder.tsc); /* as in wick_shutdown */
            (void)stop_locked(wk_handler_running() ? HANDLER_MS : wk_runtime.config.shutdown_ms);
        }
        pthread_mutex_unlock(&wk_runtime.control);
    }
    errno = saved;
}

/* exit() calls this after the program's own handlers, so that their events are recorded. */
__attribute__((destructor(101))) static void at_exit(void)
{
    if (state_now() == RUNNING) {
        (void)wick_shutdown();
    }
}
