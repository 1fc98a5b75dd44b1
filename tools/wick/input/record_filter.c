/*
 * SPDX-License-Identifier: MIT
 * Leaves out records while a log is read. See record_filter.h.
 * Invariant: a scope is kept or left out as a whole: its END goes the way of its START.
 */
#include "input/record_filter.h"

#include <stdlib.h>

#include "base/host.h"
#include "base/messages.h"
#include "base/words.h"

struct kept_scopes {
    uint8_t *kept; /* one per open scope of the track */
    uint32_t depth, capacity;
    int8_t thread; /* does --thread ask for it? 0: not known yet, 1: yes, -1: no */
};

struct record_filter {
    const struct wick_names *names;
    struct wick_record_out out;
    const char *thread;
    int64_t from_ns, until_ns; /* since the epoch; relative ones: since the log's start, until the first record came */
    bool relative_from, relative_until, seen, thread_found;
    struct kept_scopes *tracks;
    uint32_t track_count;
};

/* Seconds since the log's start, or, from 10^8 on, since the epoch. */
static bool parse_time(const struct settings *settings, const char *option, const char *text, int64_t *time_ns,
                       bool *relative)
{
    if (!text) {
        return true;
    }
    if (!tool_duration(text, time_ns)) {
        tool_error(settings, "--%s wants a time such as 1.5, 250ms (since the log's start) or 1700000000.5, not"
                             " '%s'", option, text);
        return false;
    }
    *relative = *time_ns < INT64_C(100000000000000000);
    return true;
}

bool record_filter_create(struct record_filter **filter, const struct settings *settings,
                          const struct wick_names *names, const struct wick_record_out *out)
{
    *filter = NULL;
    if (!settings->thread && !settings->from && !settings->until) {
        return true;
    }
    struct record_filter *f = calloc(1, sizeof *f);
    if (!f) {
        tool_error(settings, "out of memory");
        return false;
    }
    *f = (struct record_filter){.names = names, .out = *out, .thread = settings->thread, .from_ns = INT64_MIN,
                                .until_ns = INT64_MAX};
    if (!parse_time(settings, "from", settings->from, &f->from_ns, &f->relative_from) ||
        !parse_time(settings, "until", settings->until, &f->until_ns, &f->relative_until)) {
        free(f);
        return false;
    }
    *filter = f;
    return true;
}

void record_filter_destroy(struct record_filter *filter)
{
    if (filter) {
        if (filter->seen && !filter->thread_found) {
            tool_note("no thread matches --thread '%s'", filter->thread);
        }
        for (uint32_t i = 0; i < filter->track_count; i++) {
            free(filter->tracks[i].kept);
        }
        free(filter->tracks);
        free(filter);
    }
}

static int8_t wants_thread(struct record_filter *f, uint32_t track)
{
    const struct wick_track_info *info = wick_names_track(f->names, track);
    bool found = !f->thread || tool_glob(f->thread, info->thread) || tool_glob(f->thread, info->label);
    f->thread_found = f->thread_found || found;
    return found ? 1 : -1;
}

static int filter_one(struct record_filter *f, const struct wick_record *r)
{
    if (!tool_grow(&f->tracks, &f->track_count, r->track, sizeof *f->tracks)) {
        return WICK_E_NOMEM;
    }
    struct kept_scopes *scopes = &f->tracks[r->track];
    f->seen = true;
    if (f->relative_from || f->relative_until) {
        record_filter_start(f, r->time_ns);
    }
    if (!scopes->thread) {
        scopes->thread = wants_thread(f, r->track);
    }
    bool keep = scopes->thread > 0 && r->time_ns >= f->from_ns && r->time_ns <= f->until_ns;
    if (r->kind == WICK_RECORD_START) {
        if (!tool_grow(&scopes->kept, &scopes->capacity, scopes->depth, 1)) {
            return WICK_E_NOMEM;
        }
        scopes->kept[scopes->depth++] = keep;
    } else if (r->kind <= WICK_RECORD_ENDER && scopes->depth) {
        keep = scopes->kept[--scopes->depth];
    } else if (r->kind == WICK_RECORD_CLEAR) {
        scopes->depth = 0;
        keep = scopes->thread > 0; /* harmless where nothing is open */
    } else if (r->kind == WICK_RECORD_UNDER || r->kind == WICK_RECORD_THREAD_NAME) {
        keep = scopes->thread > 0;
    }
    return keep ? f->out.records(f->out.user, r, 1) : 0;
}

void record_filter_start(struct record_filter *f, int64_t start_ns)
{
    f->from_ns += f->relative_from ? start_ns : 0;
    f->until_ns += f->relative_until ? start_ns : 0;
    f->relative_from = f->relative_until = false;
}

int record_filter_records(void *filter, const struct wick_record *records, size_t count)
{
    int rc = 0;
    for (size_t i = 0; i < count && rc >= 0; i++) {
        rc = filter_one(filter, &records[i]);
    }
    return rc;
}
