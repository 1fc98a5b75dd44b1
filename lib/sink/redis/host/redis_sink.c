/*
 * SPDX-License-Identifier: MIT
 * The sink of WICK_REDIS: trackers and rollups of this process, mirrored in Redis by a thread of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/heap.h"
#include "mirror_thread.h"
#include "redis_runs.h"
#include "runtime/run_tree.h"
#include "sink/sinks.h"

enum { MS = 1000000, ROLLUP_MS = 250, STATS_MS = 1000 };

struct redis_sink {
    struct wk_mirror_thread thread;
    const struct wk_run *run;
    int64_t rollup_ns, stats_ns; /* not before: taking rollups; reading counters */
    bool closing;
};

static bool wanted(const struct wick_config *config)
{
    return config->redis != NULL;
}

/* ---- open ------------------------------------------------------------------------------------ */

/* The run's name: WICK_RUN, or a random UUID, which a child that follows and a later run of this process keep. */
static bool name_run(char run[64])
{
    static char made[64];
    unsigned char b[16];
    const char *given = secure_getenv("WICK_RUN");
    given = given && given[0] ? given : made;
    if (given[0]) {
        snprintf(run, 64, "%s", given);
        return wk_redis_run_is_name(given);
    }
    if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b) {
        return false;
    }
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    for (uint32_t i = 0, at = 0; i < sizeof b; i++) {
        at += (uint32_t)snprintf(run + at, 64 - at, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", b[i]);
    }
    memcpy(made, run, sizeof made);
    return true;
}

static int append(void *user, const char *bytes, size_t count)
{
    return wk_array_append(user, &wk_heap_allocator, bytes, count);
}

static void put_property(void *user, const char *key, const char *value)
{
    wick_json_string(user, key, value);
}

static void tell_about(struct redis_sink *sink)
{
    struct wick_json json = {.out = {append, &sink->thread.about}};
    wick_json_begin(&json, NULL, '{');
    sink->run->each(put_property, &json);
    wick_json_end(&json, '}');
}

static const char *read_settings(struct wk_mirror_thread *thread, const struct wk_run *run)
{
    const struct wick_config *config = run->config;
    const char *prefix = config->redis_prefix ? config->redis_prefix : WK_REDIS_PREFIX;
    const char *wrong = wk_redis_url_read(config->redis, &thread->link.url);
    if (!wrong && !wk_redis_prefix_is_good(prefix)) {
        wrong = "WICK_REDIS_PREFIX: at most 63 bytes, without blanks and braces";
    }
    if (!wrong && !name_run(thread->run)) {
        wrong = "WICK_RUN: at most 63 bytes, without blanks, braces and slashes";
    }
    snprintf(thread->prefix, sizeof thread->prefix, "%s", prefix);
    snprintf(thread->host, sizeof thread->host, "%s", run->host);
    snprintf(thread->pid, sizeof thread->pid, "%u", run->pid);
    thread->start_ns = run->start_ns;
    thread->ttl_ms = config->redis_ttl_ms;
    thread->retry_ms = config->redis_retry_ms;
    return wrong;
}

static void destroy(struct redis_sink *sink)
{
    wk_mirror_fini(&sink->thread.mirror);
    wk_commands_fini(&sink->thread.commands);
    wk_array_free(&sink->thread.about, &wk_heap_allocator, 1);
    free(sink);
}

static void *refuse(struct redis_sink *sink, const char *why)
{
    wk_diag("no mirror in Redis (WICK_REDIS): %s", why);
    if (sink) {
        destroy(sink);
    }
    return NULL;
}

static void *open_sink(const struct wk_run *run)
{
    struct redis_sink *sink = calloc(1, sizeof *sink);
    if (!sink) {
        return refuse(NULL, "no memory");
    }
    struct wk_mirror_thread *thread = &sink->thread;
    const char *wrong = read_settings(thread, run);
    const struct wick_process_info process = {.host = thread->host, .pid = thread->pid, .start_ns = run->start_ns};
    sink->run = run;
    if (!wk_mirror_init(&thread->mirror, &process)) {
        return refuse(sink, "no memory");
    }
    if (!wrong && !wk_redis_link_load(&thread->link)) {
        wrong = thread->link.why;
    }
    if (wrong) {
        return refuse(sink, wrong);
    }
    thread->mirror.key_bytes = (uint32_t)snprintf(thread->mirror.key, sizeof thread->mirror.key, "%s:{%s}", thread->prefix, thread->run);
    tell_about(sink);
    return wk_mirror_thread_start(thread) ? sink : refuse(sink, "no thread");
}

/* ---- in the drain's thread --------------------------------------------------------------------- */

static void take_line(void *user, int64_t time_ns, enum wick_line line, const char *text)
{
    struct redis_sink *sink = user;
    if (line == WICK_LINE_STAT) {
        sink->closing = true; /* the last word of a run */
    }
    if (line != WICK_LINE_TRACKER) {
        return;
    }
    pthread_mutex_lock(&sink->thread.mirror.lock);
    if (wk_mirror_line_locked(&sink->thread.mirror, time_ns, text)) {
        wk_mirror_thread_wake_locked(&sink->thread);
    }
    pthread_mutex_unlock(&sink->thread.mirror.lock);
}

static int take_nodes(void *user, const struct wick_tree *tree, const uint32_t *dirty, size_t count)
{
    struct redis_sink *sink = user;
    int64_t now_ns = wk_clock_mono_ns();
    if (now_ns < sink->rollup_ns && !sink->closing) {
        return WICK_E_BUSY;
    }
    sink->rollup_ns = now_ns + (int64_t)ROLLUP_MS * MS;
    pthread_mutex_lock(&sink->thread.mirror.lock);
    const size_t taken = wk_mirror_nodes_locked(&sink->thread.mirror, tree, sink->run->names, dirty, count);
    if (taken) {
        wk_mirror_thread_wake_locked(&sink->thread);
    }
    sink->thread.mirror.refused += sink->closing ? count - taken : 0; /* else they come again */
    pthread_mutex_unlock(&sink->thread.mirror.lock);
    return taken == count ? 0 : WICK_E_NOMEM;
}

static void tick(void *user, int64_t now_ns, int64_t oldest_ns)
{
    struct redis_sink *sink = user;
    struct wick_stats stats = {.size = sizeof stats};
    int64_t mono_ns = wk_clock_mono_ns();
    (void)now_ns;
    (void)oldest_ns;
    if (mono_ns < sink->stats_ns) {
        return;
    }
    sink->stats_ns = mono_ns + (int64_t)STATS_MS * MS;
    sink->run->stats(sink->run, &stats);
    pthread_mutex_lock(&sink->thread.mirror.lock);
    sink->thread.attempted = stats.attempted;
    sink->thread.dropped = stats.attempted - stats.recorded;
    pthread_mutex_unlock(&sink->thread.mirror.lock);
}

static bool flush(void *user, int64_t deadline_ns)
{
    struct redis_sink *sink = user;
    return wk_mirror_thread_flush(&sink->thread, deadline_ns);
}

static bool close_sink(void *user, int64_t end_ns, int64_t deadline_ns)
{
    struct redis_sink *sink = user;
    uint64_t left, refused;
    (void)end_ns;
    bool ended = wk_mirror_thread_stop(&sink->thread, deadline_ns, &left);
    refused = ended ? sink->thread.mirror.refused : 0;
    if (left || refused) {
        wk_diag("%s: %llu changes are not mirrored: Redis did not take them before the program ended", sink->thread.link.url.shown,
                (unsigned long long)(left + refused));
    }
    sink->run->closed->mirror_lost += left + refused;
    if (ended) {
        destroy(sink);
    }
    return ended && !left && !refused;
}

static void stats(void *user, struct wk_sink_stats *out)
{
    struct redis_sink *sink = user;
    pthread_mutex_lock(&sink->thread.mirror.lock);
    out->mirror_lost = sink->thread.mirror.refused;
    pthread_mutex_unlock(&sink->thread.mirror.lock);
}

static void abandon(void *user)
{
    struct redis_sink *sink = user;
    void *client = __atomic_load_n(&sink->thread.link.client, __ATOMIC_RELAXED); /* its thread is not in this process */
    if (client) {
        sink->thread.link.module->abandon(client);
    }
}

const struct wk_sink_ops wk_redis_sink = {
    .name = "redis",
    .threads = 1,
    .wanted = wanted,
    .open = open_sink,
    .rollup = take_nodes,
    .line = take_line,
    .tick = tick,
    .flush = flush,
    .stats = stats,
    .close = close_sink,
    .abandon = abandon,
};
