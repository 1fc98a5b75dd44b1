/*
 * SPDX-License-Identifier: MIT
 * Leaving things out: threads and times while records pass, paths when nodes are shown.
 * Must not measure. Invariant: a scope is kept or left out as a whole: its END goes the way of its START.
 */
#include <stdlib.h>
#include <string.h>

#include "tool.h"

struct open_bits {
    uint8_t *kept; /* one per open scope of the track */
    uint32_t depth, capacity;
    int8_t thread; /* 0: not asked yet, 1: wanted, -1: not */
};

struct select {
    const struct load *load;
    struct wick_record_out out;
    const char *thread;
    int64_t from_ns, until_ns; /* since the epoch, or since the log's start until its first record came */
    bool relative_from, relative_until, seen;
    struct open_bits *tracks;
    uint32_t track_count;
};

static bool glob_matches(const char *pattern, const char *text)
{
    const char *star = NULL, *retry = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = ++pattern;
            retry = text;
        } else if (*pattern == '?' || *pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star;
            text = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*') {
        pattern++;
    }
    return !*pattern;
}

bool select_path(const char *pattern, const char *path)
{
    const char *slash = strchr(pattern, '/') ? NULL : strrchr(path, '/');
    return glob_matches(pattern, path) || (slash && glob_matches(pattern, slash + 1));
}

bool select_open(const struct load *load, uint32_t track)
{
    static char path[65536];
    const char *pattern = load->settings->path;
    bool found = !pattern;
    uint32_t node, depth = found ? 0 : wick_tree_depth(load->tree, track);
    int64_t start_ns;
    for (uint32_t level = 0; level < depth && !found; level++) {
        found = wick_tree_open_scope(load->tree, track, level, &node, &start_ns) &&
                select_path(pattern, name_path(load, node, path, sizeof path));
    }
    return found;
}

/* Seconds since the log's start, or, from 10^8 on, since the epoch. */
static bool parse_time(const struct settings *settings, const char *option, const char *text, int64_t *time_ns,
                       bool *relative)
{
    if (!tool_duration(text, time_ns)) {
        tool_error(settings, "--%s wants a time such as 1.5, 250ms (since the log's start) or 1700000000.5, not"
                             " '%s'", option, text);
        return false;
    }
    *relative = *time_ns < INT64_C(100000000000000000);
    return true;
}

bool select_create(const struct load *load, const struct settings *settings, struct select **select,
                   const struct wick_record_out *out)
{
    *select = NULL;
    if (!settings->thread && !settings->from && !settings->until) {
        return true;
    }
    struct select *s = calloc(1, sizeof *s);
    if (!s) {
        tool_error(settings, "out of memory");
        return false;
    }
    *s = (struct select){.load = load, .out = *out, .thread = settings->thread, .from_ns = INT64_MIN,
                         .until_ns = INT64_MAX};
    if ((settings->from && !parse_time(settings, "from", settings->from, &s->from_ns, &s->relative_from)) ||
        (settings->until && !parse_time(settings, "until", settings->until, &s->until_ns, &s->relative_until))) {
        free(s);
        return false;
    }
    *select = s;
    return true;
}

static struct open_bits *bits_of(struct select *s, uint32_t track)
{
    return tool_grow(&s->tracks, &s->track_count, track, sizeof *s->tracks) ? &s->tracks[track] : NULL;
}

static int push_bit(struct open_bits *bits, uint8_t kept)
{
    if (bits->depth == bits->capacity) {
        uint32_t capacity = bits->capacity ? bits->capacity * 2 : 16;
        uint8_t *grown = realloc(bits->kept, capacity);
        if (!grown) {
            return WICK_E_NOMEM;
        }
        bits->kept = grown;
        bits->capacity = capacity;
    }
    bits->kept[bits->depth++] = kept;
    return 0;
}

static int select_one(struct select *s, const struct wick_record *r)
{
    struct open_bits *bits = bits_of(s, r->track);
    if (!bits) {
        return WICK_E_NOMEM;
    }
    if (!s->seen) {
        s->seen = true;
        s->from_ns += s->relative_from ? r->time_ns : 0;
        s->until_ns += s->relative_until ? r->time_ns : 0;
    }
    if (!bits->thread) {
        const struct wick_track_info *info = wick_names_track(s->load->names, r->track);
        bits->thread = !s->thread || glob_matches(s->thread, info->thread) || glob_matches(s->thread, info->label)
                           ? 1 : -1;
    }
    bool keep = bits->thread > 0 && r->time_ns >= s->from_ns && r->time_ns <= s->until_ns;
    if (r->kind == WICK_RECORD_START) {
        int rc = push_bit(bits, keep);
        if (rc < 0) {
            return rc;
        }
    } else if (r->kind <= WICK_RECORD_ENDER && bits->depth) {
        keep = bits->kept[--bits->depth];
    } else if (r->kind == WICK_RECORD_CLEAR) {
        bits->depth = 0;
        keep = bits->thread > 0; /* harmless where nothing is open */
    } else if (r->kind == WICK_RECORD_UNDER || r->kind == WICK_RECORD_THREAD_NAME) {
        keep = bits->thread > 0;
    }
    return keep ? s->out.records(s->out.user, r, 1) : 0;
}

int select_records(void *select, const struct wick_record *records, size_t count)
{
    int rc = 0;
    for (size_t i = 0; i < count && rc >= 0; i++) {
        rc = select_one(select, &records[i]);
    }
    return rc;
}

void select_destroy(struct select *select)
{
    if (select) {
        for (uint32_t i = 0; i < select->track_count; i++) {
            free(select->tracks[i].kept);
        }
        free(select->tracks);
        free(select);
    }
}

uint8_t *select_hidden(const struct load *load, const struct settings *settings)
{
    struct wick_tree_stats stats;
    wick_tree_stats_read(load->tree, &stats);
    uint8_t *hidden = calloc(stats.nodes + 1, 1);
    if (!hidden) {
        return NULL;
    }
    enum { MATCHES = 1, HAS_MATCH = 2 };
    static char path[65536];
    struct wick_node_info info;
    for (uint32_t node = 0; node < stats.nodes; node++) {
        wick_tree_node(load->tree, node, &info);
        bool above = info.parent != WICK_NONE && hidden[info.parent] & MATCHES;
        bool self = info.kind == WICK_NODE_SCOPE &&
                    select_path(settings->path, name_path(load, node, path, sizeof path));
        hidden[node] = above || self ? MATCHES : 0;
        for (uint32_t up = info.parent; self && up != WICK_NONE && !(hidden[up] & HAS_MATCH); up = info.parent) {
            hidden[up] |= HAS_MATCH;
            wick_tree_node(load->tree, up, &info);
        }
    }
    for (uint32_t node = 0; node < stats.nodes; node++) {
        hidden[node] = !hidden[node];
    }
    return hidden;
}
