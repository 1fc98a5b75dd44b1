/*
 * SPDX-License-Identifier: MIT
 * Logs in the live page. See page.h. Read page_open, then page_poll.
 * Invariant: the caller's thread reads the logs piece by piece, the server's own thread answers meanwhile.
 */
#include "page/page.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/host.h"
#include "base/messages.h"
#include "input/input.h"
#include "input/load.h"
#include "input/log_problems.h"
#include "input/series.h"
#include "page/browser.h"
#include "page/merge_names.h"
#include "page/posted.h"
#include "wick/serve.h"

enum {
    BLOCK_BYTES = 256 << 10,
    BATCH = 1024,
    STOP_MS = 500
};

/* One log, as far as it was read. */
struct served {
    struct live_page *page;
    const char *path;      /* the file that is read now */
    char opens[4200];      /* instead of it: a part of it that was moved aside already; "": none */
    char *const *next;     /* the files behind it, of a log that was rotated */
    int next_count;
    struct input *input;
    struct load load;
    struct merge_map map;
    bool failed;           /* it cannot be read, which was reported */
    bool told;             /* its problems were reported when its end was reached for the first time */
    uint32_t properties;   /* lines about its run that were passed on */
};

struct live_page {
    const struct settings *settings;
    struct wick_server *server;
    struct merge_names merge;
    struct served **logs;
    int count;
    pthread_mutex_t paths_lock; /* the server's thread reads them */
    char **paths; /* of all files, each borrowed */
    int path_count;
    char *block;
    struct wick_record *batch;
    int64_t last_ns;
    struct posted_log posted;
    char redirect[REDIRECT_BYTES]; /* the file that the browser opens; "": none */
};

/* ---- the environment's settings ------------------------------------------------------------------ */

struct environment {
    struct wick_serve_options *options;
    char *texts[4];
    int count;
};

static char *keep(struct environment *environment, const char *value)
{
    char *copy = value[0] ? strdup(value) : NULL;
    environment->texts[environment->count++] = copy;
    return copy;
}

/* WICK_SERVE and the settings that belong to it mean the same as for a program that serves. */
static void take_setting(void *user, const struct wick_setting *setting)
{
    struct environment *environment = user;
    struct wick_serve_options *options = environment->options;
    if (strcmp(setting->name, "WICK_SERVE") == 0) {
        options->address = keep(environment, setting->value);
    } else if (strcmp(setting->name, "WICK_SERVE_LINK") == 0) {
        options->link_path = keep(environment, setting->value);
    } else if (strcmp(setting->name, "WICK_SERVE_TOKEN") == 0) {
        options->token = keep(environment, setting->value);
    } else if (strcmp(setting->name, "WICK_SERVE_HOSTS") == 0) {
        options->hosts = keep(environment, setting->value);
    } else if (strcmp(setting->name, "WICK_SERVE_WIDE") == 0) {
        options->wide = strcmp(setting->value, "1") == 0;
    } else if (strcmp(setting->name, "WICK_SERVE_CLIENTS") == 0) {
        options->clients_max = (uint32_t)strtoul(setting->value, NULL, 10);
    } else if (strcmp(setting->name, "WICK_SERVE_RETAIN") == 0 && strcmp(setting->source, "default") != 0) {
        options->retain_bytes = strtoull(setting->value, NULL, 10);
    }
}

/* ---- functions that the server calls, in its thread ------------------------------------------------ */

static const char *path_at(struct live_page *page, uint32_t index)
{
    pthread_mutex_lock(&page->paths_lock);
    const char *path = index < (uint32_t)page->path_count ? page->paths[index] : NULL;
    pthread_mutex_unlock(&page->paths_lock);
    return path;
}

static void *open_log(void *user, uint32_t index)
{
    struct live_page *page = user;
    const char *path = path_at(page, index);
    return path && access(path, R_OK) == 0 ? input_open(page->settings, path) : NULL;
}

static long read_log(void *log, char *to, size_t bytes)
{
    return input_read(log, to, bytes);
}

static void close_log(void *log)
{
    input_close(log);
}

/* Bytes of a long text, from the first log that has a file of texts with these bytes. */
static long read_text(void *user, uint64_t offset, char *to, size_t bytes)
{
    struct live_page *page = user;
    long got = -1;
    const char *log;
    for (uint32_t i = 0; got <= 0 && (log = path_at(page, i)) != NULL; i++) {
        char path[4200];
        snprintf(path, sizeof path, "%s.text", log);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd >= 0) {
            got = pread(fd, to, bytes, (off_t)offset);
            close(fd);
        }
    }
    return got > 0 ? got : -1;
}

static int write_posted(void *user, int64_t time_ns, const char *text)
{
    return posted_put(&((struct live_page *)user)->posted, time_ns, text);
}

static bool start(struct live_page *page)
{
    static const char *const directories[] = {WICK_LIBDIR_FROM_BINDIR "/wick", "../lib/wick", "../lib", NULL};
    char modules[8300];
    struct wick_serve_options options = {
        .size = sizeof options, .log = {open_log, read_log, close_log, read_text}, .user = page, .posted = write_posted,
        .redis = page->settings->redis, .amqp = page->settings->amqp, .live = page->settings->redis != NULL, .store = page->settings->store != NULL};
    struct environment environment = {.options = &options};
    if (!page->posted.log) { /* there is no place for posts */
        options.posted = NULL;
    }
    int rc = wick_config_describe(take_setting, &environment); /* reports what is wrong */
    options.retain_bytes = options.retain_bytes ? options.retain_bytes : 512 << 20;
    if (page->settings->serve) {
        options.address = page->settings->serve;
    }
    if (tool_find_beside(directories, "wick-http.so", modules, sizeof modules)) {
        *strrchr(modules, '/') = 0;
        options.module_dir = modules;
    }
    page->server = rc == 0 ? wick_serve_start(&options) : NULL;
    if (rc == 0 && !page->server) {
        tool_error(page->settings, "%s", wick_error_detail());
    }
    for (int i = 0; i < environment.count; i++) {
        free(environment.texts[i]);
    }
    return page->server != NULL;
}

static bool share_names(struct live_page *page)
{
    bool good = merge_names_begin(&page->merge, wick_serve_lock(page->server));
    wick_serve_unlock(page->server);
    if (!good) {
        tool_error(page->settings, "out of memory");
    }
    return good;
}

/* ---- reading ------------------------------------------------------------------------------------- */

static int take_records(void *user, const struct wick_record *records, size_t count)
{
    struct served *log = user;
    struct live_page *page = log->page;
    while (count > 0) {
        size_t part = count < BATCH ? count : BATCH;
        bool good = true;
        (void)wick_serve_lock(page->server); /* for the names of these records */
        for (size_t i = 0; good && i < part; i++) {
            page->batch[i] = records[i];
            good = merge_record(&page->merge, &log->map, &page->batch[i]);
            page->last_ns = records[i].time_ns > page->last_ns ? records[i].time_ns : page->last_ns;
        }
        wick_serve_unlock(page->server);
        if (!good) {
            return WICK_E_NOMEM;
        }
        wick_serve_records(page->server, page->batch, part);
        wick_serve_tick(page->server, page->last_ns);
        records += part;
        count -= part;
    }
    return 0;
}

static void pass_properties(struct served *log)
{
    struct wick_property info;
    for (; wick_reader_property(log->load.reader, log->properties, &info); log->properties++) {
        char text[1300];
        snprintf(text, sizeof text, "%.100s %.1100s", info.key, info.value);
        wick_serve_line(log->page->server, log->page->last_ns, info.stat ? WICK_LINE_STAT : WICK_LINE_RUN, text);
    }
}

static bool add_paths(struct live_page *page, char *const *paths, int count)
{
    pthread_mutex_lock(&page->paths_lock);
    char **grown = realloc(page->paths, ((size_t)page->path_count + (size_t)count + 1) * sizeof *grown);
    if (grown) {
        memcpy(grown + page->path_count, paths, (size_t)count * sizeof *paths);
        page->paths = grown;
        page->path_count += count;
    }
    pthread_mutex_unlock(&page->paths_lock);
    return grown != NULL;
}

/* `files` of a log that was rotated, one behind the other. */
static bool begin_log(struct live_page *page, char *const *paths, int files)
{
    struct served **grown = realloc(page->logs, ((size_t)page->count + 1) * sizeof *grown);
    page->logs = grown ? grown : page->logs;
    struct served *log = grown ? calloc(1, sizeof *log) : NULL;
    const struct wick_record_out out = {take_records, log};
    if (!log) {
        return false;
    }
    *log = (struct served){.page = page, .path = paths[0], .next = paths + 1, .next_count = files - 1};
    page->logs[page->count++] = log;
    if (load_begin(&log->load, page->settings, &out) != EXIT_FINE) {
        return false;
    }
    log->map.from = log->load.names;
    return true;
}

bool page_add(struct live_page *page, char *const *paths, int files)
{
    return add_paths(page, paths, files) && begin_log(page, paths, files);
}

static void reopen(struct served *log)
{
    wick_reader_finish(log->load.reader);
    wick_reader_restart(log->load.reader);
    log->properties = 0;
    input_close(log->input);
    log->input = NULL;
}

static void reopen_changed(struct served *log, const char *what)
{
    tool_note("%s: was %s: going on with what is there now", log->path, what);
    reopen(log);
}

/* The end of a file of a rotated log was reached: go on with the next one. */
static void read_next(struct served *log)
{
    log->path = *log->next++;
    log->next_count--;
    log->told = false;
    reopen(log);
}

/* After the end was reached: is it still the file of that name? */
static void look_again(struct served *log)
{
    struct stat ours, now;
    uint64_t bytes;
    int fd;
    (void)input_is_plain_file(log->input, &fd, &bytes);
    if (strcmp(log->path, "-") == 0 || fstat(fd, &ours) != 0 || stat(log->path, &now) != 0) {
        return; /* between two files of a rotation there is none for a moment */
    }
    if (ours.st_ino != now.st_ino || ours.st_dev != now.st_dev) {
        series_next_file(log->path, fd, log->opens, sizeof log->opens);
        reopen_changed(log, "replaced");
    } else if (S_ISREG(now.st_mode) && now.st_size < lseek(fd, 0, SEEK_CUR)) {
        reopen_changed(log, "truncated");
    }
}

/* As page_poll, for one log. */
static int poll_log(struct live_page *page, struct served *log)
{
    if (!log->input) {
        struct stat status;
        if (strcmp(log->path, "-") != 0 && (stat(log->path, &status) != 0 || !status.st_size)) {
            return 0; /* not yet */
        }
        log->input = input_open(page->settings, log->opens[0] ? log->opens : log->path);
        log->opens[0] = 0;
        if (!log->input) {
            return -1;
        }
        input_follow(log->input);
    }
    long got = input_read(log->input, page->block, BLOCK_BYTES);
    if (got > 0 && wick_reader_feed(log->load.reader, page->block, (size_t)got) < 0) {
        tool_error(page->settings, "%s: out of memory", log->path);
        return -1;
    }
    if (got > 0) {
        pass_properties(log);
    } else if (got == 0) {
        if (!log->told) { /* a file that is not a log yet is reported, and may become one */
            problems_report(log->load.reader, log->path);
            log->told = true;
        }
        if (log->next_count) {
            read_next(log);
            return 1;
        }
        look_again(log);
    }
    return got > 0 ? 1 : got < 0 ? -1 : 0;
}

int page_poll(struct live_page *page)
{
    int result = 0;
    for (int i = 0; i < page->count; i++) {
        struct served *log = page->logs[i];
        bool read = log->failed || (page->settings->store && log->told); /* a store is written by this process alone */
        int rc = read ? 0 : poll_log(page, log);
        log->failed = log->failed || rc < 0;
        result = rc < 0 || result < 0 ? -1 : result | rc;
    }
    wick_serve_tick(page->server, page->last_ns);
    return result;
}

/* ---- opening and closing --------------------------------------------------------------------------- */

struct live_page *page_open(const struct settings *settings, const char *log, char **paths, int count)
{
    struct live_page *page = calloc(1, sizeof *page);
    struct log_head *heads = page ? series_sort(settings, paths, count) : NULL;
    if (!heads) {
        tool_error(settings, "out of memory");
        free(page);
        return NULL;
    }
    page->settings = settings;
    pthread_mutex_init(&page->paths_lock, NULL);
    (settings->store ? posted_begin_at : posted_begin)(&page->posted, settings, log);
    page->block = malloc(BLOCK_BYTES);
    page->batch = calloc(BATCH, sizeof *page->batch);
    bool good = page->block && page->batch && add_paths(page, paths, count);
    for (int i = 0, files; good && i < count; i += files) {
        files = series_length(heads, i, count);
        good = begin_log(page, paths + i, files);
    }
    for (int i = 0; i < count; i++) {
        series_note_missing(heads, i, paths[i]);
    }
    free(heads);
    if (!good) {
        tool_error(settings, "out of memory");
    } else if (start(page) && share_names(page)) {
        while (settings->store && page_poll(page) > 0) {
            /* who gets the link finds all of it */
        }
        fprintf(stderr, "live page: %s\n", wick_serve_link(page->server));
#if !defined(WICK_HAVE_PAGE)
        fputs("wick: the link has the data alone: this wick was built without the page, which needs clang and lld\n", stderr);
#endif
        return page;
    }
    page_close(page, "");
    return NULL;
}

bool page_is_left(struct live_page *page, int64_t linger_ns, int64_t never_ns)
{
    struct wick_serve_counts counts = {.size = sizeof counts};
    wick_serve_counts_read(page->server, &counts);
    return !counts.clients && (int64_t)counts.quiet_ms * 1000000 >= (counts.streams ? linger_ns : never_ns);
}

void page_close(struct live_page *page, const char *reason)
{
    if (page->server) {
        (void)wick_serve_stop(page->server, reason, STOP_MS);
    }
    (void)posted_close(&page->posted);
    if (page->redirect[0]) {
        unlink(page->redirect);
    }
    for (int i = 0; i < page->count; i++) {
        input_close(page->logs[i]->input);
        load_end(&page->logs[i]->load);
        merge_map_end(&page->logs[i]->map);
        free(page->logs[i]);
    }
    merge_names_end(&page->merge);
    free(page->logs);
    free(page->paths);
    pthread_mutex_destroy(&page->paths_lock);
    free(page->batch);
    free(page->block);
    free(page);
}

bool page_browse(struct live_page *page)
{
    return !page->settings->no_browser && browser_open(wick_serve_link(page->server), page->redirect);
}

const char *page_link(const struct live_page *page)
{
    return wick_serve_link(page->server);
}
