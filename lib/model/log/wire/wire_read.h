/*
 * SPDX-License-Identifier: MIT
 * The reader's side of the wire: frames out of bytes (wire_frames.c), records out of frames (wire_events.c).
 * Must not be included outside lib/model. Invariant: no input makes it read outside of what it was given, and
 * what it cannot use is counted.
 */
#ifndef WICK_LIB_MODEL_LOG_WIRE_WIRE_READ_H
#define WICK_LIB_MODEL_LOG_WIRE_WIRE_READ_H

#include "model/base/names_borrow.h"
#include "model/log/reader.h"
#include "wire_format.h"

/* A track of the stream. Of its open scopes the outermost `outer` were read, then come `unknown` ones whose
 * START was not (the stream began behind it, or has a hole there), and the rest was read again. */
struct wk_wire_known_track {
    uint32_t track; /* of the reader; WICK_NONE: not used yet */
    uint32_t depth, outer, unknown;
    uint32_t first_depth; /* in a part: where it begins, ... */
    uint8_t met;          /* ... which is known */
    const char *prefix; /* ` node pid thread `; NULL: not defined */
    uint32_t prefix_bytes, node_bytes, pid;
};

/* A site of the stream. */
struct wk_wire_known_site {
    uint32_t site;         /* of the names; WICK_NONE: not used yet */
    uint8_t kind;          /* enum wick_site_kind */
    uint8_t texts;         /* an event without a text has an empty one */
    uint8_t defined;
    uint8_t drop_text;     /* START: the literal says it all */
    uint32_t line, colour;
    const char *location, *literal, *category, *file;
};

struct wk_wire_in {
    struct wk_array tracks, sites; /* by the stream's numbers */
    struct wk_array carry;         /* uint8_t: the beginning of a frame whose end has not come yet */
    uint64_t sequence;             /* of the next frame; 0: any */
    uint64_t frames;               /* seen, good or bad */
    uint64_t checked_bytes;        /* that went through the checksum */
    uint8_t lost_way;              /* in damaged bytes: counted already */
    uint8_t refused;               /* of another version: said already */
    uint8_t part;                  /* of a log that several threads read */
    uint8_t unusable;              /* in a part: it cannot be read without what came before it */
    uint64_t first_sequence;       /* in a part: of its first frame */
    /* Of the frame that is being read. */
    uint32_t current;              /* track of the stream; WICK_NONE: none yet */
    int64_t time_ns;
};

#define wk_wire_tracks(wire) ((struct wk_wire_known_track *)(wire)->tracks.items)
#define wk_wire_sites(wire) ((struct wk_wire_known_site *)(wire)->sites.items)

/* Any bytes of a stream; those of whole frames become records. */
int wk_wire_feed(struct wick_reader *reader, const uint8_t *bytes, size_t count);
/* The stream ends: what is left of a frame is counted. */
void wk_wire_finish(struct wick_reader *reader);
/* Another log begins. */
void wk_wire_restart(struct wick_reader *reader);
void wk_wire_free(struct wick_reader *reader);

/* In a part: know what `from` knows. 0, or WICK_E_NOMEM. */
int wk_wire_copy(struct wick_reader *reader, const struct wick_reader *from);
/* May the part follow what `reader` has read? */
bool wk_wire_follows(const struct wick_reader *reader, const struct wick_reader *part);
/* Go on behind the part; `tracks` and `sites` translate its indices. */
void wk_wire_join(struct wick_reader *reader, const struct wick_reader *part, const uint32_t *tracks, const uint32_t *sites);

/* One good frame. */
void wk_wire_definitions(struct wick_reader *reader, const uint8_t *at, const uint8_t *end);
void wk_wire_events(struct wick_reader *reader, const uint8_t *at, const uint8_t *end);

/* ---- numbers and events of a frame, with their bounds ----------------------------------------- */

static inline bool wk_wire_get(const uint8_t **at, const uint8_t *end, uint64_t *value)
{
    uint8_t padded[16] = {0};
    const uint8_t *from = *at;
    uint32_t bytes;
    if (WICK_I_UNLIKELY(end - from < 9)) {
        memcpy(padded, from, (size_t)(end - from));
        from = padded;
    }
    *value = wk_wire_number(wk_wire_load(from), &bytes);
    if (WICK_I_UNLIKELY(bytes == 9)) {
        *value = wk_wire_load(from + 1);
    }
    if (WICK_I_UNLIKELY(end - *at < (ptrdiff_t)bytes)) {
        return false;
    }
    *at += bytes;
    return true;
}

/* An event as it stands in a frame: a record with the stream's numbers, and a kind of enum wk_wire_kind. */
struct wk_wire_event {
    struct wick_record record;
    bool has_text;  /* marks, locks: the text is said, not the literal's */
    uint32_t depth; /* SWITCH: scopes that are open */
};

/* The event at *at, which moves behind it; *time_ns is the last event's. False: it makes no sense. */
bool wk_wire_next(const uint8_t **at, const uint8_t *end, int64_t *time_ns, struct wk_wire_event *event);

#endif
