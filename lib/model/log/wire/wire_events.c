/*
 * SPDX-License-Identifier: MIT
 * The events of a good frame into records, as the same lines of .ctxt would be.
 * Invariant: an END whose START was not read is counted and left out, so that a stream cut anywhere nests.
 */
#include "wire_read.h"

#define ROOM WK_WIRE_EVENT_ROOM
#define FAST_NUMBER_BYTES 7u /* a step of 39 hours at most: 256 of them cannot overflow a time that is checked */
#define FAST_TIME_MAX (INT64_MAX / 2)

static void add_record(struct wick_reader *reader, const struct wick_record *record)
{
    if (!reader->error) {
        *wk_reader_next_record(reader) = *record;
    }
}

/* The site of an event is what the line with this location would make of it. */
static bool use_named(struct wick_reader *reader, struct wk_wire_event *event, const struct wk_wire_known_track *t)
{
    struct wick_record *r = &event->record;
    const struct wk_kind *kind = wk_kind_of(r->kind);
    struct wk_wire_known_site *s = wk_wire_use_site(reader, r->site);
    if (!s) {
        return false;
    }
    if (kind->shape == WK_SHAPE_NAMED && !event->has_text && kind->site != WICK_SITE_FOREIGN) {
        r->text = s->info.formatted ? "" : s->info.literal;
        r->text_bytes = (uint32_t)wk_mem_length(r->text);
    }
    struct wk_line line = {.track = t->track, .text = r->text, .text_bytes = r->text_bytes, .location = s->info.location,
                           .location_bytes = (uint32_t)wk_mem_length(s->info.location)};
    uint32_t process = wk_reader_tracks(reader)[t->track].process;
    if (kind->site == WICK_SITE_FOREIGN) { /* CLEAR */
        r->site = WICK_NONE;
    } else if (kind->site == WICK_SITE_LOCK) {
        uint32_t location = wk_reader_use_location(reader, process, line.location, line.location_bytes);
        r->site = location == WICK_NONE ? WICK_NONE : wk_reader_lock_site(reader, location, r->text, r->text_bytes);
        r->kind = r->kind >= WK_KIND_LOCKW2 ? (uint8_t)(r->kind - WK_KIND_LOCKW2 + WICK_RECORD_LOCKW) : r->kind;
    } else {
        r->site = s->info.kind == WICK_SITE_FOREIGN ? wk_reader_plain_site(reader, process, s->info.location, kind->site)
                                                    : s->site;
        if (r->kind == WICK_RECORD_MARK && wk_ctxt_is_bracket(&line)) {
            *r = (struct wick_record){.time_ns = r->time_ns, .track = r->track, .site = WICK_NONE, .text = r->text,
                                      .kind = WICK_RECORD_THREAD_NAME}; /* says nothing but the time */
        }
    }
    add_record(reader, r);
    return true;
}

/* `site` stands here: from now on lines of this location are about it. */
static bool introduce(struct wick_reader *reader, uint32_t number, const struct wk_wire_known_track *t)
{
    struct wk_wire_known_site *s = wk_wire_use_site(reader, number);
    if (!s) {
        return false;
    }
    uint32_t process = wk_reader_tracks(reader)[t->track].process;
    uint32_t location = wk_reader_location_of(reader, process, s->info.location, (uint32_t)wk_mem_length(s->info.location));
    if (location != WICK_NONE) {
        wk_reader_introduce(reader, location, s->site);
    }
    return true;
}

static bool use_number(struct wick_reader *reader, struct wk_wire_event *event, const struct wk_wire_known_track *t)
{
    struct wick_record *r = &event->record;
    r->text_bytes = 0;
    if (wk_shape_names_site(wk_kind_shape(r->kind))) {
        return use_named(reader, event, t);
    }
    add_record(reader, r);
    return true;
}

static bool use_under(struct wick_reader *reader, struct wick_record *r)
{
    const struct wk_wire_known_track *parent = wk_wire_use_track(reader, r->parent_track);
    if (!parent) {
        return false;
    }
    r->parent_track = parent->track;
    r->site = WICK_NONE;
    r->text_bytes = 0;
    add_record(reader, r);
    return true;
}

static bool use_scope(struct wick_reader *reader, struct wick_record *r, struct wk_wire_known_track *t)
{
    if (r->kind == WICK_RECORD_START) {
        const struct wk_wire_known_site *s = wk_wire_use_site(reader, r->site);
        if (!s) {
            return false;
        }
        r->site = s->site;
        r->text_bytes = s->drop_text ? 0 : r->text_bytes;
        t->depth++;
        add_record(reader, r);
    } else if (wk_wire_pop(reader, t)) {
        r->unfinished = r->kind == WICK_RECORD_ENDER ? r->unfinished : 0;
        add_record(reader, r);
    }
    return true;
}

/* Bytes of .ctxt: records of theirs move the stack of the track as the event says. */
static bool use_line(struct wick_reader *reader, const struct wick_record *r, struct wk_wire_known_track *t)
{
    reader->stats.lines--; /* they count themselves */
    wk_ctxt_text(reader, r->text, r->text_bytes);
    if (!t) {
        return r->unfinished == WK_WIRE_LINE_PLAIN;
    }
    if (r->unfinished == WK_WIRE_LINE_PUSH) {
        t->depth++;
    } else if (r->unfinished == WK_WIRE_LINE_POP) {
        t->depth -= t->depth > 0;
    } else if (r->unfinished == WK_WIRE_LINE_CLEAR) {
        t->depth = 0;
    }
    uint32_t below = t->outer + t->unknown;
    if (t->depth < below) {
        t->outer = t->depth < t->outer ? t->depth : t->outer;
        t->unknown = t->depth - t->outer;
    }
    return true;
}

static bool switch_track(struct wick_reader *reader, const struct wk_wire_event *event)
{
    struct wk_wire_in *wire = reader->wire;
    struct wk_wire_known_track *t = wk_wire_use_track(reader, event->record.track);
    wire->current = t ? event->record.track : WICK_NONE;
    if (t && wire->part && !t->met) {
        t->met = 1;
        t->first_depth = t->depth = t->outer = event->depth;
        t->unknown = 0;
    } else if (t) {
        wk_wire_meet_depth(reader, t, event->depth);
    }
    return t != NULL;
}

/* An event of a track, by the shape of its kind. */
static bool use_shape(struct wick_reader *reader, struct wk_wire_event *event, struct wk_wire_known_track *t)
{
    struct wick_record *r = &event->record;
    struct wk_line line = {.time_ns = r->time_ns, .text = r->text, .text_bytes = r->text_bytes, .track = t->track};
    switch (wk_kind_shape(r->kind)) {
    case WK_SHAPE_START:
    case WK_SHAPE_END:
        return use_scope(reader, r, t);
    case WK_SHAPE_NUMBER:
    case WK_SHAPE_INTEGER:
    case WK_SHAPE_UNSIGNED:
    case WK_SHAPE_SITE_NUMBER:
    case WK_SHAPE_SITE_INTEGER:
    case WK_SHAPE_SITE_UNSIGNED:
        return use_number(reader, event, t);
    case WK_SHAPE_UNDER:
        return use_under(reader, r);
    case WK_SHAPE_TEXT:
        wk_wire_use_word(reader, r->kind, line);
        return true;
    case WK_SHAPE_SITE:
        return introduce(reader, r->site, t);
    case WK_SHAPE_LOST:
        r->text_bytes = 0;
        /* fall through */
    case WK_SHAPE_BIND:
    case WK_SHAPE_STACK:
        r->site = WICK_NONE;
        add_record(reader, r);
        return true;
    case WK_SHAPE_NAMED:
        if (r->kind == WICK_RECORD_CLEAR) {
            t->depth = t->outer = t->unknown = 0;
        }
        return use_named(reader, event, t);
    default: /* WK_SHAPE_PAD, WK_SHAPE_DECIMALS */
        return true;
    }
}

static bool use_event(struct wick_reader *reader, struct wk_wire_event *event)
{
    struct wick_record *r = &event->record;
    struct wk_wire_in *wire = reader->wire;
    struct wk_wire_known_track *t = wire->current == WICK_NONE ? NULL : &wk_wire_tracks(wire)[wire->current];
    if (r->kind == WK_KIND_SWITCH) {
        return switch_track(reader, event);
    }
    reader->stats.lines++;
    if (wk_kind_shape(r->kind) == WK_SHAPE_UNKNOWN || event->unknown) { /* of a later writer */
        wk_reader_problem(reader, WICK_PROBLEM_WORD, "event", 5);
        if (!event->unknown) {
            return true;
        }
    }
    if (r->kind == WK_KIND_LINE) {
        return use_line(reader, r, t);
    }
    if (!t) {
        return r->kind == WK_KIND_DECIMALS || r->kind == WK_KIND_PAD;
    }
    r->track = t->track;
    return use_shape(reader, event, t);
}

/* STARTs without a text and good ENDs, as long as there are any and the batch has room; gives where it stopped. */
static const uint8_t *fast_events(struct wick_reader *reader, const uint8_t *at, const uint8_t *end)
{
    struct wk_wire_in *wire = reader->wire;
    struct wk_wire_known_track *t = &wk_wire_tracks(wire)[wire->current];
    const struct wk_wire_known_site *sites = wk_wire_sites(wire);
    struct wick_record *r = &reader->batch[reader->batch_count];
    const struct wick_record *full = &reader->batch[WK_READER_BATCH];
    uint32_t site_count = wire->sites.count, track = t->track, depth = t->depth;
    int64_t time_ns = wire->time_ns;
    while (end - at >= (ptrdiff_t)ROOM && r != full) {
        uint32_t bytes, site_bytes;
        uint64_t head = wk_wire_number(wk_wire_load(at), &bytes);
        if (WICK_I_UNLIKELY(bytes > FAST_NUMBER_BYTES || (head & 2))) {
            break;
        }
        time_ns += (int64_t)(head >> 2);
        *r = (struct wick_record){.time_ns = time_ns, .track = track, .site = WICK_NONE, .kind = WICK_RECORD_ENDOK, .u.cpu_ns = -1};
        if (head & WK_WIRE_OP_START) {
            uint64_t site = wk_wire_number(wk_wire_load(at + bytes), &site_bytes);
            if (WICK_I_UNLIKELY(site >= site_count || site_bytes > 8 || !sites[site].defined || sites[site].site == WICK_NONE)) {
                time_ns -= (int64_t)(head >> 2);
                break;
            }
            r->site = sites[site].site;
            r->kind = WICK_RECORD_START;
            at += site_bytes;
            depth++;
        } else {
            depth -= depth > 0;
        }
        at += bytes;
        r++;
    }
    uint32_t count = (uint32_t)(r - reader->batch);
    reader->stats.lines += count - reader->batch_count;
    reader->batch_count = count;
    wire->time_ns = time_ns;
    t->depth = depth;
    t->outer = depth < t->outer ? depth : t->outer;
    return at;
}

/* May fast_events run here? Not among ENDs whose START was not read; and a batch of steps must not overflow. */
static bool is_fast(struct wick_reader *reader)
{
    const struct wk_wire_in *wire = reader->wire;
    if (WICK_I_UNLIKELY(reader->batch_count == WK_READER_BATCH)) {
        wk_reader_flush(reader);
    }
    return !reader->on_event && !reader->error && wire->current != WICK_NONE && wire->time_ns <= FAST_TIME_MAX &&
           !wk_wire_tracks(wire)[wire->current].unknown;
}

void wk_wire_events(struct wick_reader *reader, const uint8_t *at, const uint8_t *end)
{
    struct wk_wire_in *wire = reader->wire;
    struct wk_wire_event event;
    wire->current = WICK_NONE;
    wire->time_ns = 0;
    if (reader->on_event) {
        reader->on_event(reader->on_event_user, NULL);
    }
    while (at < end && !reader->error) {
        if (is_fast(reader)) {
            at = fast_events(reader, at, end);
            if (reader->batch_count == WK_READER_BATCH) {
                continue;
            }
        }
        if (at < end && !reader->error &&
            (!wk_wire_next(&at, end, &wire->time_ns, &event) ||
             !(reader->on_event ? reader->on_event(reader->on_event_user, &event) : use_event(reader, &event)))) {
            wk_wire_undefined(reader, "event");
            break; /* what follows in this frame would be guessed */
        }
    }
}
