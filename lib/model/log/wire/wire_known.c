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
    if (number > (1u << 20) + reader->wire->used_bytes / 8 || number > UINT32_MAX / 4) {
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

static bool define_prefix(struct wick_reader *reader, uint32_t number, uint32_t process, const char *prefix,
                          uint32_t bytes)
{
    struct wk_wire_known_track *t = &wk_wire_tracks(reader->wire)[number];
    if (t->prefix && t->process == process && t->prefix_bytes == bytes && memcmp(t->prefix, prefix, bytes) == 0) {
        return true;
    }
    char *kept = wk_arena_text(&reader->strings, prefix, bytes);
    if (!kept) {
        reader->error = WICK_E_NOMEM;
        return false;
    }
    *t = (struct wk_wire_known_track){.prefix = kept, .prefix_bytes = bytes, .process = process};
    t->track = wk_reader_find_track(reader, process, prefix, bytes);
    if (number && t->track != WICK_NONE) {
        const struct wk_reader_track *known = &wk_reader_tracks(reader)[t->track];
        t->depth = known->depth;
        t->outer = known->outer;
        t->unknown = known->unknown;
    }
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
        uint32_t process = wk_reader_process_of(reader, "- 0", 3, 1, 0);
        if (process == WICK_NONE || !define_prefix(reader, (uint32_t)number, process, " - 0 - ", 7)) {
            return NULL;
        }
    }
    if (WICK_I_UNLIKELY(t->track == WICK_NONE)) {
        t->track = wk_reader_process_track(reader, t->process, t->prefix, t->prefix_bytes);
    }
    return t->track == WICK_NONE ? NULL : t;
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
        *s = (struct wk_wire_known_site){.site = WICK_NONE, .defined = 1,
                                         .info = {.kind = WICK_SITE_FOREIGN, .colour = WICK_NONE, .location = "-",
                                                  .literal = "undefined", .category = "", .file = ""}};
    }
    if (s->site == WICK_NONE) {
        struct wick_site_info info = s->info;
        if (s->info.kind == WICK_SITE_FOREIGN) {
            reader->stats.foreign = 1;
        } else if (reader->renamer.rename) {
            reader->renamer.rename(reader->renamer.user, &info);
        }
        s->drop_text = s->info.kind != WICK_SITE_FORMAT;
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

/* A string of the body that ends with NUL; "" without memory. */
static const char *string_in(struct wick_reader *reader, struct wk_wire_body *body)
{
    uint32_t bytes;
    const char *text = wk_wire_body_bytes(body, &bytes);
    char *kept = wk_arena_text(&reader->strings, text, bytes < WK_READER_NAME_MAX ? bytes : WK_READER_NAME_MAX);
    reader->error = kept ? reader->error : WICK_E_NOMEM;
    return kept ? kept : "";
}

static bool define_process(struct wick_reader *reader, struct wk_wire_body *body)
{
    char key[1024], *end;
    struct wk_arena before = reader->strings;
    struct wick_process_info told = {0};
    uint64_t number = wk_wire_body_number(body);
    told.host = string_in(reader, body);
    told.pid = string_in(reader, body);
    told.start_ns = wk_wire_unfold(wk_wire_body_number(body));
    told.program = string_in(reader, body);
    told.arguments = string_in(reader, body);
    told.parent = string_in(reader, body);
    told.exec_from = string_in(reader, body);
    if (body->bad || reader->error || !grow(reader, &reader->wire->processes, number, sizeof(uint32_t))) {
        return false;
    }
    end = copy_field(key, told.host, (uint32_t)wk_mem_length(told.host), 500);
    uint32_t host_bytes = (uint32_t)(end - key);
    *end++ = ' ';
    end = copy_field(end, told.pid, (uint32_t)wk_mem_length(told.pid), 500);
    uint32_t process = wk_reader_process_of(reader, key, (uint32_t)(end - key), host_bytes, told.start_ns > 0 ? told.start_ns : 0);
    if (process == WICK_NONE) {
        return false;
    }
    struct wick_process_info info = *wick_names_process(reader->names, process);
    info.program = told.program[0] ? told.program : info.program;
    info.arguments = told.arguments[0] ? told.arguments : info.arguments;
    info.parent = told.parent[0] ? told.parent : info.parent;
    info.exec_from = told.exec_from[0] ? told.exec_from : info.exec_from;
    if (wick_names_set_process(reader->names, process, &info) < 0) {
        reader->error = WICK_E_NOMEM;
    } else if (before.blocks == reader->strings.blocks && wk_reader_processes(reader)[process].key < before.next) {
        reader->strings = before; /* the names have copies */
    }
    ((uint32_t *)reader->wire->processes.items)[number] = process + 1;
    return !reader->error;
}

static bool define_track(struct wick_reader *reader, struct wk_wire_body *body)
{
    char prefix[1600], *end = prefix;
    uint64_t number = wk_wire_body_number(body), defined = wk_wire_body_number(body);
    uint32_t thread_bytes;
    const char *thread = wk_wire_body_bytes(body, &thread_bytes);
    const uint32_t *processes = reader->wire->processes.items;
    if (body->bad || defined >= reader->wire->processes.count || !processes[defined] ||
        !grow(reader, &reader->wire->tracks, number, sizeof(struct wk_wire_known_track))) {
        return false;
    }
    const struct wk_process *process = &wk_reader_processes(reader)[processes[defined] - 1];
    *end++ = ' ';
    memcpy(end, process->key, process->key_bytes);
    end += process->key_bytes;
    *end++ = ' ';
    end = copy_field(end, thread, thread_bytes, 500);
    *end++ = ' ';
    return define_prefix(reader, (uint32_t)number, processes[defined] - 1, prefix, (uint32_t)(end - prefix));
}

/* Fields of lines have no spaces, and no string has a control: ours never do. */
static void clean_strings(struct wk_wire_known_site *s)
{
    const char *const strings[] = {s->info.location, s->info.category, s->info.literal, s->info.file};
    for (int i = 0; i < 4; i++) {
        for (char *c = (char *)(uintptr_t)strings[i]; *c; c++) {
            *c = (unsigned char)*c >= ' ' + (i < 2) ? *c : i < 2 ? '-' : ' ';
        }
    }
}

static bool same_site(const struct wick_site_info *x, const struct wick_site_info *y)
{
    return x->kind == y->kind && x->line == y->line && x->colour == y->colour && wk_mem_same(x->location, y->location) &&
           wk_mem_same(x->literal, y->literal) && wk_mem_same(x->category, y->category) && wk_mem_same(x->file, y->file);
}

static bool define_site(struct wick_reader *reader, struct wk_wire_body *body)
{
    struct wk_arena before = reader->strings;
    uint64_t number = wk_wire_body_number(body);
    struct wk_wire_known_site s = {.site = WICK_NONE, .defined = 1};
    s.info.kind = (uint8_t)wk_wire_body_byte(body);
    uint32_t flags = wk_wire_body_byte(body);
    s.info.formatted = flags & WK_WIRE_SITE_TEXTS;
    s.info.line = (uint32_t)wk_wire_body_number(body);
    s.info.colour = (uint32_t)wk_wire_body_number(body) - 1;
    const char **strings[] = {&s.info.location, &s.info.literal, &s.info.category, &s.info.file};
    for (int i = 0; i < 4; i++) {
        *strings[i] = string_in(reader, body);
    }
    if (body->bad || s.info.kind >= WICK_SITE_KINDS || !grow(reader, &reader->wire->sites, number, sizeof s)) {
        return false;
    }
    clean_strings(&s);
    struct wk_wire_known_site *old = &wk_wire_sites(reader->wire)[number];
    bool known = old->defined && same_site(&old->info, &s.info);
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

void wk_wire_use_word(struct wick_reader *reader, uint8_t kind, struct wk_line line)
{
    const struct wk_kind *row = wk_kind_of(kind);
    line.word = row->word;
    line.word_bytes = row->word_bytes;
    line.location = "-";
    line.location_bytes = 1;
    if ((kind != WK_KIND_RUN && kind != WK_KIND_STAT) ||
        !is_known_run(reader, line.track, kind == WK_KIND_STAT, line.text, line.text_bytes)) {
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
        wk_wire_use_word(reader, stat ? WK_KIND_STAT : WK_KIND_RUN, line);
    }
    return true;
}

/* Facts that stood when a snapshot was made: as the line that told them. */
static bool define_tracker(struct wick_reader *reader, struct wk_wire_body *body)
{
    struct wk_line line = {.time_ns = wk_wire_unfold(wk_wire_body_number(body))};
    struct wk_wire_known_track *t = body->bad ? NULL : wk_wire_use_track(reader, 0);
    if (!t) {
        return false;
    }
    line.track = t->track;
    line.text = (const char *)body->at;
    line.text_bytes = (uint32_t)(body->end - body->at);
    wk_wire_use_word(reader, WICK_RECORD_TRACKER, line);
    return true;
}

/* One definition; false: its body makes no sense. */
static bool define(struct wick_reader *reader, uint32_t kind, struct wk_wire_body *body)
{
    switch (kind) {
    case WK_WIRE_DEFINE_TRACK:
        return define_track(reader, body);
    case WK_WIRE_DEFINE_SITE:
        return define_site(reader, body);
    case WK_WIRE_DEFINE_LABEL:
    case WK_WIRE_DEFINE_PROPERTY:
        return define_more(reader, kind, body);
    case WK_WIRE_DEFINE_PROCESS:
        return define_process(reader, body);
    case WK_WIRE_DEFINE_TRACKER:
        return define_tracker(reader, body);
    default: /* of a later writer */
        wk_reader_problem(reader, WICK_PROBLEM_WORD, "definition", 10);
        return true;
    }
}

void wk_wire_definitions(struct wick_reader *reader, const uint8_t *at, const uint8_t *end)
{
    struct wk_wire_body frame = {at, end, false};
    while (frame.at < end && !frame.bad && !reader->error) {
        uint32_t kind = wk_wire_body_byte(&frame), bytes;
        const uint8_t *from = (const uint8_t *)wk_wire_body_bytes(&frame, &bytes);
        struct wk_wire_body body = {from, from + bytes, frame.bad};
        if ((frame.bad || !define(reader, kind, &body)) && !reader->error) {
            wk_wire_undefined(reader, "definition");
        }
    }
}
