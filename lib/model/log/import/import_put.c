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
    char literal[WK_IMPORT_NAME + 1], file[WK_IMPORT_NAME + 1], category[WK_IMPORT_NAME + 1], location[WK_IMPORT_NAME + 1];
    struct wick_site_info info = {.line = name->line, .colour = name->colour, .kind = name->kind};
    info.location = copy_of(location, name->location_bytes ? name->location : "-", name->location_bytes ? name->location_bytes : 1);
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

/* ---- what is named more than once ---- */

uint32_t wk_import_entry_of(struct wick_reader *reader, uint8_t kind, const char *key, uint32_t bytes)
{
    struct wk_import *f = reader->import;
    uint64_t hash = wk_mem_hash(key, bytes, kind);
    uint32_t probe = 0, found;
    while ((found = wk_table_next(&f->entry_table, hash, &probe)) != WICK_NONE) {
        const struct wk_import_entry *e = &wk_import_entries(reader)[found];
        if (e->kind == kind && e->key_bytes == bytes && memcmp((char *)f->keys.items + e->key, key, bytes) == 0) {
            return found;
        }
    }
    const struct wk_import_entry made = {.kind = kind, .key = f->keys.count, .key_bytes = bytes, .owner = WICK_NONE};
    found = f->entries.count;
    if (wk_array_append(&f->keys, reader->allocator, key, bytes) < 0 ||
        wk_array_reserve(&f->entries, reader->allocator, found + 1, sizeof made) < 0 ||
        wk_table_add(&f->entry_table, reader->allocator, hash, found) < 0) {
        reader->error = WICK_E_NOMEM;
        return WICK_NONE;
    }
    wk_import_entries(reader)[f->entries.count++] = made;
    return found;
}

/* ---- what is not shown ---- */

void wk_import_tally(struct wick_reader *reader, enum wk_import_reason reason, uint32_t number)
{
    struct wk_import_tally *tally = &reader->import->tallies[reason];
    if (tally->count < WK_IMPORT_NUMBERS) {
        tally->numbers[tally->count] = number;
    }
    tally->count++;
}

static void say_count(struct wick_reader *reader, uint32_t count, const char *what)
{
    char digits[24];
    *wk_number_put_unsigned(digits, count) = 0;
    wk_reader_say(reader, reader->import->told ? ", " : reader->remark.count ? "; not shown: " : "not shown: ");
    reader->import->told = 1;
    wk_reader_say(reader, digits);
    wk_reader_say(reader, what);
}

static void say_phases(struct wick_reader *reader)
{
    static const char *const groups[][2] = {{"P", " P (samples)"}, {"stf", " s/t/f (flows)"}, {"NOD", " N/O/D (objects)"}};
    uint32_t *phases = reader->import->phases;
    for (uint32_t i = 0; i < 3; i++) {
        uint32_t count = 0;
        for (const char *phase = groups[i][0]; *phase; phase++) {
            count += phases[(uint32_t)*phase];
            phases[(uint32_t)*phase] = 0;
        }
        if (count) {
            say_count(reader, count, groups[i][1]);
        }
    }
    for (uint32_t i = 0; i < 128; i++) {
        const char text[3] = {' ', i > ' ' && i < 127 ? (char)i : '?', 0};
        if (phases[i]) {
            say_count(reader, phases[i], text);
        }
    }
}

void wk_import_tell(struct wick_reader *reader)
{
    static const char *const reasons[WK_IMPORT_REASONS] = {
        [WK_IMPORT_NO_DURATION] = " without a duration", [WK_IMPORT_NO_TIME] = " without a time",
        [WK_IMPORT_NO_NUMBER] = " without a number", [WK_IMPORT_NO_BEGIN] = " that end what never began",
        [WK_IMPORT_NO_PHASE] = " without phase", [WK_IMPORT_NO_JSON] = " that are not JSON",
        [WK_IMPORT_CUT] = " cut where more than 1,024 others last",
        [WK_IMPORT_NO_FRAME] = " of a frame that is not in the file", [WK_IMPORT_CROSSED] = " that close what holds others",
        [WK_IMPORT_NO_WEIGHT] = " without a weight"};
    say_phases(reader);
    for (uint32_t i = 0; i < WK_IMPORT_REASONS; i++) {
        const struct wk_import_tally *tally = &reader->import->tallies[i];
        if (!tally->count) {
            continue;
        }
        say_count(reader, tally->count, tally->count > 1 ? " events" : " event");
        wk_reader_say(reader, reasons[i]);
        wk_reader_say(reader, tally->count > 1 ? " (events" : " (event");
        for (uint32_t k = 0; k < tally->count && k < WK_IMPORT_NUMBERS; k++) {
            char digits[24];
            *wk_number_put_unsigned(digits, tally->numbers[k]) = 0;
            wk_reader_say(reader, k ? ", " : " ");
            wk_reader_say(reader, digits);
        }
        wk_reader_say(reader, tally->count > WK_IMPORT_NUMBERS ? ", ...)" : ")");
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
