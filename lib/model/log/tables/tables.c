/*
 * SPDX-License-Identifier: MIT
 * The reader's tables: processes, tracks, locations and sites by their bytes in a line.
 * Invariant: indices are given in order of first appearance, so that parts joined in order get the indices of one pass.
 */
#include "reader_state.h"

#include "model/base/number.h"

/* Ends the reading: after a failed allocation the tables may disagree, and are not used again. */
static uint32_t out_of_memory(struct wick_reader *reader)
{
    reader->error = WICK_E_NOMEM;
    return WICK_NONE;
}

/* ---- processes -------------------------------------------------------------------------------- */

/* A process has two entries, so that none of any number of one host and pid is passed over by a search: by its key alone,
 * taken over from one that has ended, and by key and start. The same holds for tracks, by prefix, and by prefix and
 * process. */
static uint64_t process_hash(const char *key, uint32_t bytes, int64_t start_ns)
{
    return wk_mem_hash(key, bytes, start_ns ? wk_mem_mix((uint64_t)start_ns, 1) : 1);
}

/* The process with this key and start, or the one that stands for the key (start 0), though it may have ended. */
static uint32_t process_at(const struct wick_reader *reader, const char *key, uint32_t bytes, int64_t start_ns)
{
    const struct wk_process *processes = wk_reader_processes(reader);
    uint64_t hash = process_hash(key, bytes, start_ns);
    uint32_t probe = 0, found;
    while ((found = wk_table_next(&reader->process_table, hash, &probe)) != WICK_NONE) {
        const struct wk_process *p = &processes[found];
        if (p->key_bytes == bytes && memcmp(p->key, key, bytes) == 0 && (!start_ns || p->start_ns == start_ns)) {
            return found;
        }
    }
    return WICK_NONE;
}

uint32_t wk_reader_find_process(const struct wick_reader *reader, const char *key, uint32_t bytes, int64_t start_ns)
{
    uint32_t found = start_ns ? process_at(reader, key, bytes, start_ns) : WICK_NONE;
    if (found != WICK_NONE) {
        return found;
    }
    found = process_at(reader, key, bytes, 0);
    const struct wk_process *p = found == WICK_NONE ? NULL : &wk_reader_processes(reader)[found];
    return !p || p->ended || (start_ns && p->start_ns) ? WICK_NONE : found;
}

/* From now on a process stands for its key, unless another does that has not ended. */
static int stand_for_key(struct wick_reader *reader, uint32_t process)
{
    const struct wk_process *p = &wk_reader_processes(reader)[process];
    uint64_t hash = process_hash(p->key, p->key_bytes, 0);
    uint32_t old = process_at(reader, p->key, p->key_bytes, 0);
    if (old == WICK_NONE) {
        return wk_table_add(&reader->process_table, reader->allocator, hash, process);
    }
    if (wk_reader_processes(reader)[old].ended) {
        wk_table_replace(&reader->process_table, hash, old, process);
    }
    return 0;
}

static int add_start(struct wick_reader *reader, uint32_t process)
{
    const struct wk_process *p = &wk_reader_processes(reader)[process];
    return p->start_ns ? wk_table_add(&reader->process_table, reader->allocator, process_hash(p->key, p->key_bytes, p->start_ns), process)
                       : 0;
}

/* Tell the names what is known of a process. */
static void name_process(struct wick_reader *reader, uint32_t process)
{
    const struct wk_process *p = &wk_reader_processes(reader)[process];
    struct wick_process_info info = *wick_names_process(reader->names, process);
    struct wk_arena before = reader->strings;
    info.host = wk_arena_text(&reader->strings, p->key, p->node_bytes);
    info.pid = p->key + (p->key_bytes > p->node_bytes ? p->node_bytes + 1 : p->node_bytes);
    if (!wk_number_unsigned(info.pid, wk_mem_length(info.pid), UINT64_MAX, &info.pid_number)) {
        info.pid_number = 0;
    }
    info.start_ns = p->start_ns;
    info.program = p->program ? p->program : info.program;
    info.arguments = p->arguments ? p->arguments : info.arguments;
    if (!info.host || wick_names_set_process(reader->names, process, &info) < 0) {
        reader->error = WICK_E_NOMEM;
    } else if (before.blocks == reader->strings.blocks) {
        reader->strings = before; /* the names have copies */
    }
}

uint32_t wk_reader_process_of(struct wick_reader *reader, const char *key, uint32_t bytes, uint32_t node_bytes,
                              int64_t start_ns)
{
    uint32_t found = wk_reader_find_process(reader, key, bytes, start_ns);
    if (found != WICK_NONE) {
        if (start_ns && !wk_reader_processes(reader)[found].start_ns) {
            wk_reader_processes(reader)[found].start_ns = start_ns;
            name_process(reader, found);
            return add_start(reader, found) < 0 ? out_of_memory(reader) : found;
        }
        return found;
    }
    found = reader->processes.count;
    char *kept = wk_arena_text(&reader->strings, key, bytes); /* `key` points into the line; kept strings never move */
    if (!kept || wk_array_reserve(&reader->processes, reader->allocator, found + 1, sizeof(struct wk_process)) < 0) {
        return out_of_memory(reader);
    }
    wk_reader_processes(reader)[found] =
        (struct wk_process){.key = kept, .key_bytes = bytes, .node_bytes = node_bytes, .start_ns = start_ns};
    reader->processes.count++;
    if (stand_for_key(reader, found) < 0 || add_start(reader, found) < 0) {
        return out_of_memory(reader);
    }
    name_process(reader, found);
    return reader->error ? WICK_NONE : found;
}

void wk_reader_end_processes(struct wick_reader *reader)
{
    for (uint32_t i = 0; i < reader->processes.count; i++) {
        wk_reader_processes(reader)[i].ended = 1;
    }
    reader->prefix_bytes = 0; /* the fast path would go on with the old track */
}

/* `start` says which process the `run` lines around it are about: the one before, or another with its host and pid. */
static uint32_t begin_process(struct wick_reader *reader, uint32_t track, int64_t start_ns)
{
    const struct wk_reader_track *t = &wk_reader_tracks(reader)[track];
    uint32_t old = t->process;
    struct wk_process before = wk_reader_processes(reader)[old];
    if (before.start_ns && before.start_ns != start_ns) {
        if (reader->form == WK_FORM_WIRE) {
            return track; /* its definitions say which process a track is of */
        }
        reader->unjoinable = 1;
        wk_reader_processes(reader)[old].ended = 1;
        wk_reader_processes(reader)[old].program = wk_reader_processes(reader)[old].arguments = NULL;
        reader->prefix_bytes = 0; /* the fast path would go on with the old track */
    }
    uint32_t process = wk_reader_process_of(reader, before.key, before.key_bytes, before.node_bytes, start_ns);
    if (process == WICK_NONE) {
        return WICK_NONE;
    }
    struct wk_process *now = &wk_reader_processes(reader)[process];
    now->ended = 0;
    (void)stand_for_key(reader, process); /* there is an entry to take over */
    now->program = before.program ? before.program : now->program;
    now->arguments = before.arguments ? before.arguments : now->arguments;
    name_process(reader, process);
    now->program = now->arguments = NULL;
    return wk_reader_process_track(reader, process, t->prefix, t->prefix_bytes);
}

/* The `run` lines before `start` stand under the track of the process before, whose own begin with `wick` and have a `start`. */
static void move_properties(struct wick_reader *reader, uint32_t from, uint32_t to)
{
    struct wick_property *properties = reader->runs.items;
    uint32_t newest = reader->runs.count - 1;
    for (uint32_t i = reader->runs.count; from != to && to != WICK_NONE && i-- > 0;) {
        if (properties[i].track == from && !properties[i].stat) {
            if (i != newest && wk_mem_same(properties[i].key, "start")) {
                return;
            }
            properties[i].track = to;
            if (wk_mem_same(properties[i].key, "wick")) {
                return; /* the first of a run */
            }
        }
    }
}

void wk_reader_keep_property(struct wick_reader *reader, const struct wick_property *info)
{
    if (!info->key || !info->value || wk_array_reserve(&reader->runs, reader->allocator, reader->runs.count + 1, sizeof *info) < 0) {
        (void)out_of_memory(reader);
        return;
    }
    ((struct wick_property *)reader->runs.items)[reader->runs.count++] = *info;
}

uint32_t wk_reader_process_property(struct wick_reader *reader, uint32_t track, const char *key, const char *value)
{
    uint32_t process = wk_reader_tracks(reader)[track].process;
    struct wk_process *p = &wk_reader_processes(reader)[process];
    struct wick_process_info info = *wick_names_process(reader->names, process);
    int64_t start_ns;
    if (wk_mem_same(key, "start") && wk_number_time(value, wk_mem_length(value), &start_ns)) {
        uint32_t now = begin_process(reader, track, start_ns);
        move_properties(reader, track, now);
        return now;
    }
    if (wk_mem_same(key, "program")) {
        p->program = value;
    } else if (wk_mem_same(key, "arguments")) {
        p->arguments = value;
    } else if (wk_mem_same(key, "parent")) {
        info.parent = value;
    } else if (wk_mem_same(key, "exec_from")) {
        info.exec_from = value;
    } else {
        return track;
    }
    if (wick_names_set_process(reader->names, process, &info) < 0) {
        return out_of_memory(reader);
    }
    return track;
}

/* ---- tracks ----------------------------------------------------------------------------------- */

static uint64_t track_hash(uint32_t process, const char *prefix, size_t bytes)
{
    return wk_mem_hash(prefix, bytes, process == WICK_NONE ? 2 : wk_mem_mix(process, 2));
}

/* The track of a process, or the one that stands for its prefix (WICK_NONE), though its process may have ended. */
static uint32_t track_at(const struct wick_reader *reader, uint32_t process, const char *prefix, size_t bytes)
{
    const struct wk_reader_track *tracks = wk_reader_tracks(reader);
    uint64_t hash = track_hash(process, prefix, bytes);
    uint32_t probe = 0, found;
    while ((found = wk_table_next(&reader->track_table, hash, &probe)) != WICK_NONE) {
        if (tracks[found].prefix_bytes == bytes && memcmp(tracks[found].prefix, prefix, bytes) == 0 &&
            (process == WICK_NONE || tracks[found].process == process)) {
            break;
        }
    }
    return found;
}

uint32_t wk_reader_find_track(const struct wick_reader *reader, uint32_t process, const char *prefix, size_t bytes)
{
    uint32_t found = track_at(reader, process, prefix, bytes);
    if (found != WICK_NONE && process == WICK_NONE && wk_reader_processes(reader)[wk_reader_tracks(reader)[found].process].ended) {
        return WICK_NONE;
    }
    return found;
}

/* From now on a track stands for its prefix, unless another does whose process has not ended. */
static int stand_for_prefix(struct wick_reader *reader, uint32_t track)
{
    const struct wk_reader_track *t = &wk_reader_tracks(reader)[track];
    uint64_t hash = track_hash(WICK_NONE, t->prefix, t->prefix_bytes);
    uint32_t old = track_at(reader, WICK_NONE, t->prefix, t->prefix_bytes);
    if (old == WICK_NONE) {
        return wk_table_add(&reader->track_table, reader->allocator, hash, track);
    }
    if (wk_reader_processes(reader)[wk_reader_tracks(reader)[old].process].ended) {
        wk_table_replace(&reader->track_table, hash, old, track);
    }
    return 0;
}

static int name_track(struct wick_reader *reader, uint32_t track)
{
    const struct wk_reader_track *t = &wk_reader_tracks(reader)[track];
    uint32_t thread_at = 1 + wk_reader_processes(reader)[t->process].key_bytes + 1;
    char *thread = wk_arena_text(&reader->strings, t->prefix + thread_at, t->prefix_bytes - thread_at - 1);
    struct wick_track_info info = {.thread = thread, .label = "", .process = t->process};
    return thread && wick_names_set_track(reader->names, track, &info) >= 0;
}

uint32_t wk_reader_process_track(struct wick_reader *reader, uint32_t process, const char *prefix, size_t bytes)
{
    uint32_t found = wk_reader_find_track(reader, process, prefix, bytes);
    if (found != WICK_NONE) {
        (void)stand_for_prefix(reader, found); /* there is an entry already */
        return found;
    }
    found = reader->tracks.count;
    char *kept = wk_arena_text(&reader->strings, prefix, bytes);
    if (!kept ||
        wk_array_reserve(&reader->tracks, reader->allocator, found + 1, sizeof(struct wk_reader_track)) < 0 ||
        wk_table_add(&reader->track_table, reader->allocator, track_hash(process, prefix, bytes), found) < 0) {
        return out_of_memory(reader);
    }
    wk_reader_tracks(reader)[found] = (struct wk_reader_track){
        .prefix = kept, .prefix_bytes = (uint32_t)bytes, .process = process, .cpu_ns = -1};
    reader->tracks.count++;
    return stand_for_prefix(reader, found) >= 0 && name_track(reader, found) ? found : out_of_memory(reader);
}

uint32_t wk_reader_track_of(struct wick_reader *reader, const char *prefix, size_t bytes, uint32_t node_bytes)
{
    uint32_t found = wk_reader_find_track(reader, WICK_NONE, prefix, bytes);
    if (found != WICK_NONE) {
        return found;
    }
    uint32_t key_bytes = node_bytes + 1; /* ` node pid thread `: the process's key is `node pid` */
    while (key_bytes < bytes && prefix[1 + key_bytes] != ' ') {
        key_bytes++;
    }
    uint32_t process = wk_reader_process_of(reader, prefix + 1, key_bytes, node_bytes, 0);
    return process == WICK_NONE ? WICK_NONE : wk_reader_process_track(reader, process, prefix, bytes);
}

/* ---- locations and sites ---------------------------------------------------------------------- */

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

static int same_site(const struct wick_site_info *a, const struct wick_site_info *b)
{
    return a->kind == b->kind && a->line == b->line && a->process == b->process &&
           a->colour == b->colour && wk_mem_same(a->location, b->location) && wk_mem_same(a->literal, b->literal) &&
           wk_mem_same(a->file, b->file) && wk_mem_same(a->category, b->category);
}

/* Find or make a site. All fields of a `site` line are its identity: processes of one program share their sites.
 * Strings of `info` may be temporary, since the names copy them. */
uint32_t wk_reader_intern_site(struct wick_reader *reader, const struct wick_site_info *info)
{
    uint64_t hash = wk_mem_hash(info->location, wk_mem_length(info->location), info->kind);
    hash = wk_mem_hash(info->literal, wk_mem_length(info->literal), hash ^ info->process);
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

const char *wk_reader_name(struct wick_reader *reader, const char *text, uint32_t bytes)
{
    char *name = wk_arena_text(&reader->strings, text, bytes < WK_READER_NAME_MAX ? bytes : WK_READER_NAME_MAX);
    if (!name) {
        out_of_memory(reader);
    }
    return name;
}

/* The site of a scope whose text is part of the identity: in a foreign log, or of WICK_SCOPE_DYN. */
static uint32_t text_site(struct wick_reader *reader, uint32_t location, const char *text, uint32_t bytes)
{
    struct wk_location *l = &wk_reader_locations(reader)[location];
    if (l->text_site != WICK_NONE && l->text_bytes == bytes && memcmp(l->text, text, bytes) == 0) {
        return l->text_site;
    }
    /* The copy is for interning only and is taken back below, since most texts are known already. Nothing else is
     * allocated from `strings` meanwhile; if a new block was begun, the copy stays in it until the reader ends. */
    struct wk_arena before = reader->strings;
    const char *name = wk_reader_name(reader, text, bytes);
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
        l->text_bytes = (uint32_t)wk_mem_length(l->text);
        if (before.blocks == reader->strings.blocks) {
            reader->strings = before;
        }
    }
    return site;
}

/* In a part of a log with `site` lines: a site in place of the one whose `site` line is assumed to be in an earlier
 * part; guessed_right (part.c) checks the assumption. `-` never has a `site` line. WICK_NONE: nothing is assumed. */
static uint32_t stand_in(struct wick_reader *reader, uint32_t location)
{
    struct wk_location *l = &wk_reader_locations(reader)[location];
    if (!reader->speculate || (l->name_bytes == 1 && l->name[0] == '-')) {
        return WICK_NONE;
    }
    if (l->stand_in == WICK_NONE) {
        /* Not interned, so that it never stands for another location. Its kind keeps texts: the join may drop them. */
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
    if (bytes <= WK_READER_TEXT_NAME_MAX) {
        *text_bytes = 0;
        return text_site(reader, location, text, bytes);
    }
    for (bytes = WK_READER_TEXT_NAME_MAX; bytes && ((unsigned char)text[bytes] & 0xc0) == 0x80;) {
        bytes--; /* to where a character begins */
    }
    return text_site(reader, location, text, bytes); /* its whole is the instance's text */
}

/* A site for a location without a `site` line, or for a lock: only locks belong to one process. NULL: the location is
 * the name. */
static uint32_t plain_site(struct wick_reader *reader, uint32_t location, uint8_t kind, const char *literal)
{
    const struct wk_location *l = &wk_reader_locations(reader)[location];
    struct wick_site_info info = {.location = l->name, .literal = literal ? literal : l->name, .file = "",
                                  .category = "", .colour = WICK_NONE, .kind = kind,
                                  .process = kind == WICK_SITE_LOCK ? l->process : 0};
    return wk_reader_intern_site(reader, &info);
}

uint32_t wk_reader_instant_site(struct wick_reader *reader, uint32_t location, uint8_t kind)
{
    struct wk_location *l = &wk_reader_locations(reader)[location];
    if (l->site != WICK_NONE) {
        return l->site;
    }
    uint32_t site = stand_in(reader, location);
    if (site != WICK_NONE || reader->error) {
        return site;
    }
    uint32_t *plain = kind == WICK_SITE_MARK ? &l->mark_site : &l->counter_site;
    if (*plain == WICK_NONE) {
        *plain = plain_site(reader, location, kind, NULL);
    }
    return *plain;
}

uint32_t wk_reader_lock_site(struct wick_reader *reader, uint32_t location, const char *text,
                             uint32_t text_bytes)
{
    struct wk_location *l = &wk_reader_locations(reader)[location];
    if (l->lock_site == WICK_NONE) { /* a lock is its id: the first name stays */
        const char *name = text_bytes ? wk_reader_name(reader, text, text_bytes) : NULL;
        l->lock_site = plain_site(reader, location, WICK_SITE_LOCK, name);
    }
    return l->lock_site;
}

uint32_t wk_reader_plain_site(struct wick_reader *reader, uint32_t process, const char *location, uint8_t kind)
{
    uint32_t found = wk_reader_use_location(reader, process, location, (uint32_t)wk_mem_length(location));
    return found == WICK_NONE ? WICK_NONE : plain_site(reader, found, kind, NULL);
}

void wk_reader_introduce(struct wick_reader *reader, uint32_t location, uint32_t site)
{
    struct wk_location *l = &wk_reader_locations(reader)[location];
    l->site = site;
    l->kind = wick_names_site(reader->names, site)->kind;
    l->text_site = WICK_NONE; /* the cached one has the old site's file and line */
    l->known |= !l->used;     /* nothing in the part depends on the `site` line before the part */
    l->changed = 1;
    reader->site_lines++;
}

void wk_reader_label(struct wick_reader *reader, uint32_t track, const char *text, uint32_t bytes)
{
    struct wick_track_info info = *wick_names_track(reader->names, track);
    char label[256];
    bytes = bytes < 255 ? bytes : 255;
    if (bytes) {
        memcpy(label, text, bytes);
    }
    label[bytes] = 0;
    info.label = label;
    wk_reader_tracks(reader)[track].renamed = 1;
    if (wick_names_set_track(reader->names, track, &info) < 0) {
        reader->error = WICK_E_NOMEM;
    }
}
