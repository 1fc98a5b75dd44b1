/*
 * SPDX-License-Identifier: MIT
 * Tracks, sites and records of another tool's file, for all its forms.
 */
#include "import.h"

uint32_t wk_import_track(struct wick_reader *reader, uint32_t pid, const char *thread, uint32_t bytes)
{
    char prefix[WK_IMPORT_NAME + 32] = " - ";
    char *at = wk_number_put_unsigned(prefix + 3, pid);
    *at++ = ' ';
    bytes = bytes < WK_IMPORT_NAME ? bytes : WK_IMPORT_NAME;
    memcpy(at, bytes ? thread : "-", bytes ? bytes : 1);
    at += bytes ? bytes : 1;
    *at++ = ' ';
    return wk_reader_track_of(reader, prefix, (size_t)(at - prefix), 1);
}

/* A NUL-terminated copy in a buffer of WK_IMPORT_NAME + 1 bytes; NULs inside become spaces. */
static const char *copy_of(char *to, const char *text, uint32_t bytes)
{
    bytes = bytes < WK_IMPORT_NAME ? bytes : WK_IMPORT_NAME;
    for (uint32_t i = 0; i < bytes; i++) {
        to[i] = text[i] ? text[i] : ' ';
    }
    to[bytes] = 0;
    return to;
}

uint32_t wk_import_site(struct wick_reader *reader, const struct wk_import_name *name)
{
    char literal[WK_IMPORT_NAME + 1], file[WK_IMPORT_NAME + 1], category[WK_IMPORT_NAME + 1];
    struct wick_site_info info = {.location = "-", .line = name->line, .colour = WICK_NONE, .kind = name->kind};
    info.literal = copy_of(literal, name->name_bytes ? name->name : "-", name->name_bytes ? name->name_bytes : 1);
    info.file = copy_of(file, name->file, name->file_bytes);
    info.category = copy_of(category, name->category, name->category_bytes);
    return wk_reader_intern_site(reader, &info);
}

void wk_import_put(struct wick_reader *reader, uint8_t kind, uint32_t track, uint32_t site, int64_t time_ns)
{
    struct wick_record *r = wk_reader_next_record(reader);
    *r = (struct wick_record){.time_ns = time_ns, .track = track, .site = site, .kind = kind};
    if (kind <= WICK_RECORD_ENDER) {
        r->u.cpu_ns = -1;
    }
}

int wk_import_begin(struct wick_reader *reader)
{
    if (!reader->import) {
        reader->import = wk_mem_zeroed(reader->allocator, sizeof *reader->import);
        if (!reader->import) {
            return reader->error = WICK_E_NOMEM;
        }
        reader->import->track = WICK_NONE;
    }
    return 0;
}
