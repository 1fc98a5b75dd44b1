/*
 * SPDX-License-Identifier: MIT
 * The inside of the log sink: the open log, and the table of functions of its two forms (log_text.c, log_wire.c).
 * Invariant: every buffer contains whole lines or whole frames.
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
    char *at;                  /* end of the text in the buffer */
    uint64_t file_bytes;       /* formatted for the current file, without the buffer */
    uint64_t refused;          /* lines for which there was no memory */
    int64_t last_ns;
    int64_t oldest_ns;         /* no record to come is older, as the last tick knew */
    uint32_t part;             /* of a log that is rotated: the file's number */
    bool regular;              /* a file that can be rotated */
    char text_name[NAME_MAX + 1]; /* of the side file, relative to the log; "": there is no place for one */
    char reference[NAME_MAX + 64];
};

struct wk_log_form {
    /* The writer, in log->writer. False: no memory. */
    bool (*create)(struct wk_log *log);
    void (*destroy)(struct wk_log *log);
    void (*records)(struct wk_log *log, const struct wick_record *records, size_t count);
    /* A line about the run. */
    void (*line)(struct wk_log *log, int64_t time_ns, enum wick_line line, const char *text);
    /* Move what the form's writer holds back into buffers: the log is about to wait, to rotate or to end. */
    void (*settle)(struct wk_log *log);
    /* A new file begins. */
    void (*begin_file)(struct wk_log *log);
    uint64_t (*cut)(const struct wk_log *log);
    uint64_t (*lost)(const struct wk_log *log);
};

extern const struct wk_log_form wk_log_text;
extern const struct wk_log_form wk_log_wire;

/* A buffer to write to; false: no memory. */
bool wk_log_have_buffer(struct wk_log *log);
/* Pass the buffer to the writer thread. */
void wk_log_submit(struct wk_log *log);
/* Queue a long text for the side file; returns the reference that replaces it in the log, NULL: not kept. `log` is a
 * struct wk_log. */
const char *wk_log_keep_text(void *log, const char *text, uint32_t bytes);

#endif
