/*
 * SPDX-License-Identifier: MIT
 * Parents of processes. See process_tree.h.
 */
#include "process_tree.h"

#include "model/base/number.h"

/* What `host pid start` says. */
struct run_name {
    const char *host;
    size_t host_bytes;
    uint64_t pid;
    int64_t start_ns;
};

static int read_name(const char *text, struct run_name *name)
{
    size_t ends[3], at = 0;
    for (int i = 0; i < 3; i++) {
        while (text[at] && text[at] != ' ') {
            at++;
        }
        ends[i] = at;
        at += text[at] == ' ';
    }
    name->host = text;
    name->host_bytes = ends[0];
    return ends[1] > ends[0] && ends[2] > ends[1] && !text[at] &&
           wk_number_unsigned(text + ends[0] + 1, ends[1] - ends[0] - 1, UINT64_MAX, &name->pid) &&
           wk_number_time(text + ends[1] + 1, ends[2] - ends[1] - 1, &name->start_ns);
}

static int is_named(const struct wick_process_info *info, const struct run_name *name)
{
    for (size_t i = 0; i < name->host_bytes; i++) {
        if (info->host[i] != name->host[i]) { /* a shorter one ends there */
            return 0;
        }
    }
    return !info->host[name->host_bytes] && info->pid_number == name->pid && info->start_ns == name->start_ns;
}

static int began_before(const struct wick_names *names, uint32_t x, uint32_t y)
{
    int64_t x_ns = wick_names_process(names, x)->start_ns, y_ns = wick_names_process(names, y)->start_ns;
    return x_ns != y_ns ? x_ns < y_ns : x < y;
}

static uint32_t find(const struct wk_table *table, const struct wick_names *names, const char *text, uint32_t child)
{
    struct run_name name;
    uint32_t probe = 0, found = WICK_NONE;
    if (!read_name(text, &name)) {
        return WICK_NONE;
    }
    uint64_t hash = wk_mem_mix(name.pid, (uint64_t)name.start_ns);
    while ((found = wk_table_next(table, hash, &probe)) != WICK_NONE) {
        if (is_named(wick_names_process(names, found), &name) && began_before(names, found, child)) {
            return found;
        }
    }
    return WICK_NONE;
}

static void sink(const struct wick_names *names, uint32_t *order, uint32_t count, uint32_t at)
{
    for (uint32_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        child += child + 1 < count && began_before(names, order[child], order[child + 1]);
        if (!began_before(names, order[at], order[child])) {
            return;
        }
        uint32_t swap = order[at];
        order[at] = order[child];
        order[child] = swap;
        at = child;
    }
}

static void sort(const struct wick_names *names, uint32_t *order, uint32_t count)
{
    for (uint32_t at = count / 2; at-- > 0;) {
        sink(names, order, count, at);
    }
    for (uint32_t left = count; left > 1; left--) {
        uint32_t swap = order[0];
        order[0] = order[left - 1];
        order[left - 1] = swap;
        sink(names, order, left - 1, 0);
    }
}

int wk_process_tree_make(struct wk_process_tree *tree, const struct wick_names *names, const struct wick_allocator *a)
{
    struct wk_table table = {0};
    int rc = 0;
    tree->count = wick_names_processes(names);
    tree->parents = wk_mem_zeroed(a, ((size_t)tree->count + 1) * 2 * sizeof *tree->parents);
    if (!tree->parents) {
        tree->count = 0;
        return WICK_E_NOMEM;
    }
    tree->order = tree->parents + tree->count;
    for (uint32_t i = 0; i < tree->count && rc >= 0; i++) {
        const struct wick_process_info *info = wick_names_process(names, i);
        tree->order[i] = i;
        rc = wk_table_add(&table, a, wk_mem_mix(info->pid_number, (uint64_t)info->start_ns), i);
    }
    for (uint32_t i = 0; i < tree->count && rc >= 0; i++) {
        const struct wick_process_info *info = wick_names_process(names, i);
        uint32_t parent = find(&table, names, info->exec_from, i);
        tree->parents[i] = parent != WICK_NONE ? parent : find(&table, names, info->parent, i);
    }
    sort(names, tree->order, tree->count);
    wk_table_free(&table, a);
    return rc;
}

void wk_process_tree_free(struct wk_process_tree *tree, const struct wick_allocator *a)
{
    wk_mem_free(a, tree->parents, ((size_t)tree->count + 1) * 2 * sizeof *tree->parents);
    *tree = (struct wk_process_tree){0};
}
