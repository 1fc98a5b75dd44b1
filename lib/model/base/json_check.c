/*
 * SPDX-License-Identifier: MIT
 * Checks that bytes are one JSON document (RFC 8259). The rest of the reader takes what it is given.
 */
#include "json.h"

#include "utf8.h"

struct checker {
    const char *at, *end;
    const char *wrong; /* at `at`; NULL: nothing yet */
    struct wk_json keys[WK_JSON_MEMBERS]; /* of the open objects */
    uint32_t key_count, depth;
    int escaped; /* the last string has escapes */
    struct {
        uint32_t first_key;
        uint64_t seen; /* a bit for each name, of several the same; all of them when one is spelled with escapes */
        char close;
    } open[WK_JSON_DEPTH];
};

static int fail(struct checker *c, const char *what)
{
    c->wrong = c->wrong ? c->wrong : what;
    return 0;
}

static int has(const struct checker *c, char byte)
{
    return c->at < c->end && *c->at == byte;
}

static void skip_spaces(struct checker *c)
{
    while (has(c, ' ') || has(c, '\n') || has(c, '\r') || has(c, '\t')) {
        c->at++;
    }
}

static int digits(struct checker *c)
{
    const char *from = c->at;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9') {
        c->at++;
    }
    return c->at > from ? 1 : fail(c, "a digit is missing");
}

static int number(struct checker *c)
{
    c->at += has(c, '-');
    const char *from = c->at;
    if (!digits(c)) {
        return 0;
    }
    if (*from == '0' && c->at - from > 1) {
        return fail(c, "a number begins with 0");
    }
    if (has(c, '.') && (c->at++, !digits(c))) {
        return 0;
    }
    if (has(c, 'e') || has(c, 'E')) {
        c->at++;
        c->at += has(c, '-') || has(c, '+');
        return digits(c);
    }
    return 1;
}

static int escape(struct checker *c)
{
    c->at++;
    if (has(c, 'u')) {
        for (int i = 0; i < 4; i++) {
            c->at++;
            char byte = c->at < c->end ? (char)(*c->at | 0x20) : 0;
            if (!(byte >= 'a' && byte <= 'f') && !(c->at < c->end && *c->at >= '0' && *c->at <= '9')) {
                return fail(c, "\\u needs four hexadecimal digits");
            }
        }
        c->at++;
        return 1;
    }
    for (const char *letter = "\"\\/bfnrt"; *letter; letter++) {
        if (has(c, *letter)) {
            c->at++;
            return 1;
        }
    }
    return fail(c, "an escape that does not exist");
}

static int string(struct checker *c)
{
    uint32_t code, bytes;
    c->escaped = 0;
    for (c->at++;; c->at += bytes) {
        while (c->at < c->end && *c->at >= ' ' && *c->at != '"' && *c->at != '\\') { /* ASCII, where char has a sign and where not */
            if ((unsigned char)*c->at >= 0x80) {
                break;
            }
            c->at++;
        }
        if (has(c, '"')) {
            break;
        }
        if (c->at >= c->end) {
            return fail(c, "a string does not end");
        }
        bytes = wk_utf8_read(c->at, (size_t)(c->end - c->at), &code);
        if (!bytes || code < 0x20) {
            return fail(c, bytes ? "a control character in a string" : "not UTF-8");
        }
        if (code == '\\') {
            c->escaped = 1;
            if (!escape(c)) {
                return 0;
            }
            bytes = 0;
        }
    }
    c->at++;
    return 1;
}

static int word(struct checker *c)
{
    static const char *const words[] = {"true", "false", "null"};
    for (uint32_t i = 0; i < 3; i++) {
        size_t bytes = wk_mem_length(words[i]);
        if ((size_t)(c->end - c->at) >= bytes && memcmp(c->at, words[i], bytes) == 0) {
            c->at += bytes;
            return 1;
        }
    }
    return fail(c, "a value is missing");
}

/* Remember a name of the innermost object, which may have it only once. */
static int unique_key(struct checker *c, struct wk_json key)
{
    const size_t bytes = (size_t)(key.end - key.at);
    const uint64_t bit = c->escaped ? ~(uint64_t)0 : (uint64_t)1 << ((bytes * 5 + (unsigned char)key.at[1] * 3 + (unsigned char)key.at[bytes - 2]) & 63);
    uint64_t *seen = &c->open[c->depth - 1].seen;
    for (uint32_t i = c->open[c->depth - 1].first_key; (*seen & bit) && i < c->key_count; i++) {
        if (wk_json_same(c->keys[i], key)) {
            c->at = key.at;
            return fail(c, "a name that the object has already");
        }
    }
    if (c->key_count == WK_JSON_MEMBERS) {
        return fail(c, "too many members");
    }
    *seen |= bit;
    c->keys[c->key_count++] = key;
    return 1;
}

/* The name of a member and its colon. */
static int name(struct checker *c, int unique)
{
    skip_spaces(c);
    struct wk_json key = {.at = c->at};
    if (!has(c, '"')) {
        return fail(c, "a name is missing");
    }
    if (!string(c)) {
        return 0;
    }
    key.end = c->at;
    skip_spaces(c);
    if (!has(c, ':')) {
        return fail(c, "a colon is missing");
    }
    c->at++;
    return !unique || unique_key(c, key);
}

/* The beginning of a value, or all of a short one; *opened: it is an object or array with something inside. */
static int value(struct checker *c, int *opened)
{
    *opened = 0;
    skip_spaces(c);
    if (!has(c, '{') && !has(c, '[')) {
        return has(c, '"') ? string(c) : has(c, '-') || (c->at < c->end && *c->at >= '0' && *c->at <= '9') ? number(c) : word(c);
    }
    if (c->depth == WK_JSON_DEPTH) {
        return fail(c, "nested too deeply");
    }
    char close = *c->at == '{' ? '}' : ']';
    c->at++;
    skip_spaces(c);
    if (has(c, close)) {
        c->at++;
        return 1;
    }
    c->open[c->depth].first_key = c->key_count;
    c->open[c->depth].seen = 0;
    c->open[c->depth++].close = close;
    *opened = 1;
    return 1;
}

/* Behind a value: the brackets that close, then a comma. */
static int behind(struct checker *c)
{
    for (skip_spaces(c); c->depth && has(c, c->open[c->depth - 1].close); skip_spaces(c)) {
        c->at++;
        c->key_count = c->open[--c->depth].first_key;
    }
    if (!c->depth) {
        return 1;
    }
    if (!has(c, ',')) {
        return fail(c, "a comma or a closing bracket is missing");
    }
    c->at++;
    return 1;
}

int wk_json_check(struct wk_json document, int unique, struct wk_json_error *error)
{
    struct checker c; /* its tables are as long as it says: emptying them costs more than a short document */
    int good, opened;
    c.at = document.at;
    c.end = document.end;
    c.wrong = NULL;
    c.key_count = c.depth = 0;
    do {
        good = (!c.depth || c.open[c.depth - 1].close == ']' || name(&c, unique)) && value(&c, &opened) &&
               (opened || behind(&c));
    } while (good && c.depth);
    if (good && c.at < c.end) {
        fail(&c, "more behind the document");
    }
    *error = (struct wk_json_error){c.wrong, (size_t)(c.at - document.at)};
    return c.wrong ? WICK_E_PROTO : 0;
}
