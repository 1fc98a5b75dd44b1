/*
 * SPDX-License-Identifier: MIT
 * All trackers of the program as definitions behind a snapshot's frames, of which the oldest may have been dropped.
 * Invariant: the board's lock is held for one frame.
 */
#include "board/program_board.h"
#include "model/log/wire/wire.h"
#include "model/log/wire/wire_format.h"
#include "model/tree/board_lines.h"
#include "service.h"

enum { FRAME_FULL = 8192 };

/* A frame that is being filled, and the time of the lines that come. */
struct filling {
    struct wk_growing *frame;
    int64_t time_ns;
};

static int put_definition(void *user, const char *text, size_t bytes)
{
    const struct filling *filling = user;
    uint8_t head[WK_WIRE_TRACKER_HEAD];
    size_t head_bytes = wk_wire_tracker_head(head, filling->time_ns, bytes - 1); /* without its NUL */

    (void)wk_growing_put(filling->frame, (const char *)head, head_bytes);
    return wk_growing_put(filling->frame, text, bytes - 1);
}

static void put_lines(struct filling *filling, uint32_t entry, uint64_t version)
{
    const struct wick_text_out out = {put_definition, filling};
    const struct wk_board_line line = {.tracker = entry, .version = version, .time_ns = (int64_t)version};

    filling->time_ns = line.time_ns;
    if (wk_board_lines(wk_program_board.board, &line, &out) < 0) {
        filling->frame->failed = true;
    }
}

static void put_tracker(struct filling *filling, uint32_t entry)
{
    struct wick_fact removal;
    uint64_t version, removed = wick_board_removal(wk_program_board.board, entry, &removal) ? removal.version : 0;

    for (uint32_t at = 0; (version = wk_board_next_version(wk_program_board.board, entry, &at)) != 0;) {
        removed = version == removed ? 0 : removed;
        put_lines(filling, entry, version);
    }
    if (removed) { /* no fact has its version */
        put_lines(filling, entry, removed);
    }
}

bool wk_snapshot_trackers(uint32_t *entry, struct wk_growing *to)
{
    static const char header[WK_WIRE_FRAME_BYTES];
    struct filling filling = {.frame = to};
    struct wk_visit visit;
    size_t begin = to->used;

    if (wk_board_enter_quietly(&visit) < 0) {
        return false;
    }
    const uint32_t count = wk_program_board.board ? wick_board_entries(wk_program_board.board) : 0;
    (void)wk_growing_put(to, header, sizeof header);
    while (*entry < count && to->used - begin < FRAME_FULL && !to->failed) {
        put_tracker(&filling, (*entry)++);
    }
    wk_board_leave(&visit);
    if (to->failed || to->used == begin + sizeof header) {
        to->used = begin;
    } else {
        wk_wire_seal_definitions((uint8_t *)to->bytes + begin, to->used - begin, false);
    }
    return *entry < count;
}
