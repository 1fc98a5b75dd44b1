/*
 * SPDX-License-Identifier: MIT
 * JSON files of other tools: passes each value to the form that its key names. A Chrome trace is never kept as text: each
 * event is used as soon as it is complete.
 */
#include "import.h"

/* Which other kind of JSON this is, by one of its members; NULL: it does not tell. */
static const char *other_of(const struct wk_import *f, struct wk_json value)
{
    static const struct {
        const char *key, *text;
    } others[] = {{"nodes", "this is a .cpuprofile of V8; speedscope and the browser's developer tools read it"},
                  {"threads", "this is a profile of Firefox; https://profiler.firefox.com reads it"},
                  {"head", "this is a .heapprofile of V8; speedscope and the browser's developer tools read it"},
                  {"snapshot", "this is a .heapsnapshot of V8; the browser's developer tools read it"}};
    struct wk_json inside = wk_json_inside(value), event;
    if (wk_json_cut_key(&f->cutter, "events") && wk_json_element(&inside, &event) > 0 && wk_json_find(event, "eventType").at) {
        return "this is the history of an Amazon SWF workflow; `wick profile`, `tasks`, `info`, `history` and `status` read it";
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (wk_json_cut_key(&f->cutter, others[i].key)) {
            return others[i].text;
        }
    }
    return NULL;
}

/* Use a value: a Chrome event, or the value of one of speedscope's keys. */
static void take(void *user, struct wk_json value)
{
    struct wick_reader *reader = user;
    struct wk_import *f = reader->import;
    if (f->cutter.element) {
        f->events += f->events < UINT32_MAX;
        reader->stats.lines++;
        wk_import_chrome_event(reader, value);
        f->cutter.error = reader->error; /* ends the cutting */
    } else if (wk_json_cut_key(&f->cutter, "otherData")) {
        f->ours = wk_json_is(wk_json_find(value, "exporter"), "wick") != 0;
    } else if (wk_json_cut_key(&f->cutter, "shared")) {
        wk_json_cut_keep(&f->cutter, &f->shared, value);
    } else if (wk_json_cut_key(&f->cutter, "profiles")) {
        wk_json_cut_keep(&f->cutter, &f->profiles, value);
    } else if (wk_json_cut_key(&f->cutter, "name")) {
        wk_json_cut_keep(&f->cutter, &f->name, value);
    } else if (wk_json_cut_key(&f->cutter, "exporter")) {
        wk_json_cut_keep(&f->cutter, &f->exporter, value);
    } else if (wk_json_cut_key(&f->cutter, "activeProfileIndex")) {
        (void)wk_json_unsigned(value, &f->active);
    } else if (!f->other) {
        f->other = other_of(f, value);
    }
}

void wk_import_json(struct wick_reader *reader, const char *bytes, size_t count)
{
    struct wk_json_cutter *cutter = &reader->import->cutter;
    cutter->allocator = reader->allocator;
    cutter->each = "traceEvents";
    cutter->take = take;
    cutter->lines = reader->form == WK_FORM_JSON_LINES;
    cutter->user = reader;
    wk_json_cut(cutter, bytes, count);
    reader->error = cutter->error ? cutter->error : reader->error;
    wk_reader_flush(reader);
}

/* ---- life ---- */

void wk_import_finish(struct wick_reader *reader)
{
    struct wk_import *f = reader->import;
    wk_import_folded_finish(reader);
    if ((f->cutter.unit || f->cutter.lines) && !wk_json_cut_complete(&f->cutter)) {
        wk_reader_problem(reader, WICK_PROBLEM_END, f->cutter.carry.items, f->cutter.carry.count);
    }
    if (f->events) {
        wk_import_chrome_finish(reader);
    } else if (f->profiles.count) {
        wk_import_speedscope(reader);
    } else if (f->cutter.unit) {
        wk_reader_say(reader, f->other ? f->other : "this is JSON, but neither a Chrome trace nor a speedscope profile");
    }
    wk_import_tell(reader);
    wk_reader_flush(reader);
    wk_import_free(reader);
}

void wk_import_free(struct wick_reader *reader)
{
    struct wk_import *f = reader->import;
    const struct wick_allocator *a = reader->allocator;
    if (!f) {
        return;
    }
    wk_array_free(&f->cutter.carry, a, 1);
    wk_array_free(&f->spans, a, sizeof(struct wk_import_span));
    wk_array_free(&f->entries, a, sizeof(struct wk_import_entry));
    wk_array_free(&f->keys, a, 1);
    wk_table_free(&f->entry_table, a);
    wk_array_free(&f->texts, a, 1);
    wk_array_free(&f->shared, a, 1);
    wk_array_free(&f->profiles, a, 1);
    wk_array_free(&f->name, a, 1);
    wk_array_free(&f->exporter, a, 1);
    wk_array_free(&f->stack, a, sizeof(uint32_t));
    wk_mem_free(a, f, sizeof *f);
    reader->import = NULL;
}
