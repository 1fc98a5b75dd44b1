/*
 * SPDX-License-Identifier: MIT
 * The log's writer thread and its bounded queue: the drain fills buffers, the writer writes them.
 * Only flush and destroy wait, up to a deadline.
 */
#ifndef WICK_LIB_SINK_LOG_LOG_QUEUE_H
#define WICK_LIB_SINK_LOG_LOG_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sink/codec.h"
#include "log_file.h"

enum {
    WK_LOG_BUFFERS = 8,
    WK_LOG_BUFFER_BYTES = 1 << 20,
};

/* A piece of the log, or one long text. */
struct wk_log_buffer {
    struct wk_log_buffer *next;
    char *data;          /* WK_LOG_BUFFER_BYTES, or `bytes` of a long text */
    size_t bytes;
    uint64_t lines;
    uint64_t offset;     /* of a long text in the side file */
    bool text;           /* goes to the side file */
    bool rotate;         /* begin a new file after this */
    bool last;           /* end the compressed frame after this */
};

struct wk_log_queue;

/* Start the writer; keeps the open file. `codec` may be NULL. NULL: no thread or no memory. */
struct wk_log_queue *wk_log_queue_create(const struct wk_log_file *file, const struct wk_codec *codec,
                                         uint64_t total_bytes);
/* Are `count` empty buffers available? (1: one is begun already; 2: none.) False: too many are queued, or no memory. */
bool wk_log_queue_ready(struct wk_log_queue *queue, uint32_t count);
/* Take an empty buffer; only the rest of a batch may exceed the limit. NULL: no memory. */
struct wk_log_buffer *wk_log_queue_take(struct wk_log_queue *queue);
void wk_log_queue_put(struct wk_log_queue *queue, struct wk_log_buffer *buffer);
/* Queue a copy of a long text for the side file; returns its offset there, -1: not kept. */
int64_t wk_log_queue_text(struct wk_log_queue *queue, const char *text, size_t bytes);
/* Wait until everything queued is written; false when the deadline (CLOCK_MONOTONIC) passed or writing failed. */
bool wk_log_queue_flush(struct wk_log_queue *queue, int64_t deadline_ns);

struct wk_log_queue_stats {
    uint64_t lines_lost;
    uint64_t bytes;
    uint64_t cpu_ns;
    bool failed;
};
void wk_log_queue_stats_read(struct wk_log_queue *queue, struct wk_log_queue_stats *out);

/* Write the rest and end the thread; false when incomplete. If the thread hangs, the queue is never freed. */
bool wk_log_queue_destroy(struct wk_log_queue *queue, int64_t deadline_ns, struct wk_log_queue_stats *last);
void wk_log_queue_abandon(struct wk_log_queue *queue);

#endif
