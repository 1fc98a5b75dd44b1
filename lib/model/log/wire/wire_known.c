/*
 * SPDX-License-Identifier: MIT
 * What the numbers of a stream mean: tracks and sites as its definitions give them, and their indices in the reader.
 * Invariant: no number is trusted: a definition can be whole and mean nonsense.
 */
#include "wire_read.h"

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

void wk_wire_undefined(struct wick_reader *reader, const char *what)
{
    wk_reader_problem(reader, WICK_PROBLEM_CONTENT, what, wk_mem_length(what));
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

struct wk_wire_known_track *wk_wire_use_track(struct wick_reader *reader, uint64_t number)
{
    if (!grow(reader, &reader->wire->tracks, number, sizeof(struct wk_wire_known_track))) {
        return NULL;
    }
    struct wk_wire_known_track *t = &wk_wire_tracks(reader->wire)[number];
    if (WICK_I_UNLIKELY(!t->prefix)) {
        reader->wire->unusable = reader->wire->part;
        wk_wire_undefined(reader, "undefined track");
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

static struct wick_site_info info_of(const struct wk_wire_known_site *s)
{
    return (struct wick_site_info){.location = s->location, .literal = s->literal, .file = s->file,
                                   .category = s->category, .line = s->line, .colour = s->colour, .kind = s->kind};
}

struct wk_wire_known_site *wk_wire_use_site(struct wick_reader *reader, uint64_t number)
{
    if (!grow(reader, &reader->wire->sites, number, sizeof(struct wk_wire_known_site))) {
        return NULL;
    }
    struct wk_wire_known_site *s = &wk_wire_sites(reader->wire)[number];
    if (!s->defined) {
        reader->wire->unusable = reader->wire->part;
        wk_wire_undefined(reader, "undefined site");
        *s = (struct wk_wire_known_site){.site = WICK_NONE, .defined = 1, .kind = WICK_SITE_FOREIGN, .colour = WICK_NONE,
                                   .location = "-", .literal = "undefined", .category = "", .file = ""};
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

static bool define_track(struct wick_reader *reader, struct wk_wire_body *body)
{
    char prefix[1100], digits[12], *end = prefix;
    uint64_t number = wk_wire_body_number(body), pid = wk_wire_body_number(body);
    uint32_t node_bytes, thread_bytes, count = 0;
    const char *node = wk_wire_body_bytes(body, &node_bytes), *thread = wk_wire_body_bytes(body, &thread_bytes);
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
                             : "";
    if (!kept) {
        reader->error = WICK_E_NOMEM;
        return "";
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

static bool define_site(struct wick_reader *reader, struct wk_wire_body *body)
{
    struct wk_arena before = reader->strings;
    uint64_t number = wk_wire_body_number(body);
    struct wk_wire_known_site s = {.site = WICK_NONE, .defined = 1};
    s.kind = (uint8_t)wk_wire_body_byte(body);
    s.texts = (uint8_t)wk_wire_body_byte(body);
    s.line = (uint32_t)wk_wire_body_number(body);
    s.colour = (uint32_t)wk_wire_body_number(body) - 1;
    const char **strings[] = {&s.location, &s.literal, &s.category, &s.file};
    for (int i = 0; i < 4; i++) {
        uint32_t bytes;
        const char *text = wk_wire_body_bytes(body, &bytes);
        *strings[i] = keep_text(reader, text, bytes);
    }
    if (body->bad || s.kind >= WICK_SITE_KINDS || !grow(reader, &reader->wire->sites, number, sizeof s)) {
        return false;
    }
    clean_strings(&s);
    struct wk_wire_known_site *old = &wk_wire_sites(reader->wire)[number];
    bool known = old->defined && old->kind == s.kind && old->line == s.line && old->colour == s.colour &&
                 wk_mem_same(old->location, s.location) && wk_mem_same(old->literal, s.literal) && wk_mem_same(old->category, s.category) &&
                 wk_mem_same(old->file, s.file);
    if (!known) {
        *old = s;
    } else if (before.blocks == reader->strings.blocks) {
        reader->strings = before;
    }
    return true;
}

static bool is_known_run(const struct wick_reader *reader, uint32_t track, uint8_t stat, const char *text, uint32_t bytes)
{
    const struct wick_property *runs = reader->runs.items;
    for (uint32_t i = 0; i < reader->runs.count; i++) {
        size_t key = wk_mem_length(runs[i].key), value = wk_mem_length(runs[i].value);
        if (runs[i].track == track && runs[i].stat == stat && key + 1 + value == bytes &&
            memcmp(runs[i].key, text, key) == 0 && memcmp(runs[i].value, text + key + 1, value) == 0) {
            return true;
        }
    }
    return false;
}

void wk_wire_use_word(struct wick_reader *reader, enum wk_ctxt_word code, struct wk_line line)
{
    line.word = code == WK_CTXT_RUN ? "run" : code == WK_CTXT_STAT ? "stat" : "thread";
    line.word_bytes = (uint32_t)wk_mem_length(line.word);
    line.location = "-";
    line.location_bytes = 1;
    if (code == WK_CTXT_THREAD_NAME || !is_known_run(reader, line.track, code == WK_CTXT_STAT, line.text, line.text_bytes)) {
        wk_ctxt_word(reader, &line);
    }
}

static bool define_more(struct wick_reader *reader, uint32_t kind, struct wk_wire_body *body)
{
    uint64_t number = wk_wire_body_number(body);
    uint32_t stat = kind == WK_WIRE_DEFINE_PROPERTY ? wk_wire_body_byte(body) : 0;
    struct wk_wire_known_track *t = body->bad ? NULL : wk_wire_use_track(reader, number);
    struct wk_line line = {.text = (const char *)body->at, .text_bytes = (uint32_t)(body->end - body->at)};
    if (!t) {
        return false;
    }
    line.track = t->track;
    if (kind == WK_WIRE_DEFINE_LABEL) {
        wk_reader_label(reader, line.track, line.text, line.text_bytes);
    } else {
        wk_wire_use_word(reader, stat ? WK_CTXT_STAT : WK_CTXT_RUN, line);
    }
    return true;
}

void wk_wire_definitions(struct wick_reader *reader, const uint8_t *at, const uint8_t *end)
{
    struct wk_wire_body frame = {at, end, false};
    while (frame.at < end && !frame.bad && !reader->error) {
        uint32_t kind = wk_wire_body_byte(&frame), bytes;
        const uint8_t *from = (const uint8_t *)wk_wire_body_bytes(&frame, &bytes);
        struct wk_wire_body body = {from, from + bytes, frame.bad};
        bool good = !frame.bad;
        if (good && kind == WK_WIRE_DEFINE_TRACK) {
            good = define_track(reader, &body);
        } else if (good && kind == WK_WIRE_DEFINE_SITE) {
            good = define_site(reader, &body);
        } else if (good && (kind == WK_WIRE_DEFINE_LABEL || kind == WK_WIRE_DEFINE_PROPERTY)) {
            good = define_more(reader, kind, &body);
        }
        if (!good && !reader->error) {
            wk_wire_undefined(reader, "definition");
        }
    }
}
