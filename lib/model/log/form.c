/*
 * SPDX-License-Identifier: MIT
 * Which form a log has, decided here for every command and the page: by up to 64 KiB of its beginning, not by one byte.
 * Must not read a log. Invariant: the answer does not depend on where the bytes are cut.
 */
#include "form.h"

#include "model/base/json.h"
#include "model/base/utf8.h"
#include "model/log/import/import.h"
#include "model/log/wire/wire_read.h"

/* Kinds of files that are known, but cannot be read, by what they begin with. */
static const struct {
    const char *magic;
    uint8_t bytes;
    const char *text;
} others[] = {
    {"SQLite f", 8, "this is a SQLite database (Context's .cbin?); wick reads the log that it was made of"},
    {"PERFILE2", 8, "this is perf.data; `perf script | stackcollapse-perf.pl` makes folded stacks of it, which wick reads"},
    {"Ftrace!", 8, "this is data of uftrace; `uftrace dump --chrome` makes a Chrome trace of it, which wick reads"},
    {"# tracer:", 9, "this is text of the kernel's ftrace, which wick does not read"},
    {"# callgrind format", 18, "this is a profile of Callgrind, which wick does not read; callgrind_annotate does"},
    {"FLR", 4, "this is a recording of Java's Flight Recorder, which wick does not read; `jfr` does"},
    {"\xc1\x1f\xfc\xc1", 4, "this is a CTF trace (LTTng?), which wick does not read; babeltrace2 does"},
    {"\x7f""ELF", 4, "this is a program or a library, no log"},
    {"PK\3\4", 4, "this is a zip archive, no log"},
    {"<?xml", 5, "this is XML (Instruments?), which wick does not read"},
};

/* pprof's first member is a pair of numbers: field 1, of a few bytes, that begins with field 1. */
static int is_pprof(const char *bytes, size_t count)
{
    return count > 2 && bytes[0] == '\n' && bytes[1] > 1 && bytes[1] < '\t' && bytes[2] == '\b';
}

static int begins_as(const char *bytes, size_t count, const void *magic, size_t magic_bytes)
{
    return memcmp(bytes, magic, count < magic_bytes ? count : magic_bytes) == 0;
}

static size_t skip_white(const char *bytes, size_t count, size_t at)
{
    while (at < count && (bytes[at] == ' ' || (bytes[at] >= '\t' && bytes[at] <= '\r'))) {
        at++;
    }
    return at;
}

/* Seven fields, of which the first is a time. */
static int is_ctxt(const char *line, size_t bytes)
{
    size_t spaces = 0, first = 0;
    int64_t time_ns;
    for (size_t i = 0; i < bytes && spaces < 6; i++) {
        spaces += line[i] == ' ';
        first += !spaces;
    }
    return spaces == 6 && wk_number_time(line, first, &time_ns);
}

/* The first line that says something decides; one that looks like a folded stack may be a torn line of a log, so that the
 * next one has a say, too. */
static uint8_t form_of_lines(const char *bytes, size_t count, int all)
{
    uint8_t form = WK_FORM_UNKNOWN;
    for (size_t at = 0, end; at < count; at = end + 1) {
        for (end = at; end < count && bytes[end] != '\n'; end++) {
        }
        if (end == count && !all) {
            return WK_FORM_UNKNOWN;
        }
        if (is_ctxt(bytes + at, end - at)) {
            return WK_FORM_TEXT;
        }
        if (bytes[at] == '#' || skip_white(bytes, end, at) == end) {
            continue;
        }
        if (form != WK_FORM_UNKNOWN || !wk_import_is_folded(bytes + at, end - at)) {
            return form != WK_FORM_UNKNOWN ? form : WK_FORM_TEXT;
        }
        form = WK_FORM_FOLDED;
    }
    return !all ? WK_FORM_UNKNOWN : form != WK_FORM_UNKNOWN ? form : WK_FORM_TEXT;
}

/* Is it an event of its own, one per line? */
static uint8_t form_of_object(const char *bytes, size_t count, int all)
{
    struct wk_json inside = wk_json_inside((struct wk_json){bytes, bytes + count}), key, value;
    int more;
    while ((more = wk_json_member(&inside, &key, &value)) > 0 && value.end < bytes + count) {
        if (wk_json_is(key, "ph")) {
            return WK_FORM_JSON_LINES;
        }
    }
    return more == 0 || all ? WK_FORM_JSON : WK_FORM_UNKNOWN;
}

uint8_t wk_form_decide(const char *bytes, size_t count, int all, const char **other)
{
    size_t at, next;
    all |= count >= WK_FORM_LOOK;
    if (begins_as(bytes, count, wk_wire_stream_magic, 4) || begins_as(bytes, count, wk_wire_frame_magic, 4)) {
        return count >= 4 ? WK_FORM_WIRE : all ? WK_FORM_TEXT : WK_FORM_UNKNOWN;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (begins_as(bytes, count, others[i].magic, others[i].bytes)) {
            if (count < others[i].bytes) {
                return all ? WK_FORM_TEXT : WK_FORM_UNKNOWN;
            }
            *other = others[i].text;
            return WK_FORM_OTHER;
        }
    }
    if (is_pprof(bytes, count)) {
        *other = "this is a profile of pprof; `pprof -raw` or -traces shows it; wick does not read it";
        return WK_FORM_OTHER;
    }
    at = skip_white(bytes, count, 0);
    next = skip_white(bytes, count, at + 1);
    if (at < count && (bytes[at] == '{' || bytes[at] == '[')) {
        if (next >= count) {
            return all ? WK_FORM_JSON : WK_FORM_UNKNOWN;
        }
        if (bytes[at] == '[' && (bytes[next] == '{' || bytes[next] == '[' || bytes[next] == '"' || bytes[next] == ']')) {
            return WK_FORM_JSON;
        }
        if (bytes[at] == '{' && (bytes[next] == '"' || bytes[next] == '}')) {
            return form_of_object(bytes + at, count - at, all);
        }
    }
    return form_of_lines(bytes, count, all);
}

/* ---- UTF-16 ---- */

int wk_form_utf16(struct wk_form_utf16 *u, const struct wick_allocator *a, const char *bytes, size_t count)
{
    u->text.count = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t unit;
        char to[4];
        if (!u->half) {
            u->half = 1;
            u->byte = (uint8_t)bytes[i];
            continue;
        }
        u->half = 0;
        unit = u->big ? (uint32_t)u->byte << 8 | (uint8_t)bytes[i] : (uint32_t)(uint8_t)bytes[i] << 8 | u->byte;
        if (unit >= 0xd800 && unit < 0xdc00) {
            u->high = unit;
            continue;
        }
        if (unit >= 0xdc00 && unit < 0xe000) {
            unit = u->high ? 0x10000 + ((u->high - 0xd800) << 10) + (unit - 0xdc00) : 0xfffd;
        }
        u->high = 0;
        uint32_t made = wk_utf8_put(to, unit);
        if (wk_array_append(&u->text, a, to, made) < 0) {
            return WICK_E_NOMEM;
        }
    }
    return 0;
}
