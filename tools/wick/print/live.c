/*
 * SPDX-License-Identifier: MIT
 * The live tree of `wick run`. See live.h.
 * The terminal's scroll region ends above our lines, so that the program's own output never meets them.
 * Invariant: the region is the whole screen again before the final tree is printed.
 */
#include "print/live.h"

#include <unistd.h>

#include "base/host.h"
#include "print/status_line.h"

enum { LINES_MAX = 14, LINES_LEAST = 3 };

static bool measure(uint32_t *rows, uint32_t *columns)
{
    return tool_terminal(stderr, rows, columns) && *rows >= 2 * LINES_LEAST && *columns >= 20;
}

/* Reserve lines at the bottom: scroll up what is there, then keep the program's output above. */
static bool reserve(struct live *live)
{
    uint32_t rows, columns;
    if (!measure(&rows, &columns)) {
        live_end(live);
        return false;
    }
    if (live->rows == rows && live->columns == columns) {
        return true;
    }
    live_end(live);
    live->lines = rows / 3 < LINES_LEAST ? LINES_LEAST : rows / 3 > LINES_MAX ? LINES_MAX : rows / 3;
    for (uint32_t i = 0; i < live->lines; i++) {
        fputc('\n', stderr);
    }
    fprintf(stderr, "\033[%uA\0337\033[1;%ur\0338", live->lines, rows - live->lines);
    live->rows = rows;
    live->columns = columns;
    return true;
}

void live_end(struct live *live)
{
    if (live->rows) {
        fprintf(stderr, "\0337\033[r\033[%u;1H\033[J\0338", live->rows - live->lines + 1);
    } else {
        fputs("\r\033[K", stderr);
    }
    fflush(stderr);
    live->rows = 0;
}

/* Print as many lines of the tree as there is room for. */
static int put_lines(void *user, const char *bytes, size_t count)
{
    uint32_t *lines_left = user;
    for (size_t i = 0; i < count && *lines_left; i++) {
        if (bytes[i] == '\n') {
            fputs(--*lines_left ? "\r\n" : "", stderr);
        } else {
            fputc(bytes[i], stderr);
        }
    }
    return *lines_left ? 0 : WICK_E_LIMIT;
}

void live_show(struct live *live, const struct load *load)
{
    char line[STATUS_LINE_BYTES];
    status_line(load, line);
    if (!reserve(live)) { /* the terminal is too small or has no size: one line that is written over */
        fprintf(stderr, "\r\033[K%.*s\r", (int)tool_columns(stderr) - 1, line);
        return;
    }
    uint32_t lines_left = live->lines - 1;
    const struct wick_text_out out = {put_lines, &lines_left};
    const struct wick_text_options options = {
        .width = live->columns - 1, .depth = 4, .children = 3, .tracks = 4};
    fprintf(stderr, "\0337\033[%u;1H\033[J%.*s\r\n", live->rows - live->lines + 1, (int)live->columns - 1, line);
    wick_tree_settle(load->tree, INT64_MIN);
    (void)wick_tree_render(load->tree, load->names, &options, &out); /* stops when there is no room left */
    fputs("\0338", stderr);
    fflush(stderr);
}
