/*
 * SPDX-License-Identifier: MIT
 * The reader's tables: which process, track, location and site the bytes of a line stand for.
 * Must not parse times or words. Invariant: indices are handed out in order of first appearance, so that
 * parts that are joined in order give the indices of one pass.
 */
#include "reader.h"

static uint32_t out_of_memory(struct wick_reader *reader)
{
    reader->error = WICK_E_NOMEM;
    return WICK_NONE;
}

static uint32_t process_of(struct wick_reader *reader, const char *key, uint32_t bytes, uint32_t node_bytes,
                           uint32_t pid)
{
    uint64_t hash = wk_mem_hash(key, bytes, 1);
    uint32_t probe = 0, found;
    struct wk_process *processes = reader->processes.items;
    while ((found = wk_table_next(&reader->process_table, hash, &probe)) != WICK_NONE) {
        if (processes[found].key_bytes == bytes && memcmp(processes[found].key, key, bytes) == 0) {
            return found;
        }
    }
    found = reader->processes.count;
    char *kept = wk_arena_text(&reader->strings, key, bytes);
    if (!kept || wk_array_reserve(&reader->processes, reader->allocator, found + 1, sizeof *processes) < 0 ||
        wk_table_add(&reader->process_table, reader->allocator, hash, found) < 0) {
        return out_of_memory(reader);
    }
    ((struct wk_process *)reader->processes.items)[found] =
        (struct wk_process){kept, bytes, node_bytes, pid};
    reader->processes.count++;
    return found;
}

uint32_t wk_reader_find_track(struct wick_reader *reader, const char *prefix, size_t bytes)
{
    uint64_t hash = wk_mem_hash(prefix, bytes, 2);
    uint32_t probe = 0, found;
    const struct wk_reader_track *tracks = wk_reader_tracks(reader);
    while ((found = wk_table_next(&reader->track_table, hash, &probe)) != WICK_NONE) {
        if (tracks[found].prefix_bytes == bytes && memcmp(tracks[found].prefix, prefix, bytes) == 0) {
            return found;
        }
    }
    return WICK_NONE;
}

static int name_track(struct wick_reader *reader, uint32_t track, uint32_t node_bytes, uint32_t pid)
{
    const struct wk_reader_track *t = &wk_reader_tracks(reader)[track];
    const struct wk_process *process = (const struct wk_process *)reader->processes.items + t->process;
    uint32_t thread_at = 1 + process->key_bytes + 1;
    char *node = wk_arena_text(&reader->strings, t->prefix + 1, node_bytes);
    char *thread = wk_arena_text(&reader->strings, t->prefix + thread_at, t->prefix_bytes - thread_at - 1);
    struct wick_track_info info = {.node = node, .thread = thread, .label = "", .pid = pid};
    return node && thread && wick_names_set_track(reader->names, track, &info) >= 0;
}

uint32_t wk_reader_track_of(struct wick_reader *reader, const char *prefix, size_t bytes, uint32_t node_bytes,
                            uint32_t pid)
{
    uint32_t found = wk_reader_find_track(reader, prefix, bytes);
    if (found != WICK_NONE) {
        return found;
    }
    uint32_t key_bytes = node_bytes + 1;
    while (key_bytes < bytes && prefix[1 + key_bytes] != ' ') {
        key_bytes++;
    }
    uint32_t process = process_of(reader, prefix + 1, key_bytes, node_bytes, pid);
    found = reader->tracks.count;
    char *kept = process == WICK_NONE ? NULL : wk_arena_text(&reader->strings, prefix, bytes);
    if (!kept ||
        wk_array_reserve(&reader->tracks, reader->allocator, found + 1, sizeof(struct wk_reader_track)) < 0 ||
        wk_table_add(&reader->track_table, reader->allocator, wk_mem_hash(prefix, bytes, 2), found) < 0) {
        return out_of_memory(reader);
    }
    wk_reader_tracks(reader)[found] = (struct wk_reader_track){
        .prefix = kept, .prefix_bytes = (uint32_t)bytes, .process = process, .cpu_ns = -1};
    reader->tracks.count++;
    return name_track(reader, found, node_bytes, pid) ? found : out_of_memory(reader);
}

uint32_t wk_reader_location_of(struct wick_reader *reader, uint32_t process, const char *name,
                               uint32_t bytes)
{
    uint64_t hash = wk_mem_hash(name, bytes, (uint64_t)process + 3);
    uint32_t probe = 0, found;
    const struct wk_location *locations = wk_reader_locations(reader);
    while ((found = wk_table_next(&reader->location_table, hash, &probe)) != WICK_NONE) {
        if (locations[found].process == process && locations[found].name_bytes == bytes &&
            memcmp(locations[found].name, name, bytes) == 0) {
            return found;
        }
    }
    found = reader->locations.count;
    char *kept = wk_arena_text(&reader->strings, name, bytes);
    if (!kept || wk_array_reserve(&reader->locations, reader->allocator, found + 1, sizeof *locations) < 0 ||
        wk_table_add(&reader->location_table, reader->allocator, hash, found) < 0) {
        return out_of_memory(reader);
    }
    wk_reader_locations(reader)[found] = (struct wk_location){
        .name = kept, .name_bytes = bytes, .process = process, .site = WICK_NONE, .text_site = WICK_NONE,
        .mark_site = WICK_NONE, .lock_site = WICK_NONE, .counter_site = WICK_NONE,
        .guess = WICK_NONE, .stand_in = WICK_NONE};
    reader->locations.count++;
    return found;
}

uint32_t wk_reader_use_location(struct wick_reader *reader, uint32_t process, const char *name,
                                uint32_t bytes)
{
    uint32_t found = wk_reader_location_of(reader, process, name, bytes);
    if (found != WICK_NONE) {
        wk_reader_locations(reader)[found].used = 1;
    }
    return found;
}

static uint32_t length(const char *text)
{
    uint32_t bytes = 0;
    while (text[bytes]) {
        bytes++;
    }
    return bytes;
}

static int same(const char *a, const char *b)
{
    uint32_t bytes = length(a);
    return bytes == length(b) && memcmp(a, b, bytes) == 0;
}

static int same_site(const struct wick_site_info *a, const struct wick_site_info *b)
{
    return a->kind == b->kind && a->line == b->line && a->process == b->process &&
           a->colour == b->colour && same(a->location, b->location) && same(a->literal, b->literal) &&
           same(a->file, b->file) && same(a->category, b->category);
}

/* Sites are shared by the processes of a program: what makes one is what its `site` line says. */
uint32_t wk_reader_intern_site(struct wick_reader *reader, const struct wick_site_info *info)
{
    uint64_t hash = wk_mem_hash(info->location, length(info->location), info->kind);
    hash = wk_mem_hash(info->literal, length(info->literal), hash ^ info->process);
    uint32_t probe = 0, found;
    while ((found = wk_table_next(&reader->site_table, hash, &probe)) != WICK_NONE) {
        if (same_site(wick_names_site(reader->names, found), info)) {
            return found;
        }
    }
    found = wick_names_sites(reader->names);
    if (wick_names_set_site(reader->names, found, info) < 0 ||
        wk_table_add(&reader->site_table, reader->allocator, hash, found) < 0) {
        return out_of_memory(reader);
    }
    return found;
}

/* A copy that ends with NUL of a text that becomes a name; cut where it is absurdly long. */
static const char *name_of(struct wick_reader *reader, const char *text, uint32_t bytes)
{
    char *name = wk_arena_text(&reader->strings, text, bytes < WK_READER_NAME_MAX ? bytes : WK_READER_NAME_MAX);
    if (!name) {
        out_of_memory(reader);
    }
    return name;
}

/* Where the text is part of the identity: a foreign log, or WICK_SCOPE_DYN. */
static uint32_t text_site(struct wick_reader *reader, uint32_t location, const char *text, uint32_t bytes)
{
    struct wk_location *l = &wk_reader_locations(reader)[location];
    if (l->text_site != WICK_NONE && l->text_bytes == bytes && memcmp(l->text, text, bytes) == 0) {
        return l->text_site;
    }
    /* The name is interned from a temporary copy: most texts are known already. */
    struct wk_arena before = reader->strings;
    const char *name = name_of(reader, text, bytes);
    if (!name) {
        return WICK_NONE;
    }
    struct wick_site_info info = {.location = l->name, .literal = name, .colour = WICK_NONE,
                                  .file = "", .category = "", .kind = WICK_SITE_FOREIGN};
    if (l->site != WICK_NONE) {
        info = *wick_names_site(reader->names, l->site);
        info.literal = name;
    } else {
        reader->stats.foreign = 1;
    }
    uint32_t site = wk_reader_intern_site(reader, &info);
    if (site != WICK_NONE) {
        l->text_site = site;
        l->text = wick_names_site(reader->names, site)->literal;
        l->text_bytes = length(l->text);
        if (before.blocks == reader->strings.blocks) {
            reader->strings = before;
        }
    }
    return site;
}

/* In a part of a log of ours: the `site` line of this location is expected in an earlier part. `-` has
 * none. WICK_NONE: no speculation here. */
static uint32_t stand_in(struct wick_reader *reader, uint32_t location)
{
    struct wk_location *l = &wk_reader_locations(reader)[location];
    if (!reader->speculate || (l->name_bytes == 1 && l->name[0] == '-')) {
        return WICK_NONE;
    }
    if (l->stand_in == WICK_NONE) {
        /* Not interned: it must never be taken for a real one. */
        struct wick_site_info info = {.location = l->name, .literal = "", .file = "", .category = "",
                                      .colour = WICK_NONE, .kind = WICK_SITE_FORMAT};
        l->stand_in = wick_names_sites(reader->names);
        if (wick_names_set_site(reader->names, l->stand_in, &info) < 0) {
            return out_of_memory(reader);
        }
    }
    return l->stand_in;
}

uint32_t wk_reader_scope_site(struct wick_reader *reader, uint32_t location, const char *text,
                              uint32_t *text_bytes)
{
    const struct wk_location *l = &wk_reader_locations(reader)[location];
    if (WICK_I_LIKELY(l->site != WICK_NONE && l->kind != WICK_SITE_DYNAMIC)) {
        if (l->kind != WICK_SITE_FORMAT) {
            *text_bytes = 0;
        }
        return l->site;
    }
    if (l->site == WICK_NONE) {
        uint32_t site = stand_in(reader, location);
        if (site != WICK_NONE || reader->error) {
            return site;
        }
    }
    uint32_t bytes = *text_bytes;
    *text_bytes = 0;
    return text_site(reader, location, text, bytes);
}

/* Names of structs that live in `reader->strings`, so that interning need not copy them again. */
static uint32_t plain_site(struct wick_reader *reader, uint32_t location, uint8_t kind, const char *literal)
{
    const struct wk_location *l = &wk_reader_locations(reader)[location];
    struct wick_site_info info = {.location = l->name, .literal = literal ? literal : l->name, .file = "",
                                  .category = "", .colour = WICK_NONE, .kind = kind,
                                  .process = kind == WICK_SITE_LOCK ? l->process : 0};
    return wk_reader_intern_site(reader, &info);
}

uint32_t wk_reader_mark_site(struct wick_reader *reader, uint32_t location)
{
    struct wk_location *l = &wk_reader_locations(reader)[location];
    if (l->site != WICK_NONE) {
        return l->site;
    }
    uint32_t site = stand_in(reader, location);
    if (site != WICK_NONE || reader->error) {
        return site;
    }
    if (l->mark_site == WICK_NONE) {
        l->mark_site = plain_site(reader, location, WICK_SITE_MARK, NULL);
    }
    return l->mark_site;
}

uint32_t wk_reader_lock_site(struct wick_reader *reader, uint32_t location, const char *text,
                             uint32_t text_bytes)
{
    struct wk_location *l = &wk_reader_locations(reader)[location];
    if (l->lock_site == WICK_NONE) {
        const char *name = text_bytes ? name_of(reader, text, text_bytes) : NULL;
        l->lock_site = plain_site(reader, location, WICK_SITE_LOCK, name);
    }
    return l->lock_site;
}

uint32_t wk_reader_counter_site(struct wick_reader *reader, uint32_t location)
{
    struct wk_location *l = &wk_reader_locations(reader)[location];
    if (l->site != WICK_NONE) {
        return l->site;
    }
    uint32_t site = stand_in(reader, location);
    if (site != WICK_NONE || reader->error) {
        return site;
    }
    if (l->counter_site == WICK_NONE) {
        l->counter_site = plain_site(reader, location, WICK_SITE_COUNTER, NULL);
    }
    return l->counter_site;
}

/* The next word of a text; 0 when there is none. */
static int next_word(const char **at, const char *end, const char **word, uint32_t *bytes)
{
    const char *from = *at;
    const char *to = from;
    while (to < end && *to != ' ') {
        to++;
    }
    *word = from;
    *bytes = (uint32_t)(to - from);
    *at = to < end ? to + 1 : to;
    return to > from;
}

static int kind_of(const char *word, uint32_t bytes, uint8_t *kind)
{
    static const char *const kinds[] = {[WICK_SITE_SCOPE] = "scope",     [WICK_SITE_FORMAT] = "format",
                                        [WICK_SITE_DYNAMIC] = "dynamic", [WICK_SITE_MARK] = "mark",
                                        [WICK_SITE_COUNTER] = "counter", [WICK_SITE_LOCK] = "lock"};
    for (uint8_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (length(kinds[i]) == bytes && memcmp(kinds[i], word, bytes) == 0) {
            *kind = i;
            return 1;
        }
    }
    return 0;
}

static int colour_of(const char *word, uint32_t bytes, uint32_t *colour)
{
    *colour = WICK_NONE;
    if (bytes == 1 && word[0] == '-') {
        return 1;
    }
    uint32_t value = 0;
    for (uint32_t i = 0; i < bytes; i++) {
        char c = word[i];
        uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                         : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10)
                         : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A' + 10)
                                                : 16;
        if (digit > 15) {
            return 0;
        }
        value = value << 4 | digit;
    }
    *colour = value;
    return bytes == 6;
}

static char *unescape_spaces(char *text)
{
    char *to = text;
    for (const char *from = text; *from; to++) {
        if (from[0] == '%' && from[1] == '2' && from[2] == '0') {
            *to = ' ';
            from += 3;
        } else {
            *to = *from++;
        }
    }
    *to = 0;
    return text;
}

uint32_t wk_reader_plain_site(struct wick_reader *reader, uint32_t process, const char *location, uint8_t kind)
{
    uint32_t found = wk_reader_use_location(reader, process, location, length(location));
    return found == WICK_NONE ? WICK_NONE : plain_site(reader, found, kind, NULL);
}

static void introduce(struct wick_reader *reader, uint32_t location, uint32_t site, uint8_t kind)
{
    struct wk_location *l = &wk_reader_locations(reader)[location];
    l->site = site;
    l->kind = kind;
    l->text_site = WICK_NONE;
    l->known |= !l->used;
    l->changed = 1;
    reader->site_lines++;
}

void wk_reader_introduce(struct wick_reader *reader, uint32_t process, const char *location, uint32_t site)
{
    uint32_t found = wk_reader_location_of(reader, process, location, length(location));
    if (found != WICK_NONE) {
        introduce(reader, found, site, wick_names_site(reader->names, site)->kind);
    }
}

int wk_reader_site_line(struct wick_reader *reader, const struct wk_line *line)
{
    const char *at = line->text, *end = line->text + line->text_bytes, *word[5];
    uint32_t bytes[5];
    for (int i = 0; i < 5; i++) {
        if (!next_word(&at, end, &word[i], &bytes[i])) {
            return 0;
        }
    }
    struct wick_site_info info = {0};
    uint64_t number;
    if (!kind_of(word[0], bytes[0], &info.kind) ||
        !wk_reader_unsigned(word[1], bytes[1], UINT32_MAX, &number) ||
        !colour_of(word[2], bytes[2], &info.colour)) {
        return 0;
    }
    uint32_t process = wk_reader_tracks(reader)[line->track].process;
    uint32_t location = wk_reader_location_of(reader, process, line->location, line->location_bytes);
    int no_category = bytes[3] == 1 && word[3][0] == '-';
    int no_file = bytes[4] == 1 && word[4][0] == '-';
    char *file = wk_arena_text(&reader->strings, word[4], no_file ? 0 : bytes[4]);
    info.line = (uint32_t)number;
    info.category = wk_arena_text(&reader->strings, word[3], no_category ? 0 : bytes[3]);
    info.literal = name_of(reader, at, (uint32_t)(end - at));
    if (location == WICK_NONE || !file || !info.category || !info.literal) {
        reader->error = WICK_E_NOMEM;
        return 1;
    }
    info.file = unescape_spaces(file);
    info.location = wk_reader_locations(reader)[location].name;
    if (reader->renamer.rename) {
        reader->renamer.rename(reader->renamer.user, &info);
    }
    introduce(reader, location, wk_reader_intern_site(reader, &info), info.kind);
    return 1;
}
