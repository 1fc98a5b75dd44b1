/*
 * SPDX-License-Identifier: MIT
 * Nesting across holes of a stream: frames that are missing, damaged, or before the place where reading began.
 * Invariant: of a track's open scopes the outermost were read, then come those whose START was not, then those that
 * were read again (struct wk_wire_known_track); ends that are missing are made up as killed, so that every cut nests.
 */
#include "wire_read.h"

static void end_killed(struct wick_reader *reader, const struct wk_wire_known_track *t, uint32_t count)
{
    for (; count && !reader->error; count--) {
        *wk_reader_next_record(reader) = (struct wick_record){
            .time_ns = reader->wire->time_ns, .track = t->track, .site = WICK_NONE, .text = "", .u.cpu_ns = -1,
            .kind = WICK_RECORD_ENDER, .unfinished = WICK_UNFINISHED_KILLED};
    }
}

void wk_wire_meet_depth(struct wick_reader *reader, struct wk_wire_known_track *t, uint32_t depth)
{
    if (WICK_I_LIKELY(t->depth == depth)) {
        return;
    }
    uint32_t inner = t->depth - t->outer - t->unknown;
    if (!t->unknown) {
        t->outer += inner;
        inner = 0;
    }
    if (inner && depth > t->depth) { /* only one layer of unknown scopes can be told apart */
        end_killed(reader, t, inner);
        inner = 0;
    }
    uint32_t below = t->outer + t->unknown;
    if (inner && depth < below + inner) {
        uint32_t keep = depth > below ? depth - below : 0;
        end_killed(reader, t, inner - keep);
        inner = keep;
    }
    if (depth < t->outer) {
        end_killed(reader, t, t->outer - depth);
        t->outer = depth;
    }
    t->unknown = depth - t->outer - inner;
    t->depth = depth;
}

bool wk_wire_pop(struct wick_reader *reader, struct wk_wire_known_track *t)
{
    if (t->depth - t->outer - 1 < t->unknown) {
        t->depth--;
        t->unknown--;
        reader->stats.cut_ends++;
        return false;
    }
    t->depth -= t->depth > 0;
    t->outer = t->depth < t->outer ? t->depth : t->outer;
    return true;
}
