/*
 * SPDX-License-Identifier: MIT
 * Records to lines. See ctxt_write.h.
 * The common lines (START and ENDOK of a plain site) are two copies of prepared pieces and a time stamp:
 * per track ` host pid thread `, per site `START location literal\n` and `ENDOK location \n`.
 */
#include "ctxt_write.h"

#include <string.h>

#include "lock_slots.h"
#include "model/base/mem.h"
#include "model/base/number.h"
#include "model/log/tables/kinds.h"

enum {
    STAMP_BYTES = 20,       /* 1700000000.123456789; grows by one digit in the year 2286 */
    PREFIX_MAX = 512,       /* ` host pid thread ` */
    PID_MAX = 64,
    FIELD_MAX = 400,        /* of host, thread and location: the rest of a line stays for its text */
    LITERAL_MAX = 5000,
    TEXT_MAX = WK_CTXT_LINE_MAX - 2048,
    ADDRESSES_MAX = TEXT_MAX / 17, /* of a stack */
    OVERSHOOT = 64,         /* pieces are copied in blocks; the buffer has that much more room */
};

/* A prepared piece of a line, padded with OVERSHOOT bytes so that it can be copied in blocks. */
struct piece {
    char *text;
    uint32_t bytes;
};

struct site_cache {
    struct piece start;    /* START location literal\n */
    struct piece end;      /* ENDOK location \n */
    uint32_t location_at;  /* of both, where the location begins: the same, the words being as long */
    uint32_t location_bytes;
    bool texts;            /* instances without a text have an empty one, not the literal */
    uint32_t line_written; /* number of the file in which the `site` line stands */
};

/* Per track: the line's middle. */
struct track_cache {
    struct piece prefix;
    struct wk_lock_slots locks;
};

/* Where pieces are made. Without memory to keep them lines come from here, made anew for each: nothing is lost but
 * time, and the `site` line is written again. */
struct spare {
    struct site_cache site;
    struct track_cache track;
    char start[16 + FIELD_MAX + LITERAL_MAX + OVERSHOOT];
    char end[16 + FIELD_MAX + OVERSHOOT];
    char prefix[PREFIX_MAX + FIELD_MAX + OVERSHOOT];
};

struct wk_ctxt_writer {
    struct wk_ctxt_options options;
    struct spare spare;
    struct wick_allocator memory;
    struct site_cache *sites;
    struct track_cache *tracks;
    uint32_t site_capacity;
    uint32_t track_capacity;
    uint32_t file;         /* number of the current file, from 1 */
    uint64_t cut;
    int64_t second;        /* whose digits `stamp` holds */
    char stamp[STAMP_BYTES + 4];
    uint32_t stamp_bytes;  /* of the seconds, with the point */
    char host_pid[FIELD_MAX + PID_MAX + 3]; /* ` host pid ` */
    uint32_t host_pid_bytes;
};

/* ---- pieces ---------------------------------------------------------------------------------- */

static char *put_bytes(char *out, const char *text, size_t bytes)
{
    memcpy(out, text, bytes);
    return out + bytes;
}

static char *put_piece(char *out, const struct piece *piece)
{
    /* Blocks of a constant size cost a few instructions; what is copied too far is overwritten next. */
    for (uint32_t done = 0; done < piece->bytes; done += 32) {
        memcpy(out + done, piece->text + done, 32);
    }
    return out + piece->bytes;
}

static char *put_word(char *out, uint8_t kind)
{
    const struct wk_kind *row = wk_kind_of(kind);

    return put_bytes(out, row->word, row->word_bytes);
}

/* Two digits at a time; nine digits of nanoseconds are five pairs less one. */
static char *put_nine(char *out, uint32_t value)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                                "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";
    uint32_t high = value / 10000;     /* 5 digits */
    uint32_t low = value - high * 10000; /* 4 digits */
    uint32_t first = high / 10000;
    uint32_t middle = high - first * 10000;

    out[0] = (char)('0' + first);
    memcpy(out + 1, pairs + middle / 100 * 2, 2);
    memcpy(out + 3, pairs + middle % 100 * 2, 2);
    memcpy(out + 5, pairs + low / 100 * 2, 2);
    memcpy(out + 7, pairs + low % 100 * 2, 2);
    return out + 9;
}

static void new_second(struct wk_ctxt_writer *writer, int64_t second)
{
    char *end = wk_number_put_unsigned(writer->stamp, (uint64_t)second);

    *end++ = '.';
    writer->stamp_bytes = (uint32_t)(end - writer->stamp);
    writer->second = second;
}

static char *put_time(struct wk_ctxt_writer *writer, char *out, int64_t time_ns)
{
    int64_t within_ns = time_ns - writer->second * 1000000000;

    if (within_ns < 0 || within_ns >= 1000000000) {
        time_ns = time_ns > 0 ? time_ns : 0;
        new_second(writer, time_ns / 1000000000);
        within_ns = time_ns % 1000000000;
    }
    memcpy(out, writer->stamp, 16);
    return put_nine(out + writer->stamp_bytes, (uint32_t)within_ns);
}

/* A copy of a piece that lies in the spare. */
static bool keep_piece(const struct wk_ctxt_writer *writer, struct piece *kept, const struct piece *piece)
{
    kept->text = wk_mem_resize(&writer->memory, NULL, 0, piece->bytes + OVERSHOOT);
    if (!kept->text) {
        return false;
    }
    memcpy(kept->text, piece->text, piece->bytes + OVERSHOOT);
    kept->bytes = piece->bytes;
    return true;
}

static void free_piece(const struct wick_allocator *memory, const struct piece *kept)
{
    wk_mem_free(memory, kept->text, kept->bytes + OVERSHOOT);
}

/* ---- caches ---------------------------------------------------------------------------------- */

static bool grow(const struct wk_ctxt_writer *writer, void *table, uint32_t *capacity, uint32_t need, size_t size)
{
    uint32_t wanted = *capacity ? *capacity : 64;
    void *old;
    void *grown;

    while (wanted < need) {
        wanted *= 2;
    }
    if (wanted == *capacity) {
        return true;
    }
    memcpy(&old, table, sizeof old);
    grown = wk_mem_resize(&writer->memory, old, *capacity * size, wanted * size);
    if (!grown) {
        return false;
    }
    memset((char *)grown + *capacity * size, 0, (wanted - *capacity) * size);
    memcpy(table, &grown, sizeof grown);
    *capacity = wanted;
    return true;
}

static char *put_track_name(const struct wk_ctxt_writer *writer, char *out, uint32_t track)
{
    const char *name = wick_names_track(writer->options.names, track)->thread;

    return wk_ctxt_clean_field(out, name, wk_mem_length(name), FIELD_MAX);
}

static void fill_track(struct wk_ctxt_writer *writer, uint32_t track)
{
    struct piece *prefix = &writer->spare.track.prefix;
    char *out = put_bytes(writer->spare.prefix, writer->host_pid, writer->host_pid_bytes);

    out = put_track_name(writer, out, track);
    *out++ = ' ';
    writer->spare.track = (struct track_cache){.prefix = {writer->spare.prefix, 0}};
    prefix->bytes = (uint32_t)(out - prefix->text);
}

static struct track_cache *track_of(struct wk_ctxt_writer *writer, uint32_t track)
{
    bool room = track < writer->track_capacity ||
                grow(writer, &writer->tracks, &writer->track_capacity, track + 1, sizeof *writer->tracks);

    if (room && writer->tracks[track].prefix.text && writer->tracks[track].prefix.text != writer->spare.prefix) {
        return &writer->tracks[track];
    }
    fill_track(writer, track);
    if (!room) {
        return &writer->spare.track;
    }
    if (!keep_piece(writer, &writer->tracks[track].prefix, &writer->spare.track.prefix)) {
        writer->tracks[track].prefix = writer->spare.track.prefix; /* for this record; its locks are remembered */
    }
    return &writer->tracks[track];
}

/* False: nobody knows it. */
static bool known_site(const struct wk_ctxt_writer *writer, uint32_t site, const struct wick_site_info **info)
{
    site -= writer->options.first_site;
    *info = wick_names_site(writer->options.names, site);
    return site < wick_names_sites(writer->options.names);
}

/* False: nobody knows it. */
static bool fill_site(struct wk_ctxt_writer *writer, uint32_t site)
{
    struct site_cache *cache = &writer->spare.site;
    char *start = writer->spare.start;
    char *end = writer->spare.end;
    const struct wick_site_info *info;
    bool known = known_site(writer, site, &info);
    const char *location = known ? info->location : "-";

    char *out = wk_ctxt_clean_field(put_bytes(start, "START ", 6), location, wk_mem_length(location), FIELD_MAX);
    *cache = (struct site_cache){.start.text = start, .end.text = end, .location_at = 6,
                                 .texts = info->formatted || info->kind == WICK_SITE_FORMAT};
    cache->location_bytes = (uint32_t)(out - start - 6);
    *out++ = ' ';
    cache->end.bytes = (uint32_t)(out + 1 - start);
    memcpy(end, start, cache->end.bytes);
    memcpy(end, "ENDOK ", 6);
    end[cache->end.bytes - 1] = '\n';
    out = wk_ctxt_clean_text(out, info->literal, wk_mem_length(info->literal), LITERAL_MAX);
    *out++ = '\n';
    cache->start.bytes = (uint32_t)(out - start);
    return known;
}

static struct site_cache *site_of(struct wk_ctxt_writer *writer, uint32_t site)
{
    bool room = site < writer->site_capacity ||
                grow(writer, &writer->sites, &writer->site_capacity, site + 1, sizeof *writer->sites);
    struct piece end;

    if (room && writer->sites[site].start.text) {
        return &writer->sites[site];
    }
    if (!fill_site(writer, site) || !room || !keep_piece(writer, &end, &writer->spare.site.end)) {
        return &writer->spare.site;
    }
    writer->sites[site] = writer->spare.site;
    writer->sites[site].end = end;
    if (keep_piece(writer, &writer->sites[site].start, &writer->spare.site.start)) {
        return &writer->sites[site];
    }
    free_piece(&writer->memory, &end);
    writer->sites[site] = (struct site_cache){0};
    return &writer->spare.site;
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* Time, host, pid, thread, word, location and the space behind it. */
static char *put_head(struct wk_ctxt_writer *writer, char *out, const struct wick_record *record,
                      const struct track_cache *track, uint8_t kind)
{
    const struct site_cache *site = record->site ? site_of(writer, record->site) : NULL;

    out = put_time(writer, out, record->time_ns);
    out = put_piece(out, &track->prefix);
    out = put_word(out, kind);
    *out++ = ' ';
    if (site) {
        out = put_bytes(out, site->start.text + site->location_at, site->location_bytes);
    } else {
        *out++ = '-';
    }
    *out++ = ' ';
    return out;
}

static char *put_text(struct wk_ctxt_writer *writer, char *out, const char *text, uint32_t bytes)
{
    if (!wk_ctxt_text_fits(text, bytes, TEXT_MAX)) {
        const char *reference = writer->options.jumbo ? writer->options.jumbo(writer->options.jumbo_user, text, bytes) : NULL;

        if (reference) {
            return wk_ctxt_put_reference(out, text, bytes, reference);
        }
        writer->cut++;
        out = wk_ctxt_clean_text(out, text, bytes, TEXT_MAX - 16);
        return put_bytes(out, " [cut]", 6);
    }
    return wk_ctxt_clean_text(out, text, bytes, TEXT_MAX);
}

static char *put_literal(char *out, const struct site_cache *site)
{
    uint32_t at = site->location_at + site->location_bytes + 1;

    return put_bytes(out, site->start.text + at, site->start.bytes - at - 1);
}

static char *put_colour(char *out, uint32_t colour)
{
    static const char hex[] = "0123456789abcdef";

    if (colour == WICK_NONE) {
        *out++ = '-';
        return out;
    }
    for (int shift = 20; shift >= 0; shift -= 4) {
        *out++ = hex[colour >> shift & 15];
    }
    return out;
}

/* A file's name, spaces as %20: the pieces between them are cleaned whole, since a character may have several bytes. */
static char *put_file(char *out, const char *file)
{
    char *end = out + FIELD_MAX;

    if (!*file) {
        *out++ = '-';
    }
    while (*file && end - out >= 3) {
        size_t bytes = 0;

        while (file[bytes] && file[bytes] != ' ') {
            bytes++;
        }
        if (bytes) {
            out = wk_ctxt_clean_field(out, file, bytes, (size_t)(end - out));
        }
        file += bytes;
        if (*file == ' ' && end - out >= 3) {
            out = put_bytes(out, "%20", 3);
            file++;
        } else if (*file) {
            break;
        }
    }
    return out;
}

/* `kind line colour category file literal` */
static char *put_site_line(struct wk_ctxt_writer *writer, char *out, const struct wick_record *record,
                           const struct track_cache *track)
{
    struct site_cache *cache = site_of(writer, record->site);
    const struct wick_site_info *info;

    if (!cache || cache->line_written == writer->file) {
        return out;
    }
    cache->line_written = writer->file;
    if (!known_site(writer, record->site, &info)) {
        return out;
    }
    /* A foreign site is its location and text, which is what a dynamic one is. */
    const char *kind = wk_site_words[info->kind == WICK_SITE_FOREIGN ? WICK_SITE_DYNAMIC : info->kind];
    out = put_head(writer, out, record, track, WK_KIND_SITE);
    out = put_bytes(out, kind, wk_mem_length(kind));
    *out++ = ' ';
    out = wk_number_put_unsigned(out, info->line);
    *out++ = ' ';
    out = put_colour(out, info->colour);
    *out++ = ' ';
    out = wk_ctxt_clean_field(out, info->category, wk_mem_length(info->category), FIELD_MAX);
    *out++ = ' ';
    out = put_file(out, info->file);
    *out++ = ' ';
    out = put_literal(out, cache);
    *out++ = '\n';
    return out;
}

static char *put_start(struct wk_ctxt_writer *writer, char *out, const struct wick_record *record,
                       const struct track_cache *track)
{
    const struct site_cache *site = site_of(writer, record->site);

    if (record->text_bytes == 0 && site && !site->texts) {
        out = put_time(writer, out, record->time_ns);
        out = put_piece(out, &track->prefix);
        return put_piece(out, &site->start);
    }
    out = put_head(writer, out, record, track, WICK_RECORD_START);
    out = put_text(writer, out, record->text, record->text_bytes);
    *out++ = '\n';
    return out;
}

static char *put_end(struct wk_ctxt_writer *writer, char *out, const struct wick_record *record,
                     const struct track_cache *track)
{
    const struct site_cache *site = site_of(writer, record->site);

    if (record->u.cpu_ns >= 0) {
        out = put_head(writer, out, record, track, WK_KIND_CPU);
        out = wk_number_put_unsigned(out, (uint64_t)record->u.cpu_ns);
        *out++ = '\n';
    }
    if (record->kind == WICK_RECORD_ENDOK && site && !record->text_bytes) {
        out = put_time(writer, out, record->time_ns);
        out = put_piece(out, &track->prefix);
        return put_piece(out, &site->end);
    }
    if (record->unfinished) {
        const char *reason = wk_reason_words[record->unfinished];

        out = put_head(writer, out, record, track, WK_KIND_UNFINISHED);
        out = put_bytes(out, reason, wk_mem_length(reason));
        *out++ = '\n';
    }
    out = put_head(writer, out, record, track, record->kind);
    out = put_text(writer, out, record->text, record->text_bytes);
    *out++ = '\n';
    return out;
}

static char *put_named_text(struct wk_ctxt_writer *writer, char *out, const struct wick_record *record)
{
    const struct site_cache *site = record->site ? site_of(writer, record->site) : NULL;

    if (record->text_bytes) {
        return put_text(writer, out, record->text, record->text_bytes);
    }
    return site && !site->texts ? put_literal(out, site) : out;
}

static char *put_under_text(struct wk_ctxt_writer *writer, char *out, const struct wick_record *record)
{
    out = put_track_name(writer, out, record->parent_track);
    *out++ = ' ';
    return put_time(writer, out, record->first_ns);
}

static char *put_addresses(char *out, const struct wick_record *record)
{
    uint32_t count = record->text_bytes / (uint32_t)sizeof(uint64_t);

    for (uint32_t i = 0; i < count && i < ADDRESSES_MAX; i++) {
        uint64_t address;

        memcpy(&address, record->text + i * sizeof address, sizeof address);
        if (i) {
            *out++ = ' ';
        }
        out = wk_number_put_hex(out, address);
    }
    return out;
}

/* The text of a line that is neither a START nor an END. */
static char *put_shape(struct wk_ctxt_writer *writer, char *out, const struct wick_record *record)
{
    switch (wk_kind_shape(record->kind)) {
    case WK_SHAPE_NUMBER:
    case WK_SHAPE_SITE_NUMBER:
        return out + wk_number_put(out, record->u.number);
    case WK_SHAPE_INTEGER:
    case WK_SHAPE_SITE_INTEGER:
        return wk_number_put_signed(out, record->u.integer);
    case WK_SHAPE_UNSIGNED:
    case WK_SHAPE_SITE_UNSIGNED:
        return wk_number_put_unsigned(out, record->u.count);
    case WK_SHAPE_LOST:
        out = wk_number_put_unsigned(out, record->u.count);
        *out++ = ' ';
        return put_time(writer, out, record->first_ns);
    case WK_SHAPE_UNDER:
        return put_under_text(writer, out, record);
    case WK_SHAPE_BIND:
        out = put_text(writer, out, record->text, record->text_bytes);
        *out++ = ' ';
        return wk_number_put_unsigned(out, record->u.count);
    case WK_SHAPE_STACK:
        return put_addresses(out, record);
    case WK_SHAPE_TEXT:
        return put_text(writer, out, record->text, record->text_bytes);
    default:
        return put_named_text(writer, out, record);
    }
}

/* One record, one line, and those that belong to it. */
static char *put_one(struct wk_ctxt_writer *writer, char *out, const struct wick_record *record,
                     const struct track_cache *track)
{
    if (record->site) {
        out = put_site_line(writer, out, record, track);
    }
    if (record->kind == WICK_RECORD_START) {
        return put_start(writer, out, record, track);
    }
    if (record->kind <= WICK_RECORD_ENDER) {
        return put_end(writer, out, record, track);
    }
    out = put_head(writer, out, record, track, record->kind);
    out = put_shape(writer, out, record);
    *out++ = '\n';
    return out;
}

static char *put_record(struct wk_ctxt_writer *writer, char *out, const struct wick_record *record,
                        struct track_cache *track)
{
    struct wick_record lines[WK_LOCK_LINES];

    if (!wk_lock_slots_concern(record->kind)) {
        return put_one(writer, out, record, track);
    }
    uint32_t count = wk_lock_slots_lines(&track->locks, record, lines);
    for (uint32_t i = 0; i < count; i++) {
        out = put_one(writer, out, &lines[i], track);
    }
    return out;
}

size_t wk_ctxt_write(struct wk_ctxt_writer *writer, const struct wick_record *records, size_t count, char **out,
                     char *end)
{
    char *at = *out;
    size_t done = 0;

    for (; done < count && end - at >= WK_CTXT_ROOM; done++) {
        const struct wick_record *record = &records[done];
        struct track_cache *track = track_of(writer, record->track);

        if (record->kind == WICK_RECORD_START && record->text_bytes == 0 && record->site < writer->site_capacity) {
            const struct site_cache *site = &writer->sites[record->site];

            if (site->line_written == writer->file && !site->texts) {
                at = put_time(writer, at, record->time_ns);
                at = put_piece(at, &track->prefix);
                at = put_piece(at, &site->start);
                continue;
            }
        }
        at = put_record(writer, at, record, track);
    }
    *out = at;
    return done;
}

char *wk_ctxt_write_line(struct wk_ctxt_writer *writer, char *out, int64_t time_ns, const char *thread,
                         uint8_t kind, const char *text)
{
    out = put_time(writer, out, time_ns);
    out = put_bytes(out, writer->host_pid, writer->host_pid_bytes);
    out = wk_ctxt_clean_field(out, thread, wk_mem_length(thread), FIELD_MAX);
    *out++ = ' ';
    out = put_word(out, kind);
    out = put_bytes(out, " - ", 3);
    out = wk_ctxt_clean_text(out, text, wk_mem_length(text), TEXT_MAX);
    *out++ = '\n';
    return out;
}

/* ---- life ------------------------------------------------------------------------------------ */

struct wk_ctxt_writer *wk_ctxt_writer_create(const struct wk_ctxt_options *options, const char *host, const char *pid,
                                             const struct wick_allocator *memory)
{
    struct wk_ctxt_writer *writer = wk_mem_resize(memory, NULL, 0, sizeof *writer);

    if (!writer) {
        return NULL;
    }
    *writer = (struct wk_ctxt_writer){.options = *options, .memory = *memory, .file = 1, .second = -1};
    if (!grow(writer, &writer->tracks, &writer->track_capacity, 1, sizeof *writer->tracks)) {
        wk_mem_free(memory, writer, sizeof *writer);
        return NULL;
    }
    char *out = writer->host_pid;
    *out++ = ' ';
    out = wk_ctxt_clean_field(out, host, wk_mem_length(host), FIELD_MAX);
    *out++ = ' ';
    out = wk_ctxt_clean_field(out, pid, wk_mem_length(pid), PID_MAX);
    *out++ = ' ';
    writer->host_pid_bytes = (uint32_t)(out - writer->host_pid);
    return writer;
}

void wk_ctxt_writer_destroy(struct wk_ctxt_writer *writer)
{
    if (!writer) {
        return;
    }
    const struct wick_allocator memory = writer->memory;
    for (uint32_t i = 0; i < writer->site_capacity; i++) {
        free_piece(&memory, &writer->sites[i].start);
        free_piece(&memory, &writer->sites[i].end);
    }
    for (uint32_t i = 0; i < writer->track_capacity; i++) {
        if (writer->tracks[i].prefix.text != writer->spare.prefix) {
            free_piece(&memory, &writer->tracks[i].prefix);
        }
    }
    wk_mem_free(&memory, writer->sites, writer->site_capacity * sizeof *writer->sites);
    wk_mem_free(&memory, writer->tracks, writer->track_capacity * sizeof *writer->tracks);
    wk_mem_free(&memory, writer, sizeof *writer);
}

void wk_ctxt_writer_restart(struct wk_ctxt_writer *writer)
{
    writer->file++;
}

uint64_t wk_ctxt_writer_cut(const struct wk_ctxt_writer *writer)
{
    return writer->cut;
}
