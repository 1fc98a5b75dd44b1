/*
 * SPDX-License-Identifier: MIT
 * What stands in a good frame: definitions into names, events into records, as the same lines of .ctxt would be.
 * Must not trust a number: a frame can be whole and mean nonsense. Invariant: an END whose START was not read
 * is counted and left out, so that a stream cut anywhere nests.
 */
#include "wire_read.h"

#include "model/log/ctxt/ctxt_words.h"

#define ROOM WK_WIRE_EVENT_ROOM
#define FAST_NUMBER_BYTES 7u /* a step of 39 hours at most: 256 of them cannot overflow a time that is checked */
#define FAST_TIME_MAX (INT64_MAX / 2)

static const char no_text[] = "";

/* ---- tables of the stream -------------------------------------------------------------------- */

/* Numbers are dense: one that is far beyond what the bytes could have defined is nonsense. */
static bool grow(struct wick_reader *reader, struct wk_array *array, uint64_t number, size_t item_bytes)
{
    if (number < array->count) {
        return true;
    }
    if (number > (1u << 20) + reader->stats.bytes / 8 || number > UINT32_MAX / 4) {
        return false;
    }
    if (wk_array_reserve(array, reader->allocator, (uint32_t)number + 1, item_bytes) < 0) {
        reader->error = WICK_E_NOMEM;
        return false;
    }
    memset((char *)array->items + array->count * item_bytes, 0, ((size_t)number + 1 - array->count) * item_bytes);
    array->count = (uint32_t)number + 1;
    return true;
}

static void undefined(struct wick_reader *reader, const char *what)
{
    wk_reader_problem(reader, WICK_PROBLEM_CONTENT, what, wk_names_length(what));
}

static bool define_prefix(struct wick_reader *reader, uint32_t number, const char *prefix, uint32_t bytes,
                          uint32_t node_bytes)
{
    struct wk_wire_known_track *t = &wk_wire_tracks(reader->wire)[number];
    if (t->prefix && t->prefix_bytes == bytes && memcmp(t->prefix, prefix, bytes) == 0) {
        return true;
    }
    char *kept = wk_arena_text(&reader->strings, prefix, bytes);
    if (!kept) {
        reader->error = WICK_E_NOMEM;
        return false;
    }
    *t = (struct wk_wire_known_track){.track = WICK_NONE, .prefix = kept, .prefix_bytes = bytes, .node_bytes = node_bytes};
    return true;
}

/* The track that is number `number` in the stream, ready to be used; NULL: nonsense, or no memory. */
static struct wk_wire_known_track *use_track(struct wick_reader *reader, uint64_t number)
{
    if (!grow(reader, &reader->wire->tracks, number, sizeof(struct wk_wire_known_track))) {
        return NULL;
    }
    struct wk_wire_known_track *t = &wk_wire_tracks(reader->wire)[number];
    if (WICK_I_UNLIKELY(!t->prefix)) {
        reader->wire->unusable = reader->wire->part;
        undefined(reader, "undefined track");
        if (!define_prefix(reader, (uint32_t)number, " - 0 - ", 7, 1)) {
            return NULL;
        }
    }
    if (WICK_I_UNLIKELY(t->track == WICK_NONE)) {
        uint32_t pid = t->pid;
        t->track = wk_reader_track_of(reader, t->prefix, t->prefix_bytes, t->node_bytes, pid);
    }
    return t->track == WICK_NONE ? NULL : t;
}

static bool same(const char *x, const char *y)
{
    size_t bytes = wk_names_length(x);
    return bytes == wk_names_length(y) && memcmp(x, y, bytes) == 0;
}

static struct wick_site_info info_of(const struct wk_wire_known_site *s)
{
    return (struct wick_site_info){.location = s->location, .literal = s->literal, .file = s->file,
                                   .category = s->category, .line = s->line, .colour = s->colour, .kind = s->kind};
}

/* The site that is number `number` in the stream, and its index in the names; NULL as above. */
static struct wk_wire_known_site *use_site(struct wick_reader *reader, uint64_t number)
{
    if (!grow(reader, &reader->wire->sites, number, sizeof(struct wk_wire_known_site))) {
        return NULL;
    }
    struct wk_wire_known_site *s = &wk_wire_sites(reader->wire)[number];
    if (!s->defined) {
        reader->wire->unusable = reader->wire->part;
        undefined(reader, "undefined site");
        *s = (struct wk_wire_known_site){.site = WICK_NONE, .defined = 1, .kind = WICK_SITE_FOREIGN, .colour = WICK_NONE,
                                   .location = "-", .literal = "undefined", .category = no_text, .file = no_text};
    }
    if (s->site == WICK_NONE) {
        struct wick_site_info info = info_of(s);
        if (s->kind == WICK_SITE_FOREIGN) {
            reader->stats.foreign = 1;
        } else if (reader->renamer.rename) {
            reader->renamer.rename(reader->renamer.user, &info);
        }
        s->drop_text = s->kind != WICK_SITE_FORMAT;
        s->site = wk_reader_intern_site(reader, &info);
    }
    return s->site == WICK_NONE ? NULL : s;
}

/* ---- definitions ----------------------------------------------------------------------------- */

struct body {
    const uint8_t *at, *end;
    bool bad;
};

static uint64_t number_in(struct body *body)
{
    uint64_t value = 0;
    body->bad = body->bad || !wk_wire_get(&body->at, body->end, &value);
    return value;
}

static uint32_t byte_in(struct body *body)
{
    body->bad = body->bad || body->at == body->end;
    return body->bad ? 0 : *body->at++;
}

static const char *bytes_in(struct body *body, uint32_t *count)
{
    uint64_t bytes = number_in(body);
    body->bad = body->bad || bytes > (uint64_t)(body->end - body->at);
    *count = body->bad ? 0 : (uint32_t)bytes;
    const char *text = (const char *)body->at;
    body->at += *count;
    return text;
}

static char *copy_field(char *to, const char *from, uint32_t bytes, uint32_t most)
{
    bytes = bytes < most ? bytes : most;
    if (!bytes) {
        *to++ = '-';
    }
    for (uint32_t i = 0; i < bytes; i++) {
        *to++ = (unsigned char)from[i] <= ' ' ? '-' : from[i];
    }
    return to;
}

static bool define_track(struct wick_reader *reader, struct body *body)
{
    char prefix[1100], digits[12], *end = prefix;
    uint64_t number = number_in(body), pid = number_in(body);
    uint32_t node_bytes, thread_bytes, count = 0;
    const char *node = bytes_in(body, &node_bytes), *thread = bytes_in(body, &thread_bytes);
    if (body->bad || pid >= UINT32_MAX || !grow(reader, &reader->wire->tracks, number, sizeof(struct wk_wire_known_track))) {
        return false;
    }
    *end++ = ' ';
    end = copy_field(end, node, node_bytes, 500);
    node_bytes = (uint32_t)(end - prefix - 1);
    *end++ = ' ';
    for (uint64_t left = pid; left || !count; left /= 10) {
        digits[count++] = (char)('0' + left % 10);
    }
    while (count) {
        *end++ = digits[--count];
    }
    *end++ = ' ';
    end = copy_field(end, thread, thread_bytes, 500);
    *end++ = ' ';
    if (!define_prefix(reader, (uint32_t)number, prefix, (uint32_t)(end - prefix), node_bytes)) {
        return false;
    }
    wk_wire_tracks(reader->wire)[number].pid = (uint32_t)pid;
    return true;
}

static const char *keep_text(struct wick_reader *reader, const char *text, uint32_t bytes)
{
    const char *kept = bytes ? wk_arena_text(&reader->strings, text, bytes < WK_READER_NAME_MAX ? bytes : WK_READER_NAME_MAX)
                             : no_text;
    if (!kept) {
        reader->error = WICK_E_NOMEM;
        return no_text;
    }
    return kept;
}

/* Fields of lines have no spaces, and no string has a control: ours never do. */
static void clean_strings(struct wk_wire_known_site *s)
{
    const char *const strings[] = {s->location, s->category, s->literal, s->file};
    for (int i = 0; i < 4; i++) {
        for (char *c = (char *)(uintptr_t)strings[i]; *c; c++) {
            *c = (unsigned char)*c >= ' ' + (i < 2) ? *c : i < 2 ? '-' : ' ';
        }
    }
}

static bool define_site(struct wick_reader *reader, struct body *body)
{
    struct wk_arena before = reader->strings;
    uint64_t number = number_in(body);
    struct wk_wire_known_site s = {.site = WICK_NONE, .defined = 1};
    s.kind = (uint8_t)byte_in(body);
    s.texts = (uint8_t)byte_in(body);
    s.line = (uint32_t)number_in(body);
    s.colour = (uint32_t)number_in(body) - 1;
    const char **strings[] = {&s.location, &s.literal, &s.category, &s.file};
    for (int i = 0; i < 4; i++) {
        uint32_t bytes;
        const char *text = bytes_in(body, &bytes);
        *strings[i] = keep_text(reader, text, bytes);
    }
    if (body->bad || s.kind >= WICK_SITE_KINDS || !grow(reader, &reader->wire->sites, number, sizeof s)) {
        return false;
    }
    clean_strings(&s);
    struct wk_wire_known_site *old = &wk_wire_sites(reader->wire)[number];
    bool known = old->defined && old->kind == s.kind && old->line == s.line && old->colour == s.colour &&
                 same(old->location, s.location) && same(old->literal, s.literal) && same(old->category, s.category) &&
                 same(old->file, s.file);
    if (!known) {
        *old = s;
    } else if (before.blocks == reader->strings.blocks) {
        reader->strings = before;
    }
    return true;
}

static bool is_known_run(const struct wick_reader *reader, uint32_t track, uint8_t stat, const char *text, uint32_t bytes)
{
    const struct wick_run_info *runs = reader->runs.items;
    for (uint32_t i = 0; i < reader->runs.count; i++) {
        size_t key = wk_names_length(runs[i].key), value = wk_names_length(runs[i].value);
        if (runs[i].track == track && runs[i].stat == stat && key + 1 + value == bytes &&
            memcmp(runs[i].key, text, key) == 0 && memcmp(runs[i].value, text + key + 1, value) == 0) {
            return true;
        }
    }
    return false;
}

/* As the line of an extension word would be read. */
static void use_word(struct wick_reader *reader, enum wk_ctxt_word code, struct wk_line line)
{
    line.word = code == WK_CTXT_RUN ? "run" : code == WK_CTXT_STAT ? "stat" : "thread";
    line.word_bytes = (uint32_t)wk_names_length(line.word);
    line.location = "-";
    line.location_bytes = 1;
    if (code == WK_CTXT_THREAD_NAME || !is_known_run(reader, line.track, code == WK_CTXT_STAT, line.text, line.text_bytes)) {
        wk_reader_word(reader, &line);
    }
}

static bool define_more(struct wick_reader *reader, uint32_t kind, struct body *body)
{
    uint64_t number = number_in(body);
    uint32_t stat = kind == WK_WIRE_DEFINE_PROPERTY ? byte_in(body) : 0;
    struct wk_wire_known_track *t = body->bad ? NULL : use_track(reader, number);
    struct wk_line line = {.text = (const char *)body->at, .text_bytes = (uint32_t)(body->end - body->at)};
    if (!t) {
        return false;
    }
    line.track = t->track;
    if (kind == WK_WIRE_DEFINE_LABEL) {
        wk_reader_label(reader, line.track, line.text, line.text_bytes);
    } else {
        use_word(reader, stat ? WK_CTXT_STAT : WK_CTXT_RUN, line);
    }
    return true;
}

void wk_wire_definitions(struct wick_reader *reader, const uint8_t *at, const uint8_t *end)
{
    struct body frame = {at, end, false};
    while (frame.at < end && !frame.bad && !reader->error) {
        uint32_t kind = byte_in(&frame), bytes;
        const uint8_t *from = (const uint8_t *)bytes_in(&frame, &bytes);
        struct body body = {from, from + bytes, frame.bad};
        bool good = !frame.bad;
        if (good && kind == WK_WIRE_DEFINE_TRACK) {
            good = define_track(reader, &body);
        } else if (good && kind == WK_WIRE_DEFINE_SITE) {
            good = define_site(reader, &body);
        } else if (good && (kind == WK_WIRE_DEFINE_LABEL || kind == WK_WIRE_DEFINE_PROPERTY)) {
            good = define_more(reader, kind, &body);
        }
        if (!good && !reader->error) {
            undefined(reader, "definition");
        }
    }
}

/* ---- one event ------------------------------------------------------------------------------- */

static double double_in(struct body *body)
{
    uint64_t whole = number_in(body);
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

static uint32_t index_in(struct body *body)
{
    uint64_t number = number_in(body);
    body->bad = body->bad || number >= WICK_NONE;
    return (uint32_t)number;
}

/* A time before the event's own. */
static int64_t earlier_in(struct body *body, int64_t time_ns)
{
    int64_t first_ns = (int64_t)((uint64_t)time_ns - (uint64_t)wk_wire_unfold(number_in(body)));
    body->bad = body->bad || first_ns < 0;
    return first_ns;
}

static void read_end(struct body *body, struct wick_record *r)
{
    uint32_t flags = byte_in(body);
    uint64_t cpu_ns = flags & WK_WIRE_END_CPU ? number_in(body) : 0;
    uint32_t reason = flags >> WK_WIRE_END_REASON_SHIFT;
    r->kind = flags & WK_WIRE_END_FAILED ? WICK_RECORD_ENDER : WICK_RECORD_ENDOK;
    r->u.cpu_ns = flags & WK_WIRE_END_CPU ? (int64_t)cpu_ns : -1;
    r->unfinished = (uint8_t)reason;
    body->bad = body->bad || cpu_ns > INT64_MAX || reason >= WICK_UNFINISHED_KINDS;
}

/* The body of an event that is neither a START nor a plain END: numbers, and its text in what is left. */
static void read_body(struct body *body, struct wk_wire_event *event)
{
    struct wick_record *r = &event->record;
    uint64_t number;
    switch ((uint32_t)r->kind) {
    case WICK_RECORD_ENDOK:
    case WICK_RECORD_ENDER:
        read_end(body, r);
        break;
    case WICK_RECORD_GAUGE:
    case WICK_RECORD_SUM:
        r->site = index_in(body);
        r->u.number = double_in(body);
        break;
    case WICK_RECORD_VALUE:
        r->u.number = double_in(body);
        break;
    case WICK_RECORD_LOST:
        r->u.count = number_in(body);
        r->first_ns = earlier_in(body, r->time_ns);
        body->bad = body->bad || r->u.count > UINT64_MAX / 2;
        break;
    case WICK_RECORD_UNDER:
        r->site = index_in(body);
        r->parent_track = index_in(body);
        r->first_ns = earlier_in(body, r->time_ns);
        break;
    case WK_WIRE_SITE:
        r->site = index_in(body);
        break;
    case WK_WIRE_PAD:
        r->u.count = number_in(body);
        break;
    case WK_WIRE_LINE:
    case WK_WIRE_DECIMALS:
        r->unfinished = (uint8_t)byte_in(body);
        break;
    case WK_WIRE_SWITCH:
        r->track = index_in(body);
        event->depth = index_in(body);
        r->time_ns = (int64_t)((uint64_t)r->time_ns + (uint64_t)wk_wire_unfold(number_in(body)));
        body->bad = body->bad || r->time_ns < 0;
        break;
    case WICK_RECORD_THREAD_NAME:
    case WK_WIRE_RUN:
    case WK_WIRE_STAT:
    case WK_WIRE_BREAK:
        break;
    default: /* marks, locks, CLEAR */
        number = number_in(body);
        r->site = (uint32_t)(number >> 1);
        event->has_text = number & 1;
        body->bad = body->bad || number >> 1 >= WICK_NONE;
    }
    r->text = (const char *)body->at;
    r->text_bytes = (uint32_t)(body->end - body->at);
}

static bool next_other(const uint8_t **at, const uint8_t *end, struct wk_wire_event *event)
{
    struct body frame = {*at, end, false};
    uint32_t first = byte_in(&frame), kind = first & ~WK_WIRE_BARE, bytes;
    struct body body = frame;
    event->record.kind = (uint8_t)kind;
    if (!(first & WK_WIRE_BARE)) {
        body.at = (const uint8_t *)bytes_in(&frame, &bytes);
        body.end = body.at + bytes;
        body.bad = frame.bad;
    } else if (kind >= WK_WIRE_KINDS) {
        return false; /* who knows where it ends */
    }
    if (!body.bad && kind < WK_WIRE_KINDS && kind != WICK_RECORD_START) {
        read_body(&body, event);
    }
    if (first & WK_WIRE_BARE) {
        event->record.text_bytes = 0;
        frame.at = body.at;
    }
    *at = frame.at;
    return !body.bad && kind != WICK_RECORD_START;
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
        struct body body = {*at, end, false};
        event->record.kind = WICK_RECORD_START;
        number = number_in(&body);
        event->record.site = (uint32_t)number;
        if ((head & 3) == WK_WIRE_OP_TEXT) {
            event->record.text = bytes_in(&body, &event->record.text_bytes);
        }
        *at = body.at;
        if (body.bad || number >= WICK_NONE) {
            return false;
        }
    }
    *time_ns = event->record.time_ns;
    return true;
}

/* ---- nesting across holes -------------------------------------------------------------------- */

static void end_killed(struct wick_reader *reader, const struct wk_wire_known_track *t, uint32_t count)
{
    for (; count && !reader->error; count--) {
        *wk_reader_next_record(reader) = (struct wick_record){
            .time_ns = reader->wire->time_ns, .track = t->track, .site = WICK_NONE, .text = no_text, .u.cpu_ns = -1,
            .kind = WICK_RECORD_ENDER, .unfinished = WICK_UNFINISHED_KILLED};
    }
}

/* The writer says that `depth` scopes are open here. Where we know of more, their ends are missing; where we
 * know of fewer, the starts are. */
static void meet_depth(struct wick_reader *reader, struct wk_wire_known_track *t, uint32_t depth)
{
    if (WICK_I_LIKELY(t->depth == depth)) {
        return;
    }
    uint32_t inner = t->depth - t->outer - t->unknown;
    if (!t->unknown) {
        t->outer += inner;
        inner = 0;
    }
    if (inner && depth > t->depth) { /* only one layer of unknown scopes can be told apart */
        end_killed(reader, t, inner);
        inner = 0;
    }
    uint32_t below = t->outer + t->unknown;
    if (inner && depth < below + inner) {
        uint32_t keep = depth > below ? depth - below : 0;
        end_killed(reader, t, inner - keep);
        inner = keep;
    }
    if (depth < t->outer) {
        end_killed(reader, t, t->outer - depth);
        t->outer = depth;
    }
    t->unknown = depth - t->outer - inner;
    t->depth = depth;
}

/* An END: false when its START was not read. */
static bool pop(struct wick_reader *reader, struct wk_wire_known_track *t)
{
    if (t->depth - t->outer - 1 < t->unknown) {
        t->depth--;
        t->unknown--;
        reader->stats.cut_ends++;
        return false;
    }
    t->depth -= t->depth > 0;
    t->outer = t->depth < t->outer ? t->depth : t->outer;
    return true;
}

/* ---- events into records --------------------------------------------------------------------- */

static void add_record(struct wick_reader *reader, const struct wick_record *record)
{
    if (!reader->error) {
        *wk_reader_next_record(reader) = *record;
    }
}

/* A mark, a lock, a counter: their sites are what the line with this location would make of it. */
static bool use_named(struct wick_reader *reader, struct wk_wire_event *event, const struct wk_wire_known_track *t)
{
    struct wick_record *r = &event->record;
    struct wk_wire_known_site *s = use_site(reader, r->site);
    if (!s) {
        return false;
    }
    bool counter = r->kind == WICK_RECORD_GAUGE || r->kind == WICK_RECORD_SUM;
    if (!event->has_text && !counter && r->kind != WICK_RECORD_CLEAR) {
        r->text = s->texts ? no_text : s->literal;
        r->text_bytes = (uint32_t)wk_names_length(r->text);
    }
    struct wk_line line = {.track = t->track, .text = r->text, .text_bytes = r->text_bytes, .location = s->location,
                           .location_bytes = (uint32_t)wk_names_length(s->location)};
    uint32_t process = wk_reader_tracks(reader)[t->track].process;
    if (r->kind == WICK_RECORD_CLEAR) {
        r->site = WICK_NONE;
    } else if (counter || r->kind == WICK_RECORD_MARK) {
        uint8_t kind = counter ? WICK_SITE_COUNTER : WICK_SITE_MARK;
        r->site = s->kind == WICK_SITE_FOREIGN ? wk_reader_plain_site(reader, process, s->location, kind) : s->site;
        if (r->kind == WICK_RECORD_MARK && wk_reader_is_bracket(&line)) {
            *r = (struct wick_record){.time_ns = r->time_ns, .track = r->track, .site = WICK_NONE, .text = r->text,
                                      .kind = WICK_RECORD_THREAD_NAME}; /* says nothing but the time */
        }
    } else {
        uint32_t location = wk_reader_use_location(reader, process, line.location, line.location_bytes);
        r->site = location == WICK_NONE ? WICK_NONE : wk_reader_lock_site(reader, location, r->text, r->text_bytes);
        r->kind = r->kind >= WK_WIRE_LOCKW2 ? (uint8_t)(r->kind - WK_WIRE_LOCKW2 + WICK_RECORD_LOCKW) : r->kind;
    }
    add_record(reader, r);
    return true;
}

/* `site` stands here: from now on lines of this location are about it. */
static bool introduce(struct wick_reader *reader, uint32_t number, const struct wk_wire_known_track *t)
{
    struct wk_wire_known_site *s = use_site(reader, number);
    if (!s) {
        return false;
    }
    uint32_t process = wk_reader_tracks(reader)[t->track].process;
    wk_reader_introduce(reader, process, s->location, s->site);
    return true;
}

static bool use_number(struct wick_reader *reader, struct wk_wire_event *event, const struct wk_wire_known_track *t)
{
    struct wick_record *r = &event->record;
    double number = r->u.number;
    r->text_bytes = 0;
    if (number - number != 0) { /* not a number, or infinite: .ctxt has no word for it */
        wk_reader_problem(reader, WICK_PROBLEM_NUMBER, "number", 6);
        return true;
    }
    if (r->kind != WICK_RECORD_VALUE) {
        return use_named(reader, event, t);
    }
    add_record(reader, r);
    return true;
}

static bool use_scope(struct wick_reader *reader, struct wick_record *r, struct wk_wire_known_track *t)
{
    if (r->kind == WICK_RECORD_START) {
        const struct wk_wire_known_site *s = use_site(reader, r->site);
        if (!s) {
            return false;
        }
        r->site = s->site;
        r->text_bytes = s->drop_text ? 0 : r->text_bytes;
        t->depth++;
        add_record(reader, r);
    } else if (pop(reader, t)) {
        r->unfinished = r->kind == WICK_RECORD_ENDER ? r->unfinished : 0;
        add_record(reader, r);
    }
    return true;
}

/* Bytes of .ctxt: records of theirs move the stack of the track as the event says. */
static bool use_line(struct wick_reader *reader, const struct wick_record *r, struct wk_wire_known_track *t)
{
    reader->stats.lines--; /* they count themselves */
    wk_reader_text(reader, r->text, r->text_bytes);
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
    struct wk_wire_known_track *t = use_track(reader, event->record.track);
    wire->current = t ? event->record.track : WICK_NONE;
    if (t && wire->part && !t->met) {
        t->met = 1;
        t->first_depth = t->depth = t->outer = event->depth;
        t->unknown = 0;
    } else if (t) {
        meet_depth(reader, t, event->depth);
    }
    return t != NULL;
}

static bool use_event(struct wick_reader *reader, struct wk_wire_event *event)
{
    struct wick_record *r = &event->record;
    struct wk_wire_in *wire = reader->wire;
    struct wk_wire_known_track *t = wire->current == WICK_NONE ? NULL : &wk_wire_tracks(wire)[wire->current];
    struct wk_line line = {.time_ns = r->time_ns, .text = r->text, .text_bytes = r->text_bytes};
    if (r->kind == WK_WIRE_SWITCH) {
        return switch_track(reader, event);
    }
    reader->stats.lines++;
    if (r->kind == WK_WIRE_LINE) {
        return use_line(reader, r, t);
    }
    if (!t) {
        return r->kind == WK_WIRE_DECIMALS || r->kind == WK_WIRE_PAD;
    }
    r->track = line.track = t->track;
    switch ((uint32_t)r->kind) {
    case WICK_RECORD_START:
    case WICK_RECORD_ENDOK:
    case WICK_RECORD_ENDER:
        return use_scope(reader, r, t);
    case WICK_RECORD_VALUE:
    case WICK_RECORD_GAUGE:
    case WICK_RECORD_SUM:
        return use_number(reader, event, t);
    case WICK_RECORD_LOST:
        r->site = WICK_NONE;
        r->text_bytes = 0;
        add_record(reader, r);
        return true;
    case WICK_RECORD_UNDER: {
        const struct wk_wire_known_track *parent = use_track(reader, r->parent_track);
        if (!parent) {
            return false;
        }
        r->parent_track = parent->track;
        r->site = WICK_NONE;
        r->text_bytes = 0;
        add_record(reader, r);
        return true;
    }
    case WICK_RECORD_THREAD_NAME:
        use_word(reader, WK_CTXT_THREAD_NAME, line);
        return true;
    case WK_WIRE_RUN:
    case WK_WIRE_STAT:
        use_word(reader, r->kind == WK_WIRE_RUN ? WK_CTXT_RUN : WK_CTXT_STAT, line);
        return true;
    case WK_WIRE_SITE:
        return introduce(reader, r->site, t);
    case WK_WIRE_BREAK:
        reader->stats.clock_breaks++;
        return true;
    case WK_WIRE_PAD:
    case WK_WIRE_DECIMALS:
        return true;
    case WICK_RECORD_CLEAR:
        t->depth = t->outer = t->unknown = 0;
        return use_named(reader, event, t);
    default:
        if (r->kind >= WK_WIRE_KINDS) { /* of a later writer */
            wk_reader_problem(reader, WICK_PROBLEM_WORD, "event", 5);
            return true;
        }
        return use_named(reader, event, t);
    }
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
            undefined(reader, "event");
            break; /* what follows in this frame would be guessed */
        }
    }
}
