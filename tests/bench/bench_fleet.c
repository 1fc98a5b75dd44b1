/*
 * SPDX-License-Identifier: MIT
 * Many mirrored runs in one process, with the mirror's own code, one thread for each run: for line fleet_200_runs.
 * usage: bench_fleet URL RUNS TRACKERS CHANGES SECONDS: each run has so many trackers, and then so many changes a second.
 * Prints `ready` when all trackers are in Redis, and the changes that were made at the end.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench.h"
#include "sink/redis/host/mirror_thread.h"

enum { MS = 1000000, STEP_MS = 10 };

static struct wk_mirror_thread *open_run(const char *url, uint32_t number)
{
    struct wk_mirror_thread *t = calloc(1, sizeof *t);
    if (!t || wk_redis_url_read(url, &t->link.url)) {
        return NULL;
    }
    snprintf(t->prefix, sizeof t->prefix, "wick");
    snprintf(t->run, sizeof t->run, "run-%03u", number);
    snprintf(t->host, sizeof t->host, "host%u", number % 20);
    snprintf(t->pid, sizeof t->pid, "%u", 1000 + number);
    t->start_ns = wk_clock_wall_ns();
    t->ttl_ms = 1000000000;
    t->retry_ms = 1000;
    const struct wick_process_info process = {.host = t->host, .pid = t->pid, .start_ns = t->start_ns};
    if (!wk_mirror_init(&t->mirror, &process) || !wk_redis_link_load(&t->link)) {
        return NULL;
    }
    t->mirror.key_bytes = (uint32_t)snprintf(t->mirror.key, sizeof t->mirror.key, "wick:{%s}", t->run);
    return wk_mirror_thread_start(t) ? t : NULL;
}

/* One change: a tracker starts, goes on, or ends. */
static void change(struct wk_mirror_thread *t, uint32_t tracker, uint32_t round)
{
    static const char *const statuses[] = {"running", "running", "running", "finished"};
    char text[200];
    snprintf(text, sizeof text, "job.group%u.n%u {\"progress\":%.3f,\"status\":[%u,\"%s\"]}", tracker % 20, tracker, (round % 4) / 3.0, 1 + round / 4,
             statuses[round % 4]);
    pthread_mutex_lock(&t->mirror.lock);
    if (wk_mirror_line_locked(&t->mirror, wk_clock_wall_ns(), text)) {
        wk_mirror_thread_wake_locked(t);
    }
    pthread_mutex_unlock(&t->mirror.lock);
}

int main(int argc, char **argv)
{
    const uint32_t runs = argc > 5 ? (uint32_t)atoi(argv[2]) : 0, trackers = argc > 5 ? (uint32_t)atoi(argv[3]) : 1;
    const int64_t per_s = argc > 5 ? atoi(argv[4]) : 0, seconds = argc > 5 ? atoi(argv[5]) : 0;
    struct wk_mirror_thread **all = calloc(runs + 1, sizeof *all);
    int64_t made = 0;
    for (uint32_t r = 0; all && r < runs; r++) {
        all[r] = open_run(argv[1], r);
        for (uint32_t i = 0; all[r] && i < trackers; i++) {
            change(all[r], i, 0);
        }
        if (!all[r] || !wk_mirror_thread_flush(all[r], wk_clock_mono_ns() + 60000 * (int64_t)MS)) {
            fprintf(stderr, "bench_fleet: run %u is not in Redis\n", r);
            return 1;
        }
    }
    puts("ready");
    fflush(stdout);
    const int64_t begin_ns = wk_clock_mono_ns();
    for (int64_t now_ns = begin_ns; now_ns < begin_ns + seconds * 1000 * MS; now_ns = wk_clock_mono_ns()) {
        const int64_t due = (now_ns - begin_ns) / MS * per_s / 1000;
        for (; made < due; made++) {
            for (uint32_t r = 0; r < runs; r++) {
                change(all[r], (uint32_t)((made * 7 + r) % trackers), (uint32_t)(1 + made / trackers));
            }
        }
        nanosleep(&(struct timespec){0, STEP_MS * MS}, NULL);
    }
    printf("%lld\n", (long long)(made * runs));
    return 0;
}
