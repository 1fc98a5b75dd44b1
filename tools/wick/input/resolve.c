/*
 * SPDX-License-Identifier: MIT
 * Names of functions in the lines of a log. See resolve.h. The `site` line of a function has MODULE+0xOFFSET as its location
 * and literal; both become the name, there and in the lines of its scopes.
 * Invariant: two locations of a process stay two; a function that cannot be named keeps its address.
 */
#include "input/resolve.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "input/lines.h"
#include "input/symbols.h"

/* A function of a process. `name` is also the key of a location that is taken. */
struct resolved {
    char *key;                /* `node pid LOCATION` */
    char *location, *literal; /* instead of it */
};

struct resolver {
    FILE *to;
    struct symbols *symbols;
    void *functions, *taken; /* trees of tsearch: struct resolved by key; strings `node pid LOCATION` */
    char *line;              /* that is not complete yet */
    size_t bytes, room;
    bool failed;
};

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct resolved *)a)->key, ((const struct resolved *)b)->key);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void free_resolved(void *node)
{
    struct resolved *r = node;
    free(r->key);
    free(r->location);
    free(r->literal);
    free(r);
}

/* `node pid LOCATION`, to be freed. */
static char *key_of(const struct text_field fields[7], const char *location, size_t bytes)
{
    char *key = NULL;
    const char *process = fields[1].text;
    int length = (int)(fields[2].text + fields[2].bytes - process);
    return asprintf(&key, "%.*s %.*s", length, process, (int)bytes, location) < 0 ? NULL : key;
}

/* A location that no function of the process has yet. */
static char *own_location(struct resolver *r, const struct text_field fields[7], const char *name)
{
    char *location = NULL;
    for (uint32_t i = 1;; i++) {
        if (asprintf(&location, i == 1 ? "%s" : "%s.%u", name, i) < 0) {
            return NULL;
        }
        char *key = key_of(fields, location, strlen(location));
        if (!key || !tfind(key, &r->taken, by_text)) {
            if (!key || !tsearch(key, &r->taken, by_text)) {
                free(key);
                free(location);
                return NULL;
            }
            return location;
        }
        free(key);
        free(location);
    }
}

/* The words of a `site` line's text: kind, line, colour, category, file; the literal is the rest. False: it has fewer. */
static bool split_site(const struct text_field *text, struct text_field words[6])
{
    const char *at = text->text, *end = at + text->bytes;
    for (int i = 0; i < 6; i++) {
        const char *space = i < 5 ? memchr(at, ' ', (size_t)(end - at)) : end;
        if (!space) {
            return false;
        }
        words[i] = (struct text_field){at, (size_t)(space - at)};
        at = space + 1;
    }
    return true;
}

/* A file's name without %20. */
static char *file_of(const struct text_field *word)
{
    char *file = strndup(word->text, word->bytes), *to = file;
    for (const char *from = file; from && *from; to++) {
        bool space = strncmp(from, "%20", 3) == 0;
        *to = space ? ' ' : *from;
        from += space ? 3 : 1;
    }
    if (file) {
        *to = 0;
    }
    return file;
}

/* Learn the function of a `site` line. NULL: it is none, or has no name. */
static struct resolved *learn(struct resolver *r, const struct text_field fields[7], const struct text_field words[6])
{
    char *location = strndup(fields[5].text, fields[5].bytes), *file = file_of(&words[4]);
    struct resolved *found = calloc(1, sizeof *found);
    bool plain = words[0].bytes == 5 && memcmp(words[0].text, "scope", 5) == 0 && words[1].bytes == 1 && words[1].text[0] == '0';
    struct wick_site_info info = {.location = location, .literal = location, .file = file, .category = "", .kind = WICK_SITE_SCOPE};
    bool named = false;
    r->failed |= !location || !file || !found;
    if (!r->failed && plain) {
        symbols_rename(r->symbols, &info);
        named = info.location != location;
    }
    if (named) {
        found->key = key_of(fields, location, fields[5].bytes);
        found->literal = strdup(info.literal);
        found->location = own_location(r, fields, info.location);
        r->failed |= !found->key || !found->literal || !found->location || !tsearch(found, &r->functions, by_key);
    }
    free(location);
    free(file);
    if (!named || r->failed) {
        if (found) {
            free_resolved(found);
        }
        return NULL;
    }
    return found;
}

static struct resolved *function_of(struct resolver *r, const struct text_field fields[7])
{
    struct resolved key = {.key = key_of(fields, fields[5].text, fields[5].bytes)};
    struct resolved **found = key.key ? tfind(&key, &r->functions, by_key) : NULL;
    r->failed |= !key.key;
    free(key.key);
    return found ? *found : NULL;
}

static bool is(const struct text_field *field, const char *text, size_t bytes)
{
    return field->bytes == bytes && memcmp(field->text, text, bytes) == 0;
}

/* Write a line of a function, or nothing: it is none. */
static bool put_function(struct resolver *r, struct text_line *line)
{
    struct text_field fields[7], words[6];
    if (!memmem(line->text, line->bytes, "+0x", 3) || !lines_split(line, fields)) {
        return false;
    }
    struct resolved *f = function_of(r, fields);
    bool site = is(&fields[4], "site", 4);
    if (site && !split_site(&fields[6], words)) {
        return false;
    }
    f = f || !site ? f : learn(r, fields, words);
    if (!f) {
        return false;
    }
    fprintf(r->to, "%.*s%s ", (int)(fields[5].text - line->text), line->text, f->location);
    if (site) {
        const char *number_sign = memrchr(words[4].text, '#', words[4].bytes); /* the build's */
        const char *file_end = number_sign ? number_sign : words[4].text + words[4].bytes;
        fprintf(r->to, "%.*s %s\n", (int)(file_end - fields[6].text), fields[6].text, f->literal);
    } else if (is(&fields[6], fields[5].text, fields[5].bytes)) {
        fprintf(r->to, "%s\n", f->literal);
    } else {
        fprintf(r->to, "%.*s\n", (int)fields[6].bytes, fields[6].text);
    }
    return true;
}

static void put_line(struct resolver *r, char *text, size_t bytes)
{
    struct text_line line = {.text = text, .bytes = bytes - 1};
    if (!put_function(r, &line)) {
        fwrite(text, 1, bytes, r->to);
    }
}

static bool keep(struct resolver *r, const char *bytes, size_t count)
{
    if (r->bytes + count > r->room) {
        size_t room = 2 * (r->bytes + count);
        char *line = realloc(r->line, room);
        if (!line) {
            return false;
        }
        r->line = line;
        r->room = room;
    }
    memcpy(r->line + r->bytes, bytes, count);
    r->bytes += count;
    return true;
}

static ssize_t resolve_write(void *cookie, const char *bytes, size_t count)
{
    struct resolver *r = cookie;
    for (size_t at = 0; at < count;) {
        const char *newline = memchr(bytes + at, '\n', count - at);
        size_t length = newline ? (size_t)(newline + 1 - bytes) - at : count - at;
        if (!keep(r, bytes + at, length)) {
            return 0;
        }
        if (newline) {
            put_line(r, r->line, r->bytes);
            r->bytes = 0;
        }
        at += length;
    }
    return r->failed || ferror(r->to) ? 0 : (ssize_t)count;
}

static int resolve_close(void *cookie)
{
    struct resolver *r = cookie;
    fwrite(r->line, 1, r->bytes, r->to); /* a last line without its end */
    bool failed = r->failed || ferror(r->to);
    failed |= fclose(r->to) != 0;
    symbols_destroy(r->symbols);
    tdestroy(r->functions, free_resolved);
    tdestroy(r->taken, free);
    free(r->line);
    free(r);
    return failed ? EOF : 0;
}

FILE *resolve_stream(FILE *to)
{
    struct resolver *r = to ? calloc(1, sizeof *r) : NULL;
    FILE *stream = NULL;
    if (r && (r->symbols = symbols_create())) {
        r->to = to;
        stream = fopencookie(r, "w", (cookie_io_functions_t){.write = resolve_write, .close = resolve_close});
    }
    if (!stream && to) {
        if (r) {
            symbols_destroy(r->symbols);
        }
        free(r);
        fclose(to);
    }
    return stream;
}
