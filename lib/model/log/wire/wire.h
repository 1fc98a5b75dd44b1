/*
 * SPDX-License-Identifier: MIT
 * Writing the wire: records to frames. The format is wire.md's; reading it is wick_reader_feed's.
 * Must not open anything: frames go to the caller, names come from the caller's table. Invariants: a frame is whole
 * and self-contained; what an event names was defined in an earlier frame; nothing is dropped uncounted.
 */
#ifndef WICK_LIB_MODEL_LOG_WIRE_WIRE_H
#define WICK_LIB_MODEL_LOG_WIRE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire_format.h"

enum {
    WK_WIRE_FRAME_FULL = 64 * 1024,       /* an event frame ends when it has about so many bytes */
    WK_WIRE_TEXT_MAX = 8 * 1024 * 1024,   /* of a text: what is longer is cut, and counted */
    WK_WIRE_PAD_MIN = WK_WIRE_FRAME_BYTES,
};

/* What a stream begins with. */
extern const uint8_t wk_wire_stream_header[WK_WIRE_STREAM_BYTES];

struct wk_wire_frame_info {
    uint64_t sequence;         /* from 1; 0: a definition that was repeated, or an unnumbered writer's */
    int64_t first_ns, last_ns; /* earliest and latest event; definitions: 0 */
    uint32_t events;           /* in it */
    uint8_t kind;              /* enum wk_wire_frame_kind */
};

/* Who gets the frames, one by one, header included; bytes are borrowed until it returns. A negative result
 * is returned by whatever was called, and the frame counts as lost. */
struct wk_wire_out {
    int (*frame)(void *user, const void *bytes, size_t count, const struct wk_wire_frame_info *info);
    void *user;
};

struct wk_wire_options {
    const struct wick_names *names; /* of the records' indices; borrowed until destroy */
    struct wk_wire_out out;
    /* Keep a text that is longer than text_max; gives the reference that stands for it (borrowed until the
     * next call), or NULL: it is cut. May be NULL. */
    const char *(*jumbo)(void *jumbo_user, const char *text, uint32_t bytes);
    void *jumbo_user;
    uint32_t text_max;       /* 0: WK_WIRE_TEXT_MAX, which no text exceeds */
    uint32_t vector;         /* enum wick_vector */
    uint64_t first_sequence; /* of the first frame; 0: 1 */
    bool read_records;       /* they are a reader's: sites from 0, WICK_NONE is none, locks are lines already; else site 0 is none */
    bool unnumbered;         /* all frames have the sequence 0: for what goes before a retained stream */
};

struct wk_wire_writer;

/* Create a writer; the stream's header is the caller's to write. NULL: no memory. `allocator` is borrowed
 * until destroy. Nothing is flushed by destroy. */
struct wk_wire_writer *wk_wire_writer_create(const struct wk_wire_options *options,
                                             const struct wick_allocator *allocator);
void wk_wire_writer_destroy(struct wk_wire_writer *writer);

/* Write records as the drain gives them out: sites from 1, in order per track. Frames go out as they fill.
 * An event for which there was no memory is left out, and counted. */
int wk_wire_write(struct wk_wire_writer *writer, const struct wick_record *records, size_t count);

/* A line about the run, as wk_ctxt_write_line: `kind` is of enum wick_line. Track WICK_NONE is the run's own, a thread `main`
 * of the first track's process. */
int wk_wire_write_line(struct wk_wire_writer *writer, int64_t time_ns, uint32_t track, uint8_t kind, const char *text);

/* End the frame that is open, if it has events: it goes out. */
int wk_wire_flush(struct wk_wire_writer *writer);

/* Write all definitions so far once more, unnumbered, after a flush: tracks, sites, labels, run properties.
 * For a client that comes late. They go to `out`, not to the writer's own. */
int wk_wire_writer_definitions(struct wk_wire_writer *writer, const struct wk_wire_out *out);

/*
 * Facts of a tracker as a definition, which stand in the stream of its writer's definitions: begin `frame` with so many bytes for
 * its header, append head and text of each line, and seal it.
 */
#define WK_WIRE_TRACKER_HEAD 19
size_t wk_wire_tracker_head(uint8_t head[WK_WIRE_TRACKER_HEAD], int64_t time_ns, size_t text_bytes);
void wk_wire_seal_definitions(uint8_t *frame, size_t bytes, bool vector);

/* A new stream begins: everything is defined again at its first use, sequence numbers start again. */
void wk_wire_writer_restart(struct wk_wire_writer *writer);

/* Texts that were cut, and events for which there was no memory or whose frame was refused. */
uint64_t wk_wire_writer_cut(const struct wk_wire_writer *writer);
uint64_t wk_wire_writer_lost(const struct wk_wire_writer *writer);

/* A frame of `bytes` (at least WK_WIRE_PAD_MIN) that says nothing: fills a block of a file. */
void wk_wire_pad(void *out, size_t bytes, uint32_t vector);

/* An event as lines know it: a record whose kind may be one of enum wk_wire_kind; a WK_KIND_LINE may be of
 * track WICK_NONE. For convert.c. */
int wk_wire_put_event(struct wk_wire_writer *writer, const struct wick_record *event);
/* More is known of a process now than when it was defined. */
void wk_wire_process_again(struct wk_wire_writer *writer, uint32_t process);
/* Times of the lines that follow have so many decimals. */
void wk_wire_writer_decimals(struct wk_wire_writer *writer, uint8_t decimals);

#endif
