/*
 * SPDX-License-Identifier: MIT
 * wick redis: the runs that programs mirror in Redis: listed, shown, searched, removed.
 * Must not know keys of Redis: the library does. Invariant: nothing is removed without --yes.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "base/messages.h"
#include "base/safe_text.h"
#include "base/words.h"
#include "cmd/cmd.h"
#include "print/show_trackers.h"
#include "print/table.h"
#include "sink/redis/redis_tool.h"

enum { ANSWER_MS = 30000, MS = 1000000 };

/* What the arguments say, and the runs that are there. */
struct redis_asked {
    const struct settings *settings;
    const char *url;
    const char **words; /* behind the subcommand, without the URL */
    int word_count;
    struct wk_redis_run *runs;
    int64_t run_count;
};

/* ---- ls --------------------------------------------------------------------------------------- */

static int list_runs(struct redis_asked *a)
{
    static const struct column columns[] = {{"run", "run", COLUMN_ID}, {"state", "state", COLUMN_TEXT},
                                            {"host", "host", COLUMN_TEXT},         {"program", "program", COLUMN_TEXT},
                                            {"start_ns", "start", COLUMN_EPOCH},   {"age_ns", "age", COLUMN_NS},
                                            {"processes", "processes", COLUMN_COUNT}, {"running", "running", COLUMN_COUNT},
                                            {"dropped", "dropped", COLUMN_COUNT},  {"offset_ns", "clock off", COLUMN_NS}};
    struct table *table = table_create(a->settings, columns, sizeof columns / sizeof columns[0]);
    for (int64_t i = 0; i < a->run_count; i++) {
        const struct wk_redis_run *run = &a->runs[i];
        table_text(table, run->id);
        table_text(table, wk_redis_run_state(run));
        table_text(table, run->host);
        table_text(table, run->program);
        table_ns(table, run->start_ms * MS);
        table_ns(table, run->seen_ms ? run->age_ms * MS : -1);
        table_count(table, run->writers);
        table_count(table, run->running);
        table_count(table, run->dropped);
        table_ns(table, run->offset_ns < 0 ? -run->offset_ns : run->offset_ns);
    }
    return table_print(table, NULL, 0);
}

/* ---- show and find ---------------------------------------------------------------------------- */

/* 0: it is loaded, EXIT_FOUND: it is not there, EXIT_USAGE: an error, which is said. */
static int load_id(const struct redis_asked *a, const char *id, struct wick_loaded *loaded)
{
    *loaded = (struct wick_loaded){.size = sizeof *loaded};
    int rc = wick_tracker_load(a->url, id, ANSWER_MS, loaded);
    if (rc == WICK_E_INVAL && strncmp(wick_error_detail(), "not found", 9) == 0) {
        return EXIT_FOUND;
    }
    if (rc < 0) {
        tool_error(a->settings, "%s", wick_error_detail());
    }
    return rc < 0 ? EXIT_USAGE : EXIT_FINE;
}

static const struct wk_redis_run *run_of(const struct redis_asked *a, const char *id)
{
    for (int64_t i = 0; i < a->run_count; i++) {
        if (strcmp(a->runs[i].id, id) == 0) {
            return &a->runs[i];
        }
    }
    tool_error(a->settings, "not found: there is no run '%s'; `wick redis ls` lists them", id);
    return NULL;
}

static int show_run(struct redis_asked *a)
{
    const struct wk_redis_run *run = a->word_count == 1 ? run_of(a, a->words[0]) : NULL;
    struct wick_loaded loaded;
    if (a->word_count != 1) {
        tool_error(a->settings, "give one run: wick redis show RUN redis://...");
        return EXIT_USAGE;
    }
    if (!run) {
        return EXIT_FOUND;
    }
    if (!a->settings->format) {
        safe_print(stdout, "run %s: %s, %s on %s, %" PRIu32 " %s, seen %s ago\n", run->id, wk_redis_run_state(run), run->program[0] ? run->program : "a program",
               run->host, run->writers, run->writers == 1 ? "process" : "processes", tool_ns_text(run->age_ms * MS));
    }
    int rc = load_id(a, run->id, &loaded);
    if (rc == EXIT_FINE) {
        const struct board_view view = {loaded.board, a->settings, loaded.tracker, tool_wall_ns()};
        rc = show_trackers(&view, stdout);
        wick_board_destroy(loaded.board);
    }
    return rc == EXIT_FOUND ? EXIT_FINE : rc; /* a run without trackers */
}

static void add_found(struct table *table, const struct wick_loaded *loaded)
{
    struct wick_tracker_info info = {0};
    char key[WICK_KEY_BYTES + 1], name[256], friendly[256];
    wick_board_read(loaded->board, loaded->tracker, tool_wall_ns(), &info);
    snprintf(key, sizeof key, "%.*s", (int)info.key_bytes, info.key);
    wick_board_text(loaded->board, loaded->tracker, "name", name, sizeof name);
    wick_board_text(loaded->board, loaded->tracker, "friendly", friendly, sizeof friendly);
    table_text(table, loaded->run);
    table_text(table, key);
    table_text(table, friendly);
    table_text(table, name);
    table_text(table, wick_tracker_status_word((enum wick_tracker_status)info.status));
    table_count(table, info.done);
    table_count(table, info.all);
}

/* A tracker in every run that has it. */
static int find_id(struct redis_asked *a)
{
    static const struct column columns[] = {{"run", "run", COLUMN_ID}, {"key", "key", COLUMN_TEXT},       {"friendly", "friendly", COLUMN_TEXT},
                                            {"name", "name", COLUMN_TEXT}, {"status", "status", COLUMN_TEXT}, {"done", "done", COLUMN_COUNT},
                                            {"all", "all", COLUMN_COUNT}};
    if (a->word_count != 1) {
        tool_error(a->settings, "give one key or friendly name: wick redis find ID redis://...");
        return EXIT_USAGE;
    }
    struct table *table = table_create(a->settings, columns, sizeof columns / sizeof columns[0]);
    bool whole = strchr(a->words[0], '/') != NULL, any = false;
    int rc = EXIT_FINE;
    for (int64_t i = 0; rc != EXIT_USAGE && i < (whole ? 1 : a->run_count); i++) {
        char id[64 + 1 + WICK_KEY_BYTES + 1];
        struct wick_loaded loaded;
        snprintf(id, sizeof id, "%s%s%s", whole ? "" : a->runs[i].id, whole ? "" : "/", a->words[0]);
        rc = load_id(a, id, &loaded);
        if (rc == EXIT_FINE) {
            any = true;
            add_found(table, &loaded);
            wick_board_destroy(loaded.board);
        }
    }
    int printed = any || a->settings->format ? table_print(table, NULL, 0) : EXIT_FOUND;
    if (!any && rc != EXIT_USAGE) {
        tool_error(a->settings, "not found: '%s' is in no run", a->words[0]);
    }
    return rc == EXIT_USAGE || any ? rc == EXIT_USAGE ? rc : printed : EXIT_FOUND;
}

/* ---- purge ------------------------------------------------------------------------------------ */

static bool is_chosen(const struct redis_asked *a, const struct wk_redis_run *run)
{
    bool named = a->word_count == 0;
    for (int i = 0; i < a->word_count; i++) {
        named = named || strcmp(a->words[i], run->id) == 0;
    }
    return named && run->age_ms >= a->settings->age_ns / MS;
}

/* --age alone chooses among all runs; with names, among these. */
static int purge_runs(struct redis_asked *a)
{
    bool yes = a->settings->yes;
    int64_t keys = 0, count = 0;
    if (!a->word_count && !a->settings->age_ns) {
        tool_error(a->settings, "say which: runs by name, or --age 14d for those of which nothing was seen for so long");
        return EXIT_USAGE;
    }
    for (int i = 0; i < a->word_count; i++) {
        if (!run_of(a, a->words[i])) {
            return EXIT_FOUND;
        }
    }
    for (int64_t i = 0; i < a->run_count; i++) {
        const struct wk_redis_run *run = &a->runs[i];
        int64_t got = is_chosen(a, run) ? wk_redis_run_keys(a->url, ANSWER_MS, run->id, yes) : 0;
        if (got < 0) {
            tool_error(a->settings, "%s", wick_error_detail());
            return EXIT_USAGE;
        }
        if (is_chosen(a, run)) {
            safe_print(stdout, "%s %s: %s, %s, seen %s ago, %" PRId64 " keys\n", yes ? "removed" : "would remove", run->id, wk_redis_run_state(run), run->host,
                   tool_ns_text(run->age_ms * MS), got);
            count++;
            keys += got;
        }
    }
    printf("%" PRId64 " %s, %" PRId64 " keys%s\n", count, count == 1 ? "run" : "runs", keys, yes || !count ? "" : "; --yes removes them");
    return EXIT_FINE;
}

/* ---- arguments -------------------------------------------------------------------------------- */

/* The URL may stand anywhere; without one it is that of WICK_REDIS. */
static bool take_arguments(struct redis_asked *a)
{
    a->words = calloc((size_t)a->settings->argument_count + 1, sizeof *a->words);
    for (int i = 1; a->words && i < a->settings->argument_count; i++) {
        const char *word = a->settings->arguments[i];
        if (strncmp(word, "redis", 5) == 0 && strstr(word, "://")) {
            a->url = word;
        } else {
            a->words[a->word_count++] = word;
        }
    }
    a->url = a->url ? a->url : getenv("WICK_REDIS");
    if (!a->url || !*a->url) {
        tool_error(a->settings, "give the server: wick redis ls redis://host:6379/0 (or set WICK_REDIS)");
    }
    return a->words && a->url && *a->url;
}

int cmd_redis(struct settings *settings)
{
    static const struct {
        const char *name;
        int (*run)(struct redis_asked *asked);
    } actions[] = {{"ls", list_runs}, {"show", show_run}, {"find", find_id}, {"purge", purge_runs}};
    struct redis_asked a = {.settings = settings};
    const char *name = settings->argument_count ? settings->arguments[0] : "";
    size_t at = 0;
    while (at < sizeof actions / sizeof actions[0] && strcmp(actions[at].name, name) != 0) {
        at++;
    }
    if (at == sizeof actions / sizeof actions[0]) {
        tool_error(settings, "say what: ls, show RUN, find ID or purge, and redis://host:port/db");
        return EXIT_USAGE;
    }
    int rc = EXIT_USAGE;
    if (take_arguments(&a)) {
        tool_find_module("wick-redis.so");
        a.run_count = wk_redis_runs_read(a.url, ANSWER_MS, &a.runs);
        if (a.run_count < 0) {
            tool_error(settings, "%s", wick_error_detail());
        } else {
            rc = actions[at].run(&a);
        }
    }
    free(a.runs);
    free(a.words);
    return rc;
}
