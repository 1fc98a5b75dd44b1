/*
 * SPDX-License-Identifier: MIT
 * Start, stop, flush: the life of recording in this process. The only globals of the runtime are here.
 * Locks: `control` serialises start and stop; `lock` guards what the drain thread and its callers exchange. Order:
 * control, then lock, then the recorder's. Who waits for the drain to answer is a visitor: it holds neither, so that
 * others keep their own deadlines and fork does not wait; stop waits until it has left. No recording thread ever waits
 * for a file.
 */
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <wick/control.h>

#include "base/clock.h"
#include "base/diag.h"
#include "alone.h"
#include "base/error.h"
#include "base/worker.h"
#include "config.h"
#include "copies.h"
#include "drain.h"
#include "record/fork_state.h"
#include "record/recorder.h"
#include "record/site.h"
#include "record/task.h"
#include "run.h"

enum {
    SLEEP_LEAST_US = 500,
    BEHIND_US = 200,      /* a sink was full: look again soon */
    PREPARED_THREADS = 8,
    FIRST_PAUSE_NS = 200000,
    DECISION_PAUSE_NS = 50000,
    ALONE_NS = 100000000, /* how often to ask whether the program has ended by its threads */
};

enum state { IDLE, RUNNING, STOPPING };

static struct wk_runtime {
    pthread_mutex_t control;
    pthread_mutex_t lock;
    pthread_cond_t answered;  /* the drain has done a tick for `asked`, or has ended */
    pthread_t thread;
    enum state state;         /* changed under `control`; wick_resume and the destructor look without it */
    bool paused_early;        /* wick_pause came before the first event */
    bool atfork;              /* handlers are registered */
    uint32_t visitors;        /* threads that wait in a request */
    uint64_t asked;           /* ticks that callers wait for */
    uint64_t done;
    bool stop;
    bool ended;
    bool complete;
    int64_t deadline_ns;      /* of the stop */
    struct wick_stats stats;  /* of the last answered request */
    struct wick_config config;
    struct wk_anchor start;
    struct wk_drain drain;
    char host[WK_HOST_BYTES];
    char parent[256];         /* of a forked child: `host pid start` */
    int profile_depth;
    bool follows;             /* a forked child that records with its parent's configuration */
    uint32_t parent_pid;
    uint32_t pid;
    int64_t alone_ns;         /* when the drain asked last */
    sigset_t mask;            /* of the thread that started recording */
} runtime = {
    .control = PTHREAD_MUTEX_INITIALIZER,
    .lock = PTHREAD_MUTEX_INITIALIZER,
};

static enum state state_now(void)
{
    return __atomic_load_n(&runtime.state, __ATOMIC_RELAXED); /* ordered by set_switch, or by `control` */
}

static void set_state(enum state state)
{
    __atomic_store_n(&runtime.state, state, __ATOMIC_RELAXED); /* as in state_now */
}

/* Nobody but wick_pause, whose compare-and-exchange keeps the chain, changes the switch in another way: each
 * change reads the one before (acquire) and passes on what came before it (release). See wick_resume. */
static void set_switch(uint32_t on)
{
    (void)__atomic_exchange_n(&wick_i_on_v1, on, __ATOMIC_ACQ_REL); /* threads that record may see it late */
}

/* The state first, then the switch: see wick_resume. */
static void run_begins_locked(void)
{
    set_state(RUNNING);
    set_switch(WK_ON_RECORDING);
}

static void run_ends_locked(void)
{
    set_state(STOPPING);
    set_switch(WK_ON_OFF);
}

/* What is done under these locks waits and opens files: points of cancellation, which must not leave them locked. */
static void lock_uncanceled(pthread_mutex_t *mutex, int *cancel)
{
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, cancel);
    pthread_mutex_lock(mutex);
}

static void unlock_uncanceled(pthread_mutex_t *mutex, int cancel)
{
    pthread_mutex_unlock(mutex);
    pthread_setcancelstate(cancel, NULL);
}

/* ---- the drain thread ------------------------------------------------------------------------ */

static void set_parent(const char *owner)
{
    wk_run_set("parent", "%s", owner);
}

/* Everything that may touch a file or load a module happens here, not in the thread that came first. */
static void open_all(struct wk_runtime *self)
{
    struct wk_drain *drain = &self->drain;

    wk_timekeeper_begin(&drain->time, &self->start, wk_recorder.tsc);
    __atomic_store(&wk_recorder.ns_per_tick, &drain->time.slope, __ATOMIC_RELAXED); /* one word, any age will do */
    wk_thread_prepare(PREPARED_THREADS);
    wk_run_host(self->host);
    drain->run.config = &self->config;
    drain->run.host = self->host;
    drain->run.pid = (uint32_t)getpid();
    drain->run.start_ns = self->start.wall_ns;
    drain->start_ticks = self->start.ticks;
    drain->run.each = wk_run_each;
    drain->run.set_parent = set_parent;
    drain->run.set_log = wk_run_set_log;
    drain->run.log = wk_run_log;
    wk_run_set_log("");
    drain->run.forked = self->follows;
    wk_run_collect(&drain->run, wk_recorder.tsc, drain->time.slope);
    wk_run_set("parent", "%s", self->parent);
    if (self->config.calibrate) {
        wk_run_set("calibration_start_ns", "%lld", (long long)wk_run_calibrate());
    }
    wk_drain_open(drain);
}

/* Sleep until woken or `us` have passed. */
static void doze(uint32_t us)
{
    struct timespec timeout = {us / 1000000, us % 1000000 * 1000};

    /* Relaxed: the word only wakes; the rings' heads order what is read. */
    if (__atomic_load_n(&wk_recorder.wake, __ATOMIC_RELAXED) == 0) {
        syscall(SYS_futex, &wk_recorder.wake, FUTEX_WAIT_PRIVATE, 0, &timeout, NULL, 0);
    }
    __atomic_store_n(&wk_recorder.wake, 0, __ATOMIC_RELAXED);
}

static void answer(struct wk_runtime *self, bool emptied)
{
    uint64_t asked;

    pthread_mutex_lock(&self->lock);
    asked = self->asked;
    pthread_mutex_unlock(&self->lock);
    /* A request that came during the last tick needs a whole one of its own. */
    if (asked == self->done) {
        return;
    }
    emptied = wk_drain_tick(&self->drain);
    if (!emptied) {
        return;
    }
    pthread_mutex_lock(&self->lock);
    self->stats.size = sizeof self->stats;
    wk_drain_stats(&self->drain, &self->stats);
    self->done = asked;
    pthread_cond_broadcast(&self->answered);
    pthread_mutex_unlock(&self->lock);
}

static bool stopping(struct wk_runtime *self)
{
    bool stop;

    pthread_mutex_lock(&self->lock);
    stop = self->stop;
    pthread_mutex_unlock(&self->lock);
    return stop;
}

/* Busy rings are looked at often, quiet ones rarely; a half full one wakes us at once. */
static uint32_t next_sleep_us(const struct wk_runtime *self, uint32_t last_us)
{
    uint32_t longest_us = self->config.tick_us;
    uint32_t us = last_us * 2;

    if (self->drain.behind) {
        return BEHIND_US;
    }
    if (self->drain.taken > 1000) {
        us = SLEEP_LEAST_US;
    } else if (self->drain.taken > 0) {
        us = last_us;
    }
    return us < SLEEP_LEAST_US ? SLEEP_LEAST_US : us > longest_us ? longest_us : us;
}

static void finish(struct wk_runtime *self)
{
    bool complete = wk_drain_close(&self->drain, self->deadline_ns);

    pthread_mutex_lock(&self->lock);
    self->stats.size = sizeof self->stats;
    wk_drain_stats(&self->drain, &self->stats);
    wk_drain_end_counts(&self->drain);
    self->complete = complete;
    self->ended = true;
    self->done = self->asked;
    pthread_cond_broadcast(&self->answered);
    pthread_mutex_unlock(&self->lock);
}

/* The program's last thread has ended: what exit() would do is ours to do. Asked while nothing happens. */
static bool ended_by_threads(struct wk_runtime *self)
{
    int64_t now_ns;
    uint32_t own = 1;

    if (self->drain.taken) {
        return false;
    }
    now_ns = wk_clock_mono_ns();
    if (now_ns - self->alone_ns < ALONE_NS) {
        return false;
    }
    self->alone_ns = now_ns;
    for (uint32_t i = 0; i < self->drain.sink_count; i++) {
        own += self->drain.sinks[i].ops->threads;
    }
    if (!wk_alone(own)) {
        return false;
    }
    set_switch(WK_ON_OFF); /* nobody is left to see it */
    self->deadline_ns = now_ns + (int64_t)self->config.shutdown_ms * 1000000;
    return true;
}

static void *drain_main(void *argument)
{
    struct wk_runtime *self = argument;
    uint32_t sleep_us = SLEEP_LEAST_US;
    bool alone = false;

    wk_worker_begin("wick-drain");
    /* The host comes first: where both share a processor, a new thread that works at once would make its
     * creator wait. The pause is also the base line of the first slope. */
    nanosleep(&(struct timespec){0, FIRST_PAUSE_NS}, NULL);
    open_all(self);
    if (!self->drain.sink_count) {
        /* Nothing could be opened, and it was said: stop asking the program for events. */
        set_switch(WK_ON_OFF);
        __atomic_store_n(&wk_recorder.log_failed, true, __ATOMIC_RELAXED); /* ends waits for room */
    }
    while (!stopping(self) && !(alone = ended_by_threads(self))) {
        bool emptied;

        doze(sleep_us);
        emptied = wk_drain_tick(&self->drain);
        __atomic_store(&wk_recorder.ns_per_tick, &self->drain.time.slope, __ATOMIC_RELAXED); /* as above */
        answer(self, emptied);
        sleep_us = next_sleep_us(self, sleep_us);
    }
    finish(self);
    if (alone) { /* libc calls exit() in the last thread: the program's handlers are to see its signals */
        pthread_sigmask(SIG_SETMASK, &self->mask, NULL);
    }
    return NULL;
}

/* ---- start ----------------------------------------------------------------------------------- */

static void before_fork(void);
static void after_fork_parent(void);
static void after_fork_child(void);

static void set_recorder(const struct wick_config *config)
{
    static bool clock_chosen;

    if (!clock_chosen) { /* once in a process: events of one ring are on one clock */
        wk_recorder.tsc = !config->no_tsc && wk_clock_tsc_good();
        clock_chosen = true;
    }
    __atomic_store_n(&wk_recorder.cpu_time, config->cpu_time != 0, __ATOMIC_RELAXED); /* see WK_SETTING */
    __atomic_store_n(&wk_recorder.wait, config->full == WICK_FULL_WAIT, __ATOMIC_RELAXED); /* see WK_SETTING */
    __atomic_store_n(&wk_recorder.wait_ms, config->wait_ms, __ATOMIC_RELAXED); /* see WK_SETTING */
    __atomic_store_n(&wk_recorder.ring_slots_max, (uint32_t)(config->ring_bytes / sizeof(struct wick_event)),
                     __ATOMIC_RELAXED); /* see WK_SETTING */
    __atomic_store_n(&wk_recorder.log_failed, false, __ATOMIC_RELAXED); /* a hint */
    wk_site_set_names_max(config->names_max);
    if (!wk_recorder.key_good) {
        wk_recorder.key_good = pthread_key_create(&wk_recorder.key, wk_task_thread_exit) == 0;
    }
}

static bool start_thread(void)
{
    sigset_t all;
    int rc;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &runtime.mask);
    rc = pthread_create(&runtime.thread, NULL, drain_main, &runtime);
    pthread_sigmask(SIG_SETMASK, &runtime.mask, NULL);
    return rc == 0;
}

static void init_answered(void)
{
    pthread_condattr_t monotonic;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&runtime.answered, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

/* The configuration is loaded and wants something. */
static int start_locked(void)
{
    __atomic_store_n(&runtime.paused_early, false, __ATOMIC_RELAXED); /* as in wick_pause */
    set_recorder(&runtime.config);
    wk_fork_watch();
    wk_clock_anchor(&runtime.start, wk_recorder.tsc);
    wk_recorder.origin_ns = runtime.start.mono_ns;
    wk_recorder.origin_ticks = runtime.start.ticks;
    if (!runtime.atfork) {
        runtime.atfork = pthread_atfork(before_fork, after_fork_parent, after_fork_child) == 0;
        init_answered();
    }
    runtime.stop = runtime.ended = runtime.complete = false;
    runtime.drain.totals = (struct wick_stats){0};
    runtime.drain.time = (struct wk_timekeeper){0};
    runtime.pid = (uint32_t)getpid();
    if (!start_thread()) {
        return wk_error_set(WICK_E_NOMEM, "no thread could be made for recording");
    }
    pthread_mutex_lock(&runtime.lock); /* a visitor that sees the run sees its configuration */
    run_begins_locked();
    pthread_mutex_unlock(&runtime.lock);
    return 0;
}

static void stay_off(void)
{
    set_switch(WK_ON_OFF);
}

/* Without a WICK variable nothing is configured: no table is walked. */
static bool environment_asks(void)
{
    const char *word = getenv("WICK");

    if (word && strcasecmp(word, "off") == 0) {
        return false;
    }
    for (char **entry = environ; entry && *entry; entry++) {
        if (strncmp(*entry, "WICK_", 5) == 0) {
            return true;
        }
    }
    return false;
}

/* In a forked child, at its first event: the configuration is the parent's, wherever that came from. */
static void start_following(void)
{
    char host[WK_HOST_BYTES];

    wk_run_host(host);
    snprintf(runtime.parent, sizeof runtime.parent, "%.128s %u %lld.%09lld", host, runtime.parent_pid,
             (long long)(runtime.start.wall_ns / 1000000000), (long long)(runtime.start.wall_ns % 1000000000));
    free((char *)(uintptr_t)runtime.config.serve); /* the page is the parent's: its address, its link */
    runtime.config.serve = NULL;
    if (!wk_config_wants(&runtime.config)) {
        stay_off();
    } else if (start_locked() != 0) {
        wk_diag("%s; the forked child records nothing", wick_error_detail());
        stay_off();
    }
}

static uint32_t on_now(void)
{
    /* Pairs with the release in set_switch: who sees recording on sees what was prepared for it. */
    return __atomic_load_n(&wick_i_on_v1, __ATOMIC_ACQUIRE);
}

static void decide_locked(void)
{
    if (on_now() != WK_ON_UNDECIDED) {
        return;
    }
    if (runtime.follows) {
        start_following();
    } else if (!environment_asks()) {
        stay_off();
    } else {
        wk_config_fini(&runtime.config);
        (void)wk_config_load(&runtime.config, NULL); /* what is wrong was said */
        if (!wk_config_wants(&runtime.config)) {
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

/* Threads that come while one decides wait for the decision, not in the queue for `control`: by their turn its
 * holder may be stopping, for seconds. Its caller has no points of cancellation. */
bool wk_record_first_event(void)
{
    const struct timespec pause = {0, DECISION_PAUSE_NS};

    while (on_now() == WK_ON_UNDECIDED) {
        if (pthread_mutex_trylock(&runtime.control) == 0) {
            decide_locked();
            pthread_mutex_unlock(&runtime.control);
        } else {
            nanosleep(&pause, NULL);
        }
    }
    return on_now() == WK_ON_RECORDING;
}

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
    lock_uncanceled(&runtime.control, &cancel);
    if (state_now() != IDLE) {
        rc = wk_error_set(WICK_E_STATE, "recording runs already: wick_shutdown first");
    } else {
        runtime.follows = false;
        runtime.parent[0] = 0;
        wk_config_fini(&runtime.config);
        rc = wk_config_load(&runtime.config, config);
        if (rc != 0 || !wk_config_wants(&runtime.config)) {
            stay_off();
        } else if (wk_copies_claim()) {
            rc = start_locked();
        } else {
            rc = wk_error_set(WICK_E_BUSY, "another copy of wick records in this process");
        }
    }
    unlock_uncanceled(&runtime.control, cancel);
    return rc;
}

/* ---- stop ------------------------------------------------------------------------------------ */

static int stop_locked(void)
{
    struct timespec deadline;
    bool ended;
    int rc = 0;

    run_ends_locked();
    pthread_mutex_lock(&runtime.lock);
    runtime.deadline_ns = wk_clock_mono_ns() + (int64_t)runtime.config.shutdown_ms * 1000000;
    deadline = (struct timespec){runtime.deadline_ns / 1000000000, runtime.deadline_ns % 1000000000};
    deadline.tv_sec += 1; /* the sinks end by the deadline itself; this is for a thread that cannot */
    while (runtime.visitors && rc == 0) {
        rc = pthread_cond_timedwait(&runtime.answered, &runtime.lock, &deadline);
    }
    if (rc == 0) {
        runtime.stop = true;
        wk_recorder_wake();
    }
    while (!runtime.ended && rc == 0) {
        rc = pthread_cond_timedwait(&runtime.answered, &runtime.lock, &deadline);
    }
    ended = runtime.ended;
    pthread_mutex_unlock(&runtime.lock);
    if (!ended) {
        pthread_detach(runtime.thread);
        set_state(STOPPING); /* for ever: its memory belongs to the thread that hangs */
        wk_diag("recording did not end within %u ms: the outputs are incomplete (WICK_SHUTDOWN)", runtime.config.shutdown_ms);
        return wk_error_set(WICK_E_TIMEOUT, "recording did not end within %u ms", runtime.config.shutdown_ms);
    }
    pthread_join(runtime.thread, NULL);
    set_state(IDLE);
    return runtime.complete ? 0 : wk_error_set(WICK_E_IO, "the log is incomplete: see the message on stderr");
}

int wick_shutdown(void)
{
    int cancel;
    int rc = 0;
    int saved = errno;

    if (wk_fork_unseen()) {
        return 0;
    }
    lock_uncanceled(&runtime.control, &cancel);
    if (state_now() == RUNNING) {
        rc = stop_locked();
    } else {
        stay_off();
    }
    unlock_uncanceled(&runtime.control, cancel);
    errno = saved;
    return rc;
}

/* exit() comes here after the program's own handlers: what they record is in. */
__attribute__((destructor(101))) static void at_exit(void)
{
    if (state_now() == RUNNING) {
        (void)wick_shutdown();
    }
}

/* ---- requests -------------------------------------------------------------------------------- */

/* False when nothing is recorded. Otherwise the drain and its sinks stay until leave_locked. */
static bool visit_locked(void)
{
    bool running = state_now() == RUNNING;

    runtime.visitors += running;
    return running;
}

static void leave_locked(void)
{
    if (--runtime.visitors == 0) {
        pthread_cond_broadcast(&runtime.answered);
    }
}

/* Wait for a tick that began after now. */
static int ask_drain_locked(int64_t deadline_ns)
{
    const struct timespec deadline = {deadline_ns / 1000000000, deadline_ns % 1000000000};
    uint64_t mine = ++runtime.asked;
    int rc = 0;

    wk_recorder_wake();
    while (runtime.done < mine && !runtime.ended && rc == 0) {
        rc = pthread_cond_timedwait(&runtime.answered, &runtime.lock, &deadline);
    }
    return runtime.done >= mine || runtime.ended ? 0 : WICK_E_TIMEOUT; /* ended: everything is written */
}

static int64_t deadline_in(uint32_t ms)
{
    return wk_clock_mono_ns() + (int64_t)(ms ? ms : runtime.config.shutdown_ms) * 1000000;
}

static int flush_sinks(int64_t deadline_ns)
{
    int rc = runtime.drain.unopened ? WICK_E_IO : 0;

    for (uint32_t i = 0; rc == 0 && i < runtime.drain.sink_count; i++) {
        if (!runtime.drain.sinks[i].ops->flush(runtime.drain.sinks[i].sink, deadline_ns)) {
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
    lock_uncanceled(&runtime.lock, &cancel);
    if (visit_locked()) {
        deadline_ns = deadline_in(deadline_ms);
        rc = ask_drain_locked(deadline_ns);
        pthread_mutex_unlock(&runtime.lock);
        if (rc == 0) {
            rc = flush_sinks(deadline_ns);
        }
        pthread_mutex_lock(&runtime.lock);
        leave_locked();
    }
    unlock_uncanceled(&runtime.lock, cancel);
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
    lock_uncanceled(&runtime.lock, &cancel);
    if (visit_locked()) {
        (void)ask_drain_locked(deadline_in(0));
        leave_locked();
    }
    if (state_now() == IDLE) { /* a copy that stays off counts all the same */
        refused = __atomic_load_n(&wk_recorder.dropped_attach, __ATOMIC_RELAXED);
        runtime.stats.attempted += refused - runtime.stats.dropped_attach;
        runtime.stats.dropped_attach = refused;
    }
    memcpy(stats, &runtime.stats, size < sizeof runtime.stats ? size : sizeof runtime.stats);
    unlock_uncanceled(&runtime.lock, cancel);
    stats->size = size;
    return 0;
}

/* ---- small controls -------------------------------------------------------------------------- */

void wick_pause(void)
{
    uint32_t recording = WK_ON_RECORDING;
    uint32_t undecided = WK_ON_UNDECIDED;

    /* Relaxed: threads may see it late. */
    if (__atomic_compare_exchange_n(&wick_i_on_v1, &recording, WK_ON_OFF, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
        return;
    }
    /* Before the first event: nobody asks the environment until wick_resume. */
    if (__atomic_compare_exchange_n(&wick_i_on_v1, &undecided, WK_ON_OFF, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
        __atomic_store_n(&runtime.paused_early, true, __ATOMIC_RELAXED); /* a flag of its own */
    }
}

/* No lock, since handlers may call it. wick_shutdown and wick_init change the state, then the switch. So if
 * theirs is the earlier change of the switch, the look behind ours sees their state, and ours is taken back; if
 * it is the later one, it stands. */
void wick_resume(void)
{
    uint32_t off = WK_ON_OFF;

    if (state_now() != RUNNING) {
        if (__atomic_exchange_n(&runtime.paused_early, false, __ATOMIC_RELAXED)) { /* as in wick_pause */
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
    } while (state_now() == RUNNING); /* a new run has begun meanwhile */
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

/* Of the companion library; its address is NULL in a program that has not loaded it. */
extern uint32_t wick_i_functions_on_v1 __attribute__((weak));

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
    if (__atomic_fetch_add(&runtime.profile_depth, 1, __ATOMIC_RELAXED) == 0) { /* a count */
        wick_resume();
    }
}

void wick_profile_end(void)
{
    if (__atomic_fetch_sub(&runtime.profile_depth, 1, __ATOMIC_RELAXED) == 1) { /* a count */
        wick_pause();
    }
}

/* ---- fork ------------------------------------------------------------------------------------ */

static void before_fork(void)
{
    pthread_mutex_lock(&runtime.control);
    pthread_mutex_lock(&runtime.lock);
    wk_fork_prepare();
}

static void after_fork_parent(void)
{
    wk_fork_parent();
    pthread_mutex_unlock(&runtime.lock);
    pthread_mutex_unlock(&runtime.control);
}

/* One thread is left, and it is not the drain. Nothing is flushed, freed or said here. */
static void after_fork_child(void)
{
    bool follow = state_now() == RUNNING && runtime.config.fork_follow;

    wk_fork_child();
    if (state_now() == RUNNING) {
        wk_drain_abandon(&runtime.drain);
    }
    runtime.follows = follow;
    runtime.parent_pid = runtime.pid;
    set_state(IDLE);
    runtime.asked = runtime.done = 0;
    runtime.visitors = 0; /* the parent's, and they are in its condition variable */
    init_answered();
    set_switch(follow ? WK_ON_UNDECIDED : WK_ON_OFF);
    pthread_mutex_unlock(&runtime.lock);
    pthread_mutex_unlock(&runtime.control);
}
