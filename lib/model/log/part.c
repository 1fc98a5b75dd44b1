/*
 * SPDX-License-Identifier: MIT
 * Parts of a log that several threads read: seeds, parts, and the join of the readers' tables. The caller runs the
 * threads. Invariant: what a part assumed about the log before it is checked before anything is joined; a wrong
 * assumption costs a second reading of the part, never a wrong number.
 */
#include "model/base/names_borrow.h"
#include "model/log/wire/wire_read.h"
#include "model/tree/tree_state.h"

struct wick_seed {
    struct wick_names *names;
    struct wick_reader *reader;
};

struct wick_part {
    const struct wick_seed *seed;
    struct wick_names *names;
    struct wick_reader *reader;
    struct wick_tree *tree;
};

static int into_tree(void *user, const struct wick_record *records, size_t count)
{
    return wick_tree_feed(user, records, count);
}

static int copy_table(struct wk_table *to, const struct wk_table *from, const struct wick_allocator *a)
{
    *to = (struct wk_table){0};
    if (!from->slots) {
        return 0;
    }
    size_t bytes = ((size_t)from->mask + 1) * sizeof *from->slots;
    uint64_t *slots = wk_mem_resize(a, NULL, 0, bytes);
    if (!slots) {
        return WICK_E_NOMEM;
    }
    memcpy(slots, from->slots, bytes);
    *to = *from;
    to->slots = slots;
    return 0;
}

/* A reader with copies of the tables of `from`, whose strings it borrows. Each part adds entries to its own copies; the
 * seed never changes, so that threads share it without a lock. */
static struct wick_reader *copy_reader(const struct wick_reader *from, struct wick_names *names,
                                       const struct wick_record_out *out)
{
    const struct wick_allocator *a = from->allocator;
    struct wick_reader *reader = wick_reader_create(a, names, out, WICK_VECTOR_NONE);
    if (!reader) {
        return NULL;
    }
    reader->begun = from->begun; /* a part has no byte order mark */
    reader->fast_lines = from->fast_lines;
    reader->site_lines = from->site_lines;
    reader->renamer = from->renamer;
    int failed = wk_array_copy(&reader->processes, a, &from->processes, sizeof(struct wk_process)) < 0 ||
                 wk_array_copy(&reader->tracks, a, &from->tracks, sizeof(struct wk_reader_track)) < 0 ||
                 wk_array_copy(&reader->locations, a, &from->locations, sizeof(struct wk_location)) < 0 ||
                 copy_table(&reader->process_table, &from->process_table, a) < 0 ||
                 copy_table(&reader->track_table, &from->track_table, a) < 0 ||
                 copy_table(&reader->location_table, &from->location_table, a) < 0 ||
                 copy_table(&reader->site_table, &from->site_table, a) < 0 || wk_wire_copy(reader, from) < 0;
    if (failed) {
        wick_reader_destroy(reader);
        return NULL;
    }
    /* Fields that only a part's own lines set begin empty, so that the join sees the part's changes. */
    for (uint32_t i = 0; i < reader->locations.count; i++) {
        struct wk_location *l = &wk_reader_locations(reader)[i];
        l->guess = l->site;
        l->stand_in = WICK_NONE;
        l->used = l->known = l->changed = 0;
    }
    for (uint32_t i = 0; i < reader->tracks.count; i++) {
        wk_reader_tracks(reader)[i].cpu_ns = -1;
        wk_reader_tracks(reader)[i].unfinished = WICK_FINISHED;
        wk_reader_tracks(reader)[i].renamed = 0;
    }
    return reader;
}

struct wick_seed *wick_seed_create(const struct wick_reader *reader)
{
    struct wick_seed *seed = wk_mem_zeroed(reader->allocator, sizeof *seed);
    if (!seed) {
        return NULL;
    }
    /* The main reader's strings never move or change while it lives, even when it reads on: borrowing is enough. */
    seed->names = wk_names_borrow(reader->names);
    struct wick_record_out out = {into_tree, NULL};
    seed->reader = seed->names ? copy_reader(reader, seed->names, &out) : NULL;
    if (!seed->reader) {
        wick_names_destroy(seed->names);
        wk_mem_free(reader->allocator, seed, sizeof *seed);
        return NULL;
    }
    return seed;
}

void wick_seed_destroy(struct wick_seed *seed)
{
    if (seed) {
        const struct wick_allocator *a = seed->reader->allocator;
        wick_reader_destroy(seed->reader);
        wick_names_destroy(seed->names);
        wk_mem_free(a, seed, sizeof *seed);
    }
}

int wick_seed_feed(struct wick_seed *seed, const void *bytes, size_t count)
{
    return wick_reader_feed(seed->reader, bytes, count);
}

struct wick_part *wick_part_create(const struct wick_seed *seed)
{
    const struct wick_allocator *a = seed->reader->allocator;
    struct wick_part *part = wk_mem_zeroed(a, sizeof *part);
    if (!part) {
        return NULL;
    }
    part->seed = seed;
    part->tree = wick_tree_create(a);
    part->names = wk_names_borrow(seed->names);
    struct wick_record_out out = {into_tree, part->tree};
    if (part->tree && part->names) {
        part->tree->part = 1;
        part->reader = copy_reader(seed->reader, part->names, &out);
    }
    if (!part->reader) {
        wick_part_destroy(part);
        return NULL;
    }
    part->reader->speculate = part->reader->site_lines > 0; /* a foreign log has no `site` lines to assume */
    return part;
}

void wick_part_destroy(struct wick_part *part)
{
    if (part) {
        const struct wick_allocator *a = part->seed->reader->allocator;
        wick_reader_destroy(part->reader);
        wick_tree_destroy(part->tree);
        wick_names_destroy(part->names);
        wk_mem_free(a, part, sizeof *part);
    }
}

int wick_part_feed(struct wick_part *part, const char *bytes, size_t count)
{
    return wick_reader_feed(part->reader, bytes, count);
}

int wick_part_finish(struct wick_part *part)
{
    return wick_reader_finish(part->reader);
}

/* ---- join ---- */

/* Indices of the part -> indices of the main reader. */
struct mapping {
    struct wick_part *part;
    struct wick_reader *to;
    uint32_t *processes, *tracks, *sites;
    uint8_t *drop_text;
    uint32_t process_count, track_count, site_count;
};

/* The main reader's entry for a location of the part; NULL: none. Looks up by bytes, since indices may differ, and adds
 * nothing, since the part may still be refused. */
static const struct wk_location *known_location(const struct mapping *m, const struct wk_location *l)
{
    const struct wick_reader *to = m->to;
    const struct wk_process *from = (const struct wk_process *)m->part->reader->processes.items + l->process;
    uint32_t process = wk_reader_find_process(to, from->key, from->key_bytes, from->start_ns);
    if (process == WICK_NONE) {
        return NULL;
    }
    const struct wk_location *locations = wk_reader_locations(to);
    uint64_t hash = wk_mem_hash(l->name, l->name_bytes, (uint64_t)process + 3);
    uint32_t probe = 0, found;
    while ((found = wk_table_next(&to->location_table, hash, &probe)) != WICK_NONE) {
        if (locations[found].process == process && locations[found].name_bytes == l->name_bytes &&
            memcmp(locations[found].name, l->name, l->name_bytes) == 0) {
            return &locations[found];
        }
    }
    return NULL;
}

/* Only locations that the part used before a `site` line of its own depend on the log before it. Without a stand-in,
 * the part used the seed's site (or none): the main reader must have the same by now. With one, any site will do whose
 * text is not part of its identity: map_sites puts it in. */
static int guessed_right(const struct mapping *m)
{
    const struct wk_location *locations = wk_reader_locations(m->part->reader);
    for (uint32_t i = 0; i < m->part->reader->locations.count; i++) {
        const struct wk_location *l = &locations[i];
        if (!l->used || l->known) {
            continue;
        }
        const struct wk_location *now = known_location(m, l);
        uint32_t site = now ? now->site : WICK_NONE;
        int right = l->stand_in != WICK_NONE ? site != WICK_NONE && now->kind != WICK_SITE_DYNAMIC
                                             : site == l->guess;
        if (!right) {
            return 0;
        }
    }
    return 1;
}

/* A `cpu` or `unfinished` line is about the thread's next END. If that is in the part, only one pass brings them
 * together. */
static int nothing_pending(const struct mapping *m)
{
    const struct wk_reader_track *from = wk_reader_tracks(m->part->reader);
    for (uint32_t i = 0; i < m->track_count; i++) {
        const struct wk_process *p = &wk_reader_processes(m->part->reader)[from[i].process];
        uint32_t process = wk_reader_find_process(m->to, p->key, p->key_bytes, p->start_ns);
        uint32_t found = process == WICK_NONE
                             ? WICK_NONE
                             : wk_reader_find_track(m->to, process, from[i].prefix, from[i].prefix_bytes);
        if (found != WICK_NONE) {
            const struct wk_reader_track *to = &wk_reader_tracks(m->to)[found];
            if (to->cpu_ns >= 0 || to->unfinished) {
                return 0;
            }
        }
    }
    return 1;
}

/* New tracks get the indices of one pass, since the part's own are in order of appearance. */
/* Of a host and pid with a start that the part has read, the main reader may know another: then `start` has begun a process
 * that only one pass can tell from the one before. */
static int processes_agree(const struct mapping *m)
{
    const struct wk_process *from = wk_reader_processes(m->part->reader), *to = wk_reader_processes(m->to);
    for (uint32_t i = 0; i < m->process_count; i++) {
        uint32_t found = wk_reader_find_process(m->to, from[i].key, from[i].key_bytes, 0);
        if (found != WICK_NONE && from[i].start_ns && to[found].start_ns && from[i].start_ns != to[found].start_ns &&
            m->part->reader->form != WK_FORM_WIRE) {
            return 0;
        }
    }
    return !m->part->reader->unjoinable;
}

static void map_processes(struct mapping *m)
{
    for (uint32_t i = 0; i < m->process_count && !m->to->error; i++) {
        const struct wk_process *p = &wk_reader_processes(m->part->reader)[i];
        m->processes[i] = wk_reader_process_of(m->to, p->key, p->key_bytes, p->node_bytes, p->start_ns);
        const struct wick_process_info *learnt = wick_names_process(m->part->names, i);
        struct wick_process_info info = *wick_names_process(m->to->names, m->processes[i]);
        info.program = learnt->program[0] ? learnt->program : info.program;
        info.arguments = learnt->arguments[0] ? learnt->arguments : info.arguments;
        info.parent = learnt->parent[0] ? learnt->parent : info.parent;
        info.exec_from = learnt->exec_from[0] ? learnt->exec_from : info.exec_from;
        if (wick_names_set_process(m->to->names, m->processes[i], &info) < 0) {
            m->to->error = WICK_E_NOMEM;
        }
    }
}

static void map_tracks(struct mapping *m)
{
    for (uint32_t i = 0; i < m->track_count && !m->to->error; i++) {
        const struct wk_reader_track *t = &wk_reader_tracks(m->part->reader)[i];
        m->tracks[i] = wk_reader_process_track(m->to, m->processes[t->process], t->prefix, t->prefix_bytes);
    }
}

/* The state of the part's threads after its last line. The main reader's was empty (nothing_pending). */
static void join_tracks(struct mapping *m)
{
    for (uint32_t i = 0; i < m->track_count && !m->to->error; i++) {
        const struct wk_reader_track *t = &wk_reader_tracks(m->part->reader)[i];
        uint32_t track = m->tracks[i];
        wk_reader_tracks(m->to)[track].cpu_ns = t->cpu_ns;
        wk_reader_tracks(m->to)[track].unfinished = t->unfinished;
        const struct wick_track_info *info = wick_names_track(m->part->names, i);
        if (t->renamed) {
            struct wick_track_info changed = *wick_names_track(m->to->names, track);
            changed.label = info->label;
            if (wick_names_set_track(m->to->names, track, &changed) < 0) {
                m->to->error = WICK_E_NOMEM;
            }
        }
    }
}

/* Sites of the seed have the same index in the main reader and every part; a stand-in becomes the real site. The rest
 * is interned in order of appearance, as in one pass. */
static void map_sites(struct mapping *m)
{
    uint32_t shared = wick_names_sites(m->part->seed->names);
    memset(m->drop_text, 0, m->site_count);
    for (uint32_t i = 0; i < m->site_count; i++) {
        m->sites[i] = i < shared ? i : WICK_NONE;
    }
    const struct wk_location *locations = wk_reader_locations(m->part->reader);
    for (uint32_t i = 0; i < m->part->reader->locations.count; i++) {
        if (locations[i].stand_in != WICK_NONE) {
            const struct wk_location *now = known_location(m, &locations[i]); /* not NULL: guessed_right */
            m->sites[locations[i].stand_in] = now->site;
            m->drop_text[locations[i].stand_in] = now->kind != WICK_SITE_FORMAT;
        }
        if (locations[i].lock_site != WICK_NONE && locations[i].lock_site >= shared) {
            /* A lock is its id: the first name stays. */
            const struct wk_location *now = known_location(m, &locations[i]);
            m->sites[locations[i].lock_site] = now ? now->lock_site : WICK_NONE;
        }
    }
    for (uint32_t i = shared; i < m->site_count && !m->to->error; i++) {
        if (m->sites[i] == WICK_NONE) {
            struct wick_site_info info = *wick_names_site(m->part->names, i);
            if (info.kind == WICK_SITE_LOCK) {
                info.process = m->processes[info.process];
            }
            m->sites[i] = wk_reader_intern_site(m->to, &info);
        }
    }
}

static void join_locations(struct mapping *m)
{
    const struct wk_location *locations = wk_reader_locations(m->part->reader);
    uint32_t shared = m->part->seed->reader->locations.count;
    for (uint32_t i = 0; i < m->part->reader->locations.count && !m->to->error; i++) {
        const struct wk_location *l = &locations[i];
        /* In order of appearance: new locations get the indices of one pass. */
        if (i < shared && !l->changed && l->lock_site == WICK_NONE) {
            continue;
        }
        uint32_t found = wk_reader_location_of(m->to, m->processes[l->process], l->name, l->name_bytes);
        if (found == WICK_NONE) {
            return;
        }
        struct wk_location *to = &wk_reader_locations(m->to)[found];
        if (l->lock_site != WICK_NONE) {
            to->lock_site = m->sites[l->lock_site];
        }
        if (l->changed) {
            to->site = m->sites[l->site];
            to->kind = l->kind;
            to->text_site = WICK_NONE;
        }
    }
}

static void join_counts(struct mapping *m)
{
    struct wick_reader *to = m->to, *from = m->part->reader;
    uint64_t before = to->stats.wire ? to->frames : to->stats.lines; /* a part counts its lines from 1 */
    for (uint32_t i = 0; i < from->problem_count && to->problem_count < WK_READER_PROBLEMS; i++) {
        to->problems[to->problem_count] = from->problems[i];
        to->problems[to->problem_count++].line += before;
    }
    for (int i = 0; i < WICK_PROBLEM_KINDS; i++) {
        to->stats.problems[i] += from->stats.problems[i];
    }
    to->frames += from->frames;
    to->stats.bytes += from->stats.bytes;
    to->stats.lines += from->stats.lines;
    to->stats.records += from->stats.records;
    to->stats.clock_breaks += from->stats.clock_breaks;
    to->stats.foreign |= from->stats.foreign;
    to->site_lines += from->site_lines - m->part->seed->reader->site_lines;
    const struct wick_property *runs = from->runs.items;
    for (uint32_t i = 0; i < from->runs.count && to->runs.count < WK_READER_RUNS; i++) {
        struct wick_property info = runs[i];
        info.track = m->tracks[info.track];
        info.key = wk_arena_text(&to->strings, info.key, wk_mem_length(info.key));
        info.value = wk_arena_text(&to->strings, info.value, wk_mem_length(info.value));
        if (!info.key || !info.value ||
            wk_array_reserve(&to->runs, to->allocator, to->runs.count + 1, sizeof info) < 0) {
            to->error = WICK_E_NOMEM;
            return;
        }
        ((struct wick_property *)to->runs.items)[to->runs.count++] = info;
    }
}

static int join_part(struct mapping *m, struct wick_tree *tree)
{
    struct wick_reader *to = m->to;
    if (to->carry.count || to->skipping || m->part->reader->carry.count || m->part->reader->skipping) {
        return 0; /* not at a line's end */
    }
    if (!wk_wire_follows(to, m->part->reader) || !guessed_right(m) || !nothing_pending(m) || !processes_agree(m) || tree->pending.count) {
        return 0;
    }
    /* From here on the main reader's tables grow. If the trees cannot be joined after all, the part's bytes are read
     * again, and would have added the same entries in the same order. */
    map_processes(m);
    map_tracks(m);
    if (!to->error) {
        map_sites(m);
    }
    if (to->error) {
        return to->error;
    }
    struct wk_maps maps = {m->tracks, m->sites, m->drop_text};
    int rc = wk_tree_join(tree, m->part->tree, &maps);
    if (rc > 0) {
        join_tracks(m);
        join_locations(m);
        join_counts(m);
        wk_wire_join(to, m->part->reader, &(struct wk_wire_maps){m->processes, m->tracks, m->sites});
    }
    return to->error ? to->error : rc;
}

/* Other tools' files, and UTF-16, cannot be read in parts. A text log may be one until its first line was read. */
static int may_be_foreign(const struct wick_part *part, const struct wick_reader *reader)
{
    return reader->utf16.on || reader->form >= WK_FORM_JSON || part->reader->form >= WK_FORM_JSON ||
           (reader->form != WK_FORM_WIRE && part->reader->form != WK_FORM_WIRE && !reader->stats.lines);
}

int wick_part_join(struct wick_part *part, struct wick_reader *reader, struct wick_tree *tree)
{
    const struct wick_allocator *a = reader->allocator;
    struct mapping m = {.part = part, .to = reader, .process_count = part->reader->processes.count,
                        .track_count = part->reader->tracks.count,
                        .site_count = wick_names_sites(part->names)};
    if (part->reader->error || may_be_foreign(part, reader)) {
        return part->reader->error;
    }
    size_t words = (size_t)m.process_count + m.track_count + m.site_count; /* one block: words, then bytes */
    size_t bytes = words * sizeof(uint32_t) + m.site_count + 1;
    char *block = wk_mem_zeroed(a, bytes);
    if (!block) {
        return WICK_E_NOMEM;
    }
    m.processes = (uint32_t *)(void *)block;
    m.tracks = m.processes + m.process_count;
    m.sites = m.tracks + m.track_count;
    m.drop_text = (uint8_t *)(m.sites + m.site_count);
    int rc = join_part(&m, tree);
    wk_mem_free(a, block, bytes);
    return rc;
}
