/*
 * SPDX-License-Identifier: MIT
 * Which nodes form a row: by path, name, thread, location.
 * Invariant: names are compared as texts, once per site and track, never per node.
 */
#include "rows_state.h"

/* Numbers for texts and for pairs of numbers: equal ones get the same number. */
struct numbering {
    const struct wick_allocator *allocator;
    struct wk_table text_table, pair_table;
    struct wk_array texts; /* const char * */
    struct wk_array pairs; /* uint32_t[2] */
    int error;
};

static uint32_t keep(struct numbering *n, struct wk_table *table, uint64_t hash, struct wk_array *array)
{
    if (wk_table_add(table, n->allocator, hash, array->count) < 0) {
        n->error = WICK_E_NOMEM;
        return 0;
    }
    return array->count++;
}

static uint32_t number_of_text(struct numbering *n, const char *text)
{
    uint64_t hash = wk_mem_hash(text, wk_mem_length(text), 0);
    uint32_t probe = 0, found;
    while ((found = wk_table_next(&n->text_table, hash, &probe)) != WICK_NONE) {
        if (wk_mem_same(((const char **)n->texts.items)[found], text)) {
            return found;
        }
    }
    if (wk_array_reserve(&n->texts, n->allocator, n->texts.count + 1, sizeof text) < 0) {
        n->error = WICK_E_NOMEM;
        return 0;
    }
    ((const char **)n->texts.items)[n->texts.count] = text;
    return keep(n, &n->text_table, hash, &n->texts);
}

static uint32_t number_of_pair(struct numbering *n, uint32_t x, uint32_t y)
{
    uint64_t hash = wk_mem_mix(x, y);
    uint32_t probe = 0, found, (*pairs)[2] = n->pairs.items;
    while ((found = wk_table_next(&n->pair_table, hash, &probe)) != WICK_NONE) {
        if (pairs[found][0] == x && pairs[found][1] == y) {
            return found;
        }
    }
    if (wk_array_reserve(&n->pairs, n->allocator, n->pairs.count + 1, sizeof *pairs) < 0) {
        n->error = WICK_E_NOMEM;
        return 0;
    }
    pairs = n->pairs.items;
    pairs[n->pairs.count][0] = x;
    pairs[n->pairs.count][1] = y;
    return keep(n, &n->pair_table, hash, &n->pairs);
}

static void numbering_fini(struct numbering *n)
{
    wk_table_free(&n->text_table, n->allocator);
    wk_table_free(&n->pair_table, n->allocator);
    wk_array_free(&n->texts, n->allocator, sizeof(const char *));
    wk_array_free(&n->pairs, n->allocator, 2 * sizeof(uint32_t));
}

struct keying {
    const struct wick_tree *tree;
    const struct wick_names *names;
    const struct wick_rows_options *options;
    struct numbering numbers;
    uint32_t *sites, *tracks; /* per site, per track, and after the last for unknown ones: the number of its name */
    uint32_t site_count, track_count;
};

/* Without a line in a file, the location alone. */
static uint32_t number_of_location(struct numbering *n, const struct wick_site_info *site)
{
    uint32_t file = site->line ? number_of_text(n, site->file) : 0, location = number_of_text(n, site->location);
    return number_of_pair(n, location, number_of_pair(n, file, site->line));
}

static void number_names(struct keying *k)
{
    for (uint32_t i = 0; i <= k->site_count; i++) {
        k->sites[i] = k->options->by == WICK_ROWS_LOCATION
                          ? number_of_location(&k->numbers, wick_names_site(k->names, i))
                          : number_of_text(&k->numbers, wick_names_site_name(k->names, i));
    }
    for (uint32_t i = 0; i <= k->track_count; i++) {
        k->tracks[i] = number_of_text(&k->numbers, wick_names_track_name(k->names, i));
        if (k->options->by == WICK_ROWS_THREAD) { /* threads of two processes are two, whatever their names */
            k->tracks[i] = number_of_pair(&k->numbers, k->tracks[i], wick_names_track(k->names, i)->process);
        }
    }
}

/* Parents have lower indices, so that a path is the number of the path above it and a name. Roots have none. */
static uint32_t key_of(struct keying *k, uint32_t node, const uint32_t *paths)
{
    const struct wk_node *n = &k->tree->nodes[node];
    const int is_track = n->kind == WICK_NODE_TRACK;
    const uint32_t site = n->site < k->site_count ? n->site : k->site_count;
    const uint32_t track = n->track < k->track_count ? n->track : k->track_count;
    uint32_t name = is_track || k->options->by == WICK_ROWS_THREAD ? k->tracks[track] : k->sites[site];
    switch (k->options->by) {
    case WICK_ROWS_ALL:
        return 0;
    case WICK_ROWS_PATH:
        return n->parent == WICK_NONE ? WICK_NONE
               : is_track ? number_of_pair(&k->numbers, paths[n->parent], WICK_NONE - 1 - name)
                          : number_of_pair(&k->numbers, paths[n->parent], name);
    default:
        return name;
    }
}

static struct wick_rows *group(struct keying *k, uint32_t *keys)
{
    const struct wick_tree *tree = k->tree;
    number_names(k);
    for (uint32_t node = 0; node < tree->node_count; node++) {
        const uint32_t kind = tree->nodes[node].kind;
        keys[node] = kind == WICK_NODE_MARK || kind == WICK_NODE_SUM ? WICK_NONE : key_of(k, node, keys);
    }
    for (uint32_t node = 0; node < tree->node_count; node++) {
        keys[node] = k->options->left_out && k->options->left_out[node] ? WICK_NONE : keys[node];
    }
    const uint32_t texts = k->numbers.texts.count, pairs = k->numbers.pairs.count;
    return k->numbers.error < 0 ? NULL : wk_rows_group(tree, keys, (texts > pairs ? texts : pairs) + 1);
}

int wick_rows_create(const struct wick_tree *tree, const struct wick_names *names,
                     const struct wick_rows_options *options, struct wick_rows **rows)
{
    struct keying k = {.tree = tree, .names = names, .options = options, .numbers = {.allocator = tree->allocator},
                       .site_count = wick_names_sites(names), .track_count = wick_names_tracks(names)};
    const size_t bytes = ((size_t)tree->node_count + k.site_count + k.track_count + 2) * sizeof(uint32_t);
    uint32_t *keys = wk_mem_zeroed(tree->allocator, bytes);
    *rows = NULL;
    if (keys) {
        k.sites = keys + tree->node_count;
        k.tracks = k.sites + k.site_count + 1;
        *rows = group(&k, keys);
    }
    numbering_fini(&k.numbers);
    wk_mem_free(tree->allocator, keys, bytes);
    return *rows ? 0 : WICK_E_NOMEM;
}
