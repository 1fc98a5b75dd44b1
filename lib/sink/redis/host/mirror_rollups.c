/*
 * SPDX-License-Identifier: MIT
 * Rollups of scopes on their way to Redis: the numbers of each path as they stand, so that sending them twice changes nothing.
 * A field is `TRACK:NAME/NAME...`, with / and % of names as %2f and %25; its value is described in ../README.md.
 */
#include <string.h>

#include "base/heap.h"
#include "mirror.h"
#include "model/base/number.h"
#include "model/tree/hist.h"
#include "model/tree/tree_state.h"

enum { NODES_MOST = 1000, LEVELS_MOST = 256, NUMBERS_BYTES = 10 };

/* ---- values ---------------------------------------------------------------------------------- */

static bool append(struct wk_array *to, const void *bytes, size_t count)
{
    return wk_array_append(to, &wk_heap_allocator, bytes, count) == 0;
}

/* Seven bits a byte, the low ones first. */
static bool put_number(struct wk_array *to, uint64_t number)
{
    unsigned char bytes[NUMBERS_BYTES];
    uint32_t count = 0;
    for (; number >= 0x80; number >>= 7) {
        bytes[count++] = (unsigned char)(number | 0x80);
    }
    bytes[count++] = (unsigned char)number;
    return append(to, bytes, count);
}

static uint64_t positive(int64_t number)
{
    return number > 0 ? (uint64_t)number : 0;
}

/* Bars: distance from the one before, width, count. A single call has no histogram: it is the total. */
static bool put_bars(struct wk_array *to, const struct wk_node *n)
{
    struct wick_bucket_info bar = {.low_ns = n->total_ns, .high_ns = n->total_ns, .count = 1};
    uint32_t cursor = 0;
    uint64_t before = 0;
    bool good = true;
    if (!n->hist) {
        return n->count != 1 || (put_number(to, positive(bar.low_ns)) && put_number(to, 0) && put_number(to, 1));
    }
    while (good && wk_hist_next(n->hist, &cursor, &bar)) {
        good = put_number(to, positive(bar.low_ns) - before) && put_number(to, positive(bar.high_ns) - positive(bar.low_ns)) &&
               put_number(to, bar.count);
        before = positive(bar.low_ns);
    }
    return good;
}

static bool put_value(struct wk_array *to, const struct wick_tree *tree, uint32_t node)
{
    const struct wk_node *n = &tree->nodes[node];
    struct wick_node_info info;
    wick_tree_node(tree, node, &info);
    const unsigned char form = WK_ROLLUP_FORM;
    to->count = 0;
    return append(to, &form, 1) && put_number(to, info.count) && put_number(to, info.failed) && put_number(to, info.unfinished) &&
           put_number(to, positive(info.total_ns)) && put_number(to, positive(info.self_ns)) && put_number(to, positive(info.min_ns)) &&
           put_number(to, positive(info.max_ns)) && put_bars(to, n);
}

/* ---- paths ----------------------------------------------------------------------------------- */

static bool put_name(struct wk_array *to, const char *name)
{
    bool good = true;
    for (; good && *name; name++) {
        good = *name == '/' ? append(to, "%2f", 3) : *name == '%' ? append(to, "%25", 3) : append(to, name, 1);
    }
    return good;
}

/* The names from the outermost scope on; scopes deeper than LEVELS_MOST keep their innermost names. */
static bool put_path(struct wk_array *to, const struct wick_tree *tree, const struct wick_names *names, uint32_t node)
{
    uint32_t sites[LEVELS_MOST], levels = 0, track = tree->nodes[node].track;
    char number[24], *end = wk_number_put_unsigned(number, track);
    for (uint32_t at = node; at != WICK_NONE && levels < LEVELS_MOST; at = tree->nodes[at].parent) {
        if (tree->nodes[at].kind == WICK_NODE_SCOPE) {
            sites[levels++] = tree->nodes[at].site;
        }
    }
    *end++ = ':';
    to->count = 0;
    bool good = append(to, number, (size_t)(end - number));
    while (good && levels > 0) {
        good = put_name(to, wick_names_site_name(names, sites[--levels])) && (levels == 0 || append(to, "/", 1));
    }
    return good;
}

/* ---- in and out ------------------------------------------------------------------------------ */

static bool have_nodes(struct wk_mirror *mirror, uint32_t count)
{
    if (wk_array_reserve(&mirror->nodes, &wk_heap_allocator, count, sizeof(struct wk_mirrored_node)) < 0) {
        return false;
    }
    if (count > mirror->nodes.count) {
        memset((struct wk_mirrored_node *)mirror->nodes.items + mirror->nodes.count, 0,
               (count - mirror->nodes.count) * sizeof(struct wk_mirrored_node));
        mirror->nodes.count = count;
    }
    return true;
}

static bool keep(struct wk_mirrored_node *node, const struct wk_array *value)
{
    if (value->count > node->value_room) {
        char *room = wk_mem_resize(&wk_heap_allocator, node->value, node->value_room, value->count);
        if (!room) {
            return false;
        }
        node->value = room;
        node->value_room = value->count;
    }
    memcpy(node->value, value->items, value->count);
    node->value_bytes = value->count;
    return true;
}

static bool keep_path(struct wk_mirrored_node *node, const struct wk_array *path)
{
    node->path = wk_mem_resize(&wk_heap_allocator, NULL, 0, path->count);
    if (!node->path) {
        return false;
    }
    memcpy(node->path, path->items, path->count);
    node->path_bytes = path->count;
    return true;
}

size_t wk_mirror_nodes_locked(struct wk_mirror *mirror, const struct wick_tree *tree, const struct wick_names *names,
                              const uint32_t *dirty, size_t count)
{
    struct wk_array text = {0};
    bool good = have_nodes(mirror, tree->node_count);
    size_t taken = 0;
    for (; taken < count && good; taken += good) {
        const uint32_t at = dirty[taken];
        struct wk_mirrored_node *node = (struct wk_mirrored_node *)mirror->nodes.items + at;
        if (tree->nodes[at].kind != WICK_NODE_SCOPE || !tree->nodes[at].count) {
            continue;
        }
        good = (node->path || (put_path(&text, tree, names, at) && keep_path(node, &text))) && put_value(&text, tree, at) &&
               keep(node, &text) && (node->queued || wk_queue_push(&mirror->dirty_nodes, at));
        node->queued = good || node->queued;
    }
    mirror->fed += count;
    wk_array_free(&text, &wk_heap_allocator, 1);
    return taken;
}

void wk_mirror_take_nodes_locked(struct wk_mirror *mirror, struct wk_commands *commands)
{
    char key[WK_MIRROR_KEY_BYTES];
    uint32_t count = 0, number;
    wk_command_begin(commands, "HSET", key, wk_mirror_key(mirror, ":r:", mirror->writer_text, (uint32_t)strlen(mirror->writer_text), key));
    for (; count < NODES_MOST && wk_queue_pop(&mirror->dirty_nodes, &number); count++) {
        struct wk_mirrored_node *node = (struct wk_mirrored_node *)mirror->nodes.items + number;
        node->queued = false;
        wk_command_word(commands, node->path, node->path_bytes);
        wk_command_word(commands, node->value, node->value_bytes);
    }
    if (count) {
        (void)wk_command_end(commands);
    }
}
