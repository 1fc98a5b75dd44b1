/*
 * SPDX-License-Identifier: MIT
 * Chrome trace events: collected, sorted by thread and time, and made to nest. When two events overlap without nesting,
 * the later one is cut at the end of the earlier, and counted as a problem.
 */
#include "import.h"

#include "model/base/order.h"

#define ARGUMENTS 240u /* bytes of an event's arguments that its text keeps */

/* The members of an event that are used. */
struct chrome_event {
    struct wk_json name, category, phase, time, duration, pid, tid, id, arguments;
};

static void take_member(struct chrome_event *e, struct wk_json key, struct wk_json value)
{
    static const struct {
        const char *key;
        size_t at;
    } members[] = {
        {"name", offsetof(struct chrome_event, name)},   {"cat", offsetof(struct chrome_event, category)},
        {"ph", offsetof(struct chrome_event, phase)},    {"ts", offsetof(struct chrome_event, time)},
        {"dur", offsetof(struct chrome_event, duration)}, {"pid", offsetof(struct chrome_event, pid)},
        {"tid", offsetof(struct chrome_event, tid)},     {"id", offsetof(struct chrome_event, id)},
        {"args", offsetof(struct chrome_event, arguments)}, {"id2", offsetof(struct chrome_event, id)}};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (wk_json_is(key, members[i].key)) {
            memcpy((char *)e + members[i].at, &value, sizeof value);
            return;
        }
    }
}

static uint32_t process_of(const struct chrome_event *e)
{
    double pid;
    return wk_json_double(e->pid, &pid) && pid >= 0 && pid < 4294967295.0 ? (uint32_t)pid : 0;
}

/* The track of a thread by its number, of asynchronous events by category and id. */
static uint32_t track_of(struct wick_reader *reader, const struct chrome_event *e, int is_async)
{
    char thread[WK_IMPORT_NAME];
    uint32_t bytes = 0;
    if (is_async) {
        bytes = wk_json_text(e->category, thread, 200);
        thread[bytes++] = '-';
        bytes += wk_json_text(e->id, thread + bytes, 200);
    } else {
        bytes = wk_json_text(e->tid, thread, sizeof thread);
    }
    for (uint32_t i = 0; i < bytes; i++) {
        thread[i] = thread[i] == ' ' ? '-' : thread[i];
    }
    return wk_import_track(reader, process_of(e), thread, bytes);
}

static uint32_t site_of(struct wick_reader *reader, const struct chrome_event *e, uint8_t kind)
{
    char name[WK_IMPORT_NAME], category[WK_IMPORT_NAME];
    struct wk_import_name site = {.name = name, .file = "", .category = category, .kind = kind};
    site.name_bytes = wk_json_text(e->name, name, sizeof name);
    site.category_bytes = wk_json_text(e->category, category, sizeof category);
    return wk_import_site(reader, &site);
}

/* The text of an instance: its name and its arguments. 0: no memory. */
static uint32_t text_of(struct wick_reader *reader, const struct chrome_event *e)
{
    char text[2 * ARGUMENTS + 1];
    uint32_t bytes = wk_json_text(e->name, text, ARGUMENTS);
    uint32_t all = (uint32_t)(e->arguments.end - e->arguments.at), more = all < ARGUMENTS ? all : ARGUMENTS;
    text[bytes++] = ' ';
    memcpy(text + bytes, e->arguments.at, more);
    return wk_kept_add(&reader->import->texts, reader->allocator, text, bytes + more);
}

static struct wk_import_span *add(struct wick_reader *reader, const struct chrome_event *e, uint8_t kind, uint32_t track)
{
    static const uint8_t site_kinds[WICK_RECORD_KINDS] = {
        [WICK_RECORD_START] = WICK_SITE_SCOPE, [WICK_RECORD_MARK] = WICK_SITE_MARK, [WICK_RECORD_GAUGE] = WICK_SITE_COUNTER};
    struct wk_import *f = reader->import;
    struct wk_import_span span = {.track = track, .kind = kind, .u.end_ns = WK_IMPORT_OPEN};
    if (!wk_json_scaled(e->time, 3, &span.start_ns)) {
        wk_reader_problem(reader, WICK_PROBLEM_TIME, e->time.at ? e->time.at : "no ts",
                          e->time.at ? (size_t)(e->time.end - e->time.at) : 5);
        return NULL;
    }
    span.site = site_of(reader, e, site_kinds[kind]);
    if (kind != WICK_RECORD_GAUGE && e->arguments.end - e->arguments.at > 2) {
        span.text = text_of(reader, e);
    }
    if (reader->error || wk_array_reserve(&f->spans, reader->allocator, f->spans.count + 1, sizeof span) < 0) {
        reader->error = WICK_E_NOMEM;
        return NULL;
    }
    struct wk_import_span *added = (struct wk_import_span *)f->spans.items + f->spans.count++;
    *added = span;
    return added;
}

/* The innermost begin of a track without an end, as span + 1; 0: none. NULL: no memory. */
static uint32_t *top_of(struct wick_reader *reader, uint32_t track)
{
    struct wk_array *tops = &reader->import->tops;
    if (wk_array_reserve(tops, reader->allocator, track + 1, sizeof(uint32_t)) < 0) {
        reader->error = WICK_E_NOMEM;
        return NULL;
    }
    for (; tops->count <= track; tops->count++) {
        ((uint32_t *)tops->items)[tops->count] = 0;
    }
    return (uint32_t *)tops->items + track;
}

static void begin(struct wick_reader *reader, const struct chrome_event *e, uint32_t track)
{
    uint32_t *top = top_of(reader, track);
    struct wk_import_span *span = top ? add(reader, e, WICK_RECORD_START, track) : NULL;
    if (span) {
        span->below = *top;
        *top = reader->import->spans.count;
    }
}

static void end(struct wick_reader *reader, const struct chrome_event *e, uint32_t track)
{
    uint32_t *top = top_of(reader, track);
    int64_t end_ns;
    if (!top || !*top || !wk_json_scaled(e->time, 3, &end_ns)) {
        static const char text[] = "an end without a begin";
        wk_reader_problem(reader, WICK_PROBLEM_NUMBER, text, sizeof text - 1);
        return;
    }
    struct wk_import_span *span = (struct wk_import_span *)reader->import->spans.items + *top - 1;
    *top = span->below;
    span->u.end_ns = end_ns > span->start_ns ? end_ns : span->start_ns;
}

static void complete(struct wick_reader *reader, const struct chrome_event *e, uint32_t track)
{
    int64_t start_ns, duration_ns = 0;
    if (wk_json_scaled(e->time, 3, &start_ns) && wk_json_scaled(e->duration, 3, &duration_ns) && start_ns > 0 &&
        duration_ns >= WK_IMPORT_OPEN - start_ns) {
        wk_reader_problem(reader, WICK_PROBLEM_TIME, e->duration.at, (size_t)(e->duration.end - e->duration.at));
        return;
    }
    struct wk_import_span *span = add(reader, e, WICK_RECORD_START, track);
    if (span) {
        span->u.end_ns = span->start_ns + (duration_ns > 0 ? duration_ns : 0);
    }
}

/* Make a counter of each number among the arguments. */
static void counters(struct wick_reader *reader, const struct chrome_event *e, uint32_t track)
{
    struct wk_json inside = wk_json_inside(e->arguments), key, value;
    double number;
    while (wk_json_member(&inside, &key, &value) > 0) {
        struct wk_import_span *span = wk_json_double(value, &number) ? add(reader, e, WICK_RECORD_GAUGE, track) : NULL;
        if (span) {
            char name[WK_IMPORT_NAME];
            struct wk_import_name site = {.name = name, .file = "", .category = "", .kind = WICK_SITE_COUNTER};
            site.name_bytes = wk_json_text(e->name, name, 400);
            name[site.name_bytes++] = ' ';
            site.name_bytes += wk_json_text(key, name + site.name_bytes, 400);
            span->site = wk_import_site(reader, &site);
            span->u.value = number;
        }
    }
}

/* Names of threads and processes. */
static void metadata(struct wick_reader *reader, const struct chrome_event *e)
{
    struct wk_json inside = wk_json_inside(e->arguments), key, value;
    char name[WK_IMPORT_NAME + 1];
    if (!wk_json_is(e->name, "thread_name")) {
        return;
    }
    while (wk_json_member(&inside, &key, &value) > 0) {
        if (wk_json_is(key, "name")) {
            uint32_t track = track_of(reader, e, 0);
            struct wick_track_info info = *wick_names_track(reader->names, track);
            name[wk_json_text(value, name, WK_IMPORT_NAME)] = 0;
            info.label = name;
            if (wick_names_set_track(reader->names, track, &info) < 0) {
                reader->error = WICK_E_NOMEM;
            }
        }
    }
}

void wk_import_chrome_event(struct wick_reader *reader, struct wk_json value)
{
    struct wk_json inside = wk_json_inside(value), key, member;
    struct chrome_event e;
    memset(&e, 0, sizeof e);
    int more;
    while ((more = wk_json_member(&inside, &key, &member)) > 0) {
        take_member(&e, key, member);
    }
    if (more < 0) {
        wk_reader_problem(reader, WICK_PROBLEM_WORD, value.at, (size_t)(value.end - value.at));
        return;
    }
    char phase = e.phase.end - e.phase.at == 3 ? e.phase.at[1] : 0;
    int is_async = phase == 'b' || phase == 'e' || phase == 'n' || phase == 'S' || phase == 'F';
    uint32_t track = phase == 'M' || !phase ? 0 : track_of(reader, &e, is_async);
    switch (phase) {
    case 'X':
        complete(reader, &e, track);
        break;
    case 'B': case 'b': case 'S':
        begin(reader, &e, track);
        break;
    case 'E': case 'e': case 'F':
        end(reader, &e, track);
        break;
    case 'i': case 'I': case 'R': case 'n':
        add(reader, &e, WICK_RECORD_MARK, track);
        break;
    case 'C':
        counters(reader, &e, track);
        break;
    case 'M':
        metadata(reader, &e);
        break;
    case 's': case 't': case 'f': /* flows are not shown */
        break;
    default:
        wk_reader_problem(reader, WICK_PROBLEM_WORD, value.at, (size_t)(value.end - value.at));
        break;
    }
}

/* ---- in order ---- */

static int is_before(const void *user, const void *x, const void *y)
{
    const struct wk_import_span *p = x, *q = y;
    (void)user;
    if (p->track != q->track) {
        return p->track < q->track;
    }
    if (p->start_ns != q->start_ns) {
        return p->start_ns < q->start_ns;
    }
    if (p->kind != q->kind) {
        return p->kind < q->kind;
    }
    return p->kind == WICK_RECORD_START && p->u.end_ns > q->u.end_ns; /* of equal starts, the outer one comes first */
}

/* End the open scopes that end by a time; the rest stays open. */
static void end_until(struct wick_reader *reader, uint32_t track, int64_t until_ns, struct wk_array *open)
{
    const int64_t *ends = open->items;
    while (open->count && ends[open->count - 1] != WK_IMPORT_OPEN && ends[open->count - 1] <= until_ns) {
        wk_import_put(reader, WICK_RECORD_ENDOK, track, WICK_NONE, ends[--open->count]);
    }
}

static void put_span(struct wick_reader *reader, const struct wk_import_span *span, struct wk_array *open)
{
    struct wk_import *f = reader->import;
    end_until(reader, span->track, span->start_ns, open);
    wk_import_put(reader, span->kind, span->track, span->site, span->start_ns);
    struct wick_record *r = &reader->batch[reader->batch_count - 1];
    if (span->kind == WICK_RECORD_GAUGE) {
        r->u.number = span->u.value;
        return;
    }
    r->text = wk_kept_read(&f->texts, span->text, &r->text_bytes);
    if (span->kind == WICK_RECORD_START) {
        int64_t end_ns = span->u.end_ns, *ends;
        if (wk_array_reserve(open, reader->allocator, open->count + 1, sizeof *ends) < 0) {
            reader->error = WICK_E_NOMEM;
            return;
        }
        ends = open->items;
        if (open->count && end_ns > ends[open->count - 1] && end_ns != WK_IMPORT_OPEN) {
            static const char text[] = "overlaps the event around it";
            wk_reader_problem(reader, WICK_PROBLEM_NUMBER, text, sizeof text - 1);
            end_ns = ends[open->count - 1];
        }
        ends[open->count++] = end_ns;
    }
}

void wk_import_chrome_finish(struct wick_reader *reader)
{
    struct wk_import *f = reader->import;
    const struct wk_order order = {is_before, NULL};
    struct wk_array open = {0};
    if (wk_order_sort(reader->allocator, f->spans.items, f->spans.count, sizeof(struct wk_import_span), &order) < 0) {
        reader->error = WICK_E_NOMEM;
    }
    const struct wk_import_span *spans = f->spans.items;
    for (uint32_t i = 0; i < f->spans.count && !reader->error; i++) {
        put_span(reader, &spans[i], &open);
        if (i + 1 == f->spans.count || spans[i + 1].track != spans[i].track) {
            end_until(reader, spans[i].track, WK_IMPORT_OPEN - 1, &open);
            open.count = 0;
        }
    }
    wk_array_free(&open, reader->allocator, sizeof(int64_t));
}
