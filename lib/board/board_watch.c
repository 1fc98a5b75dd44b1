/*
 * SPDX-License-Identifier: MIT
 * Changed trackers, for those who watch. See board_watch.h.
 */
#include "board_watch.h"

#include <stdlib.h>
#include <string.h>

#include <wick/records.h>

#include "model/tree/board_state.h"
#include "program_board.h"

enum { WATCHED = 65536 }; /* changes that are remembered */

/* Those of the process: a forked child has no server, and none that watches. */
static struct {
    uint32_t *entries; /* of change N, at N % WATCHED; NULL: nobody has ever watched */
    uint64_t head;     /* number of the next */
    uint64_t read;     /* no reader has read this one or one behind it */
} watch;

bool wk_watch_head(uint64_t *head)
{
    if (!watch.entries) {
        watch.entries = malloc(WATCHED * sizeof *watch.entries);
        watch.head = 1;
    }
    *head = watch.head;
    return watch.entries != NULL;
}

void wk_watch_note(uint32_t entry)
{
    while (watch.entries && entry != WICK_NONE) {
        struct wk_board_place *place = wk_board_place_at(entry);
        if (place->changed <= watch.read) { /* else every reader is yet to come to it */
            watch.entries[watch.head % WATCHED] = entry;
            place->changed = ++watch.head;
        }
        entry = wk_tracker_at(wk_program_board.board, entry)->parent;
    }
}

void wk_watch_note_line(const struct wick_record *record)
{
    const char *space = watch.entries && record->text_bytes ? memchr(record->text, ' ', record->text_bytes) : NULL;
    if (space) {
        wk_watch_note(wk_board_entry(wk_program_board.board, record->text, (uint32_t)(space - record->text)));
    }
}

int wk_watch_next(uint64_t *at, uint32_t *entry)
{
    if (watch.head - *at > WATCHED) {
        *at = watch.head;
        return -1;
    }
    while (*at < watch.head) {
        uint32_t found = watch.entries[*at % WATCHED];
        uint64_t number = (*at)++;
        watch.read = *at > watch.read ? *at : watch.read;
        if (wk_board_place_at(found)->changed == number + 1) { /* else it changed again, and comes later */
            *entry = found;
            return 1;
        }
    }
    return 0;
}
