/*
 * SPDX-License-Identifier: MIT
 * The log sink: the drain thread turns records into lines (log_text.c) or frames (log_wire.c), the writer thread
 * (log_queue.c) writes them. It never makes the drain wait. This file has what both forms share.
 */
#include "sink/sinks.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/version.h>

#include "base/diag.h"
#include "sink/codec.h"
#include "log_form.h"

static bool wanted(const struct wick_config *config)
{
    return config->log_path != NULL;
}

/* ---- for the forms ----------------------------------------------------------------------------- */

const char *wk_log_keep_text(void *user, const char *text, uint32_t bytes)
{
    struct wk_log *log = user;
    int64_t offset = log->run->config->no_jumbo || !log->text_name[0] ? -1 : wk_log_queue_text(log->queue, text, bytes);

    if (offset < 0) {
        return NULL;
    }
    snprintf(log->reference, sizeof log->reference, "wick+file:%s#%" PRId64 " %" PRIu32, log->text_name, offset, bytes);
    return log->reference;
}

/* Once a line is lost, all later ones are: an end without its start would be worse than no end. */
bool wk_log_have_buffer(struct wk_log *log)
{
    if (log->refused) {
        return false;
    }
    if (!log->buffer) {
        log->buffer = wk_log_queue_take(log->queue);
        log->at = log->buffer ? log->buffer->data : NULL;
    }
    return log->buffer != NULL;
}

void wk_log_submit(struct wk_log *log)
{
    if (!log->buffer) {
        return;
    }
    log->buffer->bytes = (size_t)(log->at - log->buffer->data);
    log->file_bytes += log->buffer->bytes;
    wk_log_queue_put(log->queue, log->buffer);
    log->buffer = NULL;
}

/* ---- head and foot of a file --------------------------------------------------------------------- */

static void put_run(void *user, const char *key, const char *value)
{
    struct wk_log *log = user;
    char text[1200];

    snprintf(text, sizeof text, "%s %s", key, value);
    log->form->line(log, log->last_ns, WICK_LINE_RUN, text);
}

static void put_head(struct wk_log *log, int64_t time_ns)
{
    char text[64];

    log->last_ns = time_ns;
    snprintf(text, sizeof text, "wick %d.%d.%d start", WICK_VERSION_MAJOR, WICK_VERSION_MINOR, WICK_VERSION_PATCH);
    log->form->line(log, time_ns, WICK_LINE_MARK, text);
    log->run->each(put_run, log);
    if (log->run->config->log_rotate_bytes) {
        snprintf(text, sizeof text, "%" PRIu32, ++log->part);
        put_run(log, "part", text);
    }
}

/* Begin a new file when this one is large enough. Open scopes continue in the next one. */
static void maybe_rotate(struct wk_log *log, int64_t now_ns)
{
    uint64_t limit = log->run->config->log_rotate_bytes;
    uint64_t bytes = log->file_bytes + (log->buffer ? (uint64_t)(log->at - log->buffer->data) : 0);

    if (!limit || bytes < limit || !log->regular) {
        return;
    }
    log->form->line(log, now_ns, WICK_LINE_MARK, "wick goes on in the next file");
    log->form->settle(log);
    if (!wk_log_have_buffer(log)) {
        return;
    }
    log->buffer->rotate = true;
    wk_log_submit(log);
    log->file_bytes = 0;
    log->form->begin_file(log);
    put_head(log, log->oldest_ns); /* not later than any line that follows */
    log->last_ns = now_ns;
    log->run->next_file(log->run);
}

/* ---- the sink -------------------------------------------------------------------------------- */

static void destroy(struct wk_log *log)
{
    log->form->destroy(log);
    free(log);
}

static const struct wk_codec *codec_of(const struct wk_log_file *file, bool *good)
{
    char why[512];
    const struct wk_codec *codec;

    *good = true;
    if (!file->compressed) {
        return NULL;
    }
    /* The module's table begins with its struct wk_module. */
    codec = (const struct wk_codec *)(const void *)wk_module_load("zstd", sizeof *codec, NULL, why, sizeof why);
    if (!codec) {
        wk_diag("%s: cannot write compressed logs: %s; set WICK_LOG to a name without .zst", file->path, why);
        *good = false;
    }
    return codec;
}

static struct wk_log_queue *open_queue(const struct wk_run *run, struct wk_log *log)
{
    const struct wk_log_open how = {.pattern = run->config->log_path,
                                    .host = run->host,
                                    .pid = run->pid,
                                    .mode = run->config->log_mode,
                                    .append = run->config->log_append,
                                    .beside = run->forked,
                                    .start_ns = run->start_ns};
    struct wk_log_file file;
    char why[PATH_MAX + 64];
    bool good;

    if (wk_log_file_open(&file, &how, why, sizeof why) != 0) {
        wk_diag("cannot write the log %s; nothing is recorded to it (WICK_LOG)", why);
        return NULL;
    }
    const struct wk_codec *codec = codec_of(&file, &good);
    if (!good) {
        wk_log_file_close(&file);
        return NULL;
    }
    const char *name = strrchr(file.path, '/');
    if (!file.named) {
        snprintf(log->text_name, sizeof log->text_name, "%.*s.text", NAME_MAX - 8, name ? name + 1 : file.path);
    }
    log->regular = file.regular;
    log->file_bytes = file.bytes;
    log->form = file.wire ? &wk_log_wire : &wk_log_text;
    if (file.owner[0]) {
        run->set_parent(file.owner);
    }
    if (!file.compressed && !file.named) {
        run->set_log(file.path);
    }
    struct wk_log_queue *queue = wk_log_queue_create(&file, codec, run->config->log_total_bytes);
    if (!queue) {
        wk_diag("%s: no memory or no thread for the log; nothing is recorded to it", file.path);
    }
    return queue;
}

static void *open_log(const struct wk_run *run)
{
    struct wk_log *log = calloc(1, sizeof *log);

    if (!log) {
        wk_diag("no memory for the log; nothing is recorded to it (WICK_LOG)");
        return NULL;
    }
    log->run = run;
    log->queue = open_queue(run, log);
    if (log->queue && !log->form->create(log)) {
        struct wk_log_queue_stats last;

        wk_diag("no memory for the log; nothing is recorded to it (WICK_LOG)");
        (void)wk_log_queue_destroy(log->queue, INT64_MAX, &last); /* nothing is queued: it ends at once */
        log->queue = NULL;
    }
    if (!log->queue) {
        free(log);
        return NULL;
    }
    log->form->begin_file(log);
    log->oldest_ns = run->start_ns;
    put_head(log, run->start_ns);
    return log;
}

static bool ready(void *sink)
{
    struct wk_log *log = sink;

    /* A batch fills the buffer that was begun, and almost never more than one other. */
    return log->refused || wk_log_queue_ready(log->queue, log->buffer ? 1 : 2);
}

static void records(void *sink, const struct wick_record *from, size_t count)
{
    struct wk_log *log = sink;

    int64_t now_ns = log->last_ns;

    log->form->records(log, from, count);
    for (size_t i = 0; log->run->config->log_rotate_bytes && i < count; i++) {
        now_ns = from[i].time_ns > now_ns ? from[i].time_ns : now_ns;
    }
    maybe_rotate(log, now_ns); /* a tick may bring many files' worth */
}

static void tick(void *sink, int64_t now_ns, int64_t oldest_ns)
{
    struct wk_log *log = sink;

    log->last_ns = now_ns;
    log->oldest_ns = oldest_ns;
    log->form->settle(log);
    if (!log->buffer || log->at == log->buffer->data) {
        return;
    }
    maybe_rotate(log, now_ns);
    wk_log_submit(log);
}

static bool flush(void *sink, int64_t deadline_ns)
{
    struct wk_log *log = sink;

    return wk_log_queue_flush(log->queue, deadline_ns);
}

static void stats(void *sink, struct wk_sink_stats *out)
{
    struct wk_log *log = sink;
    struct wk_log_queue_stats queue;

    wk_log_queue_stats_read(log->queue, &queue);
    *out = (struct wk_sink_stats){.lost = queue.lines_lost + log->refused + log->form->lost(log),
                                  .text_cut = log->form->cut(log),
                                  .bytes = queue.bytes,
                                  .cpu_ns = queue.cpu_ns,
                                  .failed = queue.failed};
}

static void line(void *sink, int64_t time_ns, enum wick_line line, const char *text)
{
    struct wk_log *log = sink;

    log->form->line(log, time_ns, line, text);
}

static bool close_log(void *sink, int64_t end_ns, int64_t deadline_ns)
{
    struct wk_log *log = sink;
    struct wk_sink_stats *closed = log->run->closed;
    struct wk_log_queue_stats last;

    line(log, end_ns, WICK_LINE_MARK, "wick end");
    log->form->settle(log);
    if (log->buffer) {
        log->buffer->last = true;
    }
    wk_log_submit(log);
    log->refused += log->form->lost(log);
    bool complete = wk_log_queue_destroy(log->queue, deadline_ns, &last) && !log->refused;
    if (log->refused) {
        wk_diag("no memory for %" PRIu64 " lines of the log: they are lost, and counted", log->refused);
    }
    closed->lost += last.lines_lost + log->refused;
    closed->text_cut += log->form->cut(log);
    closed->bytes += last.bytes;
    closed->cpu_ns += last.cpu_ns;
    destroy(log);
    return complete;
}

static void abandon(void *sink)
{
    struct wk_log *log = sink;

    wk_log_queue_abandon(log->queue);
}

const struct wk_sink_ops wk_log_sink = {
    .name = "log",
    .threads = 1,
    .wanted = wanted,
    .open = open_log,
    .ready = ready,
    .records = records,
    .line = line,
    .tick = tick,
    .flush = flush,
    .stats = stats,
    .close = close_log,
    .abandon = abandon,
};
