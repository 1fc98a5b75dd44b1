/*
 * SPDX-License-Identifier: MIT
 * A stream of JSON cut into values. A value that is complete in the caller's bytes is not copied.
 * Invariant: the values do not depend on where the caller cuts the bytes.
 */
#include "json.h"

#define SCALAR_MAX 4096u

static void keep(struct wk_json_cutter *c, struct wk_array *to, const char *bytes, size_t count)
{
    if (wk_array_append(to, c->allocator, bytes, count) < 0) {
        c->error = WICK_E_NOMEM;
    }
}

int wk_json_cut_key(const struct wk_json_cutter *c, const char *word)
{
    return wk_json_is((struct wk_json){c->key, c->key + c->key_bytes}, word);
}

void wk_json_cut_keep(struct wk_json_cutter *c, struct wk_array *to, struct wk_json value)
{
    if (c->carry.count) {
        wk_array_free(to, c->allocator, 1);
        *to = c->carry;
        c->carry = (struct wk_array){0};
    } else {
        to->count = 0;
        keep(c, to, value.at, (size_t)(value.end - value.at));
    }
}

static void pass_on(struct wk_json_cutter *c, struct wk_json value)
{
    if (c->carry.count) {
        keep(c, &c->carry, value.at, (size_t)(value.end - value.at));
        value.at = c->carry.items;
        value.end = value.at + c->carry.count;
    }
    if (!c->error) {
        c->element = c->is_array || c->lines || c->unit == 2;
        c->take(c->user, value);
    }
    c->carry.count = 0;
}

/* Keep bytes of a member that is no array or object. A long text, such as another trace, is none that is asked for. */
static void keep_scalar(struct wk_json_cutter *c, const char *bytes, size_t count)
{
    c->long_scalar |= c->carry.count + count > SCALAR_MAX;
    if (!c->long_scalar) {
        keep(c, &c->carry, bytes, count);
    }
}

/* A member of the outermost object has ended. */
static void end_member(struct wk_json_cutter *c)
{
    if (c->carry.count && !c->long_scalar && !c->in_value) {
        pass_on(c, (struct wk_json){c->carry.items, c->carry.items});
    }
    c->carry.count = 0;
    c->after_colon = c->long_scalar = 0;
}

/* Bytes of the outermost object, up to a string or a bracket. */
static const char *pass_members(struct wk_json_cutter *c, const char *at, const char *end)
{
    for (; at < end && *at != '"' && (*at & 0xd9) != 0x59; at++) {
        if (*at == ':') {
            c->after_colon = 1;
        } else if (*at == ',') {
            end_member(c);
        } else if (c->after_colon && (unsigned char)*at > ' ') {
            keep_scalar(c, at, 1);
        }
    }
    return at;
}

/* Count a bracket outside of strings. Returns 1 when a value begins here, 2 when one has ended. */
static int bracket(struct wk_json_cutter *c, char byte)
{
    if (byte == '{' || byte == '[') {
        if (!c->depth && !c->lines) {
            c->is_array = byte == '[';
            c->unit = 1;
        } else if (c->depth == 1 && !c->is_array && byte == '[' && wk_json_cut_key(c, c->each)) {
            c->unit = 2;
        } else if (c->depth == c->unit && !c->in_value) {
            c->in_value = 1;
            c->depth++;
            return 1;
        }
        c->depth++;
        return 0;
    }
    c->depth -= c->depth > 0;
    if (c->in_value && c->depth == c->unit) {
        c->in_value = 0;
        return 2;
    }
    if (c->unit == 2 && c->depth == 1) {
        c->unit = 1; /* the array of `each` has ended */
    }
    return 0;
}

/* Skip the rest of a string; returns the position after its closing quote, or the end of the bytes. */
static const char *pass_string(struct wk_json_cutter *c, const char *at, const char *end)
{
    const char *from = at;
    while (at < end && c->in_string) {
        at += c->escaped;
        c->escaped = 0;
        while (at < end && *at != '"' && *at != '\\') {
            at++;
        }
        if (at < end) {
            c->escaped = *at == '\\';
            c->in_string = *at++ == '\\';
        }
    }
    if (c->depth == 1 && c->after_colon) {
        keep_scalar(c, from, (size_t)(at - from));
    } else if (c->in_key) {
        for (; from < at && c->key_bytes < sizeof c->key; from++) {
            c->key[c->key_bytes++] = *from;
        }
        c->in_key = c->in_string;
    }
    return at;
}

void wk_json_cut(struct wk_json_cutter *c, const char *bytes, size_t count)
{
    const char *at = bytes, *end = bytes + count, *value = bytes;
    while (at < end && !c->error) {
        if (c->in_string) {
            at = pass_string(c, at, end);
            continue;
        }
        if (c->depth == 1 && c->unit == 1 && !c->is_array && !c->lines) {
            at = pass_members(c, at, end);
        }
        while (at < end && *at != '"' && (*at & 0xd9) != 0x59) { /* what brackets have in common */
            at++;
        }
        char byte = at < end ? *at++ : 0;
        if (byte == '"' && c->in_value) { /* most strings: all is here, and without escapes */
            const char *to = at;
            while (to < end && *to != '"' && *to != '\\') {
                to++;
            }
            c->in_string = to == end || *to == '\\';
            at = c->in_string ? at : to + 1;
        } else if (byte == '"') {
            c->in_string = 1;
            c->in_key = c->depth == 1 && !c->is_array && !c->lines && !c->after_colon;
            if (c->depth == 1 && c->after_colon) {
                keep_scalar(c, "\"", 1);
            } else if (c->in_key) {
                c->key[0] = '"';
                c->key_bytes = 1;
            }
        } else if ((byte | 0x20) == '{' || (byte | 0x20) == '}') { /* `[` and `{`, `]` and `}` differ by one bit */
            if (c->depth == 1 && byte == '}') {
                end_member(c);
            }
            int what = bracket(c, byte);
            if (what == 1) {
                value = at - 1;
            } else if (what == 2) {
                pass_on(c, (struct wk_json){value, at});
                value = at;
            }
        }
    }
    if (c->in_value && !c->error) {
        keep(c, &c->carry, value, (size_t)(end - value));
    }
}

int wk_json_cut_complete(const struct wk_json_cutter *c)
{
    return (c->unit || c->lines) && (!c->depth || (c->depth == 1 && c->is_array && !c->in_value)) && !c->in_string;
}

