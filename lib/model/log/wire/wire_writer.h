/*
 * SPDX-License-Identifier: MIT
 * The inside of the wire's writer: events (wire_write.c), definitions (wire_define.c), frames (wire_emit.c). Invariant: what an event of the open frame names is defined, or its
 * definition is pending and goes out before that frame.
 */
#ifndef WICK_LIB_MODEL_LOG_WIRE_WIRE_WRITER_H
#define WICK_LIB_MODEL_LOG_WIRE_WIRE_WRITER_H

#include "model/log/ctxt/lock_slots.h"
#include "wire.h"

struct wk_wire_buffer {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
};

struct wk_wire_written_track {
    struct wk_lock_slots locks;
    uint32_t depth;
    bool defined;
    struct wk_wire_buffer label; /* the newest name; no bytes: it never changed */
};

struct wk_wire_written_site {
    bool defined;
    bool introduced; /* its `site` line stands in the stream */
    bool texts;
};

struct wk_wire_writer {
    struct wk_wire_options options;
    const struct wick_allocator *allocator;
    struct wk_wire_buffer frame;      /* of events; header first */
    struct wk_wire_buffer pending;    /* definitions that have not gone out; header first */
    struct wk_wire_buffer properties; /* `run` and `stat` lines, as definitions, for late clients */
    struct wk_wire_buffer text;       /* a text that had to be changed */
    struct wk_wire_written_site *sites;
    struct wk_wire_written_track *tracks; /* by their numbers in the stream: 0 is the run's own, then the caller's */
    bool *processes;                  /* defined; by the caller's numbers */
    uint32_t site_count, track_count, process_count;
    uint8_t *at;                      /* end of the open frame's events */
    uint32_t track;                   /* of the last event in it; WICK_NONE: none */
    uint32_t events;                  /* in it */
    uint8_t decimals, frame_decimals; /* as wanted, and as the open frame says */
    int64_t time_ns;                  /* of the last one */
    int64_t first_ns, last_ns;        /* of all in it */
    uint64_t sequence;
    uint64_t cut, lost;
    bool starved;                     /* there was no memory for a track */
    int error;                        /* of the last frame that was refused */
};

/* Room for `capacity` bytes in all; what is there stays. False: no memory. */
bool wk_wire_buffer_reserve(const struct wk_wire_writer *writer, struct wk_wire_buffer *buffer, size_t capacity);
void wk_wire_buffer_free(const struct wk_wire_writer *writer, struct wk_wire_buffer *buffer);

/* The frame's bytes with its header go out. */
int wk_wire_emit(struct wk_wire_writer *writer, const struct wk_wire_out *out, struct wk_wire_buffer *frame,
                 struct wk_wire_frame_info info);

/* The site or track, defined; NULL: no memory. */
struct wk_wire_written_site *wk_wire_define_site(struct wk_wire_writer *writer, uint32_t site);
struct wk_wire_written_track *wk_wire_define_track(struct wk_wire_writer *writer, uint32_t track);
/* Remember what late clients must be told besides: a name of a track, a property of the run. */
void wk_wire_define_label(struct wk_wire_writer *writer, uint32_t track, const char *text, uint32_t bytes);
void wk_wire_define_property(struct wk_wire_writer *writer, uint32_t track, bool stat, const char *text, uint32_t bytes);

#endif
