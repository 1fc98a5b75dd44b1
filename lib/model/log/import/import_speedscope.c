/*
 * SPDX-License-Identifier: MIT
 * speedscope's file format: shared frames, evented and sampled profiles, with keys in any order. Each profile becomes
 * one track.
 */
#include "import.h"

struct scope_file {
    struct wick_reader *reader;
    struct wk_array frames; /* uint32_t: sites */
    struct wk_array stack;  /* uint32_t: frames that are open */
    uint32_t track;
};

static struct wk_json value_of(const struct wk_array *text)
{
    return (struct wk_json){text->items, (const char *)text->items + text->count};
}

static int append(struct scope_file *s, struct wk_array *array, uint32_t item)
{
    if (wk_array_reserve(array, s->reader->allocator, array->count + 1, sizeof item) < 0) {
        s->reader->error = WICK_E_NOMEM;
        return 0;
    }
    ((uint32_t *)array->items)[array->count++] = item;
    return 1;
}

static void read_frames(struct scope_file *s)
{
    struct wk_json inside = wk_json_inside(wk_json_find(value_of(&s->reader->import->shared), "frames")), frame;
    char name[WK_IMPORT_NAME], file[WK_IMPORT_NAME];
    while (wk_json_element(&inside, &frame) > 0) {
        struct wk_import_name site = {.name = name, .file = file, .category = "", .colour = WICK_NONE};
        double line = 0;
        site.name_bytes = wk_json_text(wk_json_find(frame, "name"), name, sizeof name);
        site.file_bytes = wk_json_text(wk_json_find(frame, "file"), file, sizeof file);
        wk_json_double(wk_json_find(frame, "line"), &line);
        site.line = line > 0 && line < 1e9 ? (uint32_t)line : 0;
        append(s, &s->frames, wk_import_site(s->reader, &site));
    }
}

/* A profile's unit in ns; a sample or a byte is shown as 1 us. */
static double unit_ns(struct wk_json unit)
{
    static const struct {
        const char *name;
        double ns;
    } units[] = {{"nanoseconds", 1}, {"microseconds", 1e3}, {"milliseconds", 1e6}, {"seconds", 1e9}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (wk_json_is(unit, units[i].name)) {
            return units[i].ns;
        }
    }
    return 1e3;
}

static uint32_t site_of(struct scope_file *s, struct wk_json frame)
{
    double number;
    if (!wk_json_double(frame, &number) || !(number >= 0 && number < s->frames.count)) {
        wk_reader_problem(s->reader, WICK_PROBLEM_NUMBER, frame.at ? frame.at : "no frame",
                          frame.at ? (size_t)(frame.end - frame.at) : 8);
        return WICK_NONE;
    }
    return ((const uint32_t *)s->frames.items)[(uint32_t)number];
}

static void read_events(struct scope_file *s, struct wk_json events, double ns)
{
    struct wk_json inside = wk_json_inside(events), event;
    while (wk_json_element(&inside, &event) > 0 && !s->reader->error) {
        struct wk_json members = wk_json_inside(event), key, value, type = {0}, frame = {0};
        double at = 0;
        while (wk_json_member(&members, &key, &value) > 0) {
            if (wk_json_is(key, "type")) {
                type = value;
            } else if (wk_json_is(key, "frame")) {
                frame = value;
            } else if (wk_json_is(key, "at")) {
                wk_json_double(value, &at);
            }
        }
        uint32_t site = site_of(s, frame);
        if (site != WICK_NONE && at * ns < 9e18 && at * ns > -9e18) {
            s->reader->stats.lines++;
            wk_import_put(s->reader, wk_json_is(type, "O") ? WICK_RECORD_START : WICK_RECORD_ENDOK, s->track, site,
                           (int64_t)(at * ns + 0.5));
        }
    }
}

static void pop_to(struct scope_file *s, uint32_t depth, int64_t time_ns)
{
    for (; s->stack.count > depth; s->stack.count--) {
        wk_import_put(s->reader, WICK_RECORD_ENDOK, s->track, WICK_NONE, time_ns);
    }
}

/* Read sampled stacks: frames that a stack shares with the one before stay open. */
static void read_samples(struct scope_file *s, struct wk_json profile, double ns)
{
    struct wk_json samples = wk_json_inside(wk_json_find(profile, "samples")), sample;
    struct wk_json weights = wk_json_inside(wk_json_find(profile, "weights")), weight, frame;
    double start = 0, now_ns;
    wk_json_double(wk_json_find(profile, "startValue"), &start);
    now_ns = start * ns < 9e18 && start * ns > -9e18 ? start * ns : 0;
    while (wk_json_element(&samples, &sample) > 0 && !s->reader->error) {
        struct wk_json frames = wk_json_inside(sample);
        double wide = 1;
        uint32_t depth = 0;
        if (wk_json_element(&weights, &weight) > 0) {
            wk_json_double(weight, &wide);
        }
        while (depth < WK_IMPORT_DEEP && wk_json_element(&frames, &frame) > 0) {
            uint32_t site = site_of(s, frame);
            if (site == WICK_NONE) {
                continue;
            }
            if (depth >= s->stack.count || ((const uint32_t *)s->stack.items)[depth] != site) {
                pop_to(s, depth, (int64_t)now_ns);
                append(s, &s->stack, site);
                wk_import_put(s->reader, WICK_RECORD_START, s->track, site, (int64_t)now_ns);
            }
            depth++;
        }
        pop_to(s, depth, (int64_t)now_ns);
        now_ns += wide > 0 && now_ns + wide * ns < 9e18 ? wide * ns : 0;
        s->reader->stats.lines++;
    }
    pop_to(s, 0, (int64_t)now_ns);
}

void wk_import_speedscope(struct wick_reader *reader)
{
    struct scope_file s = {.reader = reader};
    struct wk_json inside = wk_json_inside(value_of(&reader->import->profiles)), profile;
    read_frames(&s);
    for (uint32_t number = 1; wk_json_element(&inside, &profile) > 0 && !reader->error; number++) {
        char name[WK_IMPORT_NAME];
        uint32_t bytes = wk_json_text(wk_json_find(profile, "name"), name, sizeof name);
        double ns = unit_ns(wk_json_find(profile, "unit"));
        s.track = wk_import_track(reader, number, name, bytes);
        if (wk_json_is(wk_json_find(profile, "type"), "sampled")) {
            read_samples(&s, profile, ns);
        } else {
            read_events(&s, wk_json_find(profile, "events"), ns);
        }
    }
    wk_array_free(&s.frames, reader->allocator, sizeof(uint32_t));
    wk_array_free(&s.stack, reader->allocator, sizeof(uint32_t));
}
