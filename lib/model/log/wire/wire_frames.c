/*
 * SPDX-License-Identifier: MIT
 * Bytes to frames: finds them, checks them, counts what is damaged or missing, goes on behind it.
 * Must not know what is in a frame. Invariant: where the bytes are cut between two calls changes nothing; a
 * hostile stream costs a few passes over its bytes, no more.
 */
#include "wire_read.h"

/* What begins at a place. */
enum unit { UNIT_FRAME, UNIT_STREAM, UNIT_PART, UNIT_NONE };

struct found {
    enum unit unit;
    size_t bytes; /* of the unit; PART: that are needed to go on */
    struct wk_wire_frame frame;
};

static bool begins_with(const uint8_t *at, size_t left, const uint8_t *magic, size_t bytes)
{
    return memcmp(at, magic, left < bytes ? left : bytes) == 0;
}

static struct found look(const uint8_t *at, size_t left)
{
    struct found found = {.unit = UNIT_PART};
    if (begins_with(at, left, wk_wire_stream_magic, sizeof wk_wire_stream_magic)) {
        found.bytes = WK_WIRE_STREAM_BYTES;
        found.unit = left >= found.bytes ? UNIT_STREAM : UNIT_PART;
        return found;
    }
    if (!begins_with(at, left, wk_wire_frame_magic, sizeof wk_wire_frame_magic)) {
        found.unit = UNIT_NONE;
        return found;
    }
    found.bytes = WK_WIRE_FRAME_BYTES;
    if (left < found.bytes) {
        return found;
    }
    if (!wk_wire_frame_get(at, &found.frame)) {
        found.unit = UNIT_NONE;
        return found;
    }
    found.bytes += found.frame.payload_bytes;
    found.unit = left >= found.bytes ? UNIT_FRAME : UNIT_PART;
    return found;
}

uint64_t wick_wire_frame(const void *bytes, size_t count, uint32_t *kind)
{
    struct found found = look(bytes, count);
    if (kind) {
        *kind = found.frame.kind;
    }
    return count < WK_WIRE_STREAM_BYTES || found.unit == UNIT_NONE ? 0 : found.bytes;
}

enum { EXCERPT_BYTES = 16 };

/* The next place at which a frame or a stream may begin. */
static size_t skip_junk(const uint8_t *at, size_t left)
{
    size_t i = 1;
    while (i < left && at[i] != wk_wire_frame_magic[0] && at[i] != wk_wire_stream_magic[0]) {
        i++;
    }
    return i;
}

static void damaged(struct wick_reader *reader, const uint8_t *at, size_t left)
{
    if (!reader->wire->lost_way) {
        reader->wire->lost_way = 1;
        reader->frames++;
        wk_reader_problem(reader, WICK_PROBLEM_CHECKSUM, (const char *)at, left < EXCERPT_BYTES ? left : EXCERPT_BYTES);
    }
}

static void refuse(struct wick_reader *reader, uint32_t version)
{
    char text[48] = "version ";
    char *to = wk_number_put_unsigned(text + wk_mem_length(text), version);
    memcpy(to, ", not ", 6);
    to = wk_number_put_unsigned(to + 6, WK_WIRE_VERSION);
    reader->wire->refused = 1;
    wk_reader_problem(reader, WICK_PROBLEM_VERSION, text, (size_t)(to - text));
}

/* A new stream: its numbers mean nothing that was before, but scopes may go on in it (the next file of a rotation). */
static void begin_stream(struct wick_reader *reader, uint8_t version)
{
    struct wk_wire_in *wire = reader->wire;
    for (uint32_t i = 1; i < wire->tracks.count; i++) { /* 0 has no scopes */
        const struct wk_wire_known_track *t = &wk_wire_tracks(wire)[i];
        if (t->prefix && t->track != WICK_NONE) {
            struct wk_reader_track *known = &wk_reader_tracks(reader)[t->track];
            known->depth = t->depth;
            known->outer = t->outer;
            known->unknown = t->unknown;
        }
    }
    wire->unusable = wire->part;
    wire->tracks.count = 0;
    wire->processes.count = 0;
    wire->sites.count = 0;
    wire->sequence = 0;
    wire->lost_way = 0;
    wire->refused = 0;
    if (version != WK_WIRE_VERSION) {
        refuse(reader, version);
    }
}

/* False: this frame was there before. */
static bool in_sequence(struct wick_reader *reader, const struct wk_wire_frame *frame)
{
    struct wk_wire_in *wire = reader->wire;
    if (!frame->sequence) {
        return true;
    }
    wire->first_sequence = wire->first_sequence ? wire->first_sequence : frame->sequence;
    if (wire->sequence && frame->sequence < wire->sequence) {
        reader->stats.frames_repeated++;
        return false;
    }
    if (wire->sequence && frame->sequence > wire->sequence) {
        reader->stats.frames_lost += frame->sequence - wire->sequence;
        wk_reader_problem(reader, WICK_PROBLEM_GAP, "", 0);
    }
    wire->sequence = frame->sequence + 1;
    return true;
}

static bool is_whole(struct wick_reader *reader, const uint8_t *at, const struct found *found)
{
    reader->wire->checked_bytes += found->bytes;
    return wk_wire_crc(0, at + 8, found->bytes - 8, reader->vector) == found->frame.crc;
}

static void use_frame(struct wick_reader *reader, const uint8_t *at, const struct found *found)
{
    struct wk_wire_in *wire = reader->wire;
    wire->lost_way = 0;
    reader->frames++;
    if (found->frame.version != WK_WIRE_VERSION && !wire->refused) {
        refuse(reader, found->frame.version);
    }
    if (wire->refused || !in_sequence(reader, &found->frame)) {
        return;
    }
    if (found->frame.flags) {
        wk_reader_problem(reader, WICK_PROBLEM_WORD, "frame flags", 11);
        return;
    }
    reader->stats.frames++;
    if (found->frame.kind == WK_WIRE_EVENTS) {
        wk_wire_events(reader, at + WK_WIRE_FRAME_BYTES, at + found->bytes);
    } else if (found->frame.kind == WK_WIRE_DEFINITIONS) {
        wk_wire_definitions(reader, at + WK_WIRE_FRAME_BYTES, at + found->bytes);
    } else if (found->frame.kind != WK_WIRE_PADDING) {
        wk_reader_problem(reader, WICK_PROBLEM_WORD, "frame", 5);
    }
}

static size_t pass(struct wick_reader *reader, size_t bytes)
{
    reader->wire->used_bytes += bytes;
    return bytes;
}

/* Use what begins at `at`; gives how far to go on, 0: more bytes are needed, *need in all. */
static size_t use(struct wick_reader *reader, const uint8_t *at, size_t left, size_t *need)
{
    struct found found = look(at, left);
    switch (found.unit) {
    case UNIT_STREAM:
        begin_stream(reader, at[WK_WIRE_STREAM_BYTES - 1]);
        return pass(reader, found.bytes);
    case UNIT_PART:
        *need = found.bytes;
        return 0;
    case UNIT_FRAME:
        /* Damaged bytes that look like many large frames would be checked again and again. */
        if (reader->wire->checked_bytes > 8 * reader->wire->used_bytes + (64u << 20)) {
            damaged(reader, at, left);
            return pass(reader, found.bytes);
        }
        if (is_whole(reader, at, &found)) {
            pass(reader, found.bytes);
            use_frame(reader, at, &found);
            return found.bytes;
        }
        break;
    default:
        if (left < EXCERPT_BYTES && !reader->wire->lost_way && !reader->wire->ends) {
            *need = EXCERPT_BYTES;
            return 0;
        }
        break;
    }
    damaged(reader, at, left);
    return pass(reader, skip_junk(at, left));
}

static int carry_add(struct wick_reader *reader, const uint8_t *bytes, size_t count)
{
    struct wk_array *carry = &reader->wire->carry;
    int rc = wk_array_reserve(carry, reader->allocator, carry->count + (uint32_t)count, 1);
    if (rc < 0) {
        reader->error = rc;
        return rc;
    }
    memcpy((uint8_t *)carry->items + carry->count, bytes, count);
    carry->count += (uint32_t)count;
    return 0;
}

/* Use the carried bytes as far as they go. *need: how many there must be in all to go on. */
static void carry_use(struct wick_reader *reader, size_t *need)
{
    struct wk_array *carry = &reader->wire->carry;
    size_t used = 0;
    *need = 0;
    while (used < carry->count && !reader->error) {
        size_t step = use(reader, (uint8_t *)carry->items + used, carry->count - used, need);
        if (!step) {
            break;
        }
        used += step;
    }
    wk_reader_flush(reader); /* texts of records point into the carry */
    if (used) {
        memmove(carry->items, (uint8_t *)carry->items + used, carry->count - used);
        carry->count -= (uint32_t)used;
    }
}

int wk_wire_feed(struct wick_reader *reader, const uint8_t *bytes, size_t count)
{
    struct wk_array *carry = &reader->wire->carry;
    size_t need = 0;
    if (carry->count) {
        carry_use(reader, &need); /* nothing new: only how much is missing */
    }
    while (carry->count && count && !reader->error) {
        size_t part = need - carry->count < count ? need - carry->count : count;
        if (carry_add(reader, bytes, part) < 0) {
            break;
        }
        bytes += part;
        count -= part;
        carry_use(reader, &need);
    }
    while (count && !reader->error) {
        size_t step = use(reader, bytes, count, &need);
        if (!step) {
            wk_reader_flush(reader);
            carry_add(reader, bytes, count);
            break;
        }
        bytes += step;
        count -= step;
    }
    return wk_reader_flush(reader);
}

void wk_wire_finish(struct wick_reader *reader)
{
    struct wk_array *carry = &reader->wire->carry;
    size_t need, step;
    reader->wire->ends = 1;
    for (size_t at = 0; at < carry->count && !reader->error; at += step) {
        const uint8_t *from = (const uint8_t *)carry->items + at;
        step = use(reader, from, carry->count - at, &need);
        if (step) {
            continue;
        }
        if (!reader->wire->lost_way) {
            reader->wire->lost_way = 1;
            reader->frames++;
            wk_reader_problem(reader, WICK_PROBLEM_FRAME, (const char *)from,
                              carry->count - at < EXCERPT_BYTES ? carry->count - at : EXCERPT_BYTES);
        }
        /* What looked like the header of a longer frame may hide whole ones. */
        step = skip_junk(from, carry->count - at);
    }
    wk_reader_flush(reader);
    carry->count = 0;
    reader->wire->lost_way = reader->wire->ends = 0;
}

void wk_wire_restart(struct wick_reader *reader)
{
    struct wk_wire_in *wire = reader->wire;
    wire->carry.count = 0;
    wire->sequence = 0;
    wire->checked_bytes = wire->used_bytes = 0;
    wire->lost_way = wire->refused = 0;
}

void wk_wire_free(struct wick_reader *reader)
{
    struct wk_wire_in *wire = reader->wire;
    if (wire) {
        wk_array_free(&wire->tracks, reader->allocator, sizeof(struct wk_wire_known_track));
        wk_array_free(&wire->sites, reader->allocator, sizeof(struct wk_wire_known_site));
        wk_array_free(&wire->processes, reader->allocator, sizeof(uint32_t));
        wk_array_free(&wire->carry, reader->allocator, 1);
        wk_mem_free(reader->allocator, wire, sizeof *wire);
        reader->wire = NULL;
    }
}
