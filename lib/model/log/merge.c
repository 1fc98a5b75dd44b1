/*
 * SPDX-License-Identifier: MIT
 * Several logs in wire form into one: the events stay as they are, the numbers of processes, tracks and sites become those of
 * one stream. Must not choose whose frame comes next: the caller does. Invariant: the events of a track keep their order, and
 * processes of equal host and pid that began at different times stay apart.
 */
#include "model/log/wire/wire.h"
#include "model/log/wire/wire_read.h"
#include "model/log/wire/wire_writer.h"

/* A site of a stream, in the merged one. */
struct merged_site {
    uint32_t site;        /* 0: not yet */
    const char *location; /* of the definition that it was made of: a stream may define its numbers anew */
};

struct merge_input {
    struct wick_merger *merger;
    struct wick_names *names;
    struct wick_reader *reader;
    struct wk_array tracks; /* uint32_t, by tracks of the reader: in the merged stream; WICK_NONE: not yet */
    struct wk_array sites;  /* struct merged_site, by numbers of the stream */
    uint32_t current;       /* track in the merged stream; WICK_NONE: none */
    int64_t start_ns;       /* of its first process, should its definition not say so; 0: unknown */
};

struct wick_merger {
    const struct wick_allocator *allocator;
    struct wick_text_out out;
    struct wick_names *names; /* of the merged stream; site n of it is index n - 1 */
    struct wick_reader *book; /* reads nothing: its tables give processes and tracks their numbers */
    struct wk_wire_writer *writer;
    struct merge_input *inputs;
    uint32_t input_count, first_track;
    int64_t start_ns, last_ns;
    int error;
};

/* ---- numbers of the merged stream -------------------------------------------------------------- */

static int on_frame(void *user, const void *bytes, size_t count, const struct wk_wire_frame_info *info)
{
    struct wick_merger *m = user;
    (void)info;
    return m->out.write(m->out.user, bytes, count);
}

static int no_records(void *user, const struct wick_record *records, size_t count)
{
    (void)user;
    (void)records;
    (void)count;
    return 0;
}

static int fail(struct wick_merger *m, int rc)
{
    m->error = m->error ? m->error : rc;
    return m->error;
}

/* Zeroed items up to `index`. */
static void *item_at(struct wick_merger *m, struct wk_array *array, uint32_t index, size_t item_bytes)
{
    if (index >= array->count) {
        if (wk_array_reserve(array, m->allocator, index + 1, item_bytes) < 0) {
            fail(m, WICK_E_NOMEM);
            return NULL;
        }
        memset((char *)array->items + array->count * item_bytes, 0, (index + 1 - array->count) * item_bytes);
        array->count = index + 1;
    }
    return (char *)array->items + index * item_bytes;
}

/* The process of an input in the merged stream; WICK_NONE: no memory. */
static uint32_t merge_process(struct merge_input *in, uint32_t process)
{
    struct wick_merger *m = in->merger;
    const struct wk_process *p = &wk_reader_processes(in->reader)[process];
    uint32_t known = m->book->processes.count;
    int64_t start_ns = p->start_ns || process ? p->start_ns : in->start_ns;
    uint32_t merged = wk_reader_process_of(m->book, p->key, p->key_bytes, p->node_bytes, start_ns);
    struct wick_process_info info = *wick_names_process(in->names, process);
    info.start_ns = start_ns;
    if (merged == known && wick_names_set_process(m->names, merged, &info) < 0) {
        fail(m, WICK_E_NOMEM);
    }
    return merged;
}

/* The track of a number of an input's stream; WICK_NONE: nonsense, or no memory. */
static uint32_t merge_track(struct merge_input *in, uint32_t number)
{
    struct wick_merger *m = in->merger;
    const struct wk_wire_known_track *t = wk_wire_use_track(in->reader, number);
    uint32_t *merged = t ? item_at(m, &in->tracks, t->track, sizeof *merged) : NULL;
    if (!merged) {
        return WICK_NONE;
    }
    if (!*merged) {
        uint32_t process = merge_process(in, t->process);
        uint32_t track = process == WICK_NONE ? WICK_NONE : wk_reader_process_track(m->book, process, t->prefix, t->prefix_bytes);
        if (track == WICK_NONE) {
            fail(m, WICK_E_NOMEM);
            return WICK_NONE;
        }
        *merged = track + 1;
    }
    return *merged - 1;
}

static bool merge_site(struct merge_input *in, struct wick_record *r)
{
    struct wick_merger *m = in->merger;
    if (!r->site || r->site == WICK_NONE) {
        return true;
    }
    const struct wk_wire_known_site *s = wk_wire_use_site(in->reader, r->site);
    struct merged_site *merged = s ? item_at(m, &in->sites, r->site, sizeof *merged) : NULL;
    if (!merged) {
        return false;
    }
    if (!merged->site || merged->location != s->info.location) {
        uint32_t index = wick_names_sites(m->names);
        if (wick_names_set_site(m->names, index, &s->info) < 0) {
            fail(m, WICK_E_NOMEM);
            return false;
        }
        *merged = (struct merged_site){index + 1, s->info.location};
    }
    r->site = merged->site;
    return true;
}

/* ---- events ------------------------------------------------------------------------------------ */

/* Another track of the input. Where the input has a hole its depth is not what we have written: it is told anew. */
static bool switch_to(struct merge_input *in, const struct wk_wire_event *event)
{
    struct wk_wire_writer *writer = in->merger->writer;
    in->current = merge_track(in, event->record.track);
    struct wk_wire_written_track *track = in->current == WICK_NONE ? NULL : wk_wire_define_track(writer, in->current + 1);
    if (track && event->record.track && track->depth != event->depth) { /* number 0 has no scopes */
        track->depth = event->depth;
        writer->track = WICK_NONE;
    }
    return track != NULL;
}

static bool put(struct merge_input *in, struct wk_wire_event *event)
{
    struct wick_merger *m = in->merger;
    struct wick_record *r = &event->record;
    r->track = in->current;
    if (r->track != WICK_NONE && m->first_track == WICK_NONE) {
        m->first_track = r->track;
        wk_wire_write_line(m->writer, m->start_ns, r->track, WICK_LINE_MARK, "wick merge start");
    }
    if (wk_kind_shape(r->kind) == WK_SHAPE_NAMED && !event->has_text) {
        r->text = NULL;
    }
    m->last_ns = r->track != WICK_NONE && r->time_ns > m->last_ns ? r->time_ns : m->last_ns;
    int rc = wk_wire_put_event(m->writer, r);
    return rc >= 0 || fail(m, rc) == 0;
}

static bool on_event(void *user, struct wk_wire_event *event)
{
    struct merge_input *in = user;
    struct wick_merger *m = in->merger;
    if (!event) { /* a frame begins */
        in->current = WICK_NONE;
        wk_wire_writer_decimals(m->writer, 9);
        return true;
    }
    struct wick_record *r = &event->record;
    if (r->kind == WK_KIND_SWITCH) {
        return switch_to(in, event);
    }
    in->reader->stats.lines++;
    if (r->kind == WK_KIND_DECIMALS) {
        wk_wire_writer_decimals(m->writer, r->unfinished < 10 ? r->unfinished : 9);
        return true;
    }
    if (r->kind == WK_KIND_PAD || wk_kind_shape(r->kind) == WK_SHAPE_UNKNOWN) {
        return true;
    }
    if (in->current == WICK_NONE && r->kind != WK_KIND_LINE) {
        return false;
    }
    if (r->kind == WICK_RECORD_UNDER) {
        r->parent_track = merge_track(in, r->parent_track);
        if (r->parent_track == WICK_NONE) {
            return false;
        }
    }
    return merge_site(in, r) && put(in, event);
}

/* ---- the whole --------------------------------------------------------------------------------- */

static bool begin_input(struct wick_merger *m, struct merge_input *in, uint32_t vector)
{
    const struct wick_record_out out = {no_records, NULL};
    in->merger = m;
    in->names = wick_names_create(m->allocator);
    in->reader = in->names ? wick_reader_create(m->allocator, in->names, &out, vector) : NULL;
    if (in->reader) {
        in->reader->on_event = on_event;
        in->reader->on_event_user = in;
    }
    return in->reader != NULL;
}

struct wick_merger *wick_merger_create(const struct wick_allocator *allocator, uint32_t inputs,
                                       const struct wick_merger_options *options)
{
    const struct wick_record_out none = {no_records, NULL};
    struct wick_merger *m = wk_mem_zeroed(allocator, sizeof *m);
    if (!m) {
        return NULL;
    }
    m->allocator = allocator;
    m->out = options->out;
    m->start_ns = m->last_ns = options->start_ns;
    m->first_track = WICK_NONE;
    m->names = wick_names_create(allocator);
    m->book = m->names ? wick_reader_create(allocator, m->names, &none, options->vector) : NULL;
    struct wk_wire_options wire = {.names = m->names, .out = {on_frame, m}, .vector = options->vector, .read_records = true};
    m->writer = wk_wire_writer_create(&wire, allocator);
    m->inputs = wk_mem_zeroed(allocator, inputs * sizeof *m->inputs);
    bool good = m->book && m->writer && m->inputs;
    m->input_count = m->inputs ? inputs : 0;
    for (uint32_t i = 0; good && i < inputs; i++) {
        m->inputs[i].start_ns = options->run_start_ns[i];
        good = begin_input(m, &m->inputs[i], options->vector);
    }
    if (!good || m->out.write(m->out.user, (const char *)wk_wire_stream_header, WK_WIRE_STREAM_BYTES) < 0) {
        wick_merger_destroy(m);
        return NULL;
    }
    return m;
}

void wick_merger_destroy(struct wick_merger *m)
{
    if (!m) {
        return;
    }
    const struct wick_allocator *a = m->allocator;
    for (uint32_t i = 0; i < m->input_count; i++) {
        wick_reader_destroy(m->inputs[i].reader);
        wick_names_destroy(m->inputs[i].names);
        wk_array_free(&m->inputs[i].tracks, a, sizeof(uint32_t));
        wk_array_free(&m->inputs[i].sites, a, sizeof(struct merged_site));
    }
    wk_mem_free(a, m->inputs, m->input_count * sizeof *m->inputs);
    wk_wire_writer_destroy(m->writer);
    wick_reader_destroy(m->book);
    wick_names_destroy(m->names);
    wk_mem_free(a, m, sizeof *m);
}

int wick_merger_feed(struct wick_merger *m, uint32_t input, const char *bytes, size_t count)
{
    int rc = m->error ? m->error : wick_reader_feed(m->inputs[input].reader, bytes, count);
    return rc < 0 ? fail(m, rc) : m->error;
}

int wick_merger_finish(struct wick_merger *m)
{
    for (uint32_t i = 0; i < m->input_count; i++) {
        wick_reader_finish(m->inputs[i].reader);
    }
    if (m->first_track != WICK_NONE) {
        wk_wire_writer_decimals(m->writer, 9);
        wk_wire_write_line(m->writer, m->last_ns + 1000, m->first_track, WICK_LINE_MARK, "wick end");
    }
    int rc = wk_wire_flush(m->writer);
    return rc < 0 ? fail(m, rc) : m->error;
}

const struct wick_reader *wick_merger_reader(const struct wick_merger *m, uint32_t input)
{
    return m->inputs[input].reader;
}
