/*
 * SPDX-License-Identifier: MIT
 * Definitions on the wire: what the numbers of sites and tracks mean, once before their first use, and once
 * more for whoever comes late. Strings are cleaned as in .ctxt, so that both forms of a log say the same.
 */
#include "model/log/ctxt/ctxt_clean.h"
#include "wire_writer.h"

enum {
    FIELD_MAX = 400, /* as in .ctxt: host, thread, location, category, file */
    LITERAL_MAX = 5000,
    ARGUMENTS_MAX = 4000,
    DEFINITION_MAX = 5 * FIELD_MAX + LITERAL_MAX + 128,
};

static bool append(const struct wk_wire_writer *writer, struct wk_wire_buffer *to, const void *bytes, size_t count)
{
    if (!wk_wire_buffer_reserve(writer, to, to->count + count + 16)) {
        return false;
    }
    if (count) {
        memcpy(to->bytes + to->count, bytes, count);
    }
    to->count += count;
    return true;
}

/* Kind, size, body. */
static bool append_definition(const struct wk_wire_writer *writer, struct wk_wire_buffer *to,
                              enum wk_wire_definition kind, const uint8_t *body, size_t count)
{
    uint8_t head[16];
    uint8_t *end = head;

    *end++ = (uint8_t)kind;
    end = wk_wire_put(end, count);
    return wk_wire_buffer_reserve(writer, to, to->count + sizeof head + count) &&
           append(writer, to, head, (size_t)(end - head)) && append(writer, to, body, count);
}

/* ---- bodies ---------------------------------------------------------------------------------- */

typedef char *(*clean_function)(char *out, const char *text, size_t bytes, size_t most);

static size_t length_of(const char *text)
{
    size_t bytes = 0;

    while (text && text[bytes]) {
        bytes++;
    }
    return bytes;
}

/* A size and a cleaned string; an empty one stays empty. */
static uint8_t *put_string(uint8_t *at, const char *text, clean_function clean, size_t most)
{
    char cleaned[LITERAL_MAX];
    size_t bytes = length_of(text);
    size_t count = bytes ? (size_t)(clean(cleaned, text, bytes, most) - cleaned) : 0;

    at = wk_wire_put(at, count);
    memcpy(at, cleaned, count);
    return at + count;
}

static uint8_t *put_process(uint8_t *at, uint32_t process, const struct wick_process_info *info)
{
    at = wk_wire_put(at, process);
    at = put_string(at, info->host, wk_ctxt_clean_field, FIELD_MAX);
    at = put_string(at, info->pid, wk_ctxt_clean_field, FIELD_MAX);
    at = wk_wire_put(at, wk_wire_fold(info->start_ns));
    at = put_string(at, info->program, wk_ctxt_clean_text, FIELD_MAX);
    at = put_string(at, info->arguments, wk_ctxt_clean_text, ARGUMENTS_MAX);
    at = put_string(at, info->parent, wk_ctxt_clean_text, FIELD_MAX);
    return put_string(at, info->exec_from, wk_ctxt_clean_text, FIELD_MAX);
}

static uint8_t *put_track(uint8_t *at, uint32_t track, const struct wick_track_info *info)
{
    at = wk_wire_put(wk_wire_put(at, track), info->process);
    return put_string(at, info->thread, wk_ctxt_clean_field, FIELD_MAX);
}

static uint8_t *put_site(uint8_t *at, uint32_t site, const struct wick_site_info *info)
{
    at = wk_wire_put(at, site);
    *at++ = info->kind;
    *at++ = info->formatted ? WK_WIRE_SITE_TEXTS : 0;
    at = wk_wire_put(wk_wire_put(at, info->line), (uint32_t)(info->colour + 1));
    at = put_string(at, info->location, wk_ctxt_clean_field, FIELD_MAX);
    at = put_string(at, info->literal, wk_ctxt_clean_text, LITERAL_MAX);
    at = put_string(at, info->category, wk_ctxt_clean_field, FIELD_MAX);
    return put_string(at, info->file, wk_ctxt_clean_text, FIELD_MAX);
}

static bool describe_site(struct wk_wire_writer *writer, struct wk_wire_buffer *to, uint32_t site, bool *texts)
{
    static const struct wick_site_info none = {.location = "-", .colour = WICK_NONE, .kind = WICK_SITE_FOREIGN};
    uint8_t body[DEFINITION_MAX];
    uint32_t index = site - writer->options.read_records;
    bool known = site && index < wick_names_sites(writer->options.names);
    const struct wick_site_info *info = known ? wick_names_site(writer->options.names, index) : &none;

    *texts = info->formatted;
    return append_definition(writer, to, WK_WIRE_DEFINE_SITE, body, (size_t)(put_site(body, site, info) - body));
}

static bool describe_process(struct wk_wire_writer *writer, struct wk_wire_buffer *to, uint32_t process)
{
    static const struct wick_process_info none = {.host = "-", .pid = "0"};
    const struct wick_names *names = writer->options.names;
    uint8_t body[DEFINITION_MAX];
    const struct wick_process_info *info = process < wick_names_processes(names) ? wick_names_process(names, process) : &none;

    if (!info->pid || !*info->pid) {
        info = &none; /* there was no memory for what is known of it */
    }
    return append_definition(writer, to, WK_WIRE_DEFINE_PROCESS, body, (size_t)(put_process(body, process, info) - body));
}

static void track_of(const struct wk_wire_writer *writer, uint32_t track, struct wick_track_info *info)
{
    const struct wick_names *names = writer->options.names;
    uint32_t index = track ? track - 1 : 0;

    *info = (struct wick_track_info){.thread = "-"};
    if (index < wick_names_tracks(names)) {
        *info = *wick_names_track(names, index);
    }
    info->thread = track ? info->thread : "main";
    info->process = info->process == WICK_NONE ? 0 : info->process;
}

static bool describe_track(struct wk_wire_writer *writer, struct wk_wire_buffer *to, uint32_t track)
{
    uint8_t body[DEFINITION_MAX];
    struct wick_track_info info;

    track_of(writer, track, &info);
    return append_definition(writer, to, WK_WIRE_DEFINE_TRACK, body, (size_t)(put_track(body, track, &info) - body));
}

size_t wk_wire_tracker_head(uint8_t head[WK_WIRE_TRACKER_HEAD], int64_t time_ns, size_t text_bytes)
{
    uint8_t time[9];
    size_t time_bytes = (size_t)(wk_wire_put(time, wk_wire_fold(time_ns)) - time);
    uint8_t *end = head;

    *end++ = WK_WIRE_DEFINE_TRACKER;
    end = wk_wire_put(end, time_bytes + text_bytes);
    memcpy(end, time, time_bytes);
    return (size_t)(end - head) + time_bytes;
}

/* ---- first use ------------------------------------------------------------------------------- */

static bool grow(struct wk_wire_writer *writer, void *table, uint32_t *count, uint32_t need, size_t size)
{
    uint32_t wanted = *count ? *count : 64;
    void *old;
    void *grown;

    while (wanted <= need && wanted < UINT32_MAX / 2) {
        wanted *= 2;
    }
    memcpy(&old, table, sizeof old);
    grown = wanted > need ? wk_mem_resize(writer->allocator, old, *count * size, wanted * size) : NULL;
    if (!grown) {
        return false;
    }
    memset((char *)grown + *count * size, 0, (wanted - *count) * size);
    memcpy(table, &grown, sizeof grown);
    *count = wanted;
    return true;
}

struct wk_wire_written_site *wk_wire_define_site(struct wk_wire_writer *writer, uint32_t site)
{
    if (site >= writer->site_count && !grow(writer, &writer->sites, &writer->site_count, site, sizeof *writer->sites)) {
        return NULL;
    }
    struct wk_wire_written_site *known = &writer->sites[site];
    if (!known->defined) {
        known->defined = describe_site(writer, &writer->pending, site, &known->texts);
    }
    return known->defined ? known : NULL;
}

void wk_wire_process_again(struct wk_wire_writer *writer, uint32_t process)
{
    if (process < writer->process_count && writer->processes[process]) {
        writer->processes[process] = describe_process(writer, &writer->pending, process);
    }
}

/* The process of a track goes before it. */
static bool define_process_of(struct wk_wire_writer *writer, uint32_t track)
{
    struct wick_track_info info;

    track_of(writer, track, &info);
    if (info.process >= writer->process_count &&
        !grow(writer, &writer->processes, &writer->process_count, info.process, sizeof *writer->processes)) {
        return false;
    }
    if (!writer->processes[info.process]) {
        writer->processes[info.process] = describe_process(writer, &writer->pending, info.process);
    }
    return writer->processes[info.process];
}

struct wk_wire_written_track *wk_wire_define_track(struct wk_wire_writer *writer, uint32_t track)
{
    if (track >= writer->track_count &&
        !grow(writer, &writer->tracks, &writer->track_count, track, sizeof *writer->tracks)) {
        return NULL;
    }
    struct wk_wire_written_track *known = &writer->tracks[track];
    if (!known->defined) {
        known->defined = define_process_of(writer, track) && describe_track(writer, &writer->pending, track);
    }
    return known->defined ? known : NULL;
}

void wk_wire_define_label(struct wk_wire_writer *writer, uint32_t track, const char *text, uint32_t bytes)
{
    struct wk_wire_buffer *label = &writer->tracks[track].label;

    label->count = 0;
    (void)append(writer, label, text, bytes < FIELD_MAX ? bytes : FIELD_MAX); /* without memory: the name before it */
}

void wk_wire_define_property(struct wk_wire_writer *writer, uint32_t track, bool stat, const char *text, uint32_t bytes)
{
    uint8_t body[DEFINITION_MAX];
    uint8_t *end = wk_wire_put(body, track);

    *end++ = stat;
    bytes = bytes < LITERAL_MAX ? bytes : LITERAL_MAX;
    memcpy(end, text, bytes);
    (void)append_definition(writer, &writer->properties, WK_WIRE_DEFINE_PROPERTY, body, (size_t)(end + bytes - body));
}

/* ---- once more ------------------------------------------------------------------------------- */

static bool describe_label(struct wk_wire_writer *writer, struct wk_wire_buffer *to, uint32_t track)
{
    const struct wk_wire_buffer *label = &writer->tracks[track].label;
    uint8_t body[DEFINITION_MAX];
    uint8_t *end = wk_wire_put(body, track);

    if (!label->count) {
        return true;
    }
    memcpy(end, label->bytes, label->count);
    return append_definition(writer, to, WK_WIRE_DEFINE_LABEL, body, (size_t)(end - body) + label->count);
}

static int emit_full(struct wk_wire_writer *writer, struct wk_wire_buffer *frame, const struct wk_wire_out *out,
                     size_t full)
{
    int rc = 0;

    if (frame->count > WK_WIRE_FRAME_BYTES && frame->count >= full) {
        rc = wk_wire_emit(writer, out, frame, (struct wk_wire_frame_info){.kind = WK_WIRE_DEFINITIONS});
        frame->count = WK_WIRE_FRAME_BYTES;
    }
    return rc;
}

/* Number 0, for definitions of trackers, which may follow, if no line of the stream needed it yet. The stream itself is to say it when
 * it does: what is known of its process may be more by then. */
static bool describe_run(struct wk_wire_writer *writer, struct wk_wire_buffer *to)
{
    struct wick_track_info info;

    if ((writer->track_count && writer->tracks[0].defined) || !wick_names_tracks(writer->options.names)) {
        return true;
    }
    track_of(writer, 0, &info);
    return describe_process(writer, to, info.process) && describe_track(writer, to, 0);
}

int wk_wire_writer_definitions(struct wk_wire_writer *writer, const struct wk_wire_out *out)
{
    struct wk_wire_buffer frame = {0};
    bool ok = wk_wire_buffer_reserve(writer, &frame, WK_WIRE_FRAME_FULL);
    bool ignored;
    int rc = 0;

    frame.count = WK_WIRE_FRAME_BYTES;
    for (uint32_t i = 0; ok && i < writer->process_count; i++) {
        ok = !writer->processes[i] || describe_process(writer, &frame, i);
    }
    ok = ok && describe_run(writer, &frame);
    for (uint32_t i = 0; ok && rc >= 0 && i < writer->track_count; i++) {
        if (writer->tracks[i].defined) {
            ok = describe_track(writer, &frame, i) && describe_label(writer, &frame, i);
        }
        rc = emit_full(writer, &frame, out, WK_WIRE_FRAME_FULL);
    }
    for (uint32_t i = 0; ok && rc >= 0 && i < writer->site_count; i++) {
        if (writer->sites[i].defined) {
            ok = describe_site(writer, &frame, i, &ignored);
        }
        rc = emit_full(writer, &frame, out, WK_WIRE_FRAME_FULL);
    }
    ok = ok && append(writer, &frame, writer->properties.bytes, writer->properties.count);
    if (ok && rc >= 0) {
        rc = emit_full(writer, &frame, out, 0);
    }
    wk_wire_buffer_free(writer, &frame);
    return ok ? rc : WICK_E_NOMEM;
}
