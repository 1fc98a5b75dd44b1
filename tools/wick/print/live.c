/*
 * SPDX-License-Identifier: MIT
 * The live tree of `wick run`. See live.h.
 * The terminal's scroll region ends above our lines, so that the program's own output never meets them.
 * Invariant: the region is the whole screen again before the final tree is printed.
 */
#include "live.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LINES_MAX = 14, LINES_LEAST = 3 };

/* What one picture may write. */
struct picture {
    uint32_t left; /* lines */
};

static bool measure(uint32_t *rows, uint32_t *columns)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_row < 2 * LINES_LEAST || size.ws_col < 20) {
        return false;
    }
    *rows = size.ws_row;
    *columns = size.ws_col;
    return true;
}

/* Lines at the bottom for us: scroll what is there up, then keep the program above. */
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

/* The tree's text, as many lines as there is room for; each begins behind the last one. */
static int put_lines(void *user, const char *bytes, size_t count)
{
    struct picture *picture = user;
    for (size_t i = 0; i < count && picture->left; i++) {
        if (bytes[i] == '\n') {
            picture->left--;
            fputs(picture->left ? "\r\n" : "", stderr);
        } else {
            fputc(bytes[i], stderr);
        }
    }
    return picture->left ? 0 : WICK_E_LIMIT;
}

void live_show(struct live *live, struct follow *follow)
{
    char line[600];
    follow_status(follow, line, sizeof line);
    if (!reserve(live)) { /* a terminal without a size, or too small: one line that is written over */
        fprintf(stderr, "\r\033[K%.*s\r", (int)tool_columns(stderr) - 1, line);
        return;
    }
    struct picture picture = {.left = live->lines - 1};
    const struct wick_text_out out = {put_lines, &picture};
    const struct wick_text_options options = {
        .width = live->columns - 1, .depth = 4, .children = 3, .tracks = 4};
    fprintf(stderr, "\0337\033[%u;1H\033[J%.*s\r\n", live->rows - live->lines + 1, (int)live->columns - 1, line);
    wick_tree_settle(follow->load.tree, INT64_MIN);
    (void)wick_tree_render(follow->load.tree, follow->load.names, &options, &out); /* what fits */
    fputs("\0338", stderr);
    fflush(stderr);
}
