/*
 * SPDX-License-Identifier: MIT
 * Leaving scopes out. See filter.h.
 * Paths are decided once per node; a scope that may turn out too short waits on its track's stack, and is
 * let out when it has lasted long enough or something inside it is worth seeing.
 */
#include "filter.h"

#include <string.h>

#include "model/base/exact.h"
#include "model/base/mem.h"

enum { OUT_RECORDS = 512, PATH_MAX_BYTES = 4096, NODES_FIRST = 256 };

/* A path: parent + site. Index 0 is the root. */
struct node {
    uint32_t parent;
    uint32_t site;
    uint32_t next;      /* in its hash chain */
    bool keep;
};

struct waiting {
    struct wick_record start;
    char *text;         /* copy of the instance's text; NULL: none */
    uint32_t node;
    bool shown;         /* its START went out */
    bool hidden;        /* it is left out, */
    bool hides;         /* and so are marks and values in it */
};

struct filter_track {
    struct waiting *open;
    uint32_t depth;
    uint32_t capacity;
    uint32_t first_waiting; /* all below went out, or are hidden */
    uint32_t refused; /* innermost open scopes for which there was no memory */
};

struct wk_filter {
    bool (*is_off)(void *user, uint32_t site); /* NULL: none is */
    const struct wick_names *names;
    void *user;
    struct wk_filter_out out;
    struct wick_allocator memory;
    struct wk_glob_list patterns; /* the text is the filter's own; NULL: none */
    int64_t min_ns;
    uint64_t left_out;
    uint64_t refused;    /* scopes lost for want of memory */
    struct node *nodes;
    uint32_t *buckets;   /* as many as the nodes' capacity */
    uint32_t node_count;
    uint32_t node_capacity;
    struct filter_track *tracks;
    uint32_t track_count;
    uint32_t ready;
    struct wick_record records[OUT_RECORDS];
    uint32_t garbage_count;
    struct {
        char *text;
        uint32_t bytes;
    } garbage[OUT_RECORDS]; /* texts of the records above */
};

/* ---- sites that are switched off by themselves ------------------------------------------------- */

static bool has_any_of(const struct wk_glob_entry *entry, const char *characters)
{
    bool found = false;

    for (size_t i = 0; i < entry->bytes; i++) {
        for (const char *at = characters; *at; at++) {
            found = found || entry->glob[i] == *at;
        }
    }
    return found;
}

/* May it match a path that ends with this name? What comes behind its last / decides, and behind a ** in that; brackets may hide
 * either. */
static bool may_match_end(const struct wk_glob_entry *entry, const struct wk_glob_entry *name)
{
    const struct wk_glob_path end = {name->glob, name->bytes, name->bytes};
    size_t from = 0;

    for (size_t i = 0; i < entry->bytes; i++) {
        bool is_deep = entry->glob[i] == '*' && i + 1 < entry->bytes && entry->glob[i + 1] == '*';

        from = entry->glob[i] == '/' ? i + 1 : is_deep ? i : from;
        i += is_deep;
    }
    return (from && has_any_of(entry, "[")) || wk_glob(entry->glob + from, entry->bytes - from, &end);
}

static bool is_undone(const char *rest, const struct wk_glob_entry *name)
{
    struct wk_glob_entry entry;
    bool undone = false;

    while (*rest && !undone) {
        rest = wk_glob_entry(rest, &entry);
        undone = entry.keeps && entry.bytes && may_match_end(&entry, name);
    }
    return undone;
}

size_t wk_filter_off_names(const char *patterns, char *names)
{
    const char *at = wk_glob_list_default(patterns) ? patterns : "";
    struct wk_glob_entry entry;
    size_t used = 0;

    while (*at) {
        at = wk_glob_entry(at, &entry);
        if (!entry.keeps && entry.bytes && !has_any_of(&entry, "/*?[") && !is_undone(at, &entry)) {
            memcpy(names + used, entry.glob, entry.bytes);
            names[used + entry.bytes] = 0;
            used += entry.bytes + 1;
        }
    }
    return used;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

static uint32_t bucket_of(const struct wk_filter *filter, uint32_t parent, uint32_t site)
{
    return (parent * 2654435761u ^ site * 2246822519u) & (filter->node_capacity - 1);
}

static bool grow_nodes(struct wk_filter *filter)
{
    uint32_t capacity = filter->node_capacity ? filter->node_capacity * 2 : NODES_FIRST;
    uint32_t *buckets = wk_mem_zeroed(&filter->memory, capacity * sizeof *buckets);
    struct node *nodes = buckets ? wk_mem_resize(&filter->memory, filter->nodes, filter->node_capacity * sizeof *nodes,
                                                 capacity * sizeof *nodes) : NULL;

    if (!nodes) {
        wk_mem_free(&filter->memory, buckets, capacity * sizeof *buckets);
        return false;
    }
    wk_mem_free(&filter->memory, filter->buckets, filter->node_capacity * sizeof *buckets);
    filter->nodes = nodes;
    filter->buckets = buckets;
    filter->node_capacity = capacity;
    for (uint32_t i = 1; i < filter->node_count; i++) {
        uint32_t bucket = bucket_of(filter, nodes[i].parent, nodes[i].site);

        nodes[i].next = buckets[bucket];
        buckets[bucket] = i;
    }
    return true;
}

/* The names from the root to `site` below `parent`, joined by /, written from the end. */
static bool path_decision(struct wk_filter *filter, uint32_t parent, uint32_t site)
{
    char path[PATH_MAX_BYTES];
    size_t from = sizeof path;
    size_t name_bytes = 0;
    uint32_t node = parent;

    for (;;) {
        const char *name = wick_names_site(filter->names, site)->literal;
        size_t bytes = wk_mem_length(name);

        if (bytes + 1 > from) {
            break; /* a path this long is matched by its end */
        }
        name_bytes = name_bytes || from < sizeof path ? name_bytes : bytes;
        from -= bytes;
        memcpy(path + from, name, bytes);
        if (node == 0) {
            break;
        }
        path[--from] = '/';
        site = filter->nodes[node].site;
        node = filter->nodes[node].parent;
    }
    const struct wk_glob_path found = {path + from, sizeof path - from, name_bytes};
    return wk_glob_list_keeps(&filter->patterns, &found, 1, filter->nodes[parent].keep);
}

static uint32_t node_of(struct wk_filter *filter, uint32_t parent, uint32_t site)
{
    uint32_t bucket = bucket_of(filter, parent, site);
    uint32_t node = filter->buckets[bucket];

    while (node && (filter->nodes[node].parent != parent || filter->nodes[node].site != site)) {
        node = filter->nodes[node].next;
    }
    if (node) {
        return node;
    }
    if (filter->node_count == filter->node_capacity && !grow_nodes(filter)) {
        return 0; /* no memory: it is shown */
    }
    bucket = bucket_of(filter, parent, site);
    node = filter->node_count++;
    filter->nodes[node] = (struct node){parent, site, filter->buckets[bucket], path_decision(filter, parent, site)};
    filter->buckets[bucket] = node;
    return node;
}

/* ---- letting out ----------------------------------------------------------------------------- */

static void hand_on(struct wk_filter *filter)
{
    if (filter->ready) {
        filter->out.records(filter->out.user, filter->records, filter->ready);
    }
    filter->ready = 0;
    while (filter->garbage_count > 0) {
        filter->garbage_count--;
        wk_mem_free(&filter->memory, filter->garbage[filter->garbage_count].text, filter->garbage[filter->garbage_count].bytes);
    }
}

static void emit(struct wk_filter *filter, const struct wick_record *record)
{
    if (filter->ready == OUT_RECORDS) {
        hand_on(filter);
    }
    filter->records[filter->ready++] = *record;
}

static void show(struct wk_filter *filter, struct filter_track *state, uint32_t depth)
{
    for (; state->first_waiting < depth; state->first_waiting++) {
        struct waiting *scope = &state->open[state->first_waiting];

        if (scope->shown || scope->hidden) {
            continue;
        }
        emit(filter, &scope->start);
        if (scope->text) {
            filter->garbage[filter->garbage_count].bytes = scope->start.text_bytes;
            filter->garbage[filter->garbage_count++].text = scope->text;
        }
        scope->text = NULL;
        scope->shown = true;
    }
}

static struct filter_track *state_of(struct wk_filter *filter, uint32_t track)
{
    if (track >= filter->track_count) {
        uint32_t count = filter->track_count ? filter->track_count * 2 : 16;
        struct filter_track *tracks;

        while (count <= track) {
            count *= 2;
        }
        tracks = wk_mem_resize(&filter->memory, filter->tracks, filter->track_count * sizeof *tracks, count * sizeof *tracks);
        if (!tracks) {
            return NULL;
        }
        memset(tracks + filter->track_count, 0, (count - filter->track_count) * sizeof *tracks);
        filter->tracks = tracks;
        filter->track_count = count;
    }
    return &filter->tracks[track];
}

/* Where it stands among the paths. One that is off has none: what is in it hangs under its parent. */
static void place(struct wk_filter *filter, struct filter_track *state, struct waiting *scope)
{
    const struct waiting *parent = state->depth ? &state->open[state->depth - 1] : NULL;
    uint32_t node = parent ? parent->node : 0;

    if (filter->is_off && filter->is_off(filter->user, scope->start.site)) {
        scope->node = node;
        scope->hidden = true;
        scope->hides = parent && parent->hides;
    } else {
        scope->node = node_of(filter, node, scope->start.site);
        scope->hidden = scope->hides = scope->node && !filter->nodes[scope->node].keep;
    }
    filter->left_out += scope->hidden;
}

static bool push(struct wk_filter *filter, struct filter_track *state, const struct wick_record *record)
{
    if (state->depth == state->capacity) {
        uint32_t capacity = state->capacity ? state->capacity * 2 : 16;
        struct waiting *open =
            wk_mem_resize(&filter->memory, state->open, state->capacity * sizeof *open, capacity * sizeof *open);

        if (!open) {
            return false;
        }
        state->open = open;
        state->capacity = capacity;
    }
    struct waiting *scope = &state->open[state->depth];
    *scope = (struct waiting){.start = *record};
    if (record->text_bytes && filter->min_ns) {
        scope->text = wk_mem_resize(&filter->memory, NULL, 0, record->text_bytes);
        if (!scope->text) {
            return false;
        }
        memcpy(scope->text, record->text, record->text_bytes);
        scope->start.text = scope->text;
    }
    if (filter->patterns.text) {
        place(filter, state, scope);
    }
    state->depth++;
    return true;
}

static void start(struct wk_filter *filter, struct filter_track *state, const struct wick_record *record)
{
    if (state->refused || !push(filter, state, record)) { /* what is inside it goes with it: the ends are counted */
        filter->refused++;
        state->refused++;
        return;
    }
    if (!filter->min_ns) {
        show(filter, state, state->depth);
        return;
    }
    /* An outer scope has lasted long enough by now: it need not wait for its end. */
    while (state->first_waiting + 1 < state->depth &&
           record->time_ns - state->open[state->first_waiting].start.time_ns >= filter->min_ns) {
        show(filter, state, state->first_waiting + 1);
    }
}

static void end(struct wk_filter *filter, struct filter_track *state, const struct wick_record *record)
{
    if (state->refused || !state->depth) {
        state->refused -= state->refused != 0;
        return;
    }
    struct waiting *scope = &state->open[state->depth - 1];
    bool brief = !scope->shown && record->kind == WICK_RECORD_ENDOK &&
                 record->time_ns - scope->start.time_ns < filter->min_ns;
    if (brief && !scope->hidden) {
        filter->left_out++;
    } else if (!scope->hidden) {
        show(filter, state, state->depth);
        emit(filter, record);
    }
    wk_mem_free(&filter->memory, scope->text, scope->start.text_bytes);
    state->depth--;
    if (state->first_waiting > state->depth) {
        state->first_waiting = state->depth;
    }
}

/* What says something of the scope around it alone. */
static bool is_of_scope(uint8_t kind)
{
    return kind == WICK_RECORD_MARK || wk_number_kind(kind) == WICK_RECORD_VALUE || kind == WICK_RECORD_AMOUNT ||
           kind == WICK_RECORD_CALL || kind == WICK_RECORD_STACK;
}

static void other(struct wk_filter *filter, struct filter_track *state, const struct wick_record *record)
{
    bool inside_hidden = state->depth && state->open[state->depth - 1].hides;

    /* Locks stay: a LOCKR without its LOCKA would be worse than either. */
    if (inside_hidden && is_of_scope(record->kind)) {
        return;
    }
    show(filter, state, state->depth);
    emit(filter, record);
}

void wk_filter_feed(struct wk_filter *filter, const struct wick_record *records, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct wick_record *record = &records[i];
        struct filter_track *state = state_of(filter, record->track);

        if (!state) {
            filter->refused++; /* its end finds no open scope */
        } else if (record->kind == WICK_RECORD_START) {
            start(filter, state, record);
        } else if (record->kind == WICK_RECORD_ENDOK || record->kind == WICK_RECORD_ENDER) {
            end(filter, state, record);
        } else {
            other(filter, state, record);
        }
    }
    hand_on(filter); /* texts of the input are borrowed only until here */
}

void wk_filter_tick(struct wk_filter *filter, int64_t now_ns)
{
    for (uint32_t i = 0; filter->min_ns && i < filter->track_count; i++) {
        struct filter_track *state = &filter->tracks[i];

        while (state->first_waiting < state->depth &&
               now_ns - state->open[state->first_waiting].start.time_ns >= filter->min_ns) {
            show(filter, state, state->first_waiting + 1);
        }
    }
    hand_on(filter);
}

uint64_t wk_filter_left_out(const struct wk_filter *filter)
{
    return filter ? filter->left_out : 0;
}

bool wk_filter_unmatched(const struct wk_filter *filter, uint32_t *from, struct wk_glob_entry *entry)
{
    return filter && filter->patterns.text && filter->node_count > 1 &&
           wk_glob_list_unmatched(&filter->patterns, from, entry);
}

uint64_t wk_filter_refused(const struct wk_filter *filter)
{
    return filter ? filter->refused : 0;
}

/* ---- life ------------------------------------------------------------------------------------ */

static char *copy_text(const struct wick_allocator *memory, const char *text)
{
    size_t bytes = wk_mem_length(text) + 1;
    char *copy = wk_mem_resize(memory, NULL, 0, bytes);

    if (copy) {
        memcpy(copy, text, bytes);
    }
    return copy;
}

struct wk_filter *wk_filter_create(const struct wk_filter_options *options, const struct wk_filter_out *out,
                                   const struct wick_allocator *memory)
{
    struct wk_filter *filter = wk_mem_zeroed(memory, sizeof *filter);

    if (!filter) {
        return NULL;
    }
    filter->is_off = options->is_off;
    filter->names = options->names;
    filter->user = options->user;
    filter->out = *out;
    filter->memory = *memory;
    filter->min_ns = options->min_ns;
    if (options->patterns && options->patterns[0]) {
        filter->patterns.text = copy_text(memory, options->patterns);
    }
    filter->node_count = 1;
    if ((options->patterns && options->patterns[0] && !filter->patterns.text) || !grow_nodes(filter)) {
        wk_filter_destroy(filter);
        return NULL;
    }
    filter->nodes[0] = (struct node){.keep = !filter->patterns.text || wk_glob_list_default(filter->patterns.text)};
    return filter;
}

void wk_filter_destroy(struct wk_filter *filter)
{
    if (!filter) {
        return;
    }
    struct wick_allocator memory = filter->memory;
    for (uint32_t i = 0; i < filter->track_count; i++) {
        struct filter_track *state = &filter->tracks[i];

        while (state->depth > 0) {
            state->depth--;
            wk_mem_free(&memory, state->open[state->depth].text, state->open[state->depth].start.text_bytes);
        }
        wk_mem_free(&memory, state->open, state->capacity * sizeof *state->open);
    }
    wk_mem_free(&memory, filter->tracks, filter->track_count * sizeof *filter->tracks);
    wk_mem_free(&memory, filter->nodes, filter->node_capacity * sizeof *filter->nodes);
    wk_mem_free(&memory, filter->buckets, filter->node_capacity * sizeof *filter->buckets);
    if (filter->patterns.text) {
        wk_mem_free(&memory, (void *)(uintptr_t)filter->patterns.text, wk_mem_length(filter->patterns.text) + 1);
    }
    wk_mem_free(&memory, filter, sizeof *filter);
}
