/*
 * SPDX-License-Identifier: MIT
 * Reading the wire: frames out of bytes (wire_frames.c), what their numbers mean (wire_known.c), one event
 * (wire_decode.c), nesting across holes (wire_holes.c), records (wire_events.c). Invariant: no input makes it read outside of what it was given, and
 * what it cannot use is counted.
 */
#ifndef WICK_LIB_MODEL_LOG_WIRE_WIRE_READ_H
#define WICK_LIB_MODEL_LOG_WIRE_WIRE_READ_H

#include "model/log/ctxt/ctxt_read.h"
#include "wire_format.h"

/* A track of the stream. Of its open scopes the outermost `outer` were read, then come `unknown` ones whose
 * START was not (the stream began behind it, or has a hole there), and the rest was read again. */
struct wk_wire_known_track {
    uint32_t track; /* of the reader; WICK_NONE: not used yet */
    uint32_t depth, outer, unknown;
    uint32_t first_depth; /* in a part: where it begins, ... */
    uint8_t met;          /* ... which is known */
    const char *prefix; /* ` node pid thread `; NULL: not defined */
    uint32_t prefix_bytes;
    uint32_t process;     /* of the reader */
};

/* A site of the stream. */
struct wk_wire_known_site {
    struct wick_site_info info; /* as defined */
    uint32_t site;         /* of the names; WICK_NONE: not used yet */
    uint8_t defined;
    uint8_t drop_text;     /* START: the literal says it all */
};

struct wk_wire_in {
    struct wk_array tracks, sites; /* by the stream's numbers */
    struct wk_array processes;     /* uint32_t, likewise: the reader's index + 1; 0: not defined */
    struct wk_array carry;         /* uint8_t: the beginning of a frame whose end has not come yet */
    uint64_t sequence;             /* of the next frame; 0: any */
    uint64_t checked_bytes;        /* that went through the checksum */
    uint64_t used_bytes;           /* up to the end of the frame at hand: the same wherever the bytes are cut */
    uint8_t ends;                  /* no more bytes will come */
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
/* What a part's indices of the reader are in another reader. */
struct wk_wire_maps {
    const uint32_t *processes, *tracks, *sites;
};
/* Go on behind the part. */
void wk_wire_join(struct wick_reader *reader, const struct wick_reader *part, const struct wk_wire_maps *maps);

/* One good frame (wire_known.c, wire_events.c). */
void wk_wire_definitions(struct wick_reader *reader, const uint8_t *at, const uint8_t *end);
void wk_wire_events(struct wick_reader *reader, const uint8_t *at, const uint8_t *end);

/* The track or site of a number of the stream, ready to be used: it has an index in the reader's names. NULL: nonsense,
 * or no memory. */
struct wk_wire_known_track *wk_wire_use_track(struct wick_reader *reader, uint64_t number);
struct wk_wire_known_site *wk_wire_use_site(struct wick_reader *reader, uint64_t number);
/* Read a `run`, `stat` or `thread` line with this text. */
void wk_wire_use_word(struct wick_reader *reader, uint8_t kind, struct wk_line line);
void wk_wire_undefined(struct wick_reader *reader, const char *what);

/* The writer says that `depth` scopes are open here. Where we know of more, their ends are missing; where we know of
 * fewer, the starts are. */
void wk_wire_meet_depth(struct wick_reader *reader, struct wk_wire_known_track *t, uint32_t depth);
/* An END: false when its START was not read. */
bool wk_wire_pop(struct wick_reader *reader, struct wk_wire_known_track *t);

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

/* Bytes of a definition or an event: what is taken from beyond their end is 0, and they are bad. */
struct wk_wire_body {
    const uint8_t *at, *end;
    bool bad;
};

static inline uint64_t wk_wire_body_number(struct wk_wire_body *body)
{
    uint64_t value = 0;
    body->bad = body->bad || !wk_wire_get(&body->at, body->end, &value);
    return value;
}

static inline uint32_t wk_wire_body_byte(struct wk_wire_body *body)
{
    body->bad = body->bad || body->at == body->end;
    return body->bad ? 0 : *body->at++;
}

static inline const char *wk_wire_body_bytes(struct wk_wire_body *body, uint32_t *count)
{
    uint64_t bytes = wk_wire_body_number(body);
    body->bad = body->bad || bytes > (uint64_t)(body->end - body->at);
    *count = body->bad ? 0 : (uint32_t)bytes;
    const char *text = (const char *)body->at;
    body->at += *count;
    return text;
}

/* An event as it stands in a frame: a record with the stream's numbers, and a kind of kinds.h. */
struct wk_wire_event {
    struct wick_record record;
    bool has_text;  /* marks, locks: the text is said, not the literal's */
    bool unknown;   /* it carries something of a later writer, which was passed over */
    uint32_t depth; /* SWITCH: scopes that are open */
};

/* The event at *at, which moves behind it; *time_ns is the last event's. False: it makes no sense. */
bool wk_wire_next(const uint8_t **at, const uint8_t *end, int64_t *time_ns, struct wk_wire_event *event);

#endif
