/*
 * SPDX-License-Identifier: MIT
 * The one thread that drains: it opens the outputs, ticks, answers callers, and ends what it opened.
 * Everything that may touch a file or load a module happens here, not in the thread whose event came first.
 */
#include "runtime_state.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "alone.h"
#include "base/clock.h"
#include "base/worker.h"
#include "drain_names.h"
#include "run_identity.h"
#include "run_machine.h"

enum {
    SLEEP_LEAST_US = 500,
    BEHIND_US = 200,      /* a sink was full: look again soon */
    PREPARED_THREADS = 8,
    FIRST_PAUSE_NS = 200000,
    ALONE_NS = 100000000, /* how often to ask whether the program has ended by its threads */
};

static void set_property(void *user, const char *key, const char *value)
{
    (void)user;
    wk_run_set(key, "%s", value);
}

static void set_parent(const char *owner)
{
    wk_run_set("parent", "%s", owner);
    wk_drain_name_process(&wk_runtime.drain);
}

static void open_all(struct wk_runtime_state *self)
{
    struct wk_drain *drain = &self->drain;

    drain->totals = (struct wick_stats){0};
    wk_timekeeper_begin(&drain->time, &self->start, wk_recorder.tsc);
    wk_recorder_set_slope(drain->time.slope);
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
    wk_run_collect_identity();
    wk_run_set("parent", "%s", self->parent);
    wk_run_scope_cost(wk_recorder.tsc, drain->time.slope, set_property, NULL);
    if (self->config.calibrate) {
        wk_run_machine_start(wk_recorder.tsc, drain->time.slope, set_property, NULL);
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

static void answer(struct wk_runtime_state *self, bool emptied)
{
    pthread_mutex_lock(&self->lock);
    uint64_t asked = self->asked;
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
    for (struct wk_question *q = self->questions; q; q = q->next) {
        q->answered = wk_drain_current(&self->drain, q->tid, q->serial, &q->current);
    }
    self->done = asked;
    wk_condition_announce(&self->answered);
    pthread_mutex_unlock(&self->lock);
}

static bool stopping(struct wk_runtime_state *self)
{
    pthread_mutex_lock(&self->lock);
    bool stop = self->stop;
    pthread_mutex_unlock(&self->lock);
    return stop;
}

/* Busy rings are looked at often, quiet ones rarely; a half full one wakes us at once. */
static uint32_t next_sleep_us(const struct wk_runtime_state *self, uint32_t last_us)
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

static void finish(struct wk_runtime_state *self)
{
    bool complete = wk_drain_close(&self->drain, self->deadline_ns, self->stop_ticks);

    pthread_mutex_lock(&self->lock);
    self->stats.size = sizeof self->stats;
    wk_drain_stats(&self->drain, &self->stats);
    wk_drain_end_counts();
    self->complete = complete;
    self->ended = true;
    self->done = self->asked;
    wk_condition_announce(&self->answered);
    pthread_mutex_unlock(&self->lock);
}

/* The program's last thread has ended: what exit() would do is ours to do. Asked while nothing happens. */
static bool ended_by_threads(struct wk_runtime_state *self)
{
    uint32_t own = 1;

    if (self->drain.taken) {
        return false;
    }
    int64_t now_ns = wk_clock_mono_ns();
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

void *wk_drain_main(void *argument)
{
    struct wk_runtime_state *self = argument;
    uint32_t sleep_us = SLEEP_LEAST_US;
    bool alone = false;

    /* The host comes first: where both share a processor, a new thread that works at once would make its
     * creator wait. The pause is also the base line of the first slope. */
    wk_clock_sleep(FIRST_PAUSE_NS);
    open_all(self);
    if (!self->drain.sink_count) {
        /* Nothing could be opened, and it was said: stop asking the program for events. */
        set_switch(WK_ON_OFF);
        __atomic_store_n(&wk_recorder.log_failed, true, __ATOMIC_RELAXED); /* ends waits for room */
    }
    while (!stopping(self) && !(alone = ended_by_threads(self))) {
        doze(sleep_us);
        bool emptied = wk_drain_tick(&self->drain);
        wk_recorder_set_slope(self->drain.time.slope);
        answer(self, emptied);
        sleep_us = next_sleep_us(self, sleep_us);
    }
    finish(self);
    if (alone) { /* libc calls exit() in the last thread: the program's handlers are to see its signals */
        pthread_sigmask(SIG_SETMASK, &self->mask, NULL);
    }
    return NULL;
}
