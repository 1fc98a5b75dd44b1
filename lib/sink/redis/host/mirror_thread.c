/*
 * SPDX-License-Identifier: MIT
 * The thread that writes the mirror. See mirror_thread.h.
 */
#include "mirror_thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/heap.h"
#include "redis_runs.h"

enum {
    MS = 1000000,
    FLUSH_MS = 50,          /* between two batches, while nobody waits for them */
    BEAT_MS = 2000,         /* between two signs of life */
    TIME_MS = 60000,        /* between two looks at the server's clock */
    OFFSET_WARN_MS = 100,
    TOLD_MOST = 4,
    PAUSE_LEAST_MS = 250,
    PAUSE_FULL_MS = 5000,
    PAUSE_REFUSED_MS = 30000,
    TIMEOUT_MS = 1000,
    LAST_TIMEOUT_MS = 200   /* at the end of the run, of a server that was not there before */
};

/* ---- replies --------------------------------------------------------------------------------- */

/* What a batch came to. */
struct mirror_replies {
    struct wk_mirror_thread *self;
    char error[160];   /* the first that matters; "": none */
    char optional[160]; /* the first that does not */
    uint32_t beat;     /* index of the sign of life; UINT32_MAX: none */
    bool forgotten;    /* the server did not know this process any more */
    int64_t time_ns;   /* of the server; 0: not told */
};

static void on_reply(void *user, size_t index, const void *reply)
{
    struct mirror_replies *r = user;
    const struct wk_redis_module *module = r->self->link.module;
    struct wk_redis_value value;
    module->read(reply, &value);
    if (value.kind == WK_REDIS_ERROR) {
        bool optional = ((struct wk_command_place *)r->self->commands.list.items)[index].optional;
        char *to = optional ? r->optional : r->error;
        if (!*to) {
            snprintf(to, sizeof r->error, "%s", value.text);
        }
    } else if (index == r->beat && value.kind == WK_REDIS_INTEGER) {
        r->forgotten = value.integer == 1;
    } else if (value.kind == WK_REDIS_ARRAY && value.items == 2) {
        struct wk_redis_value seconds, us;
        module->read(module->item(reply, 0), &seconds);
        module->read(module->item(reply, 1), &us);
        r->time_ns = strtoll(seconds.text, NULL, 10) * 1000000000 + strtoll(us.text, NULL, 10) * 1000;
    }
}

/* ---- failures -------------------------------------------------------------------------------- */

static bool begins(const char *text, const char *word)
{
    return strncmp(text, word, strlen(word)) == 0;
}

/* How long to wait after this error. */
static uint32_t pause_after(struct wk_mirror_thread *self, const char *why)
{
    uint32_t ms = self->pause_ms;
    self->pause_ms = 2 * ms < PAUSE_REFUSED_MS ? 2 * ms : PAUSE_REFUSED_MS;
    if (begins(why, "OOM")) {
        ms = PAUSE_FULL_MS;
    } else if (begins(why, "READONLY") || begins(why, "NOAUTH") || begins(why, "WRONGPASS") || begins(why, "NOPERM")) {
        ms = PAUSE_REFUSED_MS;
    }
    ms += (uint32_t)wk_clock_mono_ns() % (ms / 4 + 1); /* not all processes at once */
    return ms < self->retry_ms ? ms : self->retry_ms;
}

/* Nothing is mirrored for now: said once for each kind of failure until it works again. */
static void fail(struct wk_mirror_thread *self, const char *why)
{
    int64_t now_ns = wk_clock_mono_ns();
    char word[sizeof self->told];
    wk_redis_link_close(&self->link);
    self->failed++;
    self->down_ns = self->down_ns ? self->down_ns : now_ns;
    self->try_ns = now_ns + (int64_t)pause_after(self, why) * MS;
    why = why[0] ? why : "an error without a word";
    snprintf(word, sizeof word, "%.*s", (int)strcspn(why, " "), why);
    if (strcmp(word, self->told) != 0 && self->told_count++ < TOLD_MOST) {
        memcpy(self->told, word, sizeof word);
        wk_diag("%s: %s: not mirrored for now (WICK_REDIS); it is tried again, and then all is written", self->link.url.shown, why);
    }
    pthread_mutex_lock(&self->mirror.lock);
    self->up = false;
    self->tried = self->resync = true;
    wk_condition_announce(&self->progress);
    pthread_mutex_unlock(&self->mirror.lock);
}

/* Run what is collected. False: it failed, which is said. */
static bool run_commands(struct wk_mirror_thread *self, struct mirror_replies *replies)
{
    replies->self = self;
    if (!wk_redis_link_run(&self->link, &self->commands, on_reply, replies)) {
        fail(self, self->link.why);
        return false;
    }
    if (replies->error[0]) {
        fail(self, replies->error);
        return false;
    }
    if (replies->optional[0] && !self->told_optional) {
        self->told_optional = true;
        wk_diag("%s: %s: mirrored without that", self->link.url.shown, replies->optional);
    }
    return true;
}

/* ---- what is said about the process ----------------------------------------------------------- */

static int append(void *user, const char *bytes, size_t count)
{
    return wk_array_append(user, &wk_heap_allocator, bytes, count);
}

/* The sign of life: `w.WRITER` of the run's hash. Times are the server's. */
static uint32_t add_beat(struct wk_mirror_thread *self, const char *state)
{
    struct wk_array text = {0};
    struct wick_json json = {.out = {append, &text}};
    struct wk_mirror *mirror = &self->mirror;
    char name[32];
    pthread_mutex_lock(&mirror->lock);
    uint64_t attempted = self->attempted, dropped = self->dropped, refused = mirror->refused;
    pthread_mutex_unlock(&mirror->lock);
    wick_json_begin(&json, NULL, '{');
    wick_json_string(&json, "host", self->host);
    wick_json_string(&json, "pid", self->pid);
    wick_json_time(&json, "start_ns", self->start_ns);
    wick_json_time(&json, "seen_ns", wk_clock_wall_ns() + self->offset_ns);
    wick_json_string(&json, "state", state);
    wick_json_signed(&json, "offset_ns", self->offset_ns);
    wick_json_unsigned(&json, "attempted", attempted);
    wick_json_unsigned(&json, "dropped", dropped);
    wick_json_unsigned(&json, "refused", refused);
    wick_json_unsigned(&json, "failed", self->failed);
    wick_json_unsigned(&json, "resyncs", self->resyncs);
    wick_json_end(&json, '}');
    snprintf(name, sizeof name, "w.%s", mirror->writer_text);
    wk_command_begin(&self->commands, "HSET", mirror->key, mirror->key_bytes);
    wk_command_text(&self->commands, name);
    wk_command_word(&self->commands, text.items ? text.items : "", text.count);
    self->commands.failed = self->commands.failed || json.error < 0;
    wk_array_free(&text, &wk_heap_allocator, 1);
    self->beat_ns = wk_clock_mono_ns() + (int64_t)BEAT_MS * MS;
    return wk_command_end(&self->commands);
}

static bool measure_offset(struct wk_mirror_thread *self)
{
    struct mirror_replies replies = {.beat = UINT32_MAX};
    wk_commands_clear(&self->commands);
    wk_command_begin(&self->commands, "TIME", "", 0);
    self->commands.optional = true;
    (void)wk_command_end(&self->commands);
    int64_t before_ns = wk_clock_wall_ns();
    if (!run_commands(self, &replies)) {
        return false;
    }
    int64_t after_ns = wk_clock_wall_ns();
    self->time_ns = wk_clock_mono_ns() + (int64_t)TIME_MS * MS;
    if (replies.time_ns) {
        self->offset_ns = replies.time_ns - (before_ns + (after_ns - before_ns) / 2);
    }
    int64_t ms = self->offset_ns / MS;
    if (!self->told_offset && (ms > OFFSET_WARN_MS || ms < -OFFSET_WARN_MS)) {
        self->told_offset = true;
        wk_diag("%s: its clock is %lld ms %s ours: changes of several processes may be ordered wrong", self->link.url.shown,
                (long long)(ms < 0 ? -ms : ms), ms < 0 ? "behind" : "ahead of");
    }
    return true;
}

static void add_first(struct wk_mirror_thread *self, const char *field, const char *value)
{
    wk_command_begin(&self->commands, "HSETNX", self->mirror.key, self->mirror.key_bytes);
    wk_command_text(&self->commands, field);
    wk_command_text(&self->commands, value);
    (void)wk_command_end(&self->commands);
}

/* The run's hash, and its place in the list of runs. */
static bool tell_run(struct wk_mirror_thread *self)
{
    struct mirror_replies replies = {.beat = UINT32_MAX};
    struct wk_commands *c = &self->commands;
    char text[160];
    wk_commands_clear(c);
    snprintf(text, sizeof text, "%d", WK_SCHEMA);
    add_first(self, "schema", text);
    snprintf(text, sizeof text, "%lld", (long long)self->start_ns);
    add_first(self, "start_ns", text);
    snprintf(text, sizeof text, "m.%s", self->mirror.writer_text);
    wk_command_begin(c, "HSET", self->mirror.key, self->mirror.key_bytes);
    wk_command_text(c, text);
    wk_command_word(c, self->about.items ? self->about.items : "", self->about.count);
    (void)wk_command_end(c);
    (void)add_beat(self, "running");
    int bytes = snprintf(text, sizeof text, "%s:runs", self->prefix);
    wk_command_begin(c, "ZADD", text, (size_t)bytes);
    wk_command_text(c, "LT");
    wk_command_number(c, (self->start_ns + self->offset_ns) / MS);
    wk_command_text(c, self->run);
    (void)wk_command_end(c);
    return run_commands(self, &replies);
}

/* ---- work ------------------------------------------------------------------------------------ */

static void connect_now(struct wk_mirror_thread *self)
{
    if (!wk_redis_link_open(&self->link)) {
        fail(self, self->link.why);
        return;
    }
    if (!measure_offset(self) || !tell_run(self)) {
        return;
    }
    const struct wk_redis_runs runs = {.link = &self->link, .prefix = self->prefix};
    const int64_t now_ms = (wk_clock_wall_ns() + self->offset_ns) / MS;
    wk_redis_purge_old(&runs, now_ms - (int64_t)self->ttl_ms, self->run);
    if (!self->link.client) { /* lost meanwhile */
        fail(self, self->link.why);
        return;
    }
    self->resyncs++;
    pthread_mutex_lock(&self->mirror.lock);
    wk_mirror_all_locked(&self->mirror);
    self->up = self->tried = self->resync = true;
    pthread_mutex_unlock(&self->mirror.lock);
}

/* It is said when all is there: then it was worth it. */
static void say_up(struct wk_mirror_thread *self)
{
    if (self->down_ns && self->told[0]) {
        wk_diag("%s: mirrored again, and complete, after %lld ms", self->link.url.shown,
                (long long)((wk_clock_mono_ns() - self->down_ns) / MS));
    } else if (!self->told_up) {
        wk_diag("mirrored as run %s: wick status %s", self->run, self->link.url.shown);
    }
    self->told_up = true;
    self->down_ns = 0;
    self->told[0] = 0;
    self->told_count = 0;
    self->pause_ms = PAUSE_LEAST_MS;
}

/* One batch. */
static void flush_once(struct wk_mirror_thread *self)
{
    struct mirror_replies replies = {.beat = UINT32_MAX};
    struct wk_mirror *mirror = &self->mirror;
    if (wk_clock_mono_ns() >= self->time_ns && !measure_offset(self)) {
        return;
    }
    wk_commands_clear(&self->commands);
    pthread_mutex_lock(&mirror->lock);
    wk_mirror_take_locked(mirror, &self->commands);
    bool clean = wk_mirror_is_clean_locked(mirror);
    uint64_t fed = mirror->fed;
    pthread_mutex_unlock(&mirror->lock);
    if (wk_clock_mono_ns() >= self->beat_ns) {
        replies.beat = add_beat(self, "running");
    }
    if (self->commands.list.count && !run_commands(self, &replies)) {
        return;
    }
    self->flush_ns = clean ? wk_clock_mono_ns() + (int64_t)FLUSH_MS * MS : 0;
    if (replies.forgotten) {
        fail(self, "FORGOTTEN by the server, which began anew");
        self->try_ns = 0;
        return;
    }
    if (clean) {
        say_up(self);
    }
    pthread_mutex_lock(&mirror->lock);
    if (clean) {
        self->done = fed;
        self->hurry = self->resync = false;
        wk_condition_announce(&self->progress);
    }
    pthread_mutex_unlock(&mirror->lock);
}

/* When there is something to do; 0: now. */
static int64_t due_locked(const struct wk_mirror_thread *self)
{
    if (!self->up) {
        return self->try_ns;
    }
    if (!wk_mirror_is_clean_locked(&self->mirror)) {
        return self->hurry ? 0 : self->flush_ns;
    }
    return self->hurry ? 0 : self->beat_ns;
}

static bool wait_for_work(struct wk_mirror_thread *self)
{
    pthread_mutex_lock(&self->mirror.lock);
    while (!self->stop && due_locked(self) > wk_clock_mono_ns()) {
        self->sleeping = true;
        (void)wk_condition_wait(&self->changed, &self->mirror.lock, due_locked(self));
    }
    self->sleeping = false;
    bool goes_on = !self->stop;
    pthread_mutex_unlock(&self->mirror.lock);
    return goes_on;
}

static bool is_clean(struct wk_mirror_thread *self)
{
    pthread_mutex_lock(&self->mirror.lock);
    bool clean = wk_mirror_is_clean_locked(&self->mirror);
    pthread_mutex_unlock(&self->mirror.lock);
    return clean;
}

static void flush_rest(struct wk_mirror_thread *self)
{
    if (!self->link.client) {
        self->link.timeout_ms = self->tried ? LAST_TIMEOUT_MS : TIMEOUT_MS;
        connect_now(self);
    }
    do {
        if (self->link.client) {
            flush_once(self);
        }
    } while (self->link.client && !is_clean(self) && wk_clock_mono_ns() < self->deadline_ns);
}

/* The end: what is left, and that it is the end. A server that is not there is tried once more, for a moment: only the connection
 * may have died. */
static void finish(struct wk_mirror_thread *self)
{
    struct mirror_replies replies = {.beat = UINT32_MAX};
    bool was_up = self->link.client != NULL;
    flush_rest(self);
    if (was_up && !self->link.client && wk_clock_mono_ns() < self->deadline_ns) {
        flush_rest(self);
    }
    if (self->link.client) {
        wk_commands_clear(&self->commands);
        (void)add_beat(self, "ended");
        (void)run_commands(self, &replies);
    }
    wk_redis_link_close(&self->link);
}

static void *mirror_main(void *user)
{
    struct wk_mirror_thread *self = user;
    while (wait_for_work(self)) {
        if (self->link.client) {
            flush_once(self);
        } else {
            connect_now(self);
        }
    }
    finish(self);
    pthread_mutex_lock(&self->mirror.lock);
    self->ended = true;
    wk_condition_announce(&self->progress);
    pthread_mutex_unlock(&self->mirror.lock);
    return NULL;
}

/* ---- for other threads ------------------------------------------------------------------------ */

bool wk_mirror_thread_start(struct wk_mirror_thread *self)
{
    self->pause_ms = PAUSE_LEAST_MS;
    self->link.timeout_ms = TIMEOUT_MS;
    self->worker = (struct wk_worker){.name = "wick-redis", .run = mirror_main, .user = self};
    return wk_worker_start(&self->worker);
}

void wk_mirror_thread_wake_locked(struct wk_mirror_thread *self)
{
    if (self->sleeping && self->up) {
        self->sleeping = false;
        wk_condition_announce(&self->changed);
    }
}

bool wk_mirror_thread_flush(struct wk_mirror_thread *self, int64_t deadline_ns)
{
    pthread_mutex_lock(&self->mirror.lock);
    uint64_t fed = self->mirror.fed;
    bool in_time = true;
    self->hurry = true;
    wk_condition_announce(&self->changed);
    while (in_time && (self->done < fed || self->resync) && (self->up || !self->tried) && !self->ended) {
        in_time = wk_condition_wait(&self->progress, &self->mirror.lock, deadline_ns);
    }
    bool complete = self->done >= fed && !self->resync;
    pthread_mutex_unlock(&self->mirror.lock);
    return complete;
}

bool wk_mirror_thread_stop(struct wk_mirror_thread *self, int64_t deadline_ns, uint64_t *left)
{
    pthread_mutex_lock(&self->mirror.lock);
    self->stop = true;
    self->deadline_ns = deadline_ns;
    wk_condition_announce(&self->changed);
    while (!self->ended && wk_condition_wait(&self->progress, &self->mirror.lock, deadline_ns)) {
        /* a batch was written */
    }
    bool ended = self->ended;
    const uint64_t waiting = wk_mirror_waiting_locked(&self->mirror), since = self->mirror.fed - self->done;
    *left = waiting > since ? waiting : since;
    pthread_mutex_unlock(&self->mirror.lock);
    if (ended) {
        pthread_join(self->worker.thread, NULL);
    } else {
        pthread_detach(self->worker.thread); /* it hangs in the kernel and still uses the mirror, which is never freed */
    }
    return ended;
}
