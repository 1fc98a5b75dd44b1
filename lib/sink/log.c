/*
 * SPDX-License-Identifier: MIT
 * The log: records become lines in the drain thread, and bytes in a file in the writer's thread.
 * It must never make the drain wait. Invariant: every buffer holds whole lines.
 */
#include "log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <wick/version.h>

#include "base/diag.h"
#include "codec.h"
#include "log_queue.h"

struct log {
    const struct wk_run *run;
    struct wk_log_queue *queue;
    struct wk_ctxt_writer *writer;
    struct wk_log_buffer *buffer;
    char *at;                  /* end of what is in the buffer */
    uint64_t file_bytes;       /* formatted for the current file */
    uint64_t refused;          /* lines for which there was no memory: the first one and all later */
    int64_t last_ns;
    char text_name[NAME_MAX + 1]; /* of the side file, relative to the log */
    char reference[NAME_MAX + 64];
};

static bool wanted(const struct wick_config *config)
{
    return config->log_path != NULL;
}

/* ---- what the line writer asks for --------------------------------------------------------------- */

/* %.17g, with a point whatever the locale. */
static uint32_t number(char *out, double value)
{
    int bytes = snprintf(out, 32, "%.17g", value);
    char *comma;

    if (bytes < 0 || bytes > 31)
        return 0;
    comma = strpbrk(out, ",");
    if (comma)
        *comma = '.';
    return (uint32_t)bytes;
}

static const char *jumbo(void *user, const char *text, uint32_t bytes)
{
    struct log *log = user;
    int64_t offset = log->run->config->no_jumbo ? -1 : wk_log_queue_text(log->queue, text, bytes);

    if (offset < 0)
        return NULL;
    snprintf(log->reference, sizeof log->reference, "wick+file:%s#%" PRId64 " %" PRIu32, log->text_name, offset, bytes);
    return log->reference;
}

/* ---- buffers --------------------------------------------------------------------------------- */

/* A line may be lost only if all later ones are: an end without its start would be worse than no end. */
static bool have_buffer(struct log *log)
{
    if (log->refused)
        return false;
    if (!log->buffer) {
        log->buffer = wk_log_queue_take(log->queue);
        log->at = log->buffer ? log->buffer->data : NULL;
    }
    return log->buffer != NULL;
}

/* Fill the last block of a full buffer with a line that says nothing: whole blocks of whole lines can be
 * written past the page cache. It is on a lane of its own: its time is the last tick's. */
static void pad(struct log *log)
{
    char text[2 * WK_LOG_BLOCK_BYTES];
    char *end = wk_ctxt_write_line(log->writer, log->at, log->last_ns, "wick", "pad", "");
    uint64_t file_bytes = log->file_bytes + (uint64_t)(end - log->buffer->data);
    size_t missing = (size_t)(-file_bytes & (WK_LOG_BLOCK_BYTES - 1));

    memset(text, '.', missing);
    text[missing] = 0;
    log->at = wk_ctxt_write_line(log->writer, log->at, log->last_ns, "wick", "pad", text);
}

static void submit(struct log *log)
{
    if (!log->buffer)
        return;
    log->buffer->bytes = (size_t)(log->at - log->buffer->data);
    log->file_bytes += log->buffer->bytes;
    wk_log_queue_put(log->queue, log->buffer);
    log->buffer = NULL;
}

static bool have_room(struct log *log)
{
    if (have_buffer(log) && log->buffer->data + WK_LOG_BUFFER_BYTES - log->at < WK_CTXT_ROOM)
        submit(log);
    return have_buffer(log);
}

static void put_line(struct log *log, int64_t time_ns, const char *word, const char *text)
{
    if (have_room(log)) {
        log->at = wk_ctxt_write_line(log->writer, log->at, time_ns, "main", word, text);
        log->buffer->lines++;
    } else {
        log->refused++;
    }
}

/* ---- head and foot of a file --------------------------------------------------------------------- */

static void put_run(void *user, const char *key, const char *value)
{
    struct log *log = user;
    char text[1200];

    snprintf(text, sizeof text, "%s %s", key, value);
    put_line(log, log->last_ns, "run", text);
}

static void put_head(struct log *log, int64_t time_ns)
{
    char text[64];

    log->last_ns = time_ns;
    snprintf(text, sizeof text, "wick %d.%d.%d start", WICK_VERSION_MAJOR, WICK_VERSION_MINOR, WICK_VERSION_PATCH);
    put_line(log, time_ns, "BMARK", text);
    log->run->each(put_run, log);
}

/* A new file when this one is large enough. Scopes that are open go on in the next one. */
static void maybe_rotate(struct log *log, int64_t now_ns, int64_t oldest_ns)
{
    uint64_t limit = log->run->config->log_rotate_bytes;

    if (!limit || log->file_bytes < limit || !log->buffer)
        return;
    put_line(log, now_ns, "BMARK", "wick goes on in the next file");
    if (!log->buffer)
        return;
    log->buffer->rotate = true;
    submit(log);
    log->file_bytes = 0;
    wk_ctxt_writer_restart(log->writer);
    put_head(log, oldest_ns); /* not later than any line that follows */
    log->last_ns = now_ns;
}

/* ---- the sink -------------------------------------------------------------------------------- */

static void destroy(struct log *log)
{
    wk_ctxt_writer_destroy(log->writer);
    free(log);
}

static void *resize(void *old, size_t bytes)
{
    if (bytes)
        return realloc(old, bytes);
    free(old);
    return NULL;
}

static const struct wk_codec *codec_of(const struct wk_log_file *file, bool *good)
{
    char why[512];
    const struct wk_codec *codec;

    *good = true;
    if (!file->compressed)
        return NULL;
    /* The module's table begins with its struct wk_module. */
    codec = (const struct wk_codec *)(const void *)wk_module_load("zstd", sizeof *codec, NULL, why, sizeof why);
    if (!codec) {
        wk_diag("%s: cannot write compressed logs: %s; set WICK_LOG to a name without .zst", file->path, why);
        *good = false;
    }
    return codec;
}

static struct wk_log_queue *open_queue(const struct wk_run *run, struct log *log)
{
    const struct wk_log_open how = {.pattern = run->config->log_path,
                                    .host = run->host,
                                    .pid = run->pid,
                                    .append = run->config->log_append,
                                    .beside = run->forked,
                                    .start_ns = run->start_ns};
    struct wk_log_file file;
    const struct wk_codec *codec;
    struct wk_log_queue *queue;
    const char *name;
    char why[PATH_MAX + 64];
    bool good;

    if (wk_log_file_open(&file, &how, why, sizeof why) != 0) {
        wk_diag("cannot write the log %s; nothing is recorded to it (WICK_LOG)", why);
        return NULL;
    }
    codec = codec_of(&file, &good);
    if (!good) {
        wk_log_file_close(&file);
        return NULL;
    }
    name = strrchr(file.path, '/');
    snprintf(log->text_name, sizeof log->text_name, "%.*s.text", NAME_MAX - 8, name ? name + 1 : file.path);
    log->file_bytes = file.bytes;
    if (file.owner[0])
        run->set_parent(file.owner);
    if (!file.compressed)
        run->set_log(file.path);
    queue = wk_log_queue_create(&file, codec, run->config->log_total_bytes);
    if (!queue)
        wk_diag("%s: no memory or no thread for the log; nothing is recorded to it", file.path);
    return queue;
}

static void *open_log(const struct wk_run *run)
{
    static const struct wk_memory memory = {resize};
    struct log *log = calloc(1, sizeof *log);
    struct wk_ctxt_names names = run->names;

    if (!log) {
        wk_diag("no memory for the log; nothing is recorded to it (WICK_LOG)");
        return NULL;
    }
    log->run = run;
    names.jumbo = jumbo;
    names.jumbo_user = log;
    names.number = number;
    log->writer = wk_ctxt_writer_create(&names, run->host, run->pid, &memory);
    if (!log->writer)
        wk_diag("no memory for the log; nothing is recorded to it (WICK_LOG)");
    log->queue = log->writer ? open_queue(run, log) : NULL;
    if (!log->queue) {
        destroy(log);
        return NULL;
    }
    put_head(log, run->start_ns);
    return log;
}

static bool ready(void *sink)
{
    struct log *log = sink;

    /* A batch fills the buffer that was begun, and hardly ever more than one other. */
    return log->refused || wk_log_queue_ready(log->queue, log->buffer ? 1 : 2);
}

static void records(void *sink, const struct wick_record *from, size_t count)
{
    struct log *log = sink;

    while (count > 0) {
        size_t done;

        if (!have_buffer(log)) {
            log->refused += count;
            return;
        }
        done = wk_ctxt_write(log->writer, from, count, &log->at, log->buffer->data + WK_LOG_BUFFER_BYTES);
        log->buffer->lines += done;
        from += done;
        count -= done;
        if (count > 0) {
            pad(log);
            submit(log);
        }
    }
}

static void tick(void *sink, int64_t now_ns, int64_t oldest_ns)
{
    struct log *log = sink;

    log->last_ns = now_ns;
    if (!log->buffer || log->at == log->buffer->data)
        return;
    log->file_bytes += (uint64_t)(log->at - log->buffer->data);
    maybe_rotate(log, now_ns, oldest_ns);
    if (log->buffer)
        log->file_bytes -= (uint64_t)(log->at - log->buffer->data); /* submit counts it */
    submit(log);
}

static bool flush(void *sink, int64_t deadline_ns)
{
    struct log *log = sink;

    return wk_log_queue_flush(log->queue, deadline_ns);
}

static void stats(void *sink, struct wk_sink_stats *out)
{
    struct log *log = sink;
    struct wk_log_queue_stats queue;

    wk_log_queue_stats_read(log->queue, &queue);
    *out = (struct wk_sink_stats){.lost = queue.lines_lost + log->refused,
                                  .text_cut = wk_ctxt_writer_cut(log->writer),
                                  .bytes = queue.bytes,
                                  .cpu_ns = queue.cpu_ns,
                                  .failed = queue.failed};
}

static void line(void *sink, int64_t time_ns, const char *word, const char *text)
{
    put_line(sink, time_ns, word, text);
}

static bool close_log(void *sink, int64_t end_ns, int64_t deadline_ns)
{
    struct log *log = sink;
    struct wk_sink_stats *closed = log->run->closed;
    struct wk_log_queue_stats last;
    bool complete;

    while (have_room(log) && wk_ctxt_end_wait(log->writer, &log->at, end_ns)) {
        /* one after the other */
    }
    put_line(log, end_ns, "BMARK", "wick end");
    if (log->buffer)
        log->buffer->last = true;
    submit(log);
    complete = wk_log_queue_destroy(log->queue, deadline_ns, &last) && !log->refused;
    if (log->refused)
        wk_diag("no memory for %" PRIu64 " lines of the log: they are lost, and counted", log->refused);
    closed->lost += last.lines_lost + log->refused;
    closed->text_cut += wk_ctxt_writer_cut(log->writer);
    closed->bytes += last.bytes;
    closed->cpu_ns += last.cpu_ns;
    destroy(log);
    return complete;
}

static void abandon(void *sink)
{
    struct log *log = sink;

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
