/*
 * SPDX-License-Identifier: MIT
 * One form of a log into the other, without loss: a line becomes the event that gives back exactly its bytes, or
 * stays as it is. Must not judge a line. Invariant: what comes back is what went in, byte for byte.
 */
#include "model/log/ctxt/ctxt_clean.h"
#include "model/log/wire/wire.h"
#include "model/log/wire/wire_lines.h"

#define OUT_BYTES (64u << 10)

enum { FIELD_MAX = 400 }; /* of the wire's strings that are no texts */

/* What a track's lines need beyond the reader's knowledge. */
struct line_track {
    uint8_t looked_at, exact; /* the wire gives back its name as it stands in the lines */
    uint8_t pending;          /* a `cpu` or `unfinished` line of it is kept as a line: so is the END after it */
};

struct wick_converter {
    const struct wick_allocator *allocator;
    struct wick_converter_options options;
    struct wick_names *names;
    struct wick_reader *reader;
    struct wk_lines lines;
    struct wk_array out;            /* char: bytes for options.out */
    int error;
    uint8_t form, first_count;
    char first[4];
    /* Lines to wire. */
    struct wk_wire_writer *writer;
    struct wk_array carry;          /* char: the beginning of a line */
    struct wk_array rendered;       /* char */
    struct wk_array held;           /* char: `cpu` and `unfinished` lines whose END has not come */
    uint32_t held_track;
    struct wk_array tracks;         /* struct line_track */
    struct wick_record caught;
    uint32_t caught_count;
    uint8_t passing;                /* in a line that is too long */
    /* Wire to lines. */
    uint32_t current;               /* track of the stream */
};

/* ---- out ------------------------------------------------------------------------------------- */

static int fail(struct wick_converter *c, int rc)
{
    c->error = c->error ? c->error : rc;
    return c->error;
}

static void write_out(struct wick_converter *c, const void *bytes, size_t count)
{
    int rc = c->error || !count ? 0 : c->options.out.write(c->options.out.user, bytes, count);
    if (rc < 0) {
        fail(c, rc);
    }
}

static int on_frame(void *user, const void *bytes, size_t count, const struct wk_wire_frame_info *info)
{
    struct wick_converter *c = user;
    (void)info;
    write_out(c, bytes, count);
    return c->error;
}

static void append(struct wick_converter *c, struct wk_array *to, const char *bytes, size_t count)
{
    if (wk_array_append(to, c->allocator, bytes, count) < 0) {
        fail(c, WICK_E_NOMEM);
    }
}

/* ---- lines to wire: what names mean there ----------------------------------------------------- */

static const struct wick_site_info no_site = {
    .location = "-", .literal = "", .category = "", .file = "", .colour = WICK_NONE, .kind = WICK_SITE_FOREIGN};

static const struct wick_site_info *named_site(void *user, uint32_t site)
{
    const struct wick_converter *c = user;
    return site ? wick_names_site(c->names, site - 1) : &no_site;
}

static const char *named_prefix(void *user, uint32_t track, uint32_t *bytes)
{
    const struct wick_converter *c = user;
    *bytes = wk_reader_tracks(c->reader)[track].prefix_bytes;
    return wk_reader_tracks(c->reader)[track].prefix;
}

/* Does a string come through the wire as it is? */
static bool is_clean(char *(*clean)(char *, const char *, size_t, size_t), const char *text, size_t most)
{
    char copy[WK_READER_NAME_MAX + 8];
    size_t bytes = wk_mem_length(text);
    return bytes <= most && (!bytes || ((size_t)(clean(copy, text, bytes, most) - copy) == bytes && memcmp(copy, text, bytes) == 0));
}

static bool is_exact_site(const struct wick_converter *c, uint32_t site)
{
    const struct wick_site_info *info = site ? wick_names_site(c->names, site - 1) : NULL;
    return !info || (is_clean(wk_ctxt_clean_field, info->location, FIELD_MAX) &&
                     is_clean(wk_ctxt_clean_text, info->literal, WK_READER_NAME_MAX - 1) &&
                     is_clean(wk_ctxt_clean_field, info->category, FIELD_MAX) &&
                     is_clean(wk_ctxt_clean_text, info->file, FIELD_MAX));
}

static struct line_track *line_track(struct wick_converter *c, uint32_t track)
{
    if (wk_array_reserve(&c->tracks, c->allocator, track + 1, sizeof(struct line_track)) < 0) {
        fail(c, WICK_E_NOMEM);
        return NULL;
    }
    while (c->tracks.count <= track) {
        ((struct line_track *)c->tracks.items)[c->tracks.count++] = (struct line_track){0};
    }
    struct line_track *t = (struct line_track *)c->tracks.items + track;
    if (!t->looked_at) {
        const struct wick_process_info *process = wick_names_track_process(c->names, track);
        const char *thread = wick_names_track(c->names, track)->thread;
        uint32_t bytes = wk_reader_tracks(c->reader)[track].prefix_bytes;
        t->looked_at = 1;
        t->exact = is_clean(wk_ctxt_clean_field, process->host, FIELD_MAX) &&
                   is_clean(wk_ctxt_clean_field, process->pid, FIELD_MAX) &&
                   is_clean(wk_ctxt_clean_field, thread, FIELD_MAX) &&
                   bytes == 4 + wk_mem_length(process->host) + wk_mem_length(process->pid) + wk_mem_length(thread);
    }
    return t;
}

/* ---- lines to wire: one line ------------------------------------------------------------------ */

static int on_records(void *user, const struct wick_record *records, size_t count)
{
    struct wick_converter *c = user;
    c->caught = records[count - 1];
    c->caught_count += (uint32_t)count;
    return 0;
}

static void put_bytes(struct wick_converter *c, const char *bytes, size_t count, uint8_t effect, struct wick_record at)
{
    at.kind = WK_KIND_LINE;
    at.unfinished = effect;
    at.text = bytes;
    at.text_bytes = (uint32_t)count;
    wk_wire_put_event(c->writer, &at);
    if (at.track != WICK_NONE) {
        wk_lines_advance(&c->lines, &at);
    }
}

static void release_held(struct wick_converter *c)
{
    if (c->held.count) {
        struct line_track *t = line_track(c, c->held_track);
        put_bytes(c, c->held.items, c->held.count, WK_WIRE_LINE_PLAIN, (struct wick_record){.track = WICK_NONE});
        c->held.count = 0;
        if (t) {
            t->pending = 1;
        }
    }
}

static uint8_t effect_of(const struct wick_converter *c)
{
    if (!c->caught_count) {
        return WK_WIRE_LINE_PLAIN;
    }
    return c->caught.kind == WICK_RECORD_START    ? WK_WIRE_LINE_PUSH
           : c->caught.kind <= WICK_RECORD_ENDER  ? WK_WIRE_LINE_POP
           : c->caught.kind == WICK_RECORD_CLEAR ? WK_WIRE_LINE_CLEAR
                                                  : WK_WIRE_LINE_PLAIN;
}

/* The line's event, but for its text; false: it has none. */
static bool propose(struct wick_converter *c, const struct wk_line *line, uint8_t kind, struct wick_record *r)
{
    uint8_t shape = kind == WK_KIND_NONE ? WK_SHAPE_UNKNOWN : wk_kind_shape(kind);
    bool caught = c->caught_count == 1;
    struct wk_location *l;
    uint32_t location;
    *r = caught ? c->caught : (struct wick_record){.time_ns = line->time_ns, .track = line->track, .site = WICK_NONE};
    r->site = r->site == WICK_NONE ? 0 : r->site + 1;
    if (shape != WK_SHAPE_BIND && shape != WK_SHAPE_STACK) { /* their records have their own */
        r->text = line->text;
        r->text_bytes = line->text_bytes;
    }
    switch (shape) {
    case WK_SHAPE_UNKNOWN:
    case WK_SHAPE_OF_END:
        return false;
    case WK_SHAPE_UNDER:
        r->site = wk_lines_find(&c->lines, r->parent_track, r->first_ns);
        return caught;
    case WK_SHAPE_SITE:
        location = wk_reader_location_of(c->reader, wk_reader_tracks(c->reader)[line->track].process, line->location,
                                         line->location_bytes);
        l = location == WICK_NONE ? NULL : &wk_reader_locations(c->reader)[location];
        r->site = l && l->site != WICK_NONE ? l->site + 1 : 0;
        r->kind = kind;
        return r->site != 0;
    case WK_SHAPE_PAD:
        r->u.count = line->text_bytes;
        r->kind = kind;
        return true;
    default:
        r->kind = kind; /* a bracket is a mark too, of no site; lower-case lock words are kinds of lines */
        return caught || kind >= WK_KIND_RUN;
    }
}

static bool has_text(uint8_t kind)
{
    return wk_kind_shape(kind) == WK_SHAPE_START || wk_kind_shape(kind) == WK_SHAPE_NAMED;
}

/* Is this what the event gives back? */
static bool gives_back(struct wick_converter *c, const struct wk_wire_event *event, const char *text, size_t bytes)
{
    c->rendered.count = 0;
    wk_lines_render(&c->lines, event, &c->rendered);
    size_t held = event->record.kind <= WICK_RECORD_ENDER && event->record.kind != WICK_RECORD_START ? c->held.count : 0;
    const char *got = c->rendered.items;
    return !c->lines.failed && c->rendered.count == held + bytes + 1 && memcmp(got, c->held.items ? c->held.items : got, held) == 0 &&
           memcmp(got + held, text, bytes) == 0;
}

/* Decimals of a time; 255: more than an event has. */
static uint8_t decimals_of(const char *text)
{
    uint32_t point = 0, count = 0;
    while (text[point] >= '0' && text[point] <= '9') {
        point++;
    }
    while (text[point] == '.' && text[point + 1 + count] >= '0' && text[point + 1 + count] <= '9') {
        count++;
    }
    return count <= 9 ? (uint8_t)count : 255;
}

/* The event that gives the line back, written; false: there is none. */
static bool put_as_event(struct wick_converter *c, const struct wk_line *line, const char *text, size_t bytes)
{
    struct wk_wire_event event = {0};
    struct wick_record *r = &event.record;
    uint8_t decimals = decimals_of(text);
    if (decimals > 9 || bytes > WK_LINES_LINE_MAX || !propose(c, line, wk_kind_of_word(line->word, line->word_bytes), r) || !is_exact_site(c, r->site)) {
        return false;
    }
    struct wick_record with_text = *r;
    c->lines.decimals = decimals;
    if (has_text(r->kind) || r->kind == WK_KIND_PAD || r->kind == WK_KIND_SITE) {
        r->text = NULL;
        r->text_bytes = 0;
    }
    bool good = gives_back(c, &event, text, bytes);
    if (!good && has_text(r->kind)) {
        *r = with_text;
        event.has_text = true;
        good = gives_back(c, &event, text, bytes);
    }
    if (!good) {
        return false;
    }
    if (r->kind <= WICK_RECORD_ENDER && r->kind != WICK_RECORD_START) {
        c->held.count = 0;
    }
    wk_wire_writer_decimals(c->writer, decimals);
    wk_wire_put_event(c->writer, r);
    wk_lines_advance(&c->lines, r);
    return true;
}

/* `text` is a line with its LF behind it. */
static void convert_line(struct wick_converter *c, const char *text, size_t bytes)
{
    struct wk_line line;
    c->caught_count = 0;
    c->caught = (struct wick_record){.track = WICK_NONE};
    c->reader->stats.lines++;
    if (!wk_ctxt_fields(c->reader, text, bytes, &line)) {
        release_held(c);
        put_bytes(c, text, bytes + 1, WK_WIRE_LINE_PLAIN, c->caught);
        return;
    }
    uint64_t bad = c->reader->stats.problems[WICK_PROBLEM_NUMBER];
    wk_ctxt_word(c->reader, &line);
    wk_reader_flush(c->reader);
    struct line_track *t = line_track(c, line.track);
    if (!t || c->reader->error) {
        fail(c, WICK_E_NOMEM);
        return;
    }
    if (line.word_bytes == 3 && memcmp(line.word, "run", 3) == 0 && line.text_bytes > 6 &&
        memcmp(line.text, "start ", 6) == 0) { /* it tells the process from others with its host and pid */
        wk_wire_process_again(c->writer, wk_reader_tracks(c->reader)[line.track].process);
    }
    bool good = t->exact && bad == c->reader->stats.problems[WICK_PROBLEM_NUMBER];
    bool end = c->caught_count == 1 && (c->caught.kind == WICK_RECORD_ENDOK || c->caught.kind == WICK_RECORD_ENDER);
    bool of_end = wk_kind_shape(wk_kind_of_word(line.word, line.word_bytes)) == WK_SHAPE_OF_END;
    if (c->held.count && (c->held_track != line.track || !(end || of_end) || !good)) {
        release_held(c);
        t = line_track(c, line.track);
    }
    if (of_end && good && !t->pending) {
        c->held_track = line.track;
        append(c, &c->held, text, bytes + 1);
        return;
    }
    if (good && !(end && t->pending) && put_as_event(c, &line, text, bytes)) {
        return;
    }
    release_held(c);
    t->pending = end ? 0 : t->pending | of_end;
    uint8_t effect = effect_of(c);
    put_bytes(c, text, bytes + 1, effect, (struct wick_record){.track = line.track, .time_ns = line.time_ns});
}

/* ---- lines to wire: bytes --------------------------------------------------------------------- */

static void pass(struct wick_converter *c, const char *bytes, size_t count)
{
    release_held(c);
    put_bytes(c, bytes, count, WK_WIRE_LINE_PLAIN, (struct wick_record){.track = WICK_NONE});
}

static const char *newline_in(const char *at, const char *end)
{
    while (at < end && *at != '\n') {
        at++;
    }
    return at < end ? at : NULL;
}

static void feed_lines(struct wick_converter *c, const char *bytes, size_t count)
{
    const char *end = bytes + count;
    while (bytes < end && !c->error) {
        const char *newline = newline_in(bytes, end);
        const char *next = newline ? newline + 1 : end;
        size_t part = (size_t)(next - bytes);
        if (c->passing || c->carry.count + part > WK_READER_LINE_MAX) {
            pass(c, c->carry.items, c->carry.count);
            c->carry.count = 0;
            pass(c, bytes, part);
            c->passing = !newline;
        } else if (newline && !c->carry.count) {
            convert_line(c, bytes, part - 1);
        } else {
            append(c, &c->carry, bytes, part);
            if (newline && !c->error) {
                convert_line(c, c->carry.items, c->carry.count - 1);
                c->carry.count = 0;
            }
        }
        bytes = next;
    }
}

/* ---- wire to lines ---------------------------------------------------------------------------- */

static const struct wick_site_info *stream_site(void *user, uint32_t site)
{
    static const struct wick_site_info undefined = {.location = "-", .literal = "undefined", .category = "", .file = "",
                                                    .colour = WICK_NONE, .kind = WICK_SITE_FOREIGN};
    const struct wk_wire_in *wire = ((struct wick_converter *)user)->reader->wire;
    if (site < wire->sites.count && wk_wire_sites(wire)[site].defined) {
        return &wk_wire_sites(wire)[site].info;
    }
    return site ? &undefined : &no_site;
}

static const char *stream_prefix(void *user, uint32_t track, uint32_t *bytes)
{
    const struct wk_wire_in *wire = ((struct wick_converter *)user)->reader->wire;
    if (track < wire->tracks.count && wk_wire_tracks(wire)[track].prefix) {
        *bytes = wk_wire_tracks(wire)[track].prefix_bytes;
        return wk_wire_tracks(wire)[track].prefix;
    }
    *bytes = 7;
    return " - 0 - ";
}

static bool on_event(void *user, struct wk_wire_event *event)
{
    struct wick_converter *c = user;
    struct wick_record *r = event ? &event->record : NULL;
    if (!r) { /* a frame begins */
        c->lines.decimals = 9;
        c->current = WICK_NONE;
        return true;
    }
    if (r->kind == WK_KIND_SWITCH) {
        /* Numbers of tracks are dense: what is not defined is nonsense. */
        c->current = r->track < c->reader->wire->tracks.count ? r->track : WICK_NONE;
        return c->current != WICK_NONE && wk_lines_meet(&c->lines, c->current, event->depth, r->time_ns, &c->out);
    }
    r->track = c->current;
    if (r->track == WICK_NONE && r->kind != WK_KIND_LINE && r->kind != WK_KIND_DECIMALS) {
        return false;
    }
    bool ends = r->kind == WICK_RECORD_ENDOK || r->kind == WICK_RECORD_ENDER;
    if (ends && r->track != WICK_NONE && wk_lines_ends_unread(&c->lines, r->track)) {
        c->reader->stats.cut_ends++;
    } else {
        wk_lines_render(&c->lines, event, &c->out);
    }
    if (r->track != WICK_NONE) {
        wk_lines_advance(&c->lines, r);
    }
    if (c->out.count >= OUT_BYTES) {
        write_out(c, c->out.items, c->out.count);
        c->out.count = 0;
    }
    c->reader->stats.lines++;
    c->reader->error = c->reader->error ? c->reader->error : c->error ? c->error : c->lines.failed ? WICK_E_NOMEM : 0;
    return true;
}

/* ---- either way ------------------------------------------------------------------------------- */

static const char *jumbo(void *user, const char *text, uint32_t bytes)
{
    const struct wick_converter *c = user;
    return c->options.jumbo ? c->options.jumbo(c->options.out.user, text, bytes) : NULL;
}

static int begin(struct wick_converter *c)
{
    bool from_wire = c->form == WK_FORM_WIRE;
    if (from_wire == (c->options.to == WICK_FORM_WIRE)) {
        return 0; /* it has the form already */
    }
    c->lines.names = from_wire ? (struct wk_lines_names){stream_site, stream_prefix, c}
                               : (struct wk_lines_names){named_site, named_prefix, c};
    if (from_wire) {
        c->lines.jumbo = jumbo;
        c->lines.jumbo_user = c;
        c->reader->on_event = on_event;
        c->reader->on_event_user = c;
        return 0;
    }
    struct wk_wire_options options = {.names = c->names, .out = {on_frame, c}, .vector = c->options.vector, .read_records = true};
    c->writer = wk_wire_writer_create(&options, c->allocator);
    write_out(c, wk_wire_stream_header, WK_WIRE_STREAM_BYTES);
    return c->writer ? c->error : fail(c, WICK_E_NOMEM);
}

static void feed_known(struct wick_converter *c, const char *bytes, size_t count)
{
    if (c->writer) {
        feed_lines(c, bytes, count);
    } else if (c->reader->on_event) {
        int rc = wick_reader_feed(c->reader, bytes, count);
        c->error = c->error ? c->error : rc;
    } else {
        write_out(c, bytes, count);
    }
}

int wick_converter_feed(struct wick_converter *c, const char *bytes, size_t count)
{
    while (c->form == WK_FORM_UNKNOWN && count && !c->error) {
        c->first[c->first_count++] = *bytes++;
        count--;
        c->form = wk_reader_form_of(c->first, c->first_count);
        if (c->form != WK_FORM_UNKNOWN && begin(c) == 0) {
            feed_known(c, c->first, c->first_count);
        }
    }
    if (count && !c->error) {
        feed_known(c, bytes, count);
    }
    return c->error;
}

int wick_converter_finish(struct wick_converter *c)
{
    if (c->form == WK_FORM_UNKNOWN) {
        c->form = WK_FORM_TEXT;
        if (begin(c) == 0) {
            feed_known(c, c->first, c->first_count);
        }
    }
    if (c->writer) {
        if (c->carry.count) {
            pass(c, c->carry.items, c->carry.count);
        }
        release_held(c);
        int rc = wk_wire_flush(c->writer);
        c->error = c->error ? c->error : rc;
    }
    if (c->reader->on_event) {
        wick_reader_finish(c->reader);
    }
    write_out(c, c->out.items, c->out.count);
    c->out.count = 0;
    return c->error;
}

const struct wick_reader *wick_converter_reader(const struct wick_converter *c)
{
    return c->reader;
}

struct wick_converter *wick_converter_create(const struct wick_allocator *allocator,
                                             const struct wick_converter_options *options)
{
    struct wick_converter *c = wk_mem_zeroed(allocator, sizeof *c);
    if (!c) {
        return NULL;
    }
    struct wick_record_out out = {on_records, c};
    c->allocator = allocator;
    c->options = *options;
    c->lines = (struct wk_lines){.allocator = allocator, .decimals = 9};
    c->names = wick_names_create(allocator);
    c->reader = c->names ? wick_reader_create(allocator, c->names, &out, options->vector) : NULL;
    if (!c->reader) {
        wick_converter_destroy(c);
        return NULL;
    }
    return c;
}

void wick_converter_destroy(struct wick_converter *c)
{
    if (!c) {
        return;
    }
    const struct wick_allocator *a = c->allocator;
    wk_lines_fini(&c->lines);
    wk_wire_writer_destroy(c->writer);
    wick_reader_destroy(c->reader);
    wick_names_destroy(c->names);
    wk_array_free(&c->out, a, 1);
    wk_array_free(&c->carry, a, 1);
    wk_array_free(&c->rendered, a, 1);
    wk_array_free(&c->held, a, 1);
    wk_array_free(&c->tracks, a, sizeof(struct line_track));
    wk_mem_free(a, c, sizeof *c);
}
