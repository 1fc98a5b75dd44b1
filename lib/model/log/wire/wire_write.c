/*
 * SPDX-License-Identifier: MIT
 * Records to frames. See wire.h, and wire.md for the bytes.
 * The common events (START without a text, a good END) are one or two numbers behind each other.
 */
#include "wire.h"

#include "model/log/ctxt/ctxt_clean.h"
#include "wire_writer.h"

enum {
    SLACK = 2 * WK_WIRE_EVENT_ROOM, /* behind the limit: for the numbers of any event, and for wk_wire_put */
    NUMBERS_MAX = 4 * 9,            /* of the body of an event, before its text */
};

const uint8_t wk_wire_stream_header[WK_WIRE_STREAM_BYTES] = {0x89, 'w', 'i', 'c', 'k', '\r', '\n', WK_WIRE_VERSION};

/* ---- frames ---------------------------------------------------------------------------------- */

static void begin_frame(struct wk_wire_writer *writer)
{
    writer->at = writer->frame.bytes + WK_WIRE_FRAME_BYTES;
    writer->track = WICK_NONE;
    writer->time_ns = 0;
    writer->first_ns = INT64_MAX;
    writer->last_ns = INT64_MIN;
    writer->events = 0;
    writer->frame_decimals = 9;
}

static uint64_t next_sequence(struct wk_wire_writer *writer)
{
    return writer->options.unnumbered ? 0 : writer->sequence++;
}

int wk_wire_flush(struct wk_wire_writer *writer)
{
    int rc = 0;

    if (writer->pending.count > WK_WIRE_FRAME_BYTES) {
        struct wk_wire_frame_info info = {.sequence = next_sequence(writer), .kind = WK_WIRE_DEFINITIONS};

        rc = wk_wire_emit(writer, &writer->options.out, &writer->pending, info);
        writer->pending.count = WK_WIRE_FRAME_BYTES;
    }
    writer->frame.count = (size_t)(writer->at - writer->frame.bytes);
    if (writer->first_ns > writer->last_ns) {
        writer->first_ns = writer->last_ns = 0; /* nothing in it has a time */
    }
    if (writer->frame.count > WK_WIRE_FRAME_BYTES) {
        struct wk_wire_frame_info info = {.sequence = next_sequence(writer), .first_ns = writer->first_ns,
                                          .last_ns = writer->last_ns, .events = writer->events,
                                          .kind = WK_WIRE_EVENTS};
        int failed = wk_wire_emit(writer, &writer->options.out, &writer->frame, info);

        rc = rc < 0 ? rc : failed;
        writer->lost += failed < 0 ? writer->events : 0;
    }
    begin_frame(writer);
    writer->error = rc < 0 ? rc : writer->error;
    return rc;
}

/* Room for an event whose text has `bytes`; ends the frame when it is full. False: no memory for the text. */
static bool reserve(struct wk_wire_writer *writer, size_t bytes)
{
    size_t need = bytes + SLACK + NUMBERS_MAX;

    if ((size_t)(writer->at - writer->frame.bytes) + need > WK_WIRE_FRAME_BYTES + WK_WIRE_FRAME_FULL) {
        (void)wk_wire_flush(writer);
    }
    if (WK_WIRE_FRAME_BYTES + need <= writer->frame.capacity) {
        return true;
    }
    if (!wk_wire_buffer_reserve(writer, &writer->frame, WK_WIRE_FRAME_BYTES + need)) {
        return false;
    }
    writer->at = writer->frame.bytes + WK_WIRE_FRAME_BYTES;
    return true;
}

/* ---- events ---------------------------------------------------------------------------------- */

/* What follows is of `track`, from `time_ns` on: both may be anything. */
static void put_switch(struct wk_wire_writer *writer, uint32_t track, int64_t time_ns)
{
    writer->at = wk_wire_put(writer->at, WK_WIRE_OP_OTHER);
    *writer->at++ = WK_KIND_SWITCH | WK_WIRE_BARE;
    writer->at = wk_wire_put(writer->at, track);
    writer->at = wk_wire_put(writer->at, writer->tracks[track].depth);
    writer->at = wk_wire_put(writer->at, wk_wire_fold((int64_t)((uint64_t)time_ns - (uint64_t)writer->time_ns)));
    writer->track = track;
    writer->time_ns = time_ns;
}

/* The event's first number: what it is, and how long after the one before. Needs room. */
static void put_head(struct wk_wire_writer *writer, const struct wick_record *record, enum wk_wire_op op)
{
    writer->events++;
    if (!record->track && record->kind == WK_KIND_LINE) { /* nobody's */
        writer->at = wk_wire_put(writer->at, op);
        return;
    }
    if (record->track != writer->track || record->time_ns < writer->time_ns ||
        record->time_ns - writer->time_ns > INT64_MAX / 8) {
        put_switch(writer, record->track, record->time_ns);
    }
    writer->at = wk_wire_put(writer->at, (uint64_t)(record->time_ns - writer->time_ns) << 2 | op);
    writer->time_ns = record->time_ns;
    writer->first_ns = record->time_ns < writer->first_ns ? record->time_ns : writer->first_ns;
    writer->last_ns = record->time_ns > writer->last_ns ? record->time_ns : writer->last_ns;
}

static bool is_plain_text(const char *text, size_t bytes)
{
    uint8_t bad = 0;

    for (size_t i = 0; i < bytes; i++) { /* each byte from space to ~ */
        bad |= (uint8_t)((uint8_t)(text[i] - 0x20) >= 0x5f);
    }
    return !bad;
}

/* The text as the log has it: in the writer's memory when it had to be changed. */
static void prepare_text(struct wk_wire_writer *writer, struct wick_record *record, bool verbatim)
{
    static const char mark[] = " [cut]";
    const struct wk_wire_options *o = &writer->options;
    size_t most = o->text_max && o->text_max < WK_WIRE_TEXT_MAX ? o->text_max : WK_WIRE_TEXT_MAX;
    const char *reference = NULL;

    if (record->text_bytes == 0 || (record->text_bytes <= most && (verbatim || is_plain_text(record->text, record->text_bytes)))) {
        return;
    }
    bool fits = wk_ctxt_text_fits(record->text, record->text_bytes, most);
    if (!fits && o->jumbo) {
        reference = o->jumbo(o->jumbo_user, record->text, record->text_bytes);
    }
    writer->cut += !fits && !reference;
    most = record->text_bytes > most / 3 ? most : (size_t)record->text_bytes * 3;
    if (!wk_wire_buffer_reserve(writer, &writer->text, most)) {
        writer->cut += fits;
        record->text_bytes = 0;
        return;
    }
    char *end = reference ? wk_ctxt_put_reference((char *)writer->text.bytes, record->text, record->text_bytes, reference)
                          : wk_ctxt_clean_text((char *)writer->text.bytes, record->text, record->text_bytes,
                                               fits ? most : most - sizeof mark);
    if (!fits && !reference) {
        memcpy(end, mark, sizeof mark - 1);
        end += sizeof mark - 1;
    }
    record->text = (char *)writer->text.bytes;
    record->text_bytes = (uint32_t)(end - record->text);
}

static void put_text(struct wk_wire_writer *writer, const struct wick_record *record)
{
    if (record->text_bytes) {
        memcpy(writer->at, record->text, record->text_bytes);
    }
    writer->at += record->text_bytes;
}

/* Most numbers are small and whole. */
static uint8_t *put_double(uint8_t *at, double number)
{
    int64_t whole = number > -1e15 && number < 1e15 ? (int64_t)number : INT64_MIN;
    double back = (double)whole;

    if (whole != INT64_MIN && memcmp(&back, &number, sizeof back) == 0) { /* -0 is not 0 */
        return wk_wire_put(at, wk_wire_fold(whole) << 1);
    }
    at = wk_wire_put(at, 1);
    memcpy(at, &number, 8);
    return at + 8;
}

static uint8_t *put_step(uint8_t *at, const struct wick_record *r)
{
    return wk_wire_put(at, wk_wire_fold((int64_t)((uint64_t)r->time_ns - (uint64_t)r->first_ns)));
}

static uint8_t *put_end_numbers(uint8_t *at, const struct wick_record *r)
{
    uint32_t flags = (r->kind == WICK_RECORD_ENDER ? WK_WIRE_END_FAILED : 0) | (r->u.cpu_ns >= 0 ? WK_WIRE_END_CPU : 0) |
                     (r->text_bytes ? WK_WIRE_END_TEXT : 0) | (uint32_t)r->unfinished << WK_WIRE_END_REASON_SHIFT;

    *at++ = (uint8_t)flags;
    return r->u.cpu_ns >= 0 ? wk_wire_put(at, (uint64_t)r->u.cpu_ns) : at;
}

/* The numbers of an event's body, before its text; gives their end. */
static uint8_t *put_numbers(uint8_t *at, const struct wick_record *r)
{
    switch (wk_kind_shape(r->kind)) {
    case WK_SHAPE_END:
        return put_end_numbers(at, r);
    case WK_SHAPE_NUMBER:
        return put_double(at, r->u.number);
    case WK_SHAPE_INTEGER:
    case WK_SHAPE_UNSIGNED:
        return wk_wire_put(at, wk_wire_fold(r->u.integer));
    case WK_SHAPE_SITE_NUMBER:
        return put_double(wk_wire_put(at, r->site), r->u.number);
    case WK_SHAPE_SITE_INTEGER:
    case WK_SHAPE_SITE_UNSIGNED:
        return wk_wire_put(wk_wire_put(at, r->site), wk_wire_fold(r->u.integer));
    case WK_SHAPE_LOST:
        return put_step(wk_wire_put(at, r->u.count), r);
    case WK_SHAPE_UNDER:
        return put_step(wk_wire_put(wk_wire_put(at, r->site), r->parent_track), r);
    case WK_SHAPE_SITE:
        return wk_wire_put(at, r->site);
    case WK_SHAPE_BIND:
    case WK_SHAPE_PAD:
        return wk_wire_put(at, r->u.count);
    case WK_SHAPE_LINE:
    case WK_SHAPE_DECIMALS:
        *at++ = r->unfinished;
        return at;
    case WK_SHAPE_NAMED:
        return wk_wire_put(at, (uint64_t)r->site << 1 | (r->text != NULL));
    default: /* WK_SHAPE_TEXT, WK_SHAPE_STACK */
        return at;
    }
}

static void put_other(struct wk_wire_writer *writer, const struct wick_record *record)
{
    uint8_t numbers[NUMBERS_MAX + 8];
    size_t count = (size_t)(put_numbers(numbers, record) - numbers);

    put_head(writer, record, WK_WIRE_OP_OTHER);
    bool bare = !record->text_bytes && wk_wire_may_be_bare(record->kind);
    *writer->at++ = (uint8_t)(record->kind | (bare ? WK_WIRE_BARE : 0));
    if (!bare) {
        writer->at = wk_wire_put(writer->at, count + record->text_bytes);
    }
    memcpy(writer->at, numbers, count);
    writer->at += count;
    put_text(writer, record);
}

static void meet_decimals(struct wk_wire_writer *writer, const struct wick_record *record)
{
    if (writer->decimals == writer->frame_decimals || record->kind == WK_KIND_LINE) {
        return;
    }
    writer->at = wk_wire_put(writer->at, WK_WIRE_OP_OTHER);
    *writer->at++ = WK_KIND_DECIMALS | WK_WIRE_BARE;
    *writer->at++ = writer->decimals;
    writer->frame_decimals = writer->decimals;
}

static void put_start(struct wk_wire_writer *writer, const struct wick_record *record)
{
    put_head(writer, record, record->text_bytes ? WK_WIRE_OP_TEXT : WK_WIRE_OP_START);
    writer->at = wk_wire_put(writer->at, record->site);
    if (record->text_bytes) {
        writer->at = wk_wire_put(writer->at, record->text_bytes);
        put_text(writer, record);
    }
}

/* The stack of a track as its reader will see it. */
static void note_depth(struct wk_wire_written_track *track, const struct wick_record *record)
{
    bool line = record->kind == WK_KIND_LINE;

    if (line ? record->unfinished == WK_WIRE_LINE_PUSH : record->kind == WICK_RECORD_START) {
        track->depth++;
    } else if (line ? record->unfinished == WK_WIRE_LINE_POP : record->kind <= WICK_RECORD_ENDER) {
        track->depth -= track->depth > 0;
    } else if (line ? record->unfinished == WK_WIRE_LINE_CLEAR : record->kind == WICK_RECORD_CLEAR) {
        track->depth = 0;
    }
}

/* Any event whose names are defined. */
static void put_any(struct wk_wire_writer *writer, struct wick_record *record, bool verbatim)
{
    prepare_text(writer, record, verbatim || wk_kind_shape(record->kind) == WK_SHAPE_STACK);
    if (!reserve(writer, record->text_bytes)) {
        writer->cut++;
        record->text_bytes = 0; /* an event without its text, rather than none */
        (void)reserve(writer, 0);
    }
    meet_decimals(writer, record);
    if (record->kind == WICK_RECORD_START) {
        put_start(writer, record);
    } else {
        put_other(writer, record);
    }
    if (record->track || record->kind != WK_KIND_LINE) {
        note_depth(&writer->tracks[record->track], record);
    }
}

static bool is_plain_end(const struct wick_record *record)
{
    return record->kind == WICK_RECORD_ENDOK && record->u.cpu_ns < 0 && !record->text_bytes;
}

/* A record of the drain: its names are defined, and introduced by a `site` line. */
static void put_record(struct wk_wire_writer *writer, const struct wick_record *from)
{
    struct wick_record record = *from;
    struct wk_wire_written_site *site;

    record.track++;
    record.parent_track++;
    if (writer->options.read_records) {
        record.site++; /* WICK_NONE becomes 0 */
    }
    if (is_plain_end(&record)) {
        (void)reserve(writer, 0);
        put_head(writer, &record, WK_WIRE_OP_END);
        note_depth(&writer->tracks[record.track], &record);
        return;
    }
    if (wk_shape_names_site(wk_kind_shape(record.kind))) {
        site = wk_wire_define_site(writer, record.site);
        if (!site) {
            writer->cut++;
            record.site = 0; /* defined at the beginning */
        } else if (record.site && !site->introduced) {
            struct wick_record line = {.kind = WK_KIND_SITE, .time_ns = record.time_ns, .track = record.track,
                                       .site = record.site};

            site->introduced = true;
            put_any(writer, &line, true);
        }
        if (site && site->texts && !record.text) {
            record.text = "";
        }
    }
    if (record.kind == WICK_RECORD_UNDER && !wk_wire_define_track(writer, record.parent_track)) {
        record.parent_track = record.track;
    }
    put_any(writer, &record, false);
    if (record.kind == WICK_RECORD_THREAD_NAME) {
        wk_wire_define_label(writer, record.track, record.text, record.text_bytes);
    }
}

/* STARTs without a text and good ENDs of the track before them, as many as there are: nearly all. */
static size_t put_plain(struct wk_wire_writer *writer, const struct wick_record *records, size_t count)
{
    uint32_t track = writer->track - 1;
    uint8_t *limit = writer->frame.bytes + WK_WIRE_FRAME_FULL - SLACK;
    uint8_t *at = writer->at;
    int64_t time_ns = writer->time_ns;
    size_t done = 0;

    if (writer->track == WICK_NONE || writer->options.read_records) {
        return 0;
    }
    struct wk_wire_written_track *t = &writer->tracks[writer->track];
    uint32_t depth = t->depth;
    for (; done < count; done++) {
        const struct wick_record *r = &records[done];
        uint64_t step_ns = (uint64_t)r->time_ns - (uint64_t)time_ns; /* backwards: a huge one */

        if (r->track != track || r->text_bytes || step_ns >> 48 || at > limit) {
            break;
        }
        if (r->kind == WICK_RECORD_START && r->site < writer->site_count && writer->sites[r->site].introduced) {
            at = wk_wire_put(at, step_ns << 2 | WK_WIRE_OP_START);
            at = wk_wire_put(at, r->site);
            depth++;
        } else if (r->kind == WICK_RECORD_ENDOK && r->u.cpu_ns < 0) {
            at = wk_wire_put(at, step_ns << 2 | WK_WIRE_OP_END);
            depth -= depth > 0;
        } else {
            break;
        }
        time_ns = r->time_ns;
    }
    t->depth = depth;
    writer->at = at;
    writer->time_ns = time_ns;
    writer->last_ns = time_ns > writer->last_ns ? time_ns : writer->last_ns;
    writer->events += (uint32_t)done;
    return done;
}

int wk_wire_write(struct wk_wire_writer *writer, const struct wick_record *records, size_t count)
{
    struct wick_record lines[WK_LOCK_LINES];

    writer->error = 0;
    for (size_t i = put_plain(writer, records, count); i < count; i += 1 + put_plain(writer, records + i + 1, count - i - 1)) {
        const struct wick_record *record = &records[i];
        /* An event may be lost only if all later ones are: an end without its start would be worse than none. */
        struct wk_wire_written_track *track = writer->starved ? NULL : wk_wire_define_track(writer, record->track + 1);

        if (!track) {
            writer->starved = true;
            writer->lost++;
            continue;
        }
        if (writer->options.read_records || !wk_lock_slots_concern(record->kind)) {
            put_record(writer, record);
            continue;
        }
        for (uint32_t k = 0, n = wk_lock_slots_lines(&track->locks, record, lines); k < n; k++) {
            put_record(writer, &lines[k]);
        }
    }
    return writer->error;
}

int wk_wire_put_event(struct wk_wire_writer *writer, const struct wick_record *event)
{
    struct wick_record copy = *event;
    bool good = (++copy.track == 0 && copy.kind == WK_KIND_LINE) || wk_wire_define_track(writer, copy.track) != NULL;

    copy.parent_track++;
    writer->error = 0;
    if (good && wk_shape_names_site(wk_kind_shape(event->kind))) {
        good = wk_wire_define_site(writer, event->site) != NULL;
    }
    if (good && event->kind == WICK_RECORD_UNDER) {
        good = wk_wire_define_track(writer, copy.parent_track) != NULL;
    }
    if (!good) {
        writer->lost++;
        return WICK_E_NOMEM;
    }
    if (is_plain_end(event)) {
        (void)reserve(writer, 0);
        meet_decimals(writer, &copy);
        put_head(writer, &copy, WK_WIRE_OP_END);
        note_depth(&writer->tracks[copy.track], event);
    } else {
        put_any(writer, &copy, true);
    }
    return writer->error;
}

int wk_wire_write_line(struct wk_wire_writer *writer, int64_t time_ns, uint32_t track, uint8_t kind, const char *text)
{
    struct wick_record record = {.kind = kind, .time_ns = time_ns, .track = track + 1, .text = text};

    while (text[record.text_bytes]) {
        record.text_bytes++;
    }
    if (!wk_wire_define_track(writer, record.track)) {
        writer->lost++;
        return WICK_E_NOMEM;
    }
    writer->error = 0;
    put_any(writer, &record, false);
    if (record.kind == WK_KIND_RUN || record.kind == WK_KIND_STAT) {
        wk_wire_define_property(writer, record.track, record.kind == WK_KIND_STAT, record.text, record.text_bytes);
    }
    return writer->error;
}

/* ---- life ------------------------------------------------------------------------------------ */

void wk_wire_writer_restart(struct wk_wire_writer *writer)
{
    for (uint32_t i = 0; i < writer->site_count; i++) {
        writer->sites[i] = (struct wk_wire_written_site){0};
    }
    for (uint32_t i = 0; i < writer->track_count; i++) {
        writer->tracks[i].defined = false;
    }
    if (writer->process_count) {
        memset(writer->processes, 0, writer->process_count * sizeof *writer->processes);
    }
    writer->properties.count = 0;
    writer->pending.count = WK_WIRE_FRAME_BYTES;
    writer->sequence = writer->options.first_sequence ? writer->options.first_sequence : 1;
    begin_frame(writer);
    (void)wk_wire_define_site(writer, 0);
}

struct wk_wire_writer *wk_wire_writer_create(const struct wk_wire_options *options,
                                             const struct wick_allocator *allocator)
{
    struct wk_wire_writer *writer = wk_mem_zeroed(allocator, sizeof *writer);

    if (!writer) {
        return NULL;
    }
    writer->options = *options;
    writer->allocator = allocator;
    writer->decimals = 9;
    if (!wk_wire_buffer_reserve(writer, &writer->frame, WK_WIRE_FRAME_FULL + WK_WIRE_FRAME_BYTES) ||
        !wk_wire_buffer_reserve(writer, &writer->pending, 4096)) {
        wk_wire_writer_destroy(writer);
        return NULL;
    }
    wk_wire_writer_restart(writer);
    if (!writer->site_count || !writer->sites[0].defined) {
        wk_wire_writer_destroy(writer);
        return NULL;
    }
    return writer;
}

void wk_wire_writer_destroy(struct wk_wire_writer *writer)
{
    if (!writer) {
        return;
    }
    for (uint32_t i = 0; i < writer->track_count; i++) {
        wk_wire_buffer_free(writer, &writer->tracks[i].label);
    }
    wk_wire_buffer_free(writer, &writer->frame);
    wk_wire_buffer_free(writer, &writer->pending);
    wk_wire_buffer_free(writer, &writer->properties);
    wk_wire_buffer_free(writer, &writer->text);
    wk_mem_free(writer->allocator, writer->sites, writer->site_count * sizeof *writer->sites);
    wk_mem_free(writer->allocator, writer->processes, writer->process_count * sizeof *writer->processes);
    wk_mem_free(writer->allocator, writer->tracks, writer->track_count * sizeof *writer->tracks);
    wk_mem_free(writer->allocator, writer, sizeof *writer);
}

void wk_wire_pad(void *out, size_t bytes, uint32_t vector)
{
    struct wk_wire_frame header = {.payload_bytes = (uint32_t)(bytes - WK_WIRE_FRAME_BYTES), .kind = WK_WIRE_PADDING,
                                   .version = WK_WIRE_VERSION};

    memset(out, 0, bytes);
    wk_wire_frame_put(out, &header);
    header.crc = wk_wire_crc(0, (const uint8_t *)out + 8, bytes - 8, vector);
    wk_wire_frame_put(out, &header);
}

void wk_wire_writer_decimals(struct wk_wire_writer *writer, uint8_t decimals)
{
    writer->decimals = decimals;
}

uint64_t wk_wire_writer_cut(const struct wk_wire_writer *writer)
{
    return writer->cut;
}

uint64_t wk_wire_writer_lost(const struct wk_wire_writer *writer)
{
    return writer->lost;
}
