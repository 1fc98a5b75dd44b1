/*
 * SPDX-License-Identifier: MIT
 * Several writers of one run in one process, with the mirror's own code, and the board that should come of it: `tracker` lines
 * from standard input go to a writer and to a reference. The times of a line are its writer's: a wrong clock is a wrong time.
 * usage: mirror_lines URL; commands: line WRITER TIME TEXT, flush WRITER, restart WRITER, reference, load; a line is answered by
 * nothing, the others by `.`
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/model.h>

#include "base/clock.h"
#include "base/heap.h"
#include "model/tree/board_json.h"
#include "sink/redis/host/mirror_thread.h"

enum { WRITERS = 3, NOW_S = 2000000000 };

static struct {
    const char *url;
    struct wk_mirror_thread *writers[WRITERS];
    uint32_t track[WRITERS]; /* of the reference's names: each incarnation is a process */
    uint32_t tracks;
    struct wick_board *reference;
    struct wick_names *names;
} all;

static void fail(const char *text)
{
    fprintf(stderr, "mirror_lines: %s\n", text);
    exit(1);
}

static void open_writer(uint32_t w)
{
    struct wk_mirror_thread *t = calloc(1, sizeof *t);
    if (!t || wk_redis_url_read(all.url, &t->link.url)) {
        fail("no memory, or no URL");
    }
    snprintf(t->prefix, sizeof t->prefix, "wick");
    snprintf(t->run, sizeof t->run, "run-1");
    snprintf(t->host, sizeof t->host, "host%u", w);
    snprintf(t->pid, sizeof t->pid, "%u", 100 + w);
    t->start_ns = 1000000000 + all.tracks;
    t->ttl_ms = 1000000000;
    t->retry_ms = 100;
    const struct wick_process_info process = {.host = t->host, .pid = t->pid, .start_ns = t->start_ns};
    const struct wick_track_info track = {.thread = "", .label = "", .process = all.tracks};
    if (!wk_mirror_init(&t->mirror, &process) || !wk_redis_link_load(&t->link) ||
        wick_names_set_process(all.names, all.tracks, &process) < 0 || wick_names_set_track(all.names, all.tracks, &track) < 0) {
        fail(t->link.why);
    }
    t->mirror.key_bytes = (uint32_t)snprintf(t->mirror.key, sizeof t->mirror.key, "wick:{run-1}");
    t->about = (struct wk_array){0};
    all.track[w] = all.tracks++;
    all.writers[w] = t;
    if (!wk_mirror_thread_start(t)) {
        fail("no thread");
    }
}

static uint64_t close_writer(uint32_t w)
{
    struct wk_mirror_thread *t = all.writers[w];
    uint64_t left;
    if (!wk_mirror_thread_stop(t, wk_clock_mono_ns() + 20000000000, &left)) {
        fail("a writer hangs");
    }
    wk_mirror_fini(&t->mirror);
    wk_commands_fini(&t->commands);
    free(t);
    return left;
}

static void take_line(char *words)
{
    uint32_t w = (uint32_t)strtoul(words, &words, 10) % WRITERS;
    int64_t time_ns = strtoll(words, &words, 10);
    const char *text = words + 1;
    const struct wick_record record = {.kind = WICK_RECORD_TRACKER, .time_ns = time_ns, .track = all.track[w], .text = text,
                                       .text_bytes = (uint32_t)strlen(text)};
    struct wk_mirror_thread *t = all.writers[w];
    if (wick_board_feed(all.reference, all.names, &record) < 0) {
        fail(text);
    }
    pthread_mutex_lock(&t->mirror.lock);
    if (wk_mirror_line_locked(&t->mirror, time_ns, text)) {
        wk_mirror_thread_wake_locked(t);
    }
    pthread_mutex_unlock(&t->mirror.lock);
}

static int write_text(void *user, const char *bytes, size_t count)
{
    return fwrite(bytes, 1, count, user) == count ? 0 : WICK_E_IO;
}

/* Every tracker with all its facts and numbers, in any order. */
static void print_board(struct wick_board *board)
{
    for (uint32_t i = 0; i < wick_board_entries(board); i++) {
        struct wick_tracker_info info;
        struct wick_fact fact;
        struct wick_json json = {.out = {write_text, stdout}};
        if (!wick_board_read(board, i, (int64_t)NOW_S * 1000000000, &info)) {
            continue;
        }
        printf("%.*s ", (int)info.key_bytes, info.key);
        wick_json_begin(&json, NULL, '{');
        (void)wk_board_json(&json, board, i, (int64_t)NOW_S * 1000000000);
        wick_json_end(&json, '}');
        for (uint32_t f = 0; wick_board_fact(board, i, f, &fact); f++) {
            printf(" %.*s=%.*s@%llu,%llu", (int)fact.field_bytes, fact.field, (int)fact.value_bytes, fact.value,
                   (unsigned long long)fact.version, (unsigned long long)fact.writer);
        }
        putchar('\n');
    }
}

static void load(void)
{
    struct wick_loaded loaded = {.size = sizeof loaded};
    if (wick_tracker_load(all.url, "run-1", 20000, &loaded) < 0) {
        printf("%s\n", wick_error_detail());
        return;
    }
    print_board(loaded.board);
    wick_board_destroy(loaded.board);
}

int main(int argc, char **argv)
{
    char line[4096];
    all.url = argc > 1 ? argv[1] : "";
    all.reference = wick_board_create(&wk_heap_allocator, 0);
    all.names = wick_names_create(&wk_heap_allocator);
    for (uint32_t w = 0; w < WRITERS; w++) {
        open_writer(w);
    }
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        char *rest = strchr(line, ' ');
        uint32_t w = rest ? (uint32_t)strtoul(rest, NULL, 10) % WRITERS : 0;
        if (strncmp(line, "line ", 5) == 0) {
            take_line(rest);
            continue;
        }
        if (strncmp(line, "flush", 5) == 0) {
            printf("%d\n", wk_mirror_thread_flush(all.writers[w], wk_clock_mono_ns() + 20000000000));
        } else if (strncmp(line, "restart", 7) == 0) {
            printf("%llu\n", (unsigned long long)close_writer(w));
            open_writer(w);
        } else if (strcmp(line, "reference") == 0) {
            print_board(all.reference);
        } else if (strcmp(line, "load") == 0) {
            load();
        }
        puts(".");
        fflush(stdout);
    }
    for (uint32_t w = 0; w < WRITERS; w++) {
        (void)close_writer(w);
    }
    wick_names_destroy(all.names);
    wick_board_destroy(all.reference);
    return 0;
}
