/*
 * SPDX-License-Identifier: MIT
 * Other tools' files: JSON cut into values as it comes, folded stacks, and what all of them share.
 * Must not hold a whole Chrome trace as text: each event is looked at once its last byte has come. Invariant:
 * where the bytes are cut never changes what is read.
 */
#include "import.h"

#include "model/base/names_borrow.h"

#define FOLDED_NS 1000 /* of one sample: what `wick export --to folded` writes are microseconds */

uint32_t wk_foreign_track(struct wick_reader *reader, uint32_t pid, const char *thread, uint32_t bytes)
{
    char prefix[WK_FOREIGN_NAME + 32] = " - ", digits[12];
    uint32_t at = 3, count = 0, number = pid;
    do {
        digits[count++] = (char)('0' + number % 10);
    } while (number /= 10);
    while (count) {
        prefix[at++] = digits[--count];
    }
    prefix[at++] = ' ';
    bytes = bytes < WK_FOREIGN_NAME ? bytes : WK_FOREIGN_NAME;
    memcpy(prefix + at, bytes ? thread : "-", bytes ? bytes : 1);
    at += bytes ? bytes : 1;
    prefix[at++] = ' ';
    return wk_reader_track_of(reader, prefix, at, 1, pid);
}

/* A NUL-terminated copy in a buffer of WK_FOREIGN_NAME + 1 bytes; NULs inside become spaces. */
static const char *copy_of(char *to, const char *text, uint32_t bytes)
{
    bytes = bytes < WK_FOREIGN_NAME ? bytes : WK_FOREIGN_NAME;
    for (uint32_t i = 0; i < bytes; i++) {
        to[i] = text[i] ? text[i] : ' ';
    }
    to[bytes] = 0;
    return to;
}

uint32_t wk_foreign_site(struct wick_reader *reader, const struct wk_foreign_name *name)
{
    char literal[WK_FOREIGN_NAME + 1], file[WK_FOREIGN_NAME + 1], category[WK_FOREIGN_NAME + 1];
    struct wick_site_info info = {.location = "-", .line = name->line, .colour = WICK_NONE, .kind = name->kind};
    info.literal = copy_of(literal, name->name_bytes ? name->name : "-", name->name_bytes ? name->name_bytes : 1);
    info.file = copy_of(file, name->file, name->file_bytes);
    info.category = copy_of(category, name->category, name->category_bytes);
    return wk_reader_intern_site(reader, &info);
}

void wk_foreign_put(struct wick_reader *reader, uint8_t kind, uint32_t track, uint32_t site, int64_t time_ns)
{
    struct wick_record *r = wk_reader_next_record(reader);
    *r = (struct wick_record){.time_ns = time_ns, .track = track, .site = site, .kind = kind};
    if (kind <= WICK_RECORD_ENDER) {
        r->u.cpu_ns = -1;
    }
}

/* ---- JSON cut into values ---- */

static int keep(struct wick_reader *reader, struct wk_array *array, const char *bytes, size_t count)
{
    if (count > UINT32_MAX / 2 - array->count ||
        wk_array_reserve(array, reader->allocator, array->count + (uint32_t)count, 1) < 0) {
        reader->error = WICK_E_NOMEM;
        return reader->error;
    }
    if (count) {
        memcpy((char *)array->items + array->count, bytes, count);
        array->count += (uint32_t)count;
    }
    return 0;
}

static int key_is(const struct wk_foreign *f, const char *word)
{
    return wk_slice_is((struct wk_slice){f->key, f->key + f->key_bytes}, word);
}

/* Keep a whole value; one that was carried is long, and moves instead of being copied. */
static void keep_value(struct wick_reader *reader, struct wk_array *to, const char *at, const char *end)
{
    struct wk_foreign *f = reader->foreign;
    if (f->carry.count) {
        wk_array_free(to, reader->allocator, 1);
        *to = f->carry;
        f->carry = (struct wk_array){0};
    } else {
        keep(reader, to, at, (size_t)(end - at));
    }
}

/* A whole value: an event, or what a key of speedscope's stands for. */
static void use_value(struct wick_reader *reader, const char *at, const char *end)
{
    struct wk_foreign *f = reader->foreign;
    if (f->carry.count) {
        keep(reader, &f->carry, at, (size_t)(end - at));
        at = f->carry.items;
        end = at + f->carry.count;
    }
    if (reader->error) {
        return;
    }
    if (f->is_array || f->unit == 2) {
        f->events++;
        reader->stats.lines++;
        wk_foreign_chrome_event(reader, (struct wk_slice){at, end});
    } else if (key_is(f, "shared")) {
        keep_value(reader, &f->shared, at, end);
    } else if (key_is(f, "profiles")) {
        keep_value(reader, &f->profiles, at, end);
    }
    f->carry.count = 0;
}

/* A bracket outside of strings. Gives 1 when a value begins here, 2 when one has ended. */
static int bracket(struct wk_foreign *f, char c)
{
    if (c == '{' || c == '[') {
        if (!f->depth) {
            f->is_array = c == '[';
            f->unit = 1;
        } else if (f->depth == 1 && !f->is_array && c == '[' && key_is(f, "traceEvents")) {
            f->unit = 2;
        } else if (f->depth == f->unit && !f->in_value) {
            f->in_value = 1;
            f->depth++;
            return 1;
        }
        f->depth++;
        return 0;
    }
    f->depth -= f->depth > 0;
    if (f->in_value && f->depth == f->unit) {
        f->in_value = 0;
        return 2;
    }
    if (f->unit == 2 && f->depth == 1) {
        f->unit = 1; /* behind the events */
    }
    return 0;
}

/* From inside a string to behind its closing quote, or to the end of the bytes. */
static const char *pass_string(struct wk_foreign *f, const char *at, const char *end)
{
    for (; at < end; at++) {
        if (f->escaped) {
            f->escaped = 0;
        } else if (*at == '\\') {
            f->escaped = 1;
        } else if (*at == '"') {
            f->in_string = f->in_key = 0;
            return at + 1;
        } else if (f->in_key && f->key_bytes < sizeof f->key) {
            f->key[f->key_bytes++] = *at;
        }
    }
    return end;
}

void wk_foreign_json(struct wick_reader *reader, const char *bytes, size_t count)
{
    struct wk_foreign *f = reader->foreign;
    const char *at = bytes, *end = bytes + count, *value = bytes;
    while (at < end && !reader->error) {
        if (f->in_string) {
            at = pass_string(f, at, end);
            continue;
        }
        char c = *at++;
        if (c == '"') {
            f->in_string = 1;
            f->in_key = f->depth == 1 && !f->is_array;
            f->key_bytes = f->in_key ? 0 : f->key_bytes;
        } else if ((c | 0x20) == '{' || (c | 0x20) == '}') { /* brackets of both kinds differ by one bit */
            int what = bracket(f, c);
            if (what == 1) {
                value = at - 1;
            } else if (what == 2) {
                use_value(reader, value, at);
            }
        }
    }
    if (f->in_value && !reader->error) {
        keep(reader, &f->carry, value, (size_t)(end - value));
    }
    wk_reader_flush(reader);
}

/* ---- folded stacks: `main;load;parse 12` ---- */

static void pop_to(struct wick_reader *reader, uint32_t depth)
{
    struct wk_foreign *f = reader->foreign;
    while (f->stack.count > depth) {
        wk_foreign_put(reader, WICK_RECORD_ENDOK, f->track, ((const uint32_t *)f->stack.items)[--f->stack.count], f->time_ns);
    }
}

static void push(struct wick_reader *reader, uint32_t site)
{
    struct wk_foreign *f = reader->foreign;
    if (site == WICK_NONE || wk_array_reserve(&f->stack, reader->allocator, f->stack.count + 1, sizeof site) < 0) {
        reader->error = WICK_E_NOMEM;
        return;
    }
    ((uint32_t *)f->stack.items)[f->stack.count++] = site;
    wk_foreign_put(reader, WICK_RECORD_START, f->track, site, f->time_ns);
}

void wk_foreign_folded(struct wick_reader *reader, const char *line, size_t bytes)
{
    uint64_t samples;
    size_t at = bytes, from = 0;
    reader->form = WK_FORM_FOLDED;
    if (wk_foreign_begin(reader) < 0) {
        return;
    }
    struct wk_foreign *f = reader->foreign;
    bytes -= bytes && line[bytes - 1] == '\r';
    if (!bytes) {
        return;
    }
    for (at = bytes; at && line[at - 1] != ' '; at--) {
    }
    if (at < 2 || !wk_reader_unsigned(line + at, bytes - at, (uint64_t)1 << 50, &samples)) {
        wk_reader_problem(reader, WICK_PROBLEM_NUMBER, line, bytes);
        return;
    }
    if (f->track == WICK_NONE && (f->track = wk_foreign_track(reader, 0, "stacks", 6)) == WICK_NONE) {
        return;
    }
    uint32_t depth = 0;
    for (size_t i = 0; i < at && !reader->error && depth < WK_FOREIGN_DEEP; i++) {
        if (line[i] != ';' && i + 1 != at) {
            continue;
        }
        struct wk_foreign_name name = {.name = line + from, .name_bytes = (uint32_t)(i - from), .file = "", .category = ""};
        uint32_t site = wk_foreign_site(reader, &name);
        if (depth >= f->stack.count || ((const uint32_t *)f->stack.items)[depth] != site) {
            pop_to(reader, depth);
            push(reader, site);
        }
        depth++;
        from = i + 1;
    }
    pop_to(reader, depth);
    f->time_ns += (int64_t)samples * FOLDED_NS;
}

/* ---- life ---- */

int wk_foreign_begin(struct wick_reader *reader)
{
    if (!reader->foreign) {
        reader->foreign = wk_mem_zeroed(reader->allocator, sizeof *reader->foreign);
        if (!reader->foreign) {
            return reader->error = WICK_E_NOMEM;
        }
        reader->foreign->track = WICK_NONE;
    }
    return 0;
}

void wk_foreign_finish(struct wick_reader *reader)
{
    struct wk_foreign *f = reader->foreign;
    pop_to(reader, 0);
    if (f->depth || f->in_string) {
        wk_reader_problem(reader, WICK_PROBLEM_END, f->carry.items, f->carry.count);
    }
    if (f->events) {
        wk_foreign_chrome_finish(reader);
    } else if (f->profiles.count) {
        wk_foreign_speedscope(reader);
    } else if (f->is_array || f->unit) {
        static const char text[] = "neither traceEvents nor profiles";
        wk_reader_problem(reader, WICK_PROBLEM_WORD, text, sizeof text - 1);
    }
    wk_reader_flush(reader);
    wk_foreign_free(reader);
}

void wk_foreign_free(struct wick_reader *reader)
{
    struct wk_foreign *f = reader->foreign;
    const struct wick_allocator *a = reader->allocator;
    if (!f) {
        return;
    }
    wk_array_free(&f->carry, a, 1);
    wk_array_free(&f->spans, a, sizeof(struct wk_foreign_span));
    wk_array_free(&f->tops, a, sizeof(uint32_t));
    wk_array_free(&f->texts, a, 1);
    wk_array_free(&f->shared, a, 1);
    wk_array_free(&f->profiles, a, 1);
    wk_array_free(&f->stack, a, sizeof(uint32_t));
    wk_mem_free(a, f, sizeof *f);
    reader->foreign = NULL;
}
