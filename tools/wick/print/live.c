/*
 * SPDX-License-Identifier: MIT
 * The live tree of `wick run`. See live.h.
 * The terminal's scroll region ends above our lines, so that the program's own output never meets them.
 * Invariant: the region is the whole screen again before the final tree is printed.
 */
#include "print/live.h"

#include <stdlib.h>
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
    if (!live->used) {
        return;
    }
    if (live->rows) {
        fprintf(stderr, "\0337\033[r\033[%u;1H\033[J\0338", live->rows - live->lines + 1);
    } else {
        fputs("\r\033[K", stderr);
    }
    fflush(stderr);
    live->rows = 0;
}

struct room {
    uint32_t lines_left, columns, column;
};

/* Print as many lines as there is room for, none wider than the terminal. */
static int put_lines(void *user, const char *bytes, size_t count)
{
    struct room *room = user;
    for (size_t i = 0; i < count && room->lines_left; i++) {
        const bool begins = ((unsigned char)bytes[i] & 0xc0) != 0x80; /* a character, not its later bytes */
        if (bytes[i] == '\n') {
            fputs(--room->lines_left ? "\r\n" : "", stderr);
            room->column = 0;
            continue;
        }
        room->column += begins;
        if (room->column < room->columns) {
            fputc(bytes[i], stderr);
        }
    }
    return room->lines_left ? 0 : WICK_E_LIMIT;
}

static void show_board(const struct board_view *trackers, const struct wick_text_out *out, uint32_t rows)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *to = open_memstream(&text, &bytes);
    if (to) {
        show_trackers_now(trackers, rows, to);
        fclose(to);
        (void)out->write(out->user, text, bytes);
    }
    free(text);
}

void live_show(struct live *live, const struct load *load, const struct board_view *trackers)
{
    char line[STATUS_LINE_BYTES];
    status_line(load, line);
    live->used = true;
    if (!reserve(live)) { /* the terminal is too small or has no size: one line that is written over */
        fprintf(stderr, "\r\033[K%.*s\r", (int)tool_columns(stderr) - 1, line);
        return;
    }
    struct room room = {.lines_left = live->lines - 1, .columns = live->columns};
    const struct wick_text_out out = {put_lines, &room};
    const struct wick_text_options options = {
        .width = live->columns - 1, .depth = 4, .children = 3, .tracks = 4};
    fprintf(stderr, "\0337\033[%u;1H\033[J%.*s\r\n", live->rows - live->lines + 1, (int)live->columns - 1, line);
    if (trackers) {
        show_board(trackers, &out, live->lines - 1);
    } else {
        wick_tree_settle(load->tree, INT64_MIN);
        (void)wick_tree_render(load->tree, load->names, &options, &out); /* stops when there is no room left */
    }
    fputs("\0338", stderr);
    fflush(stderr);
}
