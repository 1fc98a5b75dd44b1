/*
 * SPDX-License-Identifier: MIT
 * speedscope's file format: shared frames, evented and sampled profiles, with keys in any order. Each profile becomes
 * one track.
 */
#include "import.h"

struct scope_file {
    struct wick_reader *reader;
    struct wk_array frames; /* uint32_t: sites */
    struct wk_array stack;  /* uint32_t: sites that are open */
    const char *counted;    /* the numbers are no times, but these; NULL: all are times */
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

/* A profile's unit in ns; of what is no time, 1 is shown as 1 us. */
static double unit_ns(struct scope_file *s, struct wk_json unit)
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
    s->counted = wk_json_is(unit, "bytes") ? "bytes" : "of no unit";
    return 1e3;
}

static void tally(struct scope_file *s, enum wk_import_reason reason)
{
    wk_import_tally(s->reader, reason, (uint32_t)s->reader->stats.lines);
}

static uint32_t site_of(struct scope_file *s, struct wk_json frame)
{
    double number;
    if (!wk_json_double(frame, &number) || !(number >= 0 && number < s->frames.count)) {
        tally(s, WK_IMPORT_NO_FRAME);
        return WICK_NONE;
    }
    return ((const uint32_t *)s->frames.items)[(uint32_t)number];
}

static void pop_to(struct scope_file *s, uint32_t depth, int64_t time_ns)
{
    for (; s->stack.count > depth; s->stack.count--) {
        wk_import_put(s->reader, WICK_RECORD_ENDOK, s->track, WICK_NONE, time_ns);
    }
}

/* A close ends its frame; frames inside that are open still end with it, which is counted. */
static void close_frame(struct scope_file *s, uint32_t site, int64_t time_ns)
{
    const uint32_t *open = s->stack.items;
    uint32_t depth = s->stack.count;
    while (depth && open[depth - 1] != site) {
        depth--;
    }
    if (!depth) {
        tally(s, WK_IMPORT_NO_BEGIN);
        return;
    }
    if (depth < s->stack.count) {
        tally(s, WK_IMPORT_CROSSED);
    }
    pop_to(s, depth - 1, time_ns);
}

static void read_events(struct scope_file *s, struct wk_json events, double ns)
{
    struct wk_json inside = wk_json_inside(events), event;
    while (wk_json_element(&inside, &event) > 0 && !s->reader->error) {
        struct wk_json members = wk_json_inside(event), key, value, type = {0}, frame = {0}, when = {0};
        double at = 0;
        while (wk_json_member(&members, &key, &value) > 0) {
            if (wk_json_is(key, "type")) {
                type = value;
            } else if (wk_json_is(key, "frame")) {
                frame = value;
            } else if (wk_json_is(key, "at")) {
                when = value;
            }
        }
        s->reader->stats.lines++;
        uint32_t site = site_of(s, frame);
        if (site == WICK_NONE) {
            continue;
        }
        if (!wk_json_double(when, &at) || !(at * ns < 9e18 && at * ns > -9e18)) {
            tally(s, WK_IMPORT_NO_TIME);
        } else if (!wk_json_is(type, "O")) {
            close_frame(s, site, (int64_t)(at * ns + 0.5));
        } else if (append(s, &s->stack, site)) {
            wk_import_put(s->reader, WICK_RECORD_START, s->track, site, (int64_t)(at * ns + 0.5));
        }
    }
    s->stack.count = 0; /* what is open at the end stays open */
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
        double wide;
        uint32_t depth = 0;
        s->reader->stats.lines++;
        if (wk_json_element(&weights, &weight) <= 0 || !wk_json_double(weight, &wide) || wide < 0) {
            tally(s, WK_IMPORT_NO_WEIGHT);
            continue;
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
        if (!(now_ns + wide * ns < 9e18)) {
            tally(s, WK_IMPORT_NO_WEIGHT);
        } else {
            now_ns += wide * ns;
        }
    }
    pop_to(s, 0, (int64_t)now_ns);
}

/* The track of a profile: its process is the file's name, with the profile's number. */
static uint32_t track_of(struct scope_file *s, uint32_t number, struct wk_json profile)
{
    struct wick_reader *reader = s->reader;
    char key[2 * WK_IMPORT_NAME + 40];
    uint32_t host = wk_json_text(value_of(&reader->import->name), key, WK_IMPORT_NAME);
    if (!host) {
        key[host++] = '-';
    }
    key[host] = ' ';
    uint32_t bytes = (uint32_t)(wk_number_put_unsigned(key + host + 1, number) - key);
    uint32_t process = wk_reader_process_of(reader, key, bytes, host, 0);
    memmove(key + 1, key, bytes);
    key[0] = key[++bytes] = ' ';
    uint32_t name = wk_json_text(wk_json_find(profile, "name"), key + ++bytes, WK_IMPORT_NAME);
    if (!name) {
        key[bytes + name++] = '-';
    }
    key[bytes + name] = ' ';
    return process == WICK_NONE ? WICK_NONE : wk_reader_process_track(reader, process, key, bytes + name + 1);
}

static void read_profile(struct scope_file *s, uint32_t number, struct wk_json profile)
{
    double ns = unit_ns(s, wk_json_find(profile, "unit"));
    s->track = track_of(s, number, profile);
    if (s->track == WICK_NONE) {
        s->reader->error = WICK_E_NOMEM;
    } else if (wk_json_is(wk_json_find(profile, "type"), "sampled")) {
        read_samples(s, profile, ns);
    } else {
        read_events(s, wk_json_find(profile, "events"), ns);
    }
}

/* Read the active profile, which comes first, or the others. */
static void read_profiles(struct scope_file *s, int active)
{
    struct wk_json inside = wk_json_inside(value_of(&s->reader->import->profiles)), profile;
    for (uint32_t number = 1; wk_json_element(&inside, &profile) > 0 && !s->reader->error; number++) {
        if ((number == s->reader->import->active + 1) == active) {
            read_profile(s, number, profile);
        }
    }
}

void wk_import_speedscope(struct wick_reader *reader)
{
    struct scope_file s = {.reader = reader, .track = WICK_NONE};
    char exporter[WK_IMPORT_NAME];
    uint32_t bytes = wk_json_text(value_of(&reader->import->exporter), exporter, sizeof exporter);
    read_frames(&s);
    read_profiles(&s, 1);
    read_profiles(&s, 0);
    if (bytes && s.track != WICK_NONE) {
        wk_reader_keep_property(reader, &(struct wick_property){.track = s.track, .key = "exporter",
                                                                .value = wk_arena_text(&reader->strings, exporter, bytes)});
    }
    if (s.counted) {
        wk_reader_say(reader, "the numbers are ");
        wk_reader_say(reader, s.counted);
        wk_reader_say(reader, ": 1 us stands for one");
    }
    wk_array_free(&s.frames, reader->allocator, sizeof(uint32_t));
    wk_array_free(&s.stack, reader->allocator, sizeof(uint32_t));
}
