/*
 * SPDX-License-Identifier: MIT
 * The numbers of scopes by path. See scope_paths.h.
 */
#include "scope_paths.h"

#include <string.h>

#include "base/heap.h"
#include "model/base/number.h"

enum { NODES_AT_ONCE = 512, PATHS_AT_ONCE = 64, EXEMPLAR_BYTES = 128 };

/* Of all nodes of a path. */
struct wk_scope_path {
    uint32_t parent, level;  /* parent WICK_NONE: an outermost scope */
    const char *name;
    uint64_t count, failed;
    int64_t total_ns;
    uint64_t classes[WK_CLASSES];
    struct wk_exemplar newest[WK_CLASSES];
    uint32_t tracks[WK_CLASSES]; /* of the exemplars */
};

static struct wk_scope_path *path_at(const struct wk_scope_paths *all, uint32_t path)
{
    return (struct wk_scope_path *)all->paths.items + path;
}

void wk_scope_paths_init(struct wk_scope_paths *all, struct wk_run_tree *run_tree, const char *log)
{
    *all = (struct wk_scope_paths){.run_tree = run_tree, .log = log};
    wk_arena_init(&all->texts, &wk_heap_allocator);
    pthread_mutex_lock(&run_tree->lock);
    if (run_tree->tree) {
        wk_tree_keep_exemplars(run_tree->tree);
    }
    pthread_mutex_unlock(&run_tree->lock);
}

void wk_scope_paths_fini(struct wk_scope_paths *all)
{
    wk_array_free(&all->paths, &wk_heap_allocator, sizeof(struct wk_scope_path));
    wk_array_free(&all->of_nodes, &wk_heap_allocator, sizeof(uint32_t));
    wk_array_free(&all->tracks, &wk_heap_allocator, sizeof(const char *));
    wk_array_free(&all->label, &wk_heap_allocator, 1);
    wk_table_free(&all->table, &wk_heap_allocator);
    wk_arena_fini(&all->texts);
}

/* ---- reading --------------------------------------------------------------------------------- */

/* WICK_NONE: it is left out. */
static uint32_t new_path(struct wk_scope_paths *all, uint32_t parent, const char *name, uint64_t hash)
{
    uint32_t level = parent == WICK_NONE ? 1 : path_at(all, parent)->level + 1, path = all->paths.count;

    if (path == WK_PATHS_MOST || level > WK_PATH_LEVELS) {
        return WICK_NONE;
    }
    char *copy = wk_arena_text(&all->texts, name, strlen(name));
    if (!copy || wk_array_reserve(&all->paths, &wk_heap_allocator, path + 1, sizeof(struct wk_scope_path)) < 0 ||
        wk_table_add(&all->table, &wk_heap_allocator, hash, path) < 0) {
        all->failed = true;
        return WICK_NONE;
    }
    all->paths.count++;
    *path_at(all, path) = (struct wk_scope_path){.parent = parent, .level = level, .name = copy};
    return path;
}

static uint32_t path_of(struct wk_scope_paths *all, uint32_t parent, const char *name)
{
    uint64_t hash = wk_mem_hash(name, strlen(name), parent);
    uint32_t probe = 0, found;

    while ((found = wk_table_next(&all->table, hash, &probe)) != WICK_NONE) {
        if (path_at(all, found)->parent == parent && strcmp(path_at(all, found)->name, name) == 0) {
            return found;
        }
    }
    return new_path(all, parent, name, hash);
}

static void add_node(struct wk_scope_path *path, const struct wick_tree *tree, uint32_t node)
{
    const struct wk_node *n = &tree->nodes[node];
    const struct wk_exemplar *newest = wk_tree_exemplars(tree, node);

    path->count += n->count;
    path->failed += n->failed;
    path->total_ns += n->total_ns;
    wk_tree_classes(tree, node, path->classes);
    for (uint32_t i = 0; newest && i < WK_CLASSES; i++) {
        if (newest[i].start_ns > path->newest[i].start_ns) {
            path->newest[i] = newest[i];
            path->tracks[i] = n->track;
        }
    }
}

/* Its place among of_nodes. A thread below a scope continues that scope's path; a thread of its own has none. */
enum { ROOT = UINT32_MAX, LEFT_OUT = UINT32_MAX - 1 };

static uint32_t read_node(struct wk_scope_paths *all, const struct wick_tree *tree, uint32_t node)
{
    const struct wk_node *n = &tree->nodes[node];
    uint32_t above = n->parent == WICK_NONE ? (uint32_t)ROOT : ((uint32_t *)all->of_nodes.items)[n->parent];

    if (n->kind != WICK_NODE_SCOPE || above == (uint32_t)LEFT_OUT) {
        all->left_out += n->kind == WICK_NODE_SCOPE;
        return above;
    }
    uint32_t path = path_of(all, above, wick_names_site_name(all->run_tree->names, n->site));
    if (path == WICK_NONE) {
        all->left_out++;
        return (uint32_t)LEFT_OUT;
    }
    add_node(path_at(all, path), tree, node);
    return path;
}

static bool read_tracks(struct wk_scope_paths *all)
{
    uint32_t count = wick_names_tracks(all->run_tree->names), last = all->tracks.count + NODES_AT_ONCE;

    last = last < count ? last : count;
    if (wk_array_reserve(&all->tracks, &wk_heap_allocator, last, sizeof(const char *)) < 0) {
        all->failed = true;
        return false;
    }
    for (; all->tracks.count < last; all->tracks.count++) {
        const char *name = wick_names_track_name(all->run_tree->names, all->tracks.count);

        ((const char **)all->tracks.items)[all->tracks.count] = wk_arena_text(&all->texts, name, strlen(name));
    }
    return last < count;
}

static bool read_nodes(struct wk_scope_paths *all, const struct wick_tree *tree)
{
    uint32_t last = all->of_nodes.count + NODES_AT_ONCE;

    last = last < tree->node_count ? last : tree->node_count;
    if (wk_array_reserve(&all->of_nodes, &wk_heap_allocator, last, sizeof(uint32_t)) < 0) {
        all->failed = true;
        return false;
    }
    while (all->of_nodes.count < last) {
        uint32_t node = all->of_nodes.count++;

        ((uint32_t *)all->of_nodes.items)[node] = read_node(all, tree, node);
    }
    return last < tree->node_count;
}

bool wk_scope_paths_read(struct wk_scope_paths *all)
{
    pthread_mutex_lock(&all->run_tree->lock);
    const struct wick_tree *tree = all->run_tree->tree;
    bool more = tree && (read_nodes(all, tree) || read_tracks(all));
    pthread_mutex_unlock(&all->run_tree->lock);
    return more && !all->failed;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void put_name(struct wk_exposition *to, const char *name)
{
    for (size_t bytes; (bytes = strcspn(name, "/%")) > 0 || *name; name += bytes) {
        wk_exposition_put(to, name, bytes);
        if (name[bytes]) {
            wk_exposition_word(to, name[bytes] == '/' ? "%2f" : "%25");
            bytes++;
        }
    }
}

/* `path="names, outermost first, joined by /"`, escaped, into all->label. */
static void make_label(struct wk_scope_paths *all, uint32_t path)
{
    struct wk_exposition plain = {.text = {0}}, label = {.text = all->label};
    uint32_t above[WK_PATH_LEVELS], levels = 0;

    for (; path != WICK_NONE; path = path_at(all, path)->parent) {
        above[levels++] = path;
    }
    while (levels > 0) {
        put_name(&plain, path_at(all, above[--levels])->name);
        wk_exposition_put(&plain, "/", levels > 0);
    }
    label.text.count = 0;
    wk_sample_label(&label, "path", plain.text.count ? plain.text.items : "", plain.text.count);
    all->label = label.text;
    all->failed = all->failed || plain.failed || label.failed;
    wk_exposition_fini(&plain);
}

/* The labels of an exemplar may have 128 characters in all, names included. */
static void put_exemplar(const struct wk_scope_paths *all, struct wk_exposition *to, const struct wk_scope_path *path, uint32_t i)
{
    const struct wk_exemplar *newest = &path->newest[i];
    const char *thread = path->tracks[i] < all->tracks.count ? ((const char **)all->tracks.items)[path->tracks[i]] : NULL;
    char start[24], end[32];
    size_t left = EXEMPLAR_BYTES - sizeof "start_ns" - sizeof start - sizeof "thread" - sizeof "log";
    size_t thread_bytes = thread ? strlen(thread) : 0;

    if (!newest->start_ns) {
        return;
    }
    wk_sample_exemplar(to);
    wk_sample_label(to, "start_ns", start, (size_t)(wk_number_put_signed(start, newest->start_ns) - start));
    if (thread_bytes && thread_bytes <= left) {
        wk_sample_label(to, "thread", thread, thread_bytes);
        left -= thread_bytes;
    }
    if (all->log[0] && strlen(all->log) <= left) {
        wk_sample_label(to, "log", all->log, strlen(all->log));
    }
    wk_sample_seconds(to, newest->duration_ns);
    wk_exposition_put(to, " ", 1);
    wk_exposition_put(to, end, wk_exposition_seconds(end, newest->start_ns + newest->duration_ns));
}

static void put_bucket(const struct wk_scope_paths *all, struct wk_exposition *to, const struct wk_scope_path *path, uint32_t i)
{
    char most[32];
    uint32_t bytes = i < WK_CLASSES - 1 ? wk_exposition_seconds(most, wk_class_most_ns(i)) : 0;
    uint64_t count = 0;

    for (uint32_t below = 0; below <= i; below++) {
        count += path->classes[below];
    }
    wk_sample_begin(to, "_bucket");
    wk_sample_labels(to, all->label.items, all->label.count);
    wk_sample_label(to, "le", bytes ? most : "+Inf", bytes ? bytes : 4);
    wk_sample_unsigned(to, count);
    if (to->open) {
        put_exemplar(all, to, path, i);
    }
    wk_sample_end(to);
}

static void put_histogram(struct wk_scope_paths *all, struct wk_exposition *to, uint32_t number)
{
    const struct wk_scope_path *path = path_at(all, number);

    make_label(all, number);
    for (uint32_t i = 0; i < WK_CLASSES; i++) {
        put_bucket(all, to, path, i);
    }
    wk_sample_begin(to, "_count");
    wk_sample_labels(to, all->label.items, all->label.count);
    wk_sample_unsigned(to, path->count);
    wk_sample_end(to);
    wk_sample_begin(to, "_sum");
    wk_sample_labels(to, all->label.items, all->label.count);
    wk_sample_seconds(to, path->total_ns);
    wk_sample_end(to);
}

bool wk_scope_paths_histograms(struct wk_scope_paths *all, struct wk_exposition *to)
{
    for (uint32_t i = 0; i < PATHS_AT_ONCE && all->written < all->paths.count && !all->failed; i++) {
        put_histogram(all, to, all->written++);
    }
    return all->written < all->paths.count && !all->failed;
}

bool wk_scope_paths_failures(struct wk_scope_paths *all, struct wk_exposition *to)
{
    for (uint32_t i = 0; i < PATHS_AT_ONCE && all->written < all->paths.count && !all->failed; i++) {
        const struct wk_scope_path *path = path_at(all, all->written++);

        if (path->failed) {
            make_label(all, all->written - 1);
            wk_sample_begin(to, "_total");
            wk_sample_labels(to, all->label.items, all->label.count);
            wk_sample_unsigned(to, path->failed);
            wk_sample_end(to);
        }
    }
    return all->written < all->paths.count && !all->failed;
}
