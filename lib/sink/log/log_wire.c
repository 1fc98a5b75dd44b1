/*
 * SPDX-License-Identifier: MIT
 * The log as .wick: frames of the model's writer, into buffers as they fill. See log_form.h.
 */
#include <stdlib.h>
#include <string.h>

#include "base/heap.h"
#include "log_form.h"
#include "model/log/ctxt/ctxt_write.h"
#include "model/log/wire/wire.h"

enum { TEXT_MAX = WK_CTXT_LINE_MAX - 2048 }; /* as in .ctxt: either form has long texts in the side file */

static uint32_t vector(void)
{
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") ? WICK_VECTOR_AVX2 : WICK_VECTOR_SSE2;
#else
    return WICK_VECTOR_NONE;
#endif
}

/* Fill the last block of a full buffer with a frame that says nothing: whole blocks can be written past the
 * page cache. */
static void pad(struct wk_log *log)
{
    uint64_t file_bytes = log->file_bytes + (uint64_t)(log->at - log->buffer->data) + WK_WIRE_PAD_MIN;
    size_t bytes = WK_WIRE_PAD_MIN + (size_t)(-file_bytes & (WK_LOG_BLOCK_BYTES - 1));

    if (log->buffer->data + WK_LOG_BUFFER_BYTES - log->at >= (ptrdiff_t)bytes) {
        wk_wire_pad(log->at, bytes, vector());
        log->at += bytes;
    }
}

/* No frame is larger than a buffer: a text is at most TEXT_MAX. What there is no memory for is counted here. */
static void put_bytes(struct wk_log *log, const void *bytes, size_t count, uint32_t events)
{
    if (wk_log_have_buffer(log) &&
        log->buffer->data + WK_LOG_BUFFER_BYTES - log->at < (ptrdiff_t)(count + 2 * WK_LOG_BLOCK_BYTES)) {
        pad(log);
        wk_log_submit(log);
    }
    if (!wk_log_have_buffer(log)) {
        log->refused += events ? events : 1;
        return;
    }
    memcpy(log->at, bytes, count);
    log->at += count;
    log->buffer->lines += events;
}

static int frame(void *user, const void *bytes, size_t count, const struct wk_wire_frame_info *info)
{
    put_bytes(user, bytes, count, info->events);
    return 0;
}

static bool create(struct wk_log *log)
{
    const struct wk_wire_options options = {.names = log->run->names,
                                            .out = {frame, log},
                                            .jumbo = wk_log_keep_text,
                                            .jumbo_user = log,
                                            .text_max = TEXT_MAX,
                                            .vector = vector()};

    log->writer = wk_wire_writer_create(&options, &wk_heap_allocator);
    return log->writer != NULL;
}

static void destroy(struct wk_log *log)
{
    wk_wire_writer_destroy(log->writer);
}

static void records(struct wk_log *log, const struct wick_record *from, size_t count)
{
    (void)wk_wire_write(log->writer, from, count); /* what is lost, it counts */
}

static void line(struct wk_log *log, int64_t time_ns, enum wick_line line, const char *text)
{
    (void)wk_wire_write_line(log->writer, time_ns, WICK_NONE, (uint8_t)line, text);
}

static void settle(struct wk_log *log)
{
    (void)wk_wire_flush(log->writer);
}

static void begin_file(struct wk_log *log)
{
    wk_wire_writer_restart(log->writer);
    put_bytes(log, wk_wire_stream_header, WK_WIRE_STREAM_BYTES, 0);
}

static uint64_t cut(const struct wk_log *log)
{
    return wk_wire_writer_cut(log->writer);
}

static uint64_t lost(const struct wk_log *log)
{
    return wk_wire_writer_lost(log->writer);
}

const struct wk_log_form wk_log_wire = {
    .create = create,
    .destroy = destroy,
    .records = records,
    .line = line,
    .settle = settle,
    .begin_file = begin_file,
    .cut = cut,
    .lost = lost,
};
