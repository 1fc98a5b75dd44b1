/*
 * SPDX-License-Identifier: MIT
 * One event out of the bytes of a frame; the stream's own numbers stay as they are.
 * Invariant: no byte outside the frame is read; an event that makes no sense ends the frame.
 */
#include "wire_read.h"

static double double_in(struct wk_wire_body *body)
{
    uint64_t whole = wk_wire_body_number(body);
    double number = (double)wk_wire_unfold(whole >> 1);
    if (!(whole & 1)) {
        return number;
    }
    body->bad = body->bad || body->end - body->at < 8;
    if (!body->bad) {
        memcpy(&number, body->at, 8);
        body->at += 8;
    }
    return number;
}

static uint32_t index_in(struct wk_wire_body *body)
{
    uint64_t number = wk_wire_body_number(body);
    body->bad = body->bad || number >= WICK_NONE;
    return (uint32_t)number;
}

/* A time before the event's own. */
static int64_t earlier_in(struct wk_wire_body *body, int64_t time_ns)
{
    int64_t first_ns = (int64_t)((uint64_t)time_ns - (uint64_t)wk_wire_unfold(wk_wire_body_number(body)));
    body->bad = body->bad || first_ns < 0;
    return first_ns;
}

static void read_end(struct wk_wire_body *body, struct wk_wire_event *event)
{
    struct wick_record *r = &event->record;
    uint32_t flags = wk_wire_body_byte(body), bytes;
    uint64_t cpu_ns = flags & WK_WIRE_END_CPU ? wk_wire_body_number(body) : 0;
    uint32_t reason = flags >> WK_WIRE_END_REASON_SHIFT & WK_WIRE_END_REASON_MASK;
    for (uint32_t more = flags & WK_WIRE_END_MORE; more; more &= more - 1) {
        (void)wk_wire_body_bytes(body, &bytes);
        event->unknown = true;
    }
    r->kind = flags & WK_WIRE_END_FAILED ? WICK_RECORD_ENDER : WICK_RECORD_ENDOK;
    r->u.cpu_ns = flags & WK_WIRE_END_CPU ? (int64_t)cpu_ns : -1;
    r->unfinished = (uint8_t)reason;
    body->bad = body->bad || cpu_ns > INT64_MAX || reason >= WICK_UNFINISHED_KINDS;
}

static void read_named(struct wk_wire_body *body, struct wk_wire_event *event)
{
    uint64_t number = wk_wire_body_number(body);
    event->record.site = (uint32_t)(number >> 1);
    event->has_text = number & 1;
    body->bad = body->bad || number >> 1 >= WICK_NONE;
}

/* The body of an event that is neither a START nor a plain END: numbers, and its text in what is left. */
static void read_body(struct wk_wire_body *body, struct wk_wire_event *event)
{
    struct wick_record *r = &event->record;
    switch (wk_kind_shape(r->kind)) {
    case WK_SHAPE_END:
        read_end(body, event);
        break;
    case WK_SHAPE_NUMBER:
        r->u.number = double_in(body);
        break;
    case WK_SHAPE_INTEGER:
    case WK_SHAPE_UNSIGNED:
        r->u.integer = wk_wire_unfold(wk_wire_body_number(body));
        break;
    case WK_SHAPE_SITE_NUMBER:
        r->site = index_in(body);
        r->u.number = double_in(body);
        break;
    case WK_SHAPE_SITE_INTEGER:
    case WK_SHAPE_SITE_UNSIGNED:
        r->site = index_in(body);
        r->u.integer = wk_wire_unfold(wk_wire_body_number(body));
        break;
    case WK_SHAPE_LOST:
        r->u.count = wk_wire_body_number(body);
        r->first_ns = earlier_in(body, r->time_ns);
        body->bad = body->bad || r->u.count > UINT64_MAX / 2;
        break;
    case WK_SHAPE_UNDER:
        r->site = index_in(body);
        r->parent_track = index_in(body);
        r->first_ns = earlier_in(body, r->time_ns);
        break;
    case WK_SHAPE_SITE:
        r->site = index_in(body);
        break;
    case WK_SHAPE_BIND:
    case WK_SHAPE_PAD:
        r->u.count = wk_wire_body_number(body);
        break;
    case WK_SHAPE_LINE:
    case WK_SHAPE_DECIMALS:
        r->unfinished = (uint8_t)wk_wire_body_byte(body);
        break;
    case WK_SHAPE_SWITCH:
        r->track = index_in(body);
        event->depth = index_in(body);
        r->time_ns = (int64_t)((uint64_t)r->time_ns + (uint64_t)wk_wire_unfold(wk_wire_body_number(body)));
        body->bad = body->bad || r->time_ns < 0;
        break;
    case WK_SHAPE_NAMED:
        read_named(body, event);
        break;
    default: /* WK_SHAPE_TEXT, WK_SHAPE_STACK; one that is not known */
        break;
    }
    r->text = (const char *)body->at;
    r->text_bytes = (uint32_t)(body->end - body->at);
}

/* May an event of this kind stand in a frame? A kind that is not known may, but not bare. */
static bool is_event(uint32_t kind, bool bare)
{
    uint8_t shape = wk_kind_shape(kind);
    return bare ? shape != WK_SHAPE_UNKNOWN && shape != WK_SHAPE_START && wk_wire_may_be_bare(kind)
                : shape != WK_SHAPE_START && shape != WK_SHAPE_OF_END;
}

static bool next_other(const uint8_t **at, const uint8_t *end, struct wk_wire_event *event)
{
    struct wk_wire_body frame = {*at, end, false};
    uint32_t first = wk_wire_body_byte(&frame), kind = first & ~WK_WIRE_BARE, bytes;
    bool bare = first & WK_WIRE_BARE;
    struct wk_wire_body body = frame;
    event->record.kind = (uint8_t)kind;
    if (!is_event(kind, bare)) {
        return false; /* nonsense, or who knows where it ends */
    }
    if (!bare) {
        body.at = (const uint8_t *)wk_wire_body_bytes(&frame, &bytes);
        body.end = body.at + bytes;
        body.bad = frame.bad;
    }
    if (!body.bad) {
        read_body(&body, event);
    }
    if (bare) {
        event->record.text_bytes = 0;
        frame.at = body.at;
    }
    *at = frame.at;
    return !body.bad;
}

bool wk_wire_next(const uint8_t **at, const uint8_t *end, int64_t *time_ns, struct wk_wire_event *event)
{
    uint64_t head, number;
    *event = (struct wk_wire_event){.record = {.site = WICK_NONE, .kind = WICK_RECORD_ENDOK, .u.cpu_ns = -1}};
    if (!wk_wire_get(at, end, &head) || head >> 2 > (uint64_t)(INT64_MAX - *time_ns)) {
        return false;
    }
    event->record.time_ns = *time_ns + (int64_t)(head >> 2);
    if ((head & 3) == WK_WIRE_OP_OTHER) {
        if (!next_other(at, end, event)) {
            return false;
        }
    } else if ((head & 3) != WK_WIRE_OP_END) {
        struct wk_wire_body body = {*at, end, false};
        event->record.kind = WICK_RECORD_START;
        number = wk_wire_body_number(&body);
        event->record.site = (uint32_t)number;
        if ((head & 3) == WK_WIRE_OP_TEXT) {
            event->record.text = wk_wire_body_bytes(&body, &event->record.text_bytes);
        }
        *at = body.at;
        if (body.bad || number >= WICK_NONE) {
            return false;
        }
    }
    *time_ns = event->record.time_ns;
    return true;
}
