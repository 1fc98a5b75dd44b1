/*
 * SPDX-License-Identifier: MIT
 * Chrome trace events: each is kept as it comes, in any order. import_layout.c makes scopes of them.
 * Must not show an event that has no meaning as a scope of no time: it is counted by its kind.
 */
#include "import.h"

#define ARGUMENTS 240u /* bytes of an event's arguments that its text keeps */

/* The members of an event that are used; of our own export also those beside and in its arguments. */
struct chrome_event {
    struct wk_json name, category, phase, time, duration, pid, tid, id, id2, scope, depth, arguments, ours;
    struct wk_json location, file, line, colour, value, said;
    struct wk_json text, failed, unfinished, lost;
};

struct chrome_member {
    char key[12];
    uint8_t bytes, at;
};
#define MEMBER(key, field) {key, sizeof(key) - 1, offsetof(struct chrome_event, field) / sizeof(struct wk_json)}
/* In the order in which they mostly come. */
static const struct chrome_member event_members[] = {
    MEMBER("ph", phase), MEMBER("pid", pid), MEMBER("tid", tid), MEMBER("ts", time), MEMBER("dur", duration), MEMBER("name", name),
    MEMBER("cat", category), MEMBER("args", arguments), MEMBER("wick", ours), MEMBER("id", id), MEMBER("id2", id2), MEMBER("scope", scope),
    MEMBER("depth", depth), {"", 0, 0}};
static const struct chrome_member our_members[] = {
    MEMBER("location", location), MEMBER("file", file), MEMBER("line", line), MEMBER("colour", colour), MEMBER("value", value),
    MEMBER("end", said), {"", 0, 0}};
static const struct chrome_member argument_members[] = {
    MEMBER("text", text), MEMBER("failed", failed), MEMBER("unfinished", unfinished), MEMBER("lost", lost), {"", 0, 0}};

/* Note the members of an object that are in the table, in one walk. < 0: it is not valid. */
static int take_members(struct chrome_event *e, struct wk_json object, const struct chrome_member *members)
{
    struct wk_json inside = wk_json_inside(object), key, value;
    const struct chrome_member *next = members;
    int more;
    while ((more = wk_json_member(&inside, &key, &value)) > 0) {
        const struct chrome_member *from = next, *m = from; /* all of them, from the one behind the last that was found */
        do {
            if (wk_json_is_word(key, m->key, m->bytes)) {
                (&e->name)[m->at] = value;
                next = m[1].bytes ? m + 1 : members;
                break;
            }
            m = m[1].bytes ? m + 1 : members;
        } while (m != from);
    }
    return more;
}

static int is_there(struct wk_json value)
{
    return value.at < value.end;
}

/* A process or thread: 7, "7" and 7.0 are one. */
static uint32_t identity(struct wk_json value, char *to)
{
    int64_t whole;
    double number;
    uint32_t bytes = wk_json_text(value, to, 200);
    if (bytes && wk_json_double(value, &number) && wk_json_scaled(value, 0, &whole) && (double)whole == number) {
        bytes = (uint32_t)(wk_number_put_signed(to, whole) - to);
    }
    return bytes;
}

/* The entry of a process, a thread or an asynchronous id; or of a counter. */
static uint32_t entry_of(struct wick_reader *reader, const struct chrome_event *e, uint8_t kind)
{
    char key[WK_IMPORT_NAME];
    struct wk_json id = e->id, local = wk_json_find(e->id2, "local");
    uint32_t bytes = identity(e->pid, key);
    if (!bytes) {
        key[bytes++] = '0';
    }
    uint32_t process = wk_import_entry_of(reader, WK_IMPORT_PROCESS, key, bytes);
    if (kind == WK_IMPORT_PROCESS || process == WICK_NONE) {
        return process;
    }
    if (is_there(e->id2)) {
        id = is_there(local) ? local : wk_json_find(e->id2, "global");
    }
    key[bytes++] = 0;
    if (kind == WK_IMPORT_THREAD) {
        bytes += identity(e->tid, key + bytes);
    } else if (kind == WK_IMPORT_ASYNC) {
        bytes = is_there(local) ? bytes : 0; /* an id is global to the file, unless it says that it is not */
        key[bytes++] = 0;
        bytes += wk_json_text(e->category, key + bytes, 200);
        key[bytes++] = '-';
        bytes += wk_json_text(id, key + bytes, 200);
        if (is_there(e->scope)) {
            key[bytes++] = '-';
            bytes += wk_json_text(e->scope, key + bytes, 200);
        }
    } else {
        bytes += wk_json_text(e->name, key + bytes, 400);
        if (is_there(id)) {
            key[bytes++] = ' ';
            bytes += wk_json_text(id, key + bytes, 200);
        }
    }
    uint32_t found = wk_import_entry_of(reader, kind, key, bytes);
    if (found != WICK_NONE && wk_import_entries(reader)[found].owner == WICK_NONE) {
        wk_import_entries(reader)[found].owner = process;
    }
    return found;
}

static uint32_t name_of(struct wick_reader *reader, const struct chrome_event *e)
{
    char name[WK_IMPORT_NAME];
    uint32_t bytes = wk_json_text(e->name, name, sizeof name);
    return bytes ? wk_import_entry_of(reader, WK_IMPORT_SCOPE, name, bytes) : WICK_NONE;
}

static uint32_t site_of(struct wick_reader *reader, const struct chrome_event *e, uint8_t kind)
{
    char name[WK_IMPORT_NAME], category[WK_IMPORT_NAME], location[WK_IMPORT_NAME], file[WK_IMPORT_NAME];
    struct wk_import_name site = {.name = name, .file = file, .category = category, .kind = kind, .colour = WICK_NONE};
    site.name_bytes = wk_json_text(e->name, name, sizeof name);
    site.category_bytes = wk_json_text(e->category, category, sizeof category);
    if (reader->import->ours) {
        uint64_t number;
        site.location = location;
        site.location_bytes = wk_json_text(e->location, location, sizeof location);
        site.file_bytes = wk_json_text(e->file, file, sizeof file);
        site.line = wk_json_unsigned(e->line, &number) ? (uint32_t)number : 0;
        site.colour = wk_json_unsigned(e->colour, &number) ? (uint32_t)number : WICK_NONE;
        if (wk_json_is(e->category, kind == WICK_SITE_MARK ? "mark" : "scope")) {
            site.category_bytes = 0; /* our word for none: a viewer wants one */
        }
    }
    return wk_import_site(reader, &site);
}

/* Keep a string until the end of the file; 0: no memory, or none. */
static uint32_t kept_text(struct wick_reader *reader, struct wk_json said)
{
    char text[WK_IMPORT_NAME];
    uint32_t bytes = wk_json_text(said, text, sizeof text);
    return bytes ? wk_kept_add(&reader->import->texts, reader->allocator, text, bytes) : 0;
}

/* The text of an instance: its name and its arguments; of a mark also without arguments. 0: no memory, or none. */
static uint32_t text_of(struct wick_reader *reader, const struct chrome_event *e, uint8_t kind)
{
    char text[WK_IMPORT_NAME];
    uint32_t bytes, all = (uint32_t)(e->arguments.end - e->arguments.at), more = all < ARGUMENTS ? all : ARGUMENTS;
    if (reader->import->ours) {
        return kept_text(reader, is_there(e->text) || kind == WICK_RECORD_START ? e->text : e->name);
    }
    if (all <= 2 && kind == WICK_RECORD_START) {
        return 0;
    }
    bytes = wk_json_text(e->name, text, ARGUMENTS);
    more = all > 2 ? more : 0;
    if (more) {
        text[bytes++] = ' ';
        memcpy(text + bytes, e->arguments.at, more);
    }
    return wk_kept_add(&reader->import->texts, reader->allocator, text, bytes + more);
}

/* How a scope of our own export ended, and what it said then; and its value. */
static void ending(struct wick_reader *reader, const struct chrome_event *e, struct wk_import_span *span)
{
    const struct wk_json said[] = {[WK_IMPORT_FINE] = e->said, [WK_IMPORT_FAILED] = e->failed, [WK_IMPORT_UNFINISHED] = e->unfinished};
    for (uint8_t i = 0; i < 3; i++) {
        if (is_there(said[i])) {
            span->how = i;
            span->below = kept_text(reader, said[i]);
        }
    }
}

/* A number that no double holds is kept as an integer, of one of these kinds. */
static void set_number(struct wk_import_span *span, struct wk_json value, uint8_t whole_kind, uint8_t unsigned_kind)
{
    int64_t whole;
    uint64_t bits;
    double number = 0;
    (void)wk_json_double(value, &number);
    if (wk_json_signed(value, &whole) && (number >= 9223372036854775808.0 || whole != (int64_t)number)) {
        span->kind = whole_kind;
        span->u.integer = whole;
    } else if (number >= 9223372036854775808.0 && wk_json_unsigned(value, &bits) &&
               (number >= 18446744073709551616.0 || bits != (uint64_t)number)) {
        span->kind = unsigned_kind;
        span->u.integer = (int64_t)bits;
    } else {
        span->u.value = number;
    }
}

static struct wk_import_span *add(struct wick_reader *reader, const struct chrome_event *e, uint8_t kind, uint32_t track)
{
    struct wk_import *f = reader->import;
    struct wk_import_span span = {.track = track, .kind = kind, .number = f->events, .name = WICK_NONE, .u.end_ns = WK_IMPORT_OPEN};
    uint64_t depth;
    if (!wk_json_scaled(e->time, 3, &span.start_ns) || span.start_ns < 0) {
        wk_import_tally(reader, WK_IMPORT_NO_TIME, f->events);
        return NULL;
    }
    if (kind == WICK_RECORD_START || kind == WICK_RECORD_MARK) {
        span.site = site_of(reader, e, kind == WICK_RECORD_MARK ? WICK_SITE_MARK : WICK_SITE_SCOPE);
        span.text = text_of(reader, e, kind);
    }
    if (f->ours && wk_json_unsigned(e->depth, &depth)) {
        span.depth = (uint16_t)(depth < UINT16_MAX ? depth : 0);
    }
    if (reader->error || wk_array_reserve(&f->spans, reader->allocator, f->spans.count + 1, sizeof span) < 0) {
        reader->error = WICK_E_NOMEM;
        return NULL;
    }
    struct wk_import_span *added = (struct wk_import_span *)f->spans.items + f->spans.count++;
    *added = span;
    return added;
}

static void complete(struct wick_reader *reader, const struct chrome_event *e, uint32_t track)
{
    int64_t duration_ns;
    if (!wk_json_scaled(e->duration, 3, &duration_ns) || duration_ns < 0) {
        wk_import_tally(reader, WK_IMPORT_NO_DURATION, reader->import->events);
        return;
    }
    struct wk_import_span *span = add(reader, e, WICK_RECORD_START, track);
    if (span && duration_ns >= WK_IMPORT_OPEN - span->start_ns) {
        reader->import->spans.count--;
        wk_import_tally(reader, WK_IMPORT_NO_DURATION, reader->import->events);
    } else if (span) {
        span->u.end_ns = span->start_ns + duration_ns;
        if (reader->import->ours) {
            uint16_t depth = (uint16_t)(span->depth + 1);
            double number;
            ending(reader, e, span);
            if (wk_json_double(e->value, &number) && (span = add(reader, e, WICK_RECORD_VALUE, track))) {
                set_number(span, e->value, WICK_RECORD_VALUE_INT, WICK_RECORD_VALUE_UINT);
                span->depth = depth;
            }
        }
    }
}

/* A begin or an end. */
static void half(struct wick_reader *reader, const struct chrome_event *e, uint8_t kind, uint32_t track)
{
    struct wk_import_span *span = add(reader, e, kind, track);
    if (span) {
        span->name = name_of(reader, e);
    }
}

/* A series for each number among the arguments. */
static void counters(struct wick_reader *reader, const struct chrome_event *e)
{
    struct wk_json inside = wk_json_inside(e->arguments), key, value;
    uint32_t counter = entry_of(reader, e, WK_IMPORT_COUNTER), track = entry_of(reader, e, WK_IMPORT_THREAD), numbers = 0;
    double number;
    char name[sizeof counter + WK_IMPORT_NAME];
    while (!reader->error && wk_json_member(&inside, &key, &value) > 0) {
        if (!wk_json_double(value, &number)) {
            continue;
        }
        numbers++;
        memcpy(name, &counter, sizeof counter);
        uint32_t bytes = wk_json_text(key, name + sizeof counter, WK_IMPORT_NAME);
        uint32_t series = wk_import_entry_of(reader, WK_IMPORT_SERIES, name, (uint32_t)sizeof counter + bytes);
        if (series == WICK_NONE) {
            return;
        }
        struct wk_import_entry *entries = wk_import_entries(reader);
        entries[series].owner = counter;
        if (!entries[counter].labels) {
            entries[counter].labels = series + 1;
            entries[counter].rank = track;
            entries[counter].name = reader->import->ours ? kept_text(reader, e->category) : 0;
        }
        entries[counter].made |= entries[counter].labels != series + 1;
        struct wk_import_span *span = add(reader, e, WICK_RECORD_GAUGE, entries[counter].rank);
        if (span) {
            span->site = series;
            set_number(span, value, WICK_RECORD_GAUGE_INT, WICK_RECORD_GAUGE_UINT);
        }
    }
    if (!numbers && !reader->error) {
        wk_import_tally(reader, WK_IMPORT_NO_NUMBER, reader->import->events);
    }
}

/* Names and order of threads and processes. */
static void metadata(struct wick_reader *reader, const struct chrome_event *e)
{
    static const struct {
        const char *name, *argument;
        uint8_t kind;
    } words[] = {{"thread_name", "name", WK_IMPORT_THREAD}, {"process_name", "name", WK_IMPORT_PROCESS},
                 {"process_labels", "labels", WK_IMPORT_PROCESS}, {"thread_sort_index", "sort_index", WK_IMPORT_THREAD},
                 {"process_sort_index", "sort_index", WK_IMPORT_PROCESS}};
    for (uint32_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!wk_json_is(e->name, words[i].name)) {
            continue;
        }
        struct wk_json said = wk_json_find(e->arguments, words[i].argument);
        uint32_t found = entry_of(reader, e, words[i].kind);
        int64_t order;
        if (found == WICK_NONE) {
            return;
        }
        if (i > 2) {
            if (wk_json_signed(said, &order)) {
                wk_import_entries(reader)[found].order = order > INT32_MAX ? INT32_MAX : order < INT32_MIN ? INT32_MIN : (int32_t)order;
            }
        } else {
            uint32_t kept = kept_text(reader, said);
            *(i == 2 ? &wk_import_entries(reader)[found].labels : &wk_import_entries(reader)[found].name) = kept;
        }
    }
}

/* A wait for a lock or a hold of it, of our own export: `hold NAME`, with the id `LOCATION of THREAD`. */
static void lock(struct wick_reader *reader, const struct chrome_event *e, char phase)
{
    char name[WK_IMPORT_NAME], location[WK_IMPORT_NAME];
    struct wk_import_name site = {.name = name, .location = location, .file = "", .category = "", .kind = WICK_SITE_LOCK, .colour = WICK_NONE};
    site.name_bytes = wk_json_text(e->name, name, sizeof name);
    site.location_bytes = wk_json_text(wk_json_find(e->id2, "local"), location, sizeof location);
    while (site.location_bytes && location[--site.location_bytes] != 'o') {
    }
    site.location_bytes -= site.location_bytes > 0; /* the space before `of` */
    int holds = name[0] == 'h';
    uint32_t word = holds ? 5 : 9; /* `hold `, `wait for ` */
    if (site.name_bytes <= word || (!holds && phase == 'e')) {
        return; /* a wait ends as the hold begins */
    }
    site.name += word;
    site.name_bytes -= word;
    uint8_t kind = !holds ? WICK_RECORD_LOCKW : phase == 'b' ? WICK_RECORD_LOCKA : WICK_RECORD_LOCKR;
    struct wk_import_span *span = add(reader, e, kind, entry_of(reader, e, WK_IMPORT_THREAD));
    if (span) {
        span->site = wk_import_site(reader, &site);
    }
}

static void use(struct wick_reader *reader, const struct chrome_event *e, char phase)
{
    if (reader->import->ours && (phase == 'b' || phase == 'e') && wk_json_is(e->category, "lock")) {
        lock(reader, e, phase);
        return;
    }
    uint8_t async = phase == 'X' || phase == 'B' || phase == 'E' || phase == 'i' || phase == 'I' || phase == 'R' ? WK_IMPORT_THREAD
                                                                                                                 : WK_IMPORT_ASYNC;
    uint32_t track = phase == 'M' || phase == 'C' ? 0 : entry_of(reader, e, async);
    struct wk_import_span *span;
    if (reader->error) {
        return;
    }
    switch (phase) {
    case 'X':
        complete(reader, e, track);
        break;
    case 'B': case 'b': case 'S':
        half(reader, e, WICK_RECORD_START, track);
        break;
    case 'E': case 'e': case 'F':
        half(reader, e, WICK_RECORD_ENDOK, track);
        break;
    case 'C':
        counters(reader, e);
        break;
    case 'M':
        metadata(reader, e);
        break;
    default: { /* i I R n T p */
        uint64_t lost;
        int is_loss = reader->import->ours && wk_json_unsigned(e->lost, &lost);
        span = add(reader, e, is_loss ? WICK_RECORD_LOST : WICK_RECORD_MARK, track);
        if (span && is_loss) {
            span->u.integer = (int64_t)lost;
        } else if (span && (phase == 'T' || phase == 'p')) {
            span->how = WK_IMPORT_STEP;
            span->name = (uint32_t)phase;
        }
        break;
    }
    }
}

void wk_import_chrome_event(struct wick_reader *reader, struct wk_json value)
{
    static const char known[] = "XBEbeSFCMiIRnTp";
    struct chrome_event e;
    memset(&e, 0, sizeof e);
    int more = take_members(&e, value, event_members);
    if (reader->import->ours) {
        (void)take_members(&e, e.ours, our_members);
        (void)take_members(&e, e.arguments, argument_members);
    }
    char phase = e.phase.end - e.phase.at == 3 ? e.phase.at[1] : 0;
    if (more < 0) {
        wk_import_tally(reader, WK_IMPORT_NO_JSON, reader->import->events);
    } else if (!phase) {
        wk_import_tally(reader, WK_IMPORT_NO_PHASE, reader->import->events);
    } else {
        for (const char *word = known; *word; word++) {
            if (*word == phase) {
                use(reader, &e, phase);
                return;
            }
        }
        reader->import->phases[phase & 127]++;
    }
}
