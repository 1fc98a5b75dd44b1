/*
 * SPDX-License-Identifier: MIT
 * What has changed below a key: the `update` messages of an event stream of trackers. A message has the tracker itself, then those
 * below it that changed, the higher ones first; so many that the board's lock is held for a moment only.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "board/board_watch.h"
#include "board/program_board.h"
#include "model/tree/board_json.h"
#include "model/tree/board_state.h"
#include "answer_fleet.h"

enum {
    TRACKERS_MOST = 64,  /* of a message */
    CHANGES_MOST = 4096, /* that are looked at for it */
    BYTES_MOST = 32768   /* of facts: it ends with the tracker that goes beyond them */
};

struct changed {
    uint32_t entry;
    uint32_t levels; /* dots of its key */
    uint64_t number; /* behind its change */
};

static const struct wk_tracker *tracker_at(uint32_t entry)
{
    return wk_tracker_at(wk_program_board.board, entry);
}

static bool is_below(const struct wk_tracker *t, const char *key, uint32_t bytes)
{
    return t->key_bytes > bytes && t->key[bytes] == '.' && memcmp(t->key, key, bytes) == 0;
}

static uint32_t levels_of(const struct wk_tracker *t)
{
    uint32_t levels = 0;
    for (uint32_t i = 0; i < t->key_bytes; i++) {
        levels += t->key[i] == '.';
    }
    return levels;
}

static int by_level(const void *x, const void *y)
{
    const struct changed *a = x, *b = y;
    return a->levels != b->levels ? (a->levels > b->levels) - (a->levels < b->levels) : (a->number > b->number) - (a->number < b->number);
}

/* A tracker as GET gives it, or that it is not there. */
static void put_tracker(struct wick_json *json, const char *key, uint32_t bytes, int64_t now_ns)
{
    uint32_t tracker = wick_board_find(wk_program_board.board, key, bytes);
    wick_json_begin(json, NULL, '{');
    if (tracker == WICK_NONE) {
        wick_json_text(json, "key", key, bytes);
        wick_json_word(json, "missing", "true");
    } else {
        (void)wk_board_json(json, wk_program_board.board, tracker, now_ns);
    }
    wick_json_end(json, '}');
}

/* What a message is made from. */
struct collected {
    struct changed below[TRACKERS_MOST];
    uint32_t count;
    bool own; /* the key itself has changed */
    bool gap; /* changes are forgotten */
};

static void collect(struct wk_http_updates *u, struct collected *c)
{
    uint32_t looked = 0, bytes = 0, entry;
    int rc = 1;
    for (; looked < CHANGES_MOST && c->count < TRACKERS_MOST && bytes < BYTES_MOST && (rc = wk_watch_next(&u->at, &entry)) > 0; looked++) {
        const struct wk_tracker *t = tracker_at(entry);
        if (is_below(t, u->key, u->key_bytes)) {
            c->below[c->count++] = (struct changed){entry, levels_of(t), u->at};
            bytes += t->facts_bytes;
        } else if (t->key_bytes == u->key_bytes && memcmp(t->key, u->key, t->key_bytes) == 0) {
            c->own = true;
        }
    }
    u->more = rc > 0;
    c->gap = rc < 0;
}

static void write_message(const struct wk_http_updates *u, struct collected *c, struct wk_growing *text)
{
    struct wick_json json = {.out = {wk_growing_put, text}};
    int64_t now_ns = wk_clock_wall_ns(), last_ns = (int64_t)wk_program_board.version;
    now_ns = now_ns > last_ns ? now_ns : last_ns; /* the clock may have been set back */
    qsort(c->below, c->count, sizeof *c->below, by_level);
    wick_json_begin(&json, NULL, '[');
    put_tracker(&json, u->key, u->key_bytes, now_ns);
    for (uint32_t i = 0; i < c->count; i++) {
        const struct wk_tracker *t = tracker_at(c->below[i].entry);
        put_tracker(&json, t->key, t->key_bytes, now_ns);
    }
    wick_json_end(&json, ']');
}

long wk_answer_updates(void *user, struct wk_http_updates *u, char *to, size_t bytes)
{
    const struct wick_server *server = user;
    if (server->fleet && (!u->key_bytes || memchr(u->key, '/', u->key_bytes))) {
        return wk_fleet_updates(server->fleet, u, to, bytes);
    }
    struct wk_growing text = {0};
    struct collected c = {.own = u->at == 0};
    struct wk_visit visit;
    uint64_t before = u->at;
    u->more = false;
    if (wk_board_enter_quietly(&visit) < 0) {
        return 0;
    }
    if (before || wk_watch_head(&u->at)) {
        collect(u, &c);
        if (c.count || c.own) {
            write_message(u, &c, &text);
        }
    }
    wk_board_leave(&visit);
    if (text.failed || text.used > bytes) {
        u->at = before; /* once more, with more room or memory */
    }
    return c.gap ? -1 : wk_growing_move(&text, to, bytes);
}
