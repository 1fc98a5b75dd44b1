/*
 * SPDX-License-Identifier: MIT
 * The answer to wick_current: what the drain knows of a thread's open scopes. It only reads.
 */
#include "drain.h"

#include <string.h>

#include "base/text.h"
#include "record/recorder.h"

static const struct wk_thread *find(uint32_t tid, uint32_t serial)
{
    const struct wk_thread *thread = wk_live_first();

    while (thread && (serial ? thread->serial != serial : thread->tid != tid || thread->is_fiber)) {
        thread = wk_thread_at(thread->next);
    }
    return thread;
}

static void copy(char *to, size_t room, const char *text)
{
    size_t bytes = wk_text_cut(text, strlen(text), room - 1);
    memcpy(to, text, bytes);
    to[bytes] = 0;
}

bool wk_drain_current(const struct wk_drain *drain, uint32_t tid, uint32_t serial, struct wick_current_scope *out)
{
    const struct wk_thread *thread = find(tid, serial);

    if (!thread) {
        return false;
    }
    memset(out, 0, sizeof *out);
    if (thread->track) {
        const struct wk_decoder *decoder = &drain->tracks[thread->track - 1].decoder;
        const struct wk_open_scope *open = decoder->depth ? &decoder->open[decoder->depth - 1] : NULL;
        copy(out->thread, sizeof out->thread, wick_names_track_name(drain->run_tree->names, thread->track - 1));
        if (open && open->site) {
            int64_t elapsed_ns = wk_timekeeper_now_ns(&drain->time) - open->start_ns;

            copy(out->name, sizeof out->name, wick_names_site_name(drain->run_tree->names, open->site));
            out->elapsed_ns = elapsed_ns > 0 ? (uint64_t)elapsed_ns : 0;
        }
        out->depth = decoder->depth;
    }
    return true;
}
