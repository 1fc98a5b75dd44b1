/*
 * SPDX-License-Identifier: MIT
 * Writes a selection as a `.ctxt` log, track by track, since a reader needs the order of each thread only: the walk's
 * records, merged with the track's instants. Invariant: no line is earlier than the first or later than the last.
 */
#include "export.h"


enum { BEGIN = 0, TRACKS, END, DONE };

/* ---- life ---- */

int wk_export_begin(struct wk_export *e, const struct wk_selection *selection, const struct wick_names *names)
{
    const struct wick_allocator *a = selection->index->outer;
    *e = (struct wk_export){.names = names, .track = WICK_NONE};
    wk_selection_init(&e->walk, selection->index);
    e->walk.from_ns = selection->from_ns;
    e->walk.to_ns = selection->to_ns;
    e->walk.texts = 1;
    e->out = wk_mem_resize(a, NULL, 0, WK_EXPORT_BYTES);
    if (!e->out || wk_array_reserve(&e->walk.tracks, a, selection->tracks.count + 1, 1) < 0 ||
        wk_array_reserve(&e->walk.sites, a, selection->sites.count + 1, 1) < 0) {
        wk_export_end(e);
        return WICK_E_NOMEM;
    }
    e->walk.tracks.count = selection->tracks.count;
    e->walk.sites.count = selection->sites.count;
    memcpy(e->walk.tracks.items, selection->tracks.items ? selection->tracks.items : "", selection->tracks.count);
    memcpy(e->walk.sites.items, selection->sites.items ? selection->sites.items : "", selection->sites.count);
    return 0;
}

void wk_export_end(struct wk_export *e)
{
    if (e->walk.index) {
        wk_mem_free(e->walk.index->outer, e->out, WK_EXPORT_BYTES);
        wk_selection_fini(&e->walk);
    }
    wk_ctxt_writer_destroy(e->writer);
    *e = (struct wk_export){0};
}

/* ---- lines ---- */

/* Begin the lines of a track. A writer is made for each process, since host and pid are in every line. */
static int use_track(struct wk_export *e, uint32_t track)
{
    uint32_t process = wick_names_track(e->names, track)->process;
    const struct wick_process_info *info = wick_names_process(e->names, process);
    const struct wk_ctxt_options options = {.names = e->names, .first_site = 1};
    if (!e->writer || wick_names_track(e->names, e->named)->process != process) {
        wk_ctxt_writer_destroy(e->writer);
        e->writer = wk_ctxt_writer_create(&options, info->host, info->pid, e->walk.index->outer);
    }
    e->track = e->named = track;
    memset(e->instant, 0, sizeof e->instant);
    return e->writer ? 0 : WICK_E_NOMEM;
}

/* The next selected track without scopes, which the walk does not visit. */
static uint32_t next_without_scopes(struct wk_export *e)
{
    const struct wk_index *index = e->walk.index;
    for (; e->rest < index->tracks.count; e->rest++) {
        if (!wk_index_tracks(index)[e->rest].rows.count && wk_selection_has_track(&e->walk, e->rest)) {
            return e->rest++;
        }
    }
    return WICK_NONE;
}

static char *put_records(struct wk_export *e, char *out, struct wick_record *records, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        e->last_ns = records[i].time_ns > e->last_ns ? records[i].time_ns : e->last_ns;
        if (records[i].kind == WICK_RECORD_UNDER) {
            /* The scope that it hangs under may have been cut at the selection's beginning. */
            int64_t first_ns = records[i].first_ns > e->walk.from_ns ? records[i].first_ns : e->walk.from_ns;
            records[i].first_ns = first_ns + e->walk.index->origin_ns;
        }
        records[i].time_ns += e->walk.index->origin_ns;
        records[i].site = records[i].site == WICK_NONE ? 0 : records[i].site + 1; /* the writer counts from 1 */
    }
    wk_ctxt_write(e->writer, records, count, &out, e->out + WK_EXPORT_BYTES);
    return out;
}

static struct wick_record record_of(const struct wk_index *index, const struct wk_instant *item, uint32_t kind)
{
    struct wick_record r = {.time_ns = item->from_ns, .track = item->track, .site = item->site, .u.cpu_ns = -1};
    r.text = wk_kept_read(&index->texts, item->text, &r.text_bytes);
    switch (kind) {
    case WK_INSTANT_COUNTER:
        r.kind = item->kind ? WICK_RECORD_SUM : WICK_RECORD_GAUGE;
        r.u.number = item->number;
        break;
    case WK_INSTANT_LOCK:
        r.kind = item->kind ? WICK_RECORD_LOCKA : WICK_RECORD_LOCKW;
        break;
    case WK_INSTANT_LOSS:
        r.kind = WICK_RECORD_LOST;
        r.time_ns = item->to_ns;
        r.first_ns = item->from_ns + index->origin_ns;
        r.u.count = (uint64_t)item->number;
        break;
    default:
        r.kind = WICK_RECORD_MARK;
        break;
    }
    return r;
}

static int has_room(const struct wk_export *e, const char *out)
{
    return e->out + WK_EXPORT_BYTES - out >= 2 * WK_CTXT_ROOM;
}

/* Write the instants of the track up to a time. The end of a hold is a line of its own. */
static char *put_instants(struct wk_export *e, char *out, int64_t until_ns)
{
    for (uint32_t kind = WK_INSTANT_MARK; kind < WK_INSTANT_UNDER; kind++) {
        uint32_t count;
        const struct wk_instant *items = wk_instants_sorted(e->walk.index, kind, &count);
        for (; e->instant[kind] < count && items[e->instant[kind]].from_ns <= until_ns && has_room(e, out);
             e->instant[kind]++) {
            const struct wk_instant *item = &items[e->instant[kind]];
            if (item->track != e->track || item->from_ns < e->walk.from_ns || item->from_ns > e->walk.to_ns) {
                continue;
            }
            struct wick_record r[2] = {record_of(e->walk.index, item, kind)};
            r[1] = r[0];
            r[1].kind = WICK_RECORD_LOCKR;
            r[1].time_ns = item->to_ns;
            out = put_records(e, out, r, kind == WK_INSTANT_LOCK && item->kind && item->to_ns != WK_OPEN ? 2 : 1);
        }
    }
    return out;
}

/* Write lines until the buffer is full or nothing is left. */
static char *put_tracks(struct wk_export *e, char *out)
{
    while (out && has_room(e, out)) {
        if (e->next == e->count && !e->walked) {
            e->next = 0;
            int more = wk_selection_records(&e->walk, e->records, WK_EXPORT_RECORDS, &e->count);
            e->walked = more <= 0;
            if (more < 0) {
                return NULL;
            }
        }
        const struct wick_record *r = e->next < e->count ? &e->records[e->next] : NULL;
        if (r && r->track == e->track) {
            out = put_instants(e, out, r->time_ns);
            out = has_room(e, out) ? put_records(e, out, &e->records[e->next++], 1) : out;
            continue;
        }
        out = e->track == WICK_NONE ? out : put_instants(e, out, INT64_MAX); /* the rest of the last track */
        uint32_t track = !has_room(e, out) ? e->track : r ? r->track : next_without_scopes(e);
        if (track == WICK_NONE) {
            e->state = END;
            break;
        }
        if (track != e->track && use_track(e, track) < 0) {
            return NULL;
        }
    }
    return out;
}

/* The first and last line use the neighbouring track, since a track of their own would show as a thread. */
static char *put_mark(struct wk_export *e, char *out, int64_t time_ns, const char *text)
{
    return wk_ctxt_write_line(e->writer, out, time_ns + e->walk.index->origin_ns, wick_names_track(e->names, e->named)->thread,
                              WICK_LINE_MARK, text);
}

static char *put_first(struct wk_export *e)
{
    const struct wk_index *index = e->walk.index;
    int64_t first_ns = index->first_ns < index->last_ns ? index->first_ns : index->last_ns;
    uint32_t track = 0;
    e->last_ns = first_ns > e->walk.from_ns ? first_ns : e->walk.from_ns;
    while (track + 1 < index->tracks.count && !wk_selection_has_track(&e->walk, track)) {
        track++;
    }
    if (use_track(e, track) < 0) {
        return NULL;
    }
    e->track = WICK_NONE; /* the track's own lines come in turn */
    return put_mark(e, e->out, e->last_ns, "selection");
}

int wk_export_next(struct wk_export *e)
{
    char *out = e->out;
    if (e->state == BEGIN) {
        out = put_first(e);
        e->state = TRACKS;
    }
    if (out && e->state == TRACKS) {
        out = put_tracks(e, out);
    }
    if (out && e->state == END && has_room(e, out)) {
        out = put_mark(e, out, e->last_ns, "end of selection");
        e->state = DONE;
    }
    return out ? (int)(out - e->out) : WICK_E_NOMEM;
}
