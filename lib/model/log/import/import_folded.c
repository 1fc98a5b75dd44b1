/*
 * SPDX-License-Identifier: MIT
 * Folded stacks: `main;load;parse 12`, a stack and its number of samples per line.
 */
#include "import.h"

#define FOLDED_NS 1000 /* per sample, since `wick export --to folded` writes microseconds */

bool wk_import_is_folded(const char *line, size_t bytes)
{
    size_t at = bytes - (bytes && line[bytes - 1] == '\r'), end = at;
    if (!bytes || (line[0] >= '0' && line[0] <= '9')) {
        return false;
    }
    while (at && line[at - 1] >= '0' && line[at - 1] <= '9') {
        at--;
    }
    return at < end && at > 1 && line[at - 1] == ' ';
}

static void pop_to(struct wick_reader *reader, uint32_t depth)
{
    struct wk_import *f = reader->import;
    while (f->stack.count > depth) {
        wk_import_put(reader, WICK_RECORD_ENDOK, f->track, ((const uint32_t *)f->stack.items)[--f->stack.count], f->time_ns);
    }
}

static void push(struct wick_reader *reader, uint32_t site)
{
    struct wk_import *f = reader->import;
    if (site == WICK_NONE || wk_array_reserve(&f->stack, reader->allocator, f->stack.count + 1, sizeof site) < 0) {
        reader->error = WICK_E_NOMEM;
        return;
    }
    ((uint32_t *)f->stack.items)[f->stack.count++] = site;
    wk_import_put(reader, WICK_RECORD_START, f->track, site, f->time_ns);
}

void wk_import_folded(struct wick_reader *reader, const char *line, size_t bytes)
{
    uint64_t samples;
    size_t at = bytes, from = 0;
    if (wk_import_begin(reader) < 0) {
        return;
    }
    struct wk_import *f = reader->import;
    bytes -= bytes && line[bytes - 1] == '\r';
    if (!bytes) {
        return;
    }
    for (at = bytes; at && line[at - 1] != ' '; at--) {
    }
    if (at < 2 || !wk_number_unsigned(line + at, bytes - at, (uint64_t)1 << 50, &samples)) {
        wk_reader_problem(reader, WICK_PROBLEM_NUMBER, line, bytes);
        return;
    }
    if (f->track == WICK_NONE && (f->track = wk_import_track(reader, 0, "stacks", 6)) == WICK_NONE) {
        return;
    }
    uint32_t depth = 0;
    for (size_t i = 0; i < at && !reader->error && depth < WK_IMPORT_DEEP; i++) {
        if (line[i] != ';' && i + 1 != at) {
            continue;
        }
        struct wk_import_name name = {.name = line + from, .name_bytes = (uint32_t)(i - from), .file = "", .category = "", .colour = WICK_NONE};
        uint32_t site = wk_import_site(reader, &name);
        if (depth >= f->stack.count || ((const uint32_t *)f->stack.items)[depth] != site) {
            pop_to(reader, depth);
            push(reader, site);
        }
        depth++;
        from = i + 1;
    }
    pop_to(reader, depth);
    f->time_ns += (int64_t)samples * FOLDED_NS;
}

void wk_import_folded_finish(struct wick_reader *reader)
{
    pop_to(reader, 0);
}
