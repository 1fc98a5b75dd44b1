/*
 * SPDX-License-Identifier: MIT
 * The log as .ctxt: the lines of the model's writer, straight into buffers. See log_form.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/heap.h"
#include "log_form.h"
#include "model/log/ctxt/ctxt_write.h"
#include "model/log/tables/kinds.h"

static bool create(struct wk_log *log)
{
    const struct wk_ctxt_options options = {.names = log->run->names, .jumbo = wk_log_keep_text, .jumbo_user = log};
    char pid[12];

    snprintf(pid, sizeof pid, "%" PRIu32, log->run->pid);
    log->writer = wk_ctxt_writer_create(&options, log->run->host, pid, &wk_heap_allocator);
    return log->writer != NULL;
}

static void destroy(struct wk_log *log)
{
    wk_ctxt_writer_destroy(log->writer);
}

/* Fill the last block of a full buffer with a line that says nothing: whole blocks of whole lines can be
 * written past the page cache. It is on a lane of its own: its time is the last tick's. */
static void pad(struct wk_log *log)
{
    char text[2 * WK_LOG_BLOCK_BYTES];
    char *end = wk_ctxt_write_line(log->writer, log->at, log->last_ns, "wick", WK_KIND_PAD, "");
    uint64_t file_bytes = log->file_bytes + (uint64_t)(end - log->buffer->data);
    size_t missing = (size_t)(-file_bytes & (WK_LOG_BLOCK_BYTES - 1));

    memset(text, '.', missing);
    text[missing] = 0;
    log->at = wk_ctxt_write_line(log->writer, log->at, log->last_ns, "wick", WK_KIND_PAD, text);
}

static bool have_room(struct wk_log *log)
{
    if (wk_log_have_buffer(log) && log->buffer->data + WK_LOG_BUFFER_BYTES - log->at < WK_CTXT_ROOM) {
        wk_log_submit(log);
    }
    return wk_log_have_buffer(log);
}

static void line(struct wk_log *log, int64_t time_ns, enum wick_line line, const char *text)
{
    if (have_room(log)) {
        log->at = wk_ctxt_write_line(log->writer, log->at, time_ns, "main", (uint8_t)line, text);
        log->buffer->lines++;
    } else {
        log->refused++;
    }
}

static void records(struct wk_log *log, const struct wick_record *from, size_t count)
{
    while (count > 0) {
        if (!wk_log_have_buffer(log)) {
            log->refused += count;
            return;
        }
        size_t done = wk_ctxt_write(log->writer, from, count, &log->at, log->buffer->data + WK_LOG_BUFFER_BYTES);
        log->buffer->lines += done;
        from += done;
        count -= done;
        if (count > 0) {
            pad(log);
            wk_log_submit(log);
        }
    }
}

static void settle(struct wk_log *log)
{
    (void)log; /* lines are in the buffer at once */
}

static void begin_file(struct wk_log *log)
{
    wk_ctxt_writer_restart(log->writer);
}

static uint64_t cut(const struct wk_log *log)
{
    return wk_ctxt_writer_cut(log->writer);
}

static uint64_t lost(const struct wk_log *log)
{
    (void)log;
    return 0;
}

const struct wk_log_form wk_log_text = {
    .create = create,
    .destroy = destroy,
    .records = records,
    .line = line,
    .settle = settle,
    .begin_file = begin_file,
    .cut = cut,
    .lost = lost,
};
