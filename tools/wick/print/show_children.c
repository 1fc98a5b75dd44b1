/*
 * SPDX-License-Identifier: MIT
 * Children without a log. See show_children.h.
 */
#include "print/show_children.h"

#include <string.h>

#include "base/words.h"

/* Is it a forked child of this one? What a process became by exec is no child. */
static bool is_child(const struct wick_process_info *child, const struct wick_process_info *parent)
{
    size_t host = strlen(parent->host), pid = strlen(parent->pid);
    return child != parent && !child->exec_from[0] && strncmp(child->parent, parent->host, host) == 0 && child->parent[host] == ' ' &&
           strncmp(child->parent + host + 1, parent->pid, pid) == 0 && child->parent[host + 1 + pid] == ' ';
}

static uint64_t count_recorded(const struct load *load, uint32_t process)
{
    uint64_t count = 0;
    for (uint32_t i = 0; i < wick_names_processes(load->names); i++) {
        count += is_child(wick_names_process(load->names, i), wick_names_process(load->names, process));
    }
    return count;
}

void show_children(const struct load *load, FILE *to)
{
    uint64_t all = 0, silent = 0;
    for (uint32_t i = 0; i < load->children_count; i++) {
        const struct load_children *told = &load->children[i];
        uint64_t recorded = count_recorded(load, told->process);
        all += told->count;
        silent += told->count > recorded ? told->count - recorded : 0;
    }
    if (silent) {
        fprintf(to, "%s of %s recorded nothing here: `wick run --processes` and WICK_FORK=follow record them\n", tool_number_text(silent),
                tool_count(all, "forked child|forked children"));
    }
}
