/*
 * SPDX-License-Identifier: MIT
 * The inside of the log sink: the log that is open, and what its two forms (log_text.c, log_wire.c) do.
 * Must not be included by other sinks. Invariant: every buffer holds whole lines or whole frames.
 */
#ifndef WICK_LIB_SINK_LOG_LOG_FORM_H
#define WICK_LIB_SINK_LOG_LOG_FORM_H

#include "log_queue.h"
#include "runtime/sink.h"

struct wk_log_form;

struct wk_log {
    const struct wk_run *run;
    const struct wk_log_form *form;
    void *writer;              /* the form's */
    struct wk_log_queue *queue;
    struct wk_log_buffer *buffer;
    char *at;                  /* end of what is in the buffer */
    uint64_t file_bytes;       /* formatted for the current file, without the buffer */
    uint64_t refused;          /* lines for which there was no memory */
    int64_t last_ns;
    char text_name[NAME_MAX + 1]; /* of the side file, relative to the log */
    char reference[NAME_MAX + 64];
};

struct wk_log_form {
    /* The writer, in log->writer. False: no memory. */
    bool (*create)(struct wk_log *log);
    void (*destroy)(struct wk_log *log);
    void (*records)(struct wk_log *log, const struct wick_record *records, size_t count);
    /* A line about the run. */
    void (*line)(struct wk_log *log, int64_t time_ns, const char *word, const char *text);
    /* What the writer holds back goes into buffers: the log is about to wait, to rotate or to end. */
    void (*settle)(struct wk_log *log);
    /* A file begins. */
    void (*begin_file)(struct wk_log *log);
    /* Waits for locks that are open when the log ends. */
    void (*end_waits)(struct wk_log *log, int64_t time_ns);
    uint64_t (*cut)(const struct wk_log *log);
    uint64_t (*lost)(const struct wk_log *log);
};

extern const struct wk_log_form wk_log_text;
extern const struct wk_log_form wk_log_wire;

/* A buffer to write to; false: no memory. */
bool wk_log_have_buffer(struct wk_log *log);
/* The buffer goes to the writer's thread. */
void wk_log_submit(struct wk_log *log);
/* The reference that stands for a long text in the log, or NULL: it could not be kept. `log` is a struct wk_log. */
const char *wk_log_keep_text(void *log, const char *text, uint32_t bytes);

#endif
