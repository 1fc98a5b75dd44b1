/*
 * SPDX-License-Identifier: MIT
 * Chrome trace events. See chrome.h. Complete events are written when their scopes end, but parents before the children
 * that begin with them: such a child waits for its parent.
 * Invariant: no time is negative; lib/model/log/import reads back what it finds nowhere else: how scopes ended, texts, values,
 * sites, depth where times do not tell it.
 */
#include "print/chrome.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "model/base/exact.h"

/* A scope that is open. */
struct chrome_open {
    int64_t start_ns;
    size_t held;    /* bytes of `held` when it began: what was held since then belongs into it */
    struct wk_exact value; /* the sum of the finite ones */
    bool has_value;
};

struct chrome_track {
    struct chrome_open *open;
    char *held; /* events that wait for the scope around them */
    size_t held_bytes, held_room;
    uint32_t depth, room;
    bool named;
};

struct chrome {
    const struct load *load;
    FILE *to, *one; /* one: an event, in memory */
    char *event;
    size_t event_bytes;
    struct chrome_track *tracks;
    struct wk_exact *sums; /* by site */
    uint8_t *named; /* processes */
    uint32_t track_count, sum_count, named_count;
    bool any, failed;
};

static int write_one(void *user, const char *bytes, size_t count)
{
    struct chrome *c = user;
    return fwrite(bytes, 1, count, c->one) == count ? 0 : WICK_E_IO;
}

/* ---- events ---- */

/* Begin an event: its phase and whose it is. */
static struct wick_json head(struct chrome *c, const char *phase, uint32_t track)
{
    const struct wick_process_info *process = wick_names_track_process(c->load->names, track);
    struct wick_json json = {.out = {write_one, c}};
    size_t digits = strspn(process->pid, "0123456789");
    rewind(c->one);
    wick_json_begin(&json, NULL, '{');
    wick_json_string(&json, "ph", phase);
    if (digits && !process->pid[digits] && process->pid_number) {
        wick_json_unsigned(&json, "pid", process->pid_number);
    } else {
        wick_json_string(&json, "pid", process->pid);
    }
    wick_json_unsigned(&json, "tid", track);
    return json;
}

/* Microseconds with three decimals: Chrome's unit, our nanoseconds. */
static void put_us(struct wick_json *json, const char *name, int64_t ns)
{
    char text[32];
    uint64_t size = ns < 0 ? 0 : (uint64_t)ns;
    snprintf(text, sizeof text, "%" PRIu64 ".%03" PRIu64, size / 1000, size % 1000);
    wick_json_word(json, name, text);
}

static void put_ts(struct chrome *c, struct wick_json *json, int64_t time_ns)
{
    put_us(json, "ts", time_ns - c->load->start_ns);
}

/* End an event: what it says is c->event. */
static void tail(struct chrome *c, struct wick_json *json)
{
    wick_json_end(json, '}');
    long bytes = ftell(c->one);
    c->failed |= fflush(c->one) != 0 || bytes < 0;
    c->event_bytes = bytes < 0 ? 0 : (size_t)bytes;
}

static void write_bytes(struct chrome *c, const char *bytes, size_t count)
{
    fputs(c->any ? ",\n" : "\n", c->to);
    fwrite(bytes, 1, count, c->to);
    c->any = true;
}

static bool make_held_room(struct chrome *c, struct chrome_track *t, size_t more)
{
    if (t->held_bytes + more > t->held_room) {
        size_t room = 2 * (t->held_bytes + more);
        char *held = realloc(t->held, room);
        if (!held) {
            c->failed = true;
            return false;
        }
        t->held = held;
        t->held_room = room;
    }
    return true;
}

/* Hold the event back, before what is held from `at` on. */
static void hold(struct chrome *c, struct chrome_track *t, size_t at)
{
    size_t bytes = c->event_bytes + 2;
    if (make_held_room(c, t, bytes)) {
        memmove(t->held + at + bytes, t->held + at, t->held_bytes - at);
        memcpy(t->held + at, c->event, c->event_bytes);
        memcpy(t->held + at + c->event_bytes, ",\n", 2);
        t->held_bytes += bytes;
    }
}

static void put_names(struct chrome *c, uint32_t track)
{
    const struct wick_names *names = c->load->names;
    uint32_t process = wick_names_track(names, track)->process;
    const struct wick_process_info *info = wick_names_process(names, process);
    const char *slash = strrchr(info->program, '/');
    const struct {
        const char *name, *argument, *text;
        uint32_t number;
    } words[] = {{"process_name", "name", *info->program ? slash ? slash + 1 : info->program : info->host, 0},
                 {"process_sort_index", "sort_index", NULL, process},
                 {"thread_name", "name", wick_names_track_name(c->load->final, track), 0},
                 {"thread_sort_index", "sort_index", NULL, track}};
    size_t first = tool_grow(&c->named, &c->named_count, process, sizeof *c->named) && !c->named[process] ? 0 : 2;
    for (size_t i = first; i < sizeof words / sizeof *words; i++) {
        struct wick_json json = head(c, "M", track);
        wick_json_string(&json, "name", words[i].name);
        wick_json_begin(&json, "args", '{');
        if (words[i].text) {
            wick_json_string(&json, words[i].argument, words[i].text);
        } else {
            wick_json_unsigned(&json, words[i].argument, words[i].number);
        }
        wick_json_end(&json, '}');
        tail(c, &json);
        write_bytes(c, c->event, c->event_bytes);
    }
    if (!first) {
        c->named[process] = 1;
    }
}

static struct chrome_track *track_of(struct chrome *c, uint32_t track)
{
    if (!tool_grow(&c->tracks, &c->track_count, track, sizeof *c->tracks)) {
        c->failed = true;
        return NULL;
    }
    return &c->tracks[track];
}

static struct chrome_track *named_track(struct chrome *c, uint32_t track)
{
    struct chrome_track *t = track_of(c, track);
    if (t && !t->named) {
        t->named = true;
        put_names(c, track);
    }
    return t;
}

/* What only we read back stands beside `args`: speedscope takes these for a part of the name. */
static void begin_ours(struct wick_json *json, const struct wick_site_info *site)
{
    wick_json_begin(json, "wick", '{');
    if (strcmp(site->location, "-") != 0) {
        wick_json_string(json, "location", site->location);
    }
    if (site->file[0]) {
        wick_json_string(json, "file", site->file);
        wick_json_unsigned(json, "line", site->line);
    }
    if (site->colour != WICK_NONE) {
        wick_json_unsigned(json, "colour", site->colour);
    }
}

/* Write the event, or hold it back if the scope around it begins at this very time. */
static void put_event(struct chrome *c, struct chrome_track *t, int64_t time_ns)
{
    if (t->depth && t->open[t->depth - 1].start_ns == time_ns) {
        hold(c, t, t->held_bytes);
    } else {
        write_bytes(c, c->event, c->event_bytes);
    }
}

static void put_mark(struct chrome *c, const struct wick_record *r)
{
    struct chrome_track *t = named_track(c, r->track);
    if (!t) {
        return;
    }
    struct wick_json json = head(c, "i", r->track);
    const char *name = wick_names_site_name(c->load->names, r->site);
    bool has_name = *name && strcmp(name, "-") != 0 && r->kind == WICK_RECORD_MARK;
    put_ts(c, &json, r->time_ns);
    wick_json_string(&json, "s", "t");
    wick_json_unsigned(&json, "depth", t->depth + 1);
    if (r->kind == WICK_RECORD_LOST) {
        wick_json_string(&json, "name", "events lost");
        wick_json_begin(&json, "args", '{');
        wick_json_unsigned(&json, "lost", r->u.count);
        put_us(&json, "first", r->first_ns - c->load->start_ns);
    } else {
        const struct wick_site_info *site = wick_names_site(c->load->names, r->site);
        bool foreign = !has_name || strcmp(name, site->location) == 0; /* a place, no name */
        wick_json_text(&json, "name", foreign ? r->text : name, foreign ? r->text_bytes : strlen(name));
        wick_json_string(&json, "cat", site->category[0] ? site->category : "mark");
        begin_ours(&json, site);
        wick_json_end(&json, '}');
        wick_json_begin(&json, "args", '{');
        if (!foreign && r->text_bytes) {
            wick_json_text(&json, "text", r->text, r->text_bytes);
        }
    }
    wick_json_end(&json, '}');
    tail(c, &json);
    put_event(c, t, r->time_ns);
}

static void put_counter(struct chrome *c, const struct wick_record *r)
{
    if (!named_track(c, r->track) || !tool_grow(&c->sums, &c->sum_count, r->site, sizeof *c->sums)) {
        return;
    }
    struct wick_number number = wk_number_of(r);
    if (wk_exact_finite(number.value)) { /* what is not is null, and in no sum */
        const bool adds = wk_number_kind(r->kind) == WICK_RECORD_SUM;
        c->sums[r->site] = adds ? c->sums[r->site] : wk_exact_whole(0);
        wk_exact_add(&c->sums[r->site], wk_exact_of(&number));
        number = wk_exact_number(&c->sums[r->site]);
    }
    const char *unit = wick_names_site(c->load->names, r->site)->category;
    struct wick_json json = head(c, "C", r->track);
    put_ts(c, &json, r->time_ns);
    wick_json_string(&json, "name", wick_names_site_name(c->load->names, r->site));
    if (*unit) {
        wick_json_string(&json, "cat", unit);
    }
    wick_json_begin(&json, "args", '{');
    wick_json_number(&json, "value", &number);
    wick_json_end(&json, '}');
    tail(c, &json);
    write_bytes(c, c->event, c->event_bytes);
}

/* Waits and holds of locks are asynchronous: they cross scopes. */
static void put_lock(struct chrome *c, const struct wick_record *r, const char *phase, const char *what)
{
    const struct wick_site_info *site = wick_names_site(c->load->names, r->site);
    char id[600];
    if (!named_track(c, r->track)) {
        return;
    }
    struct wick_json json = head(c, phase, r->track);
    put_ts(c, &json, r->time_ns);
    wick_json_string(&json, "cat", "lock");
    snprintf(id, sizeof id, "%.500s of %" PRIu32, site->location, r->track);
    wick_json_begin(&json, "id2", '{');
    wick_json_string(&json, "local", id);
    wick_json_end(&json, '}');
    snprintf(id, sizeof id, "%s %.500s", what, wick_names_site_name(c->load->names, r->site));
    wick_json_string(&json, "name", id);
    tail(c, &json);
    write_bytes(c, c->event, c->event_bytes);
}

static void open_scope(struct chrome *c, const struct wick_record *r)
{
    struct chrome_track *t = track_of(c, r->track);
    if (t && tool_grow(&t->open, &t->room, t->depth, sizeof *t->open)) {
        t->open[t->depth++] = (struct chrome_open){.start_ns = r->time_ns, .held = t->held_bytes};
    } else {
        c->failed = true;
    }
}

static void put_value(struct chrome_open *open, const struct wick_record *r)
{
    const struct wick_number number = wk_number_of(r);
    if (wk_exact_finite(number.value)) {
        wk_exact_add(&open->value, wk_exact_of(&number));
    }
    open->has_value = true;
}

void chrome_record(struct chrome *c, const struct wick_record *r)
{
    struct chrome_track *t;
    switch (r->kind) {
    case WICK_RECORD_START:
        open_scope(c, r);
        break;
    case WICK_RECORD_VALUE: case WICK_RECORD_VALUE_INT: case WICK_RECORD_VALUE_UINT:
        t = track_of(c, r->track);
        if (t && t->depth) {
            put_value(&t->open[t->depth - 1], r);
        }
        break;
    case WICK_RECORD_MARK: case WICK_RECORD_LOST:
        put_mark(c, r);
        break;
    case WICK_RECORD_GAUGE: case WICK_RECORD_SUM: case WICK_RECORD_GAUGE_INT: case WICK_RECORD_SUM_INT:
    case WICK_RECORD_GAUGE_UINT: case WICK_RECORD_SUM_UINT:
        put_counter(c, r);
        break;
    case WICK_RECORD_LOCKW:
        put_lock(c, r, "b", "wait for");
        break;
    case WICK_RECORD_LOCKA:
        put_lock(c, r, "e", "wait for");
        put_lock(c, r, "b", "hold");
        break;
    case WICK_RECORD_LOCKR:
        put_lock(c, r, "e", "hold");
        break;
    default:
        break;
    }
}

/* The sum of a scope's values, and what a good end said. */
static void put_outcome(struct wick_json *json, const struct wick_record *end, const struct chrome_open *open)
{
    if (open->has_value) {
        const struct wick_number sum = wk_exact_number(&open->value);
        wick_json_number(json, "value", &sum);
    }
    if (end->kind != WICK_RECORD_ENDER && end->text_bytes) {
        wick_json_text(json, "end", end->text, end->text_bytes);
    }
}

/* What viewers show of an instance, if there is anything. */
static void put_args(const struct chrome *c, struct wick_json *json, const struct ended *ended, const struct chrome_open *open)
{
    const struct wick_record *end = ended->end;
    const bool failed = end->kind == WICK_RECORD_ENDER, asked = c->load->settings->args;
    if (!failed && !(asked && (ended->bytes || end->text_bytes || open->has_value))) {
        return;
    }
    wick_json_begin(json, "args", '{');
    if (asked && ended->bytes) {
        wick_json_text(json, "text", ended->text, ended->bytes);
    }
    if (asked) {
        put_outcome(json, end, open);
    }
    if (failed) {
        wick_json_text(json, end->unfinished ? "unfinished" : "failed", end->text ? end->text : "", end->text_bytes);
    }
    wick_json_end(json, '}');
}

static void render(struct chrome *c, const struct ended *ended, const struct chrome_open *open, uint32_t depth)
{
    struct wick_node_info info;
    wick_tree_node(c->load->tree, ended->node, &info);
    const struct wick_site_info *site = wick_names_site(c->load->names, info.site);
    struct wick_json json = head(c, "X", ended->end->track);
    put_ts(c, &json, ended->start_ns);
    put_us(&json, "dur", ended->took_ns);
    if (!ended->took_ns) {
        wick_json_unsigned(&json, "depth", depth);
    }
    wick_json_string(&json, "name", wick_names_site_name(c->load->names, info.site));
    wick_json_string(&json, "cat", site->category[0] ? site->category : "scope");
    begin_ours(&json, site);
    put_outcome(&json, ended->end, open);
    wick_json_end(&json, '}');
    put_args(c, &json, ended, open);
    tail(c, &json);
}

void chrome_scope(struct chrome *c, const struct ended *ended, bool shown)
{
    struct chrome_track *t = named_track(c, ended->end->track);
    if (!t || !t->depth) {
        return;
    }
    struct chrome_open open = t->open[--t->depth];
    if (shown) {
        render(c, ended, &open, t->depth + 1);
    }
    if (t->depth && t->open[t->depth - 1].start_ns == open.start_ns) {
        if (shown) {
            hold(c, t, open.held);
        }
        return;
    }
    if (shown) {
        write_bytes(c, c->event, c->event_bytes);
    }
    if (t->held_bytes > open.held) {
        write_bytes(c, t->held + open.held, t->held_bytes - open.held - 2);
        t->held_bytes = open.held;
    }
}

/* ---- life ---- */

struct chrome *chrome_begin(const struct load *load, FILE *to)
{
    struct chrome *c = calloc(1, sizeof *c);
    if (c) {
        c->load = load;
        c->to = to;
        c->one = open_memstream(&c->event, &c->event_bytes);
    }
    if (!c || !c->one) {
        free(c);
        return NULL;
    }
    fputs("{\"displayTimeUnit\":\"ns\",\"otherData\":{\"exporter\":\"wick\"},\"traceEvents\":[", to);
    return c;
}

bool chrome_end(struct chrome *c)
{
    bool fine = !c->failed;
    fputs("\n]}\n", c->to);
    for (uint32_t i = 0; i < c->track_count; i++) {
        free(c->tracks[i].open);
        free(c->tracks[i].held);
    }
    fclose(c->one);
    free(c->event);
    free(c->tracks);
    free(c->sums);
    free(c->named);
    free(c);
    return fine;
}
